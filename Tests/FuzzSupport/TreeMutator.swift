import Engine

/// Changes single values of a parsed YAML or JSON text and writes it again: what is made has the right form, so that
/// readers look at every value.
public enum TreeMutator {
  /// A changed tree as YAML, or as JSON on one line.
  public static func mutate(
    _ root: ConfigNode, asJSON: Bool, _ random: inout SyntheticPipelines.Sequence
  ) -> String {
    var root = root
    for _ in 0..<[1, 1, 2, 4][Int.random(in: 0..<4, using: &random)] {
      var left = Int.random(in: 0..<max(1, count(root)), using: &random)
      let donor = node(at: Int.random(in: 0..<max(1, count(root)), using: &random), of: root)
      root = change(root, &left, donor, &random)
    }
    return asJSON ? json(root) : root.yaml()
  }

  private static func count(_ node: ConfigNode) -> Int {
    switch node.content {
    case .scalar: 1
    case .sequence(let items): items.reduce(1) { $0 + count($1) }
    case .mapping(let entries): entries.reduce(1) { $0 + count($1.value) }
    }
  }

  private static func node(at index: Int, of node: ConfigNode) -> ConfigNode {
    var left = index
    func find(_ node: ConfigNode) -> ConfigNode? {
      if left == 0 { return node }
      left -= 1
      switch node.content {
      case .scalar: return nil
      case .sequence(let items): return items.lazy.compactMap(find).first
      case .mapping(let entries): return entries.lazy.compactMap { find($0.value) }.first
      }
    }
    return find(node) ?? node
  }

  /// The tree with its node number `left` changed; `left` is below 0 behind it.
  private static func change(
    _ node: ConfigNode, _ left: inout Int, _ donor: ConfigNode, _ random: inout SyntheticPipelines.Sequence
  ) -> ConfigNode {
    left -= 1
    if left == -1 { return changed(node, donor, &random) }
    guard left >= 0 else { return node }
    var result = node
    switch node.content {
    case .scalar: break
    case .sequence(var items):
      for index in items.indices where left >= 0 { items[index] = change(items[index], &left, donor, &random) }
      result.content = .sequence(items)
    case .mapping(var entries):
      for index in entries.indices where left >= 0 {
        entries[index].value = change(entries[index].value, &left, donor, &random)
      }
      result.content = .mapping(entries)
    }
    return result
  }

  private static func changed(
    _ node: ConfigNode, _ donor: ConfigNode, _ random: inout SyntheticPipelines.Sequence
  ) -> ConfigNode {
    let kind = Int.random(in: 0..<10, using: &random)
    switch (node.content, kind) {
    case (_, 0): return donor
    case (_, 1): return .text(HostileText.name(&random))
    case (.scalar(let text, let quoted), 2...):
      if kind > 7 { return ConfigNode(place: node.place, content: .scalar(text, quoted: !quoted)) }
      let isName = quoted && kind > 3
      let value = isName ? HostileText.name(&random) : HostileText.number(&random)
      return isName ? .text(value) : ConfigNode(place: node.place, content: .scalar(value, quoted: false))
    case (.sequence(let items), 2...4):
      return .list(items + items.shuffled(using: &random))
    case (.sequence(let items), 5...6):
      return .list(Array(items.dropLast(Int.random(in: 0...items.count, using: &random))))
    case (.sequence(let items), _):
      let times = Int.random(in: 0..<20, using: &random) == 0 ? 3_000 : 20
      return .list(items + Array(repeating: items.randomElement(using: &random) ?? node, count: times))
    case (.mapping(var entries), 2...4):
      if !entries.isEmpty { entries.remove(at: Int.random(in: 0..<entries.count, using: &random)) }
      return ConfigNode(place: node.place, content: .mapping(entries))
    case (.mapping(var entries), _):
      let key = kind < 7 ? HostileText.name(&random) : entries.randomElement(using: &random)?.key ?? "a"
      let at = Int.random(in: 0...entries.count, using: &random)
      entries.insert(ConfigNode.Entry(key: key, line: nil, value: donor), at: at)
      return ConfigNode(place: node.place, content: .mapping(entries))
    default: return .list([])
    }
  }

  /// The tree as JSON on one line.
  static func json(_ node: ConfigNode) -> String {
    switch node.content {
    case .scalar(let text, quoted: true): quoted(text)
    case .scalar(let text, quoted: false): node.isNull ? "null" : text
    case .sequence(let items): "[" + items.map(json).joined(separator: ", ") + "]"
    case .mapping(let entries):
      "{" + entries.map { quoted($0.key) + ": " + json($0.value) }.joined(separator: ", ") + "}"
    }
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": result += "\\\(scalar)"
      case "\u{0}"..<" ": result += "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
