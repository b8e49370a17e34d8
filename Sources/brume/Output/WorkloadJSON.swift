import Engine

/// A workload as JSON, with the keys of workload files.
enum WorkloadJSON {
  /// The workload by value.
  static func value(_ workload: Workload) -> JSONValue { value(WorkloadWriter.node(of: workload)) }

  /// A node of a file; what is not quoted is a number, a truth value or a word.
  static func value(_ node: ConfigNode) -> JSONValue {
    switch node.content {
    case .scalar(let text, quoted: true): .string(text)
    case .scalar(let text, quoted: false): plain(text, isNull: node.isNull)
    case .sequence(let items): .array(items.map { value($0) })
    case .mapping(let entries): .object(entries.map { JSONMember($0.key, value($0.value)) })
    }
  }

  private static func plain(_ text: String, isNull: Bool) -> JSONValue {
    if isNull { return .null }
    if text == "true" || text == "false" { return .bool(text == "true") }
    if let whole = Int(text) { return .int(whole) }
    return Quantity.number(text).map { .number($0) } ?? .string(text)
  }
}
