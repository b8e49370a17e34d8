import Foundation

/// Rows of words in aligned columns.
struct BenchmarkTable {
  private var rows: [[String]]

  /// A table with these names of columns.
  init(_ columns: [String]) { rows = [columns] }

  /// Adds a row.
  mutating func add(_ row: [String]) { rows.append(row) }

  /// Prints it: the first column to the left, the others to the right.
  func print() {
    let count = rows.map(\.count).max() ?? 0
    let widths = (0..<count).map { column in rows.compactMap { $0.dropFirst(column).first?.count }.max() ?? 0 }
    for row in rows {
      let cells = zip(row, widths).enumerated().map { index, cell in
        let blanks = String(repeating: " ", count: cell.1 - cell.0.count)
        return index == 0 ? cell.0 + blanks : blanks + cell.0
      }
      Swift.print(cells.joined(separator: "  "))
    }
    Swift.print("")
    fflush(nil)
  }

  /// A value of a sorted list below which a share of it lies: the nearest rank.
  static func quantile(_ share: Double, of values: [Double]) -> Double? {
    guard !values.isEmpty else { return nil }
    let rank = Int((share * Double(values.count)).rounded(.up)) - 1
    return values.sorted()[max(0, min(values.count - 1, rank))]
  }

  /// Seconds as milliseconds; `-` for none.
  static func milliseconds(_ seconds: Double?) -> String {
    seconds.map { String(format: "%.1f", $0 * 1_000) } ?? "-"
  }
}
