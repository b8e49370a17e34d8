import Engine

/// A tree of an explanation as JSON and as indented text of 80 columns.
enum ExplanationOutput {
  // MARK: JSON

  /// The JSON object of `brume explain --json` (docs/formats.md).
  static func document(_ node: ExplanationNode) -> JSONValue {
    let (document, _) = object(node, first: [JSONMember("format", "brume/1")]).removingNonFinite()
    return document
  }

  private static func object(_ node: ExplanationNode, first: [JSONMember] = []) -> JSONValue {
    var members = first
    members += [
      JSONMember("name", .string(node.name)), JSONMember("formula", .string(node.formula)),
      JSONMember("value", .number(node.value)), JSONMember("unit", .string(node.unit.rawValue)),
      JSONMember("combination", .string(word(node.combination))),
    ]
    if case .times(let count) = node.combination { members.append(JSONMember("count", .number(count))) }
    members.append(JSONMember("children", .array(node.children.map { object($0) })))
    if !node.sources.isEmpty {
      members.append(
        JSONMember(
          "sources",
          .array(
            node.sources.map { source in
              [
                "figure": .string(source.name), "origin": .string(source.provenance.rawValue),
                "source": .string(source.text),
              ]
            })))
    }
    return .object(members)
  }

  /// How children make a value, in one word.
  static func word(_ combination: ExplanationNode.Combination) -> String {
    switch combination {
    case .leaf: "none"
    case .sum: "sum"
    case .maximum: "max"
    case .minimum: "min"
    case .product: "product"
    case .times: "times"
    case .overlap: "overlap"
    }
  }

  // MARK: Text

  private static let columns = 80
  private static let nameColumns = 45
  private static let valueColumns = 11

  /// The tree, `depth` levels of it, and the figures behind the leaves that are shown.
  static func text(_ node: ExplanationNode, depth: Int) -> [String] {
    var notes = Footnotes()
    var lines = tree(node, level: 0, depth: depth, notes: &notes)
    if !notes.sources.isEmpty {
      lines.append("")
      for (index, source) in notes.sources.enumerated() {
        lines += wrapped("[\(index + 1)] \(source.name): \(source.provenance.rawValue), \(source.text)")
      }
    }
    return lines
  }

  /// Figures in the order in which leaves name them.
  private struct Footnotes {
    var sources: [ExplanationNode.Source] = []
    /// Trees that have been printed, by name: none is printed twice.
    var printed: [String: ExplanationNode] = [:]

    mutating func mark(_ source: ExplanationNode.Source) -> Int {
      if let index = sources.firstIndex(of: source) { return index + 1 }
      sources.append(source)
      return sources.count
    }
  }

  private static func tree(
    _ node: ExplanationNode, level: Int, depth: Int, notes: inout Footnotes
  ) -> [String] {
    let isRepeated = !node.children.isEmpty && notes.printed[node.name] == node
    let isCut = isRepeated || level + 1 >= depth && !node.children.isEmpty
    if !isCut, !node.children.isEmpty { notes.printed[node.name] = node }
    let isLeaf = node.children.isEmpty
    let marks = isLeaf ? node.sources.map { notes.mark($0) } : []
    let name = String(repeating: "  ", count: min(level, 12)) + node.name
    var line = padded(clipped(name, nameColumns), nameColumns)
    let value = amount(node.value, node.unit)
    line += String(repeating: " ", count: max(1, valueColumns - value.count)) + value
    let figures = marks.isEmpty ? "" : "[\(marks.map(String.init).joined(separator: ","))]"
    let remark = (isRepeated ? "as above" : isCut ? "..." : remark(node)) + (figures.isEmpty ? "" : " " + figures)
    let room = columns - line.count - 2
    let text =
      remark.count <= room ? remark : figures.count <= room && !figures.isEmpty ? figures : clipped(remark, room)
    if !text.isEmpty, room > 0 { line += "  " + text }
    while line.last == " " { line.removeLast() }
    guard !isCut else { return [line] }
    let children = node.children.filter { child in
      if case .overlap = node.combination { return child.value != 0 }
      return true
    }
    return [line] + children.flatMap { tree($0, level: level + 1, depth: depth, notes: &notes) }
  }

  /// The formula, or how the children make the value.
  private static func remark(_ node: ExplanationNode) -> String {
    switch node.combination {
    case .maximum: "largest of"
    case .minimum: "least of"
    case .product: "product of"
    case .times(let count) where count < 0: "subtracted"
    default: node.formula
    }
  }

  /// A value in units for people.
  static func amount(_ value: Double, _ unit: ExplanationNode.Unit) -> String {
    let size = abs(value)
    switch unit {
    case .seconds:
      if size >= 1 || size == 0 { return Decimals.significant(value, 5) + " s" }
      return size >= 1e-3 ? Decimals.significant(value * 1e3, 4) + " ms" : Decimals.significant(value * 1e6, 3) + " us"
    case .bytes:
      return size >= 1e8 || size == 0
        ? Decimals.gibibytes(value, 3) + " GiB" : Decimals.significant(value / 1_048_576, 4) + " MiB"
    case .one: return Decimals.significant(value, 5)
    }
  }

  private static func clipped(_ text: String, _ width: Int) -> String {
    text.count <= width ? text : String(text.prefix(max(0, width - 3))) + "..."
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  /// Lines of at most 80 columns, broken between words.
  private static func wrapped(_ text: String) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      if !line.isEmpty, line.count + 1 + word.count > columns {
        lines.append(line)
        line = "    " + word
      } else {
        line += (line.isEmpty ? "" : " ") + word
      }
    }
    return line.isEmpty ? lines : lines + [line]
  }
}
