import ArgumentParser

/// What a list command prints: a table for people, or one JSON object.
struct ListTable {
  private let key: String
  private var table: TextTable
  private var items: [JSONValue] = []

  /// A list; `key` names it in JSON.
  init(key: String, _ columns: [(title: String, alignment: TextTable.Alignment)]) {
    self.key = key
    table = TextTable(columns)
  }

  /// Adds an item as cells and as JSON.
  mutating func add(_ cells: [String], _ item: JSONValue) {
    table.add(cells)
    items.append(item)
  }

  /// Adds an item whose last cell goes on in further lines.
  mutating func add(_ cells: [String], _ item: JSONValue, further: some Sequence<String>) {
    add(cells, item)
    for line in further { table.add(Array(repeating: "", count: max(0, cells.count - 1)) + [line]) }
  }

  /// The table's lines.
  var lines: [String] { table.lines() }

  /// The JSON object: the format, and the items under the list's key.
  var document: JSONValue {
    .object([JSONMember("format", "brume/1"), JSONMember(key, .array(items))])
  }
}

/// Flags of every list command.
struct ListOptions: ParsableArguments {
  @Flag(help: "Print one JSON object.")
  var json = false

  /// Prints the list as the flags ask.
  func print(_ list: ListTable) {
    if json {
      Console.write(JSONWriter().text(list.document) + "\n")
    } else {
      Console.write(lines: list.lines)
    }
  }
}
