import ArgumentParser
import Engine

/// `brume validate`: measured training runs, predicted.
struct ValidateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate", abstract: "Predict measured training runs, and print the errors by source.",
    discussion: """
      Without --table it is the table that ships. A table holds one JSON object a line (docs/validation.md). A run that \
      cannot be predicted is listed with the reason.
      """)

  @Option(help: ArgumentHelp("A table of measured runs.", valueName: "file"))
  var table: String?

  @Option(help: ArgumentHelp("Only the runs of one source.", valueName: "name"))
  var source: String?

  @Flag(help: "Compare published plans of two launchers instead: predicted beside measured speed-ups.")
  var speedups = false

  @Flag(help: "Print all tables as a page in Markdown (docs/validation-tables.md), with the worst runs and why.")
  var markdown = false

  @Flag(help: ArgumentHelp("Print what error bars are made of, as it ships.", visibility: .hidden))
  var records = false

  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    guard !speedups || (table == nil && source == nil) else {
      throw ValidationError("--speedups is about plans that ship: it goes with neither --table nor --source")
    }
  }

  func run() throws {
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
