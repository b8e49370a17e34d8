import ArgumentParser
import Engine
import Synchronization

/// `brume frontier`: the best plans along an axis: memory, GPUs, cost, batch, sequence.
struct FrontierCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "frontier",
    abstract: "List the best plans as memory, GPUs, cost, batch or sequence are traded for time.",
    discussion: "Every point is an optimum of its own. Ctrl-C ends the sweep and prints the points so far.")

  @OptionGroup var input: WorkloadOptions
  @OptionGroup var search: SearchOptions

  @Option(help: "What is traded against time: memory, gpus, cost, batch, sequence.")
  var axes = FrontierAxis.memory

  @Option(help: ArgumentHelp("Memory budgets to try (--axes memory).", valueName: "n"))
  var steps = 24

  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    guard (1...1000).contains(steps) else { throw ValidationError("--steps must be 1 to 1000") }
  }

  func run() throws {
    let workload = try search.limited(input.load())
    let clock = MonotonicClock()
    let interrupt = Interrupt()
    let progress = ProgressLine(clock: clock)
    let considered = Counter()
    guard axes == .memory else {
      return try sweep(workload, clock: clock, interrupt: interrupt, progress: progress)
    }
    let session = TuningSession(workload: workload) { clock.seconds }
    let request = try search.request(for: workload)
    let points = session.frontier(request, steps: steps, cancel: interrupt.token) { event in
      if case .considered(let plans) = event { considered.add(plans.count) }
      progress.show(event)
    }
    progress.clear()
    let context = PlanJSON.Context(runtime: workload.run.runtime, space: search.spaceName(for: workload))
    if json {
      let members = [
        JSONMember("format", "brume/1"), JSONMember("workload", WorkloadJSON.value(workload)),
        JSONMember("points", .array(points.map { Self.point($0, context: context) })),
        JSONMember("considered", .int(considered.value)),
      ]
      let notes = Notes.standard(for: workload, score: points.first?.best.score)
      Console.write(JSONWriter().text(ResultJSON.finished(members, notes: notes)) + "\n")
    } else {
      Console.write(lines: Self.text(points, workload: workload, considered: considered.value))
    }
    guard points.isEmpty else { return }
    throw interrupt.wasInterrupted ? ExitStatus.cancelled.exit : ExitStatus.noPlan.exit
  }

  /// Tunes every size, batch or length, and prints the points.
  private func sweep(_ workload: Workload, clock: MonotonicClock, interrupt: Interrupt, progress: ProgressLine) throws {
    if axes == .cost, workload.cluster.nodeType.dollarsPerGPUHour == nil {
      throw InputError.missing(
        at: InputPlace(file: input.workload ?? "the flags", field: "cluster"), key: "dollarsPerGPUHour",
        expected: "the rent of a GPU for an hour, as in --set cluster.dollarsPerGPUHour=2.5")
    }
    let considered = Counter()
    let sweep = FrontierSweep(
      workload: workload, request: try search.request(for: workload), cancel: interrupt.token, now: { clock.seconds },
      onEvent: { event in
        if case .considered(let plans) = event { considered.add(plans.count) }
        progress.show(event)
      })
    let points = sweep.points(axes)
    progress.clear()
    let output = SweepOutput(axis: axes, workload: workload, points: points, considered: considered.value)
    if json {
      Console.write(JSONWriter().text(output.document(space: search.spaceName(for: workload))) + "\n")
    } else {
      Console.write(lines: output.lines)
    }
    guard !points.contains(where: { $0.best != nil }) else { return }
    throw interrupt.wasInterrupted ? ExitStatus.cancelled.exit : ExitStatus.noPlan.exit
  }

  /// One point as JSON.
  static func point(_ point: FrontierPoint, context: PlanJSON.Context) -> JSONValue {
    PlanJSON.plan(point.best, context: context, first: [JSONMember("memoryShare", .number(point.memoryShare))])
  }

  /// The points as lines.
  static func text(_ points: [FrontierPoint], workload: Workload, considered: Int) -> [String] {
    var table = TextTable([
      ("memory %", .right), ("reserved GiB", .right), ("s/iter", .right), ("closed form", .right), ("S", .right),
      ("G", .right), ("tp", .right), ("ckpt", .right), ("MFU %", .right),
    ])
    for point in points {
      let plan = point.best.plan
      table.add([
        Decimals.percent(point.memoryShare), Decimals.gibibytes(point.best.score.peakReservedBytes),
        Decimals.significant(point.best.score.iterationSeconds, 5),
        Decimals.significant(point.best.score.closedFormSeconds, 5), "\(plan.stages.count)",
        "\(plan.gradientAccumulation)", "\(plan.stages.first?.tensorParallel ?? 1)",
        "\(plan.stages.reduce(0) { $0 + $1.checkpointedLayers })", Decimals.percent(point.best.score.mfu),
      ])
    }
    let summary =
      points.isEmpty ? "no plan fits at any budget" : "\(points.count) points, \(considered) plans considered"
    return [ResultText.heading(workload), ""] + table.lines(indent: 2) + ["", summary]
  }
}

extension FrontierAxis: ExpressibleByArgument {}

/// A number that several threads add to.
private final class Counter: Sendable {
  private let total = Atomic<Int>(0)

  /// The sum so far.
  var value: Int { total.load(ordering: .relaxed) }

  /// Adds to it.
  func add(_ count: Int) { total.wrappingAdd(count, ordering: .relaxed) }
}
