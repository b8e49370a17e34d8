import ArgumentParser
import Engine
import Foundation

/// `brume observe`: learn from a run that was measured.
struct ObserveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "observe", abstract: "Learn from a run that was measured: error bars, and figures that were off.",
    discussion: """
      The run becomes part of your own table, and every prediction from then on takes it into account. What changes is \
      shown first; on a terminal it is asked for. --undo takes the last run back, --list shows the table.
      """)

  @Argument(help: "The plan that ran: a YAML file, the name of a sample, or - for standard input.")
  var plan: String?

  @Option(help: ArgumentHelp("What an iteration took.", valueName: "seconds"))
  var iterationSeconds: Double?

  @Option(
    help: ArgumentHelp("What each stage took of its fullest GPU's memory, as 20.4GiB,18.1GiB.", valueName: "bytes,..."))
  var stageMemory: String?

  @Option(help: ArgumentHelp("What --stage-memory is: reserved, allocated or nvidia-smi.", valueName: "kind"))
  var memoryKind = MeasuredMemory.Kind.reserved

  @Option(
    help: ArgumentHelp(
      "Read times and memory from a log of Megatron-LM, DeepSpeed, torchtitan or Hugging Face's Trainer.",
      valueName: "file"))
  var log: String?

  @Flag(help: "Take back the last run, of PLAN where one is given.")
  var undo = false

  @Flag(help: "List the runs and what they change.")
  var list = false

  @Flag(help: "Show what would change, and change nothing.")
  var dryRun = false

  @Option(help: ArgumentHelp("Another table than your own.", valueName: "file"))
  var table: String?

  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    if list || undo {
      guard iterationSeconds == nil, log == nil, stageMemory == nil, !(list && undo) else {
        throw ValidationError("\(list ? "--list" : "--undo") goes without a measurement")
      }
      guard !list || plan == nil else { throw ValidationError("--list goes without a plan") }
      return
    }
    guard plan != nil else { throw ValidationError("give the plan that ran, or --list, or --undo") }
    guard iterationSeconds == nil || log == nil else {
      throw ValidationError("--iteration-seconds and --log both say what an iteration took: give one of them")
    }
    guard (iterationSeconds == nil) != (log == nil) else {
      throw ValidationError("give what an iteration took: --iteration-seconds, or --log to read it from")
    }
  }

  func run() throws {
    guard let path = table.map(HomePath.expanded) ?? OwnRuns.standardPath else {
      throw ValidationError("there is no table of observed runs (\(OwnRuns.variable), HOME): name one by --table")
    }
    if list { return try printList(path) }
    if undo { return try takeBack(path) }
    let file = try planFile(plan ?? "-")
    let table = try read(path)
    let observation = Observation(
      run: try measured(file, original: ObservedRuns(table.runs).original(file.workload.cluster), among: table.runs),
      before: OwnRuns(path: path, table: table), table: table)
    let output = try ObserveOutput(observation, path: path)
    try output.check(source: log ?? "--iteration-seconds")
    if !json { Console.write(lines: output.lines) }
    let isTaken = try !dryRun && isWanted() && take(observation.run, path)
    if json {
      Console.write(JSONWriter().text(output.document(isTaken: isTaken)) + "\n")
    } else {
      Console.write(lines: [output.ending(isTaken: isTaken, dryRun: dryRun)])
    }
  }

  // MARK: What was measured

  private func planFile(_ name: String) throws -> PlanFile {
    let document = try InputDocument.load(name, standardInput: name == "-" ? StandardInput.text() : nil)
    guard let file = document.plan else {
      throw InputError.unsupported(
        at: InputPlace(file: name), what: "this is a workload, not a plan", remedy: "name the plan that ran")
    }
    return file
  }

  private func measured(_ file: PlanFile, original: Cluster, among others: [ObservedRun]) throws -> ObservedRun {
    var workload = file.workload
    workload.cluster = original
    var memory = try stageMemory.map { try Self.amounts($0, memoryKind, stages: file.plan.stages.count) } ?? []
    var origin: String?
    var seconds = iterationSeconds
    if let log {
      let found = try LogFile.read(log, workload: workload, plan: file.plan)
      seconds = found.iterationSeconds
      memory += found.memory.filter { amount in !memory.contains { $0.kind == amount.kind } }
      origin = "\(found.writer) log: median of \(found.used) times, \(found.warmUp) of the warm-up left out"
    }
    guard let seconds, seconds.isFinite, (1e-6...1e7).contains(seconds) else {
      throw InputError.value(
        at: InputPlace(file: "--iteration-seconds"), found: "\(seconds ?? 0)", expected: "seconds, above 0 to 1e7")
    }
    return ObservedRun(
      workload: workload, plan: file.plan, seconds: seconds, memory: memory, date: Self.today, origin: origin,
      among: others)
  }

  /// The amounts of `20.4GiB,18.1GiB`, one a stage.
  static func amounts(_ text: String, _ kind: MeasuredMemory.Kind, stages: Int) throws -> [MeasuredMemory] {
    let place = InputPlace(file: "--stage-memory")
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    guard parts.count == stages else {
      throw InputError.value(
        at: place, found: "\(parts.count) amounts",
        expected: stages == 1 ? "one amount: the plan has one stage" : "\(stages) amounts: one for each stage")
    }
    return try parts.enumerated().map { stage, part in
      guard let bytes = Quantity.read(String(part), .bytes), (1...1e15).contains(bytes) else {
        throw InputError.value(at: place, found: "'\(part)'", expected: "bytes, such as 20.4 GiB, above 0")
      }
      return MeasuredMemory(kind: kind, stage: stage, bytes: bytes)
    }
  }

  /// The day in UTC: `2026-11-23`.
  private static var today: String {
    let parts = Calendar(identifier: .gregorian).dateComponents(
      in: TimeZone(secondsFromGMT: 0) ?? .current, from: Date())
    func two(_ value: Int?) -> String { (value ?? 0) < 10 ? "0\(value ?? 0)" : "\(value ?? 0)" }
    return "\(parts.year ?? 0)-\(two(parts.month))-\(two(parts.day))"
  }

  // MARK: The table

  private func read(_ path: String) throws -> ObservedTable {
    let table = try OwnRuns.read(path)
    for problem in table.problems { Console.warn("brume: an observed run is passed over: \(problem)") }
    return table
  }

  /// True where nobody is there to be asked, or says yes.
  private func isWanted() -> Bool {
    guard !json, isatty(STDIN_FILENO) == 1, Console.errorIsTerminal else { return true }
    Console.warn(text: "take it? [y/N] ")
    let answer = readLine()?.trimmingPrefix { $0 == " " }.lowercased() ?? ""
    return answer == "y" || answer == "yes"
  }

  /// Adds the run to the table as it is now; somebody else may have changed it since it was read.
  private func take(_ run: ObservedRun, _ path: String) throws -> Bool {
    try TableLock.holding(path) {
      var table = try OwnRuns.read(path)
      table.append(
        ObservedRun(
          workload: run.workload, plan: run.plan, seconds: run.seconds, memory: run.memory, date: run.date,
          origin: run.origin, among: table.runs))
      try AtomicFile.write(table.text, to: path, overwrite: true)
      return true
    }
  }

  private func takeBack(_ path: String) throws {
    let file = try plan.map { try planFile($0) }
    let hasTable = FileManager.default.fileExists(atPath: path)
    let removed =
      try !hasTable
      ? nil
      : TableLock.holding(path) { () throws -> ObservedRun? in
        var table = try read(path)
        let found = table.removeLast { run in file.map { run.isOf($0.workload, $0.plan) } ?? true }
        if found != nil, !dryRun { try AtomicFile.write(table.text, to: path, overwrite: true) }
        return found
      }
    guard let removed else {
      throw InputError.unreadable(
        file: path, problem: "there is no observed run\(file == nil ? "" : " of this plan")",
        remedy: "brume observe --list shows those that there are")
    }
    let output = ObserveListOutput(try read(path), path: path)
    if json {
      Console.write(JSONWriter().text(output.document(removed: removed, dryRun: dryRun)) + "\n")
    } else {
      let words = dryRun ? "would take back" : "took back"
      Console.write(lines: ["\(words) \(ObserveListOutput.line(removed))"] + (dryRun ? [] : output.figures))
    }
  }

  private func printList(_ path: String) throws {
    let output = ObserveListOutput(try read(path), path: path)
    if json {
      Console.write(JSONWriter().text(output.document()) + "\n")
    } else {
      Console.write(lines: output.lines)
    }
  }
}

extension MeasuredMemory.Kind: ExpressibleByArgument {}
