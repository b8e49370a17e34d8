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

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    let runs = try table.map { path throws(InputError) in try MeasuredTable.read(path) } ?? MeasuredTable.shipped()
    if let source {
      var known: [String] = []
      for row in runs.rows where !known.contains(row.source) { known.append(row.source) }
      guard known.contains(source) else {
        throw InputError.unknownName(
          at: InputPlace(file: "--source"), kind: "source", name: source, suggestion: nil, known: known)
      }
    }
    let report = try ValidationReport(runs, source: source)
    if json {
      Console.write(JSONWriter().text(ValidationOutput.document(report)) + "\n")
    } else {
      Console.write(lines: ValidationOutput.text(report))
    }
  }
}
