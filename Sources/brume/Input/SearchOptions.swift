import ArgumentParser
import Engine
import Foundation

/// Flags of every command that searches: the space, the runtime, the limits, the threads.
struct SearchOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Search space (see `brume spaces`); that of the launcher, or else mist, where it is left out.", valueName: "name")
  )
  var space: String?

  @Option(
    help: ArgumentHelp(
      "Plan for this launcher, on its runtime and in its space: \(LauncherName.list).", valueName: "launcher"))
  var launcher: LauncherName?

  @Option(
    help: ArgumentHelp(
      "Predict for this runtime (see `brume runtimes`), not for that of the file; as --set run.runtime=NAME.",
      valueName: "name"))
  var runtime: String?

  @Option(
    help: ArgumentHelp(
      "Search plans of this schedule alone: 1f1b, interleaved, gpipe or zb-h1; else 1f1b, and interleaved where the "
        + "space has it.", valueName: "name"))
  var schedule: String?

  @Option(help: ArgumentHelp("Stop after this many seconds with the best plan so far.", valueName: "seconds"))
  var timeLimit: Double?

  @Option(help: ArgumentHelp("Use at most this share of the device memory, 0 to 1.", valueName: "share"))
  var memoryLimit: Double?

  @Option(
    help: ArgumentHelp(
      "Device memory kept free: auto (the usual error of the memory model), or GiB; 0 uses all.", valueName: "auto|gib")
  )
  var headroom: String?

  @Option(
    name: .customLong("pin"), parsing: .singleValue,
    help: ArgumentHelp(
      "Keep this: tensorParallel=4, zero=1,3, 2.layers=10..14, last.zero!=3; stages count from 1. May be repeated.",
      valueName: "knob=v"))
  var pins: [String] = []

  @Option(
    name: .customLong("constraint"), parsing: .singleValue,
    help: ArgumentHelp(
      "What stages must have in common: same-tp, same-layers (of the inner ones), max-kinds=K. May be repeated.",
      valueName: "rule"))
  var constraints: [String] = []

  @Option(help: ArgumentHelp("Worker threads; the answer does not depend on it.", valueName: "n"))
  var threads: Int?

  /// Some flag changes what is asked, not only how it is searched.
  var changesQuestion: Bool {
    let names = [space, runtime, schedule, headroom, launcher?.launcher.rawValue].compactMap { $0 }
    return !names.isEmpty || memoryLimit != nil || !pins.isEmpty || !constraints.isEmpty
  }

  func validate() throws {
    if let space, SearchSpace.named(space) == nil {
      let known = SearchSpace.all.map(\.name).joined(separator: ", ")
      throw ValidationError("no search space is called '\(space)'; known: \(known)")
    }
    if let schedule, PipelineSchedule(rawValue: schedule) == nil {
      let known = PipelineSchedule.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("no schedule is called '\(schedule)'; known: \(known)")
    }
    if let named = SearchSpace.named(space ?? launcher?.launcher.spaceName ?? SearchSpace.mist.name) {
      _ = try scheduled(named)
    }
    if let timeLimit, !(timeLimit.isFinite && timeLimit > 0) {
      throw ValidationError("--time-limit must be a number of seconds above 0")
    }
    if let memoryLimit, !(memoryLimit > 0 && memoryLimit <= 1) {
      throw ValidationError("--memory-limit must be a share above 0, at most 1")
    }
    do throws(PinError) {
      _ = try PlanPins(texts: pins)
    } catch {
      throw ValidationError("--pin: \(error)")
    }
    do throws(ConstraintError) {
      _ = try PlanConstraints(texts: constraints)
    } catch {
      throw ValidationError("--constraint: \(error)")
    }
    if let threads, !(1...1024).contains(threads) { throw ValidationError("--threads must be 1 to 1024") }
    if let headroom, headroom != "auto" { _ = try Self.gibibytes(headroom) }
  }

  /// The request that the flags describe.
  ///
  /// `other` stands for the space of the flags. Throws a `PinError` where no plan of the space has what is pinned for the workload.
  func request(
    for workload: Workload, in other: SearchSpace? = nil, certify: Bool = false, alternatives: Int = 5
  ) throws -> TuneRequest {
    let space = try other ?? scheduled(SearchSpace.named(spaceName(for: workload)) ?? .mist)
    let pins = try PlanPins(texts: pins)
    try pins.check(workload, space: space)
    var request = TuneRequest(
      space: space, timeLimitSeconds: timeLimit, certify: certify,
      threads: threads ?? Self.allThreads, alternatives: alternatives, pins: pins)
    request.constraints = try PlanConstraints(texts: constraints)
    return request
  }

  /// As many threads as the machine has processors.
  static var allThreads: Int { max(1, ProcessInfo.processInfo.activeProcessorCount) }

  /// Name of the space to search: the flag's, or else that of the launcher, or else `mist`.
  func spaceName(for workload: Workload) -> String {
    space ?? (launcher?.launcher ?? workload.run.launcher)?.spaceName ?? SearchSpace.mist.name
  }

  /// The one schedule that the pins leave, where they do.
  private var pinnedSchedule: PipelineSchedule? {
    let pins = (try? PlanPins(texts: pins))?.pins.filter { $0.knob == .schedule } ?? []
    guard !pins.isEmpty else { return nil }
    let left = PipelineSchedule.allCases.enumerated().filter { index, _ in pins.allSatisfy { $0.values.allows(index) } }
    return left.count == 1 ? left[0].element : nil
  }

  /// A space with plans of the schedule that is asked for alone; throws where it has none.
  func scheduled(_ space: SearchSpace) throws -> SearchSpace {
    guard let asked = schedule.flatMap(PipelineSchedule.init) ?? pinnedSchedule else { return space }
    if let restricted = space.restricted(to: asked) { return restricted }
    let others = SearchSpace.all.filter { $0.restricted(to: asked) != nil }.map(\.name).joined(separator: ", ")
    throw ValidationError("space \(space.name) has no plans with the schedule \(asked.rawValue); these have: \(others)")
  }

  /// The workload with the runtime and limits that the flags give; those of its file where they give none.
  func limited(_ workload: Workload) throws -> Workload {
    var workload = workload
    if let launcher = launcher?.launcher {
      workload.run.launcher = launcher
      workload = launcher.workload(workload)
    }
    if let runtime {
      workload.run.runtime = try Catalogue.runtime(named: runtime, at: InputPlace(file: "--runtime")).name
      // Another runtime is another launcher's, or nobody's.
      if workload.run.launcher?.runtimes.contains(workload.run.runtime) == false { workload.run.launcher = nil }
    }
    if let memoryLimit { workload.limits.memoryShare = memoryLimit }
    if let headroom { workload.limits.headroomBytes = headroom == "auto" ? nil : try Self.gibibytes(headroom) }
    return workload
  }

  private static func gibibytes(_ text: String) throws -> Double {
    guard let value = Quantity.number(text), value >= 0, value <= 1_000_000 else {
      throw ValidationError("--headroom must be auto, or a number of GiB from 0")
    }
    return value * 1_073_741_824
  }
}
