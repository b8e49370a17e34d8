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
    case .quotient: "quotient"
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
    if notes.isCut { lines += ["", "...: has parts of its own, which --stage N or a larger --depth shows"] }
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
    /// Formulas that have stood on a line of their own.
    var formulas: Set<String> = []
    /// Whether parts were left out for their depth.
    var isCut = false

    /// `[1,4]`: the numbers of the sources, each once; nothing of none.
    mutating func marks(_ found: [ExplanationNode.Source]) -> String {
      let numbers = Set(found.map { number($0) }).sorted()
      return numbers.isEmpty ? "" : "[\(numbers.map(String.init).joined(separator: ","))]"
    }

    private mutating func number(_ source: ExplanationNode.Source) -> Int {
      if let index = sources.firstIndex(of: source) { return index + 1 }
      sources.append(source)
      return sources.count
    }
  }

  private static func tree(
    _ node: ExplanationNode, level: Int, depth: Int, notes: inout Footnotes
  ) -> [String] {
    let isLeaf = node.children.isEmpty
    let isRepeated = !isLeaf && notes.printed[node.name] == node
    let isDeep = !isLeaf && !isRepeated && level + 1 >= depth
    if isDeep { notes.isCut = true }
    if !isLeaf, !isDeep { notes.printed[node.name] = node }
    let indent = String(repeating: "  ", count: min(level, 12))
    let value = amount(node.value, node.unit)
    let first = isRepeated ? "as above" : isDeep ? "..." : remark(node)
    let marks = isLeaf ? notes.marks(node.sources) : ""
    let lines = row(indent + node.name, value, first, marks, indent: indent, formulas: &notes.formulas)
    guard !isRepeated, !isDeep else { return lines }
    let children = node.children.filter { child in
      if case .overlap = node.combination { return child.value != 0 }
      return true
    }
    return lines + children.flatMap { tree($0, level: level + 1, depth: depth, notes: &notes) }
  }

  /// Name, value, formula and marks; a formula that does not fit beside them follows once on a line of its own, so that
  /// nothing is cut off.
  private static func row(
    _ name: String, _ value: String, _ formula: String, _ marks: String, indent: String, formulas: inout Set<String>
  ) -> [String] {
    let width = max(nameColumns + valueColumns, name.count + 1 + value.count)
    let shown = padded(name, width - value.count) + value
    func beside(_ text: String) -> String? {
      guard !text.isEmpty else { return shown }
      return shown.count + 2 + text.count <= columns ? shown + "  " + text : nil
    }
    let all = [formula, marks].filter { !$0.isEmpty }.joined(separator: " ")
    if let line = beside(all) { return [line] }
    let isNew = formulas.insert(formula).inserted
    if !isNew, let line = beside(marks) { return [line] }
    return [shown] + wrapped("= " + all, indent: indent + "  ", next: indent + "    ")
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

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  /// Lines of at most 80 columns, broken between words.
  static func wrapped(_ text: String, indent: String = "", next: String = "    ") -> [String] {
    var lines: [String] = []
    var line = indent
    var isEmpty = true
    for word in text.split(separator: " ") {
      if !isEmpty, line.count + 1 + word.count > columns {
        lines.append(line)
        line = next + word
      } else {
        line += (isEmpty ? "" : " ") + word
      }
      isEmpty = false
    }
    return isEmpty ? lines : lines + [line]
  }
}
