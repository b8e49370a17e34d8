/// The records of all measured runs that this engine predicts.
///
/// They ship as a file, so that an error bar costs microseconds and not half a second of predictions; `.ci/record`
/// writes it again when predictions change, and a test holds it to what the engine computes.
public struct RunRecords: Sendable, Equatable {
  /// Path of the file that ships.
  static let path = "samples/measured/records.csv"

  /// The records, in the order of the table.
  public var records: [RunRecord]

  /// Those of a report.
  public init(_ report: ValidationReport) { records = report.rows.compactMap { RunRecord($0) } }

  /// Given ones.
  init(records: [RunRecord]) { self.records = records }

  /// Those that ship, read once.
  public static let shipped = RunRecords(text: ShippedFiles.text(path) ?? "")

  /// Reads the text of such a file; lines that are no records are passed over.
  public init(text: String) { records = text.split(separator: "\n").dropFirst().compactMap { RunRecord(line: $0) } }

  /// The file's text.
  public var text: String { ([RunRecord.columns] + records.map(\.line)).joined(separator: "\n") + "\n" }
}
