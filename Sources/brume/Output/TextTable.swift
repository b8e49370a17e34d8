/// A table of plain text: a heading, rows, columns as wide as their widest cell.
struct TextTable {
  /// Where the cells of a column stand.
  enum Alignment {
    case left, right
  }

  /// Heading of a column, and where its cells stand.
  typealias Column = (title: String, alignment: Alignment)

  private let alignments: [Alignment]
  private var rows: [[String]]

  /// A table with its heading.
  init(_ columns: [Column]) {
    alignments = columns.map(\.alignment)
    rows = [columns.map(\.title)]
  }

  /// Adds a row; missing cells are empty, further ones are left out.
  mutating func add(_ cells: [String]) {
    rows.append((0..<alignments.count).map { $0 < cells.count ? cells[$0] : "" })
  }

  /// The lines, without trailing blanks.
  ///
  /// - Parameter indent: blanks before each line.
  func lines(indent: Int = 0) -> [String] {
    let widths = (0..<alignments.count).map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      var line = String(repeating: " ", count: indent)
      for (column, cell) in row.enumerated() {
        let pad = String(repeating: " ", count: widths[column] - cell.count)
        line += (column > 0 ? "  " : "") + (alignments[column] == .left ? cell + pad : pad + cell)
      }
      while line.last == " " { line.removeLast() }
      return line
    }
  }
}
