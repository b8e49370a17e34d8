import ArgumentParser
import Engine

/// `brume compare`: the best plans of several spaces, clusters or files side by side, or one knob at a time.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare", abstract: "Compare search spaces, clusters or plans on one workload.",
    discussion: """
      Each space is tuned on the runtime of its launcher, unless --runtime gives one for all. Speed-ups are of the \
      first over each, by the closed form, which is what a search minimises. Without --spaces, --clusters, --plans or \
      --ablation: --spaces \(Self.defaultSpaces).
      """)

  /// The paper's own comparison.
  private static let defaultSpaces = "mist,megatron-lm,deepspeed,aceso"

  @OptionGroup var input: WorkloadOptions
  @OptionGroup var search: SearchOptions

  @Option(help: ArgumentHelp("Compare these search spaces.", valueName: "a,b,..."))
  var spaces: String?

  @Option(help: ArgumentHelp("Compare these clusters in the space of --space.", valueName: "a,b,..."))
  var clusters: String?

  @Option(help: ArgumentHelp("Compare these plans: files or samples, on this workload.", valueName: "a,b,..."))
  var plans: String?

  @Flag(help: "From megatron-lm to mist on one runtime: switch its knobs on one by one.")
  var ablation = false

  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    let given = [spaces != nil, clusters != nil, plans != nil, ablation].filter { $0 }.count
    guard given <= 1 else { throw ValidationError("give one of --spaces, --clusters, --plans and --ablation") }
    for list in [spaces, clusters, plans] {
      if let list, Self.items(list).isEmpty { throw ValidationError("the list of what to compare is empty") }
    }
  }

  func run() throws {
    let workload = try search.limited(input.load())
    let questions = try self.questions(workload)
    let clock = MonotonicClock()
    let interrupt = Interrupt()
    var comparison = Comparison(kind: kind, workload: workload)
    for question in questions {
      comparison.entries.append(try answer(question, clock: clock, interrupt: interrupt))
      if interrupt.wasInterrupted { break }
    }
    if json {
      Console.write(JSONWriter().text(comparison.document) + "\n")
    } else {
      Console.write(lines: comparison.lines)
    }
    guard !comparison.entries.contains(where: { $0.scored != nil }) else { return }
    throw interrupt.wasInterrupted ? ExitStatus.cancelled.exit : ExitStatus.noPlan.exit
  }

  /// One thing to compare.
  private struct Question {
    var label: String
    var workload: Workload
    var space: SearchSpace?
    var plan: Plan?
  }

  private var kind: Comparison.Kind {
    if ablation { return .ablation }
    if clusters != nil { return .clusters }
    return plans != nil ? .plans : .spaces
  }

  /// The items of a list, without blanks.
  private static func items(_ list: String) -> [String] {
    list.split(separator: ",").map { $0.trimmingPrefix { $0 == " " } }.map { String($0) }
  }

  private func questions(_ workload: Workload) throws -> [Question] {
    func space(_ name: String) throws -> SearchSpace {
      try Catalogue.space(named: name, at: InputPlace(file: "the command line"))
    }
    switch kind {
    case .ablation:
      return Ablation().steps.map { Question(label: $0.knob, workload: workload, space: $0.space) }
    case .clusters:
      let chosen = try space(search.spaceName(for: workload))
      return try Self.items(clusters ?? "").map { spec in
        var question = workload
        question.cluster = OwnRuns.current.runs.adjusted(
          try WorkloadSource.cluster(spec, at: InputPlace(file: "--clusters")))
        return Question(label: spec, workload: question, space: chosen)
      }
    case .plans:
      return try Self.items(plans ?? "").map { name in
        let document = try InputDocument.load(name)
        guard let file = document.plan else {
          throw InputError.unsupported(
            at: InputPlace(file: name), what: "this is a workload, not a plan", remedy: "brume tune finds a plan for it"
          )
        }
        var question = workload
        if search.runtime == nil { question.run.runtime = file.workload.run.runtime }
        return Question(label: name, workload: question, plan: file.plan)
      }
    case .spaces:
      return try Self.items(spaces ?? Self.defaultSpaces).map { name in
        let chosen = try space(name)
        var question = workload
        if search.runtime == nil { question.run.runtime = chosen.runtime }
        return Question(label: name, workload: question, space: chosen)
      }
    }
  }

  private func answer(_ question: Question, clock: MonotonicClock, interrupt: Interrupt) throws -> Comparison.Entry {
    let session = TuningSession(workload: question.workload) { clock.seconds }
    guard let space = question.space else {
      guard let plan = question.plan else {
        return Comparison.Entry(label: question.label, workload: question.workload)
      }
      let scored = ScoredPlan(plan: plan, score: try session.score(plan))
      return Comparison.Entry(
        label: question.label, workload: question.workload, status: scored.score.fits ? .feasible : .infeasible,
        scored: scored)
    }
    let progress = ProgressLine(clock: clock)
    let request: TuneRequest
    do {
      request = try search.request(for: question.workload, in: try search.scheduled(space), alternatives: 0)
    } catch let error as PinError where !error.isSyntax {
      // A space without the pinned value has no plan here; the others go on.
      return Comparison.Entry(
        label: question.label, workload: question.workload, space: space, status: .infeasible, notes: ["\(error)"])
    }
    let result = session.tune(request, cancel: interrupt.token) { progress.show($0) }
    progress.clear()
    return Comparison.Entry(
      label: question.label, workload: question.workload, space: space, status: result.status, scored: result.best,
      seconds: result.seconds, infeasibility: result.infeasibility, notes: result.notes)
  }
}
