import ArgumentParser
import Engine

/// Flags that change single fields of what was read.
struct OverrideOptions: ParsableArguments {
  @Option(
    name: .customLong("set"),
    help: ArgumentHelp("Change one field of the input, as in run.batch=256; may be repeated.", valueName: "key=value"))
  var assignments: [String] = []

  /// What the file, sample or standard input of that name holds, with the changes.
  func document(_ name: String) throws -> InputDocument {
    OwnRuns.current.adjusted(
      try InputDocument.load(name, set: assignments, standardInput: name == "-" ? StandardInput.text() : nil))
  }

  /// The workload of it alone, for a search: a plan that the changes make impossible is no matter.
  func question(_ name: String) throws -> Workload {
    OwnRuns.current.runs.adjusted(
      try InputDocument.question(name, set: assignments, standardInput: name == "-" ? StandardInput.text() : nil))
  }
}

/// Flags that ask a question without a file.
struct QuestionOptions: ParsableArguments {
  @Option(help: ArgumentHelp("A model (see `brume models`) or the path of a config.json.", valueName: "name"))
  var model: String?

  @Option(help: ArgumentHelp("Nodes x GPUs x kind (see `brume clusters`), as in 4x8xl4.", valueName: "spec"))
  var cluster: String?

  @Option(help: ArgumentHelp("Tokens of one sample.", valueName: "tokens"))
  var sequence: Int?

  @Option(help: ArgumentHelp("Samples of one optimizer step over all GPUs.", valueName: "samples"))
  var batch: Int?

  /// All of them, or nil when none was given.
  struct Complete {
    /// Name or path.
    var model: String
    /// Nodes x GPUs x kind.
    var cluster: String
    /// Tokens.
    var sequence: Int
    /// Samples.
    var batch: Int
  }

  /// The four flags; an error that names the missing ones where only some were given.
  func complete() throws -> Complete? {
    if let model, let cluster, let sequence, let batch {
      return Complete(model: model, cluster: cluster, sequence: sequence, batch: batch)
    }
    guard !assignments.isEmpty else { return nil }
    let given = [
      ("--model", model != nil), ("--cluster", cluster != nil), ("--sequence", sequence != nil),
      ("--batch", batch != nil),
    ]
    let missing = given.filter { !$0.1 }.map(\.0).joined(separator: ", ")
    throw ValidationError("without a file, \(missing) must be given too")
  }

  /// The workload that they ask about; nil when none was given, an error where only some were.
  func workload(_ overrides: OverrideOptions) throws -> Workload? {
    guard let asked = try complete() else { return nil }
    return OwnRuns.current.runs.adjusted(
      try WorkloadSource.make(
        model: asked.model, cluster: asked.cluster, sequence: asked.sequence, batch: asked.batch,
        set: overrides.assignments))
  }

  /// Throws a usage error where a file is named too: it says how to change what is in it.
  func check(beside file: String) throws {
    guard !assignments.isEmpty else { return }
    let change = assignments.map { "--set \($0)" }.joined(separator: " ")
    throw ValidationError(
      "--model, --cluster, --sequence and --batch ask a question without a file; to change what is in \(file): "
        + change)
  }

  /// The flags that were given as what `--set` changes in a file.
  var assignments: [String] {
    [
      model.map { "model=\($0)" }, cluster.map { "cluster=\($0)" }, sequence.map { "run.sequence=\($0)" },
      batch.map { "run.batch=\($0)" },
    ].compactMap { $0 }
  }
}

/// The question of a command that searches: a file, a sample, or four flags.
struct WorkloadOptions: ParsableArguments {
  @Argument(help: "A workload: a YAML file, the name of a sample, or - for standard input.")
  var workload: String?

  @OptionGroup var question: QuestionOptions
  @OptionGroup var overrides: OverrideOptions

  /// The question; throws a usage error where none is asked, or two are.
  ///
  /// Not while the arguments are parsed: an option that there is not comes first.
  func load() throws -> Workload {
    if let workload {
      try question.check(beside: workload)
      return try overrides.question(workload)
    }
    guard let asked = try question.workload(overrides) else {
      throw ValidationError(
        "give a workload (a file or the name of a sample), or --model, --cluster, --sequence and --batch instead")
    }
    return asked
  }
}
