/// A table in Markdown, with the columns of a `TextTable`.
struct MarkdownTable {
  private let columns: [TextTable.Column]
  private var rows: [[String]] = []

  /// A table with its heading.
  init(_ columns: [TextTable.Column]) { self.columns = columns }

  /// Adds a row; missing cells are empty, further ones are left out.
  mutating func add(_ cells: [String]) {
    rows.append(columns.indices.map { $0 < cells.count ? cells[$0] : "" })
  }

  /// The lines: heading, rule with the alignment, rows.
  var lines: [String] {
    let rule = columns.map { $0.alignment == .right ? "---:" : "---" }
    let escaped = ([columns.map(\.title)] + rows).map { row in row.map { $0.replacing("|", with: "\\|") } }
    return ([escaped[0], rule] + escaped.dropFirst()).map { "| " + $0.joined(separator: " | ") + " |" }
  }
}
