/// Writing: a node without places, built in code, and its YAML text.
extension ConfigNode {
  /// A text, quoted when written.
  public static func text(_ value: String) -> ConfigNode {
    ConfigNode(place: InputPlace(file: ""), content: .scalar(value, quoted: true))
  }

  /// A number that reads back as the same `Double`.
  public static func number(_ value: Double) -> ConfigNode {
    ConfigNode(place: InputPlace(file: ""), content: .scalar(Quantity.text(value), quoted: false))
  }

  /// A whole number.
  public static func number(_ value: Int) -> ConfigNode {
    ConfigNode(place: InputPlace(file: ""), content: .scalar("\(value)", quoted: false))
  }

  /// `true` or `false`.
  public static func flag(_ value: Bool) -> ConfigNode {
    ConfigNode(place: InputPlace(file: ""), content: .scalar(value ? "true" : "false", quoted: false))
  }

  /// A word that needs no quotes: a name of an enum's case.
  public static func word(_ value: String) -> ConfigNode {
    ConfigNode(place: InputPlace(file: ""), content: .scalar(value, quoted: false))
  }

  /// A list.
  public static func list(_ items: [ConfigNode]) -> ConfigNode {
    ConfigNode(place: InputPlace(file: ""), content: .sequence(items))
  }

  /// A mapping in the order of its pairs; pairs whose value is nil are left out.
  public static func object(_ pairs: [(String, ConfigNode?)]) -> ConfigNode {
    let entries = pairs.compactMap { key, value in value.map { Entry(key: key, line: nil, value: $0) } }
    return ConfigNode(place: InputPlace(file: ""), content: .mapping(entries))
  }

  /// The node as YAML text in block style, two spaces a level, ending in a newline; lists of scalars stay on one line.
  ///
  /// Parsing it gives the same content. Complexity: O(length).
  public func yaml() -> String {
    var lines: [String] = []
    Self.write(self, indent: 0, prefix: "", into: &lines)
    return lines.joined(separator: "\n") + "\n"
  }

  private static func write(_ node: ConfigNode, indent: Int, prefix: String, into lines: inout [String]) {
    let margin = String(repeating: "  ", count: indent)
    if let inline = inline(node) {
      lines.append(prefix.isEmpty ? margin + inline : prefix + " " + inline)
      return
    }
    if !prefix.isEmpty { lines.append(prefix) }
    switch node.content {
    case .scalar: break
    case .sequence(let items):
      for item in items { write(item, indent: indent + 1, prefix: margin + "-", into: &lines) }
    case .mapping(let entries):
      for entry in entries {
        write(entry.value, indent: indent + 1, prefix: margin + key(entry.key) + ":", into: &lines)
      }
    }
  }

  /// The node on one line, where that is how it is written: scalars, lists of scalars, empty collections.
  private static func inline(_ node: ConfigNode) -> String? {
    switch node.content {
    case .scalar(let text, quoted: true): return quoted(text)
    case .scalar(let text, quoted: false): return text.isEmpty ? "~" : text
    case .sequence(let items):
      var parts: [String] = []
      for item in items {
        guard case .scalar = item.content, let part = inline(item) else { return nil }
        parts.append(part)
      }
      return "[\(parts.joined(separator: ", "))]"
    case .mapping(let entries): return entries.isEmpty ? "{}" : nil
    }
  }

  private static func key(_ name: String) -> String {
    let plain = name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"): true
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"): true
      default: false
      }
    }
    return plain && name.first?.isLetter == true || plain && name.first?.isNumber == true ? name : quoted(name)
  }

  /// A double-quoted scalar; everything that YAML does not allow bare, or that cannot be seen, is escaped.
  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case " "..."~": result.unicodeScalars.append(scalar)
      case "\u{A1}"..."\u{D7FF}" where !PlainText.isHidden(scalar): result.unicodeScalars.append(scalar)
      default:
        let digits = String(scalar.value, radix: 16, uppercase: true)
        result += "\\U" + String(repeating: "0", count: max(0, 8 - digits.count)) + digits
      }
    }
    return result + "\""
  }
}
