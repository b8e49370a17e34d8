/// Reads TOML into nodes that know their lines.
///
/// Tables, dotted and quoted keys, all strings, numbers, arrays over several lines, inline tables and arrays of tables;
/// dates are kept as the text that they are. A package that parses TOML would give no lines for messages.
struct TOMLReader {
  private var scanner: TOMLScanner
  private var root: TOMLTable

  /// Parses a text of at most 1 MB; `file` is for messages.
  ///
  /// Throws with the line where it is no TOML, names a key twice, is nested deeper than 32 levels, or has more than 1,000
  /// keys in a table. Complexity: O(length * keys of a table).
  static func parse(_ text: String, file: String) throws(InputError) -> ConfigNode {
    guard text.utf8.count <= ConfigNode.maximumBytes else {
      throw .unreadable(
        file: file, problem: "the file has \(text.utf8.count) bytes", remedy: "the limit is \(ConfigNode.maximumBytes)")
    }
    var reader = TOMLReader(scanner: TOMLScanner(text, file: file), root: TOMLTable(line: 1))
    try reader.document()
    return reader.root.node(InputPlace(file: file, line: 1))
  }

  private mutating func document() throws(InputError) {
    var path: [String] = []
    while true {
      scanner.skipLines()
      guard let scalar = scanner.current else { return }
      let line = scanner.line
      if scalar == "[" {
        let isArray = scanner.take("[[")
        if !isArray { scanner.advance() }
        path = try scanner.keys()
        guard scanner.take(isArray ? "]]" : "]") else {
          throw scanner.failure("a table's name is not closed", "close it with \(isArray ? "]]" : "]")")
        }
        try root.open(path[...], isArray: isArray, line: line, scanner)
      } else {
        let keys = try scanner.keys()
        guard scanner.take("=") else { throw scanner.failure("a key without a value", "write key = value") }
        let value = try scanner.value(depth: path.count + keys.count)
        try root.set((path + keys)[...], value, line: line, scanner)
      }
      try scanner.endLine()
    }
  }
}

/// A value of TOML.
indirect enum TOMLValue {
  /// A text, or a bare word: a number, a truth value, a date.
  case scalar(String, quoted: Bool, line: Int)
  /// A list; of tables where `isOpen`, to which `[[name]]` appends.
  case list([TOMLValue], isOpen: Bool, line: Int)
  /// A table.
  case table(TOMLTable)

  /// As a node at its place.
  func node(_ place: InputPlace) -> ConfigNode {
    switch self {
    case .scalar(let text, let quoted, let line):
      return ConfigNode(place: place.at(line), content: .scalar(text, quoted: quoted))
    case .list(let items, _, let line):
      let nodes = items.enumerated().map { index, item in
        item.node(place.inside("[\(index + 1)]", line: line))
      }
      return ConfigNode(place: place.at(line), content: .sequence(nodes))
    case .table(let table): return table.node(place)
    }
  }
}

/// A table of TOML: its keys in the order of the file.
struct TOMLTable {
  /// Its first line.
  var line: Int
  /// Its keys and values.
  var entries: [(key: String, line: Int, value: TOMLValue)] = []

  /// Most keys of a table, and most tables of a list.
  static let maximumKeys = 1_000

  /// An empty table.
  init(line: Int) { self.line = line }

  /// As a node at its place.
  func node(_ place: InputPlace) -> ConfigNode {
    let nodes = entries.map { entry in
      let inner = place.inside(place.field.isEmpty ? entry.key : ".\(entry.key)", line: entry.line)
      return ConfigNode.Entry(key: entry.key, line: entry.line, value: entry.value.node(inner))
    }
    return ConfigNode(place: place.at(line), content: .mapping(nodes))
  }

  /// Sets a value under a path of keys, whose tables are made where they are not there.
  mutating func set(
    _ path: ArraySlice<String>, _ value: TOMLValue, line: Int, _ scanner: TOMLScanner
  ) throws(InputError) {
    try change(path, line: line, scanner) { (entries, index) throws(InputError) in
      guard index == nil else { throw scanner.twice(path.last ?? "", at: line) }
      entries.append((path.last ?? "", line, value))
    }
  }

  /// Opens a table by its name, or appends one to a list of tables.
  mutating func open(
    _ path: ArraySlice<String>, isArray: Bool, line: Int, _ scanner: TOMLScanner
  ) throws(InputError) {
    let table = TOMLValue.table(TOMLTable(line: line))
    try change(path, line: line, scanner) { (entries, index) throws(InputError) in
      guard let index else {
        let value = isArray ? TOMLValue.list([table], isOpen: true, line: line) : table
        entries.append((path.last ?? "", line, value))
        return
      }
      switch entries[index].value {
      case .list(let items, isOpen: true, let first) where isArray:
        guard items.count < Self.maximumKeys else { throw scanner.tooMany(at: line) }
        entries[index].value = .list(items + [table], isOpen: true, line: first)
      case .table where !isArray: break
      default: throw scanner.twice(path.last ?? "", at: line)
      }
    }
  }

  /// Changes the entry of a path's last key, given where it is.
  private mutating func change(
    _ path: ArraySlice<String>, line: Int, _ scanner: TOMLScanner,
    _ edit: (inout [(key: String, line: Int, value: TOMLValue)], Int?) throws(InputError) -> Void
  ) throws(InputError) {
    guard let key = path.first else { return }
    guard entries.count < Self.maximumKeys else { throw scanner.tooMany(at: line) }
    let index = entries.firstIndex { $0.key == key }
    guard path.count > 1 else { return try edit(&entries, index) }
    guard let index else {
      var inner = TOMLTable(line: line)
      try inner.change(path.dropFirst(), line: line, scanner, edit)
      entries.append((key, line, .table(inner)))
      return
    }
    switch entries[index].value {
    case .table(var inner):
      try inner.change(path.dropFirst(), line: line, scanner, edit)
      entries[index].value = .table(inner)
    case .list(var items, isOpen: true, let first):
      guard case .table(var inner)? = items.last else { throw scanner.twice(key, at: line) }
      try inner.change(path.dropFirst(), line: line, scanner, edit)
      items[items.count - 1] = .table(inner)
      entries[index].value = .list(items, isOpen: true, line: first)
    default: throw scanner.twice(key, at: line)
    }
  }
}

extension InputPlace {
  /// The same place on another line.
  fileprivate func at(_ line: Int) -> InputPlace { InputPlace(file: file, line: line, field: field) }
}
