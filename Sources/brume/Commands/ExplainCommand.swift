import ArgumentParser
import Engine

/// `brume explain`: what a number of a plan's score is made of.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain", abstract: "Take a plan's time or memory apart: formulas, values, where figures come from.",
    discussion: """
      First where the time goes or what the memory must fit into, then a tree whose parts add up, or say how they \
      make the number. Terms: time, memory, t, d, tokensPerSecond, mfu, bubbleShare, trainingDays, trainingCost, or \
      the name of a part (forward, weights, flash attention ...).
      """)

  @Argument(help: "A plan: a YAML file, the name of a sample, or - for standard input.")
  var plan: String

  @OptionGroup var overrides: OverrideOptions

  @Option(help: ArgumentHelp("Only this stage, from 1.", valueName: "n"))
  var stage: Int?

  @Option(help: ArgumentHelp("What to explain.", valueName: "name"))
  var term = "time"

  @Option(help: ArgumentHelp("Levels of the tree to print; the text has 4 of a plan, all of a stage.", valueName: "n"))
  var depth: Int?

  @Flag(
    help: ArgumentHelp(
      "What binds the plan, and what one more node, GiB, GB/s ... buys: a search of its own for each, under the pins of "
        + "the plan."))
  var marginal = false

  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    guard !marginal || (stage == nil && term == "time" && depth == nil) else {
      throw ValidationError("--marginal is about the whole plan: it goes without --stage, --term and --depth")
    }
    guard depth.map({ $0 > 0 }) ?? true else { throw ValidationError("--depth must be 1 or more") }
  }

  func run() throws {
    let document = try overrides.document(plan)
    guard let file = document.plan else {
      throw InputError.unsupported(
        at: InputPlace(file: plan), what: "this is a workload, not a plan", remedy: "brume tune finds a plan for it")
    }
    if marginal { return try printMarginal(file) }
    let count = file.plan.stages.count
    if let stage, !(1...count).contains(stage) {
      throw InputError.value(
        at: InputPlace(file: "--stage"), found: "\(stage)", expected: "the number of a stage, 1 to \(count)")
    }
    let explanation = try PlanExplanation(workload: file.workload, plan: file.plan)
    guard let node = explanation.term(term, stage: stage) else {
      throw InputError.value(
        at: InputPlace(file: "--term"), found: "'\(term)'",
        expected: "time, memory, t, d, or the name of a part that the tree has (with --depth 9 it shows them)")
    }
    if json {
      Console.write(JSONWriter().text(ExplanationOutput.document(node)) + "\n")
    } else {
      let levels = depth ?? (stage == nil ? 4 : 99)
      let summary = ExplanationSummary(score: explanation.score, plan: file.plan, explanation: explanation)
      Console.write(lines: summary.lines(term: term, stage: stage) + ExplanationOutput.text(node, depth: levels))
    }
  }

  /// Prints what binds the plan and what more of each scarce resource buys, in the space in which the plan was found.
  private func printMarginal(_ file: PlanFile) throws {
    let named = file.computedWith?.space ?? file.workload.run.launcher?.spaceName
    let space = named.flatMap(SearchSpace.named) ?? .mist
    try file.pins.check(file.workload, space: space)
    let clock = MonotonicClock()
    let interrupt = Interrupt()
    let session = TuningSession(workload: file.workload) { clock.seconds }
    let request = TuneRequest(space: space, threads: SearchOptions.allThreads, alternatives: 0, pins: file.pins)
    let binding = session.binding(of: file.plan, space: space, pins: file.pins, cancel: interrupt.token)
    let values = session.marginalValues(request, cancel: interrupt.token)
    guard !values.isEmpty else { throw ExitStatus.cancelled.exit }
    let output = MarginalOutput(name: plan, file: file, space: space.name, binding: binding, values: values)
    if json {
      Console.write(JSONWriter().text(output.document()) + "\n")
    } else {
      Console.write(lines: output.lines())
    }
  }
}
