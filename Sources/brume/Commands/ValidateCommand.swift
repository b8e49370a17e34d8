import ArgumentParser
import Engine
import Foundation

/// `brume validate`: measured training runs, predicted.
struct ValidateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate", abstract: "Predict measured training runs, and print the errors by source.",
    discussion: """
      Without --table it is the table that ships. A table holds one JSON object a line (docs/validation.md). A run that \
      cannot be predicted is listed with the reason. With --plans it is published plans instead: each is scored on its \
      launcher's runtime without headroom, beside the best plan of that launcher's space for the same workload.
      """)

  @Option(help: ArgumentHelp("A table of measured runs.", valueName: "file"))
  var table: String?

  @Option(help: ArgumentHelp("Only the runs of one source.", valueName: "name"))
  var source: String?

  @Option(
    help: ArgumentHelp(
      "Published plans, one JSON object a line (docs/formats.md), beside what the search finds.", valueName: "file"))
  var plans: String?

  @Flag(
    help: """
      Compare published plans of two launchers instead: predicted beside measured speed-ups. With --plans: the best plans \
      of mist, megatron-lm, deepspeed and aceso on the workloads of the file.
      """)
  var speedups = false

  @Option(help: ArgumentHelp("Worker threads of searches; the answer does not depend on it.", valueName: "n"))
  var threads: Int?

  @Flag(help: "Print all tables as a page in Markdown (docs/validation-tables.md), with the worst runs and why.")
  var markdown = false

  @Flag(help: ArgumentHelp("Print what error bars are made of, as it ships.", visibility: .hidden))
  var records = false

  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    guard plans == nil || (table == nil && source == nil && !records) else {
      throw ValidationError("--plans is about plans: it goes with neither --table nor --source")
    }
    if let threads, !(1...1_024).contains(threads) { throw ValidationError("--threads must be 1 to 1024") }
    guard !speedups || (table == nil && source == nil) else {
      throw ValidationError("--speedups is about plans that ship: it goes with neither --table nor --source")
    }
  }

  func run() throws {
    if let plans { return try compare(.read(plans)) }
    if speedups { return try printSpeedups() }
    let report = try ValidationReport(runs(), source: source)
    if markdown {
      let page = ValidationPage(report: report, speedups: try .shipped(), reasons: try .shipped())
      return Console.write(lines: page.lines)
    }
    if records { return Console.write(RunRecords(report).text) }
    if json {
      Console.write(JSONWriter().text(ValidationOutput.document(report)) + "\n")
    } else {
      Console.write(lines: ValidationOutput.text(report))
    }
  }

  /// Published plans beside those of the search, or the launchers' spaces on their workloads.
  private func compare(_ table: PublishedPlanTable) throws {
    let line = ProgressLine(clock: MonotonicClock())
    let threads = threads ?? ProcessInfo.processInfo.activeProcessorCount
    func show(_ done: Int, _ total: Int) {
      var progress = SearchProgress()
      (progress.done, progress.total) = (done, total)
      line.show(.progress(progress))
    }
    let report = speedups ? nil : try PublishedPlanReport(table, threads: threads, onProgress: show)
    let launchers = speedups || markdown ? LauncherSpeedups(table, threads: threads, onProgress: show) : nil
    line.clear()
    if json {
      Console.write(JSONWriter().text(PublishedPlanOutput.document(report, launchers)) + "\n")
    } else if markdown {
      Console.write(lines: PublishedPlanPage(report: report, launchers: launchers).lines)
    } else {
      Console.write(lines: (report.map(PublishedPlanOutput.text) ?? []) + (launchers.map(LauncherOutput.text) ?? []))
    }
  }

  private func printSpeedups() throws {
    let report = try SpeedupReport.shipped()
    if json {
      Console.write(JSONWriter().text(SpeedupOutput.document(report)) + "\n")
    } else {
      Console.write(lines: SpeedupOutput.text(report))
    }
  }

  /// The table, or what the one that ships has of the source.
  private func runs() throws -> MeasuredTable {
    let runs = try table.map { path throws(InputError) in try MeasuredTable.read(path) }
    guard let source else { return try runs ?? .shipped() }
    var known = runs == nil ? MeasuredTable.shippedSources : []
    for row in runs?.rows ?? [] where !known.contains(row.source) { known.append(row.source) }
    guard known.contains(source) else {
      throw InputError.unknownName(
        at: InputPlace(file: "--source"), kind: "source", name: source, suggestion: nil, known: known)
    }
    return try runs ?? .shipped(source: source)
  }
}
