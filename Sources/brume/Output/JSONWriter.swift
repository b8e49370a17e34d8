import Engine

/// Writes JSON for scripts and for eyes: objects and lists that fit on a line stay on one.
struct JSONWriter {
  /// Columns up to which an object or list stays on one line.
  let width: Int

  /// A writer; what does not fit in `width` columns is broken, one member a line.
  init(width: Int = 100) {
    self.width = width
  }

  /// The document as text, without a newline at its end.
  ///
  /// Complexity: O(size x depth).
  func text(_ value: JSONValue) -> String {
    var out = ""
    write(value, indent: 0, used: 0, into: &out)
    return out
  }

  private func write(_ value: JSONValue, indent: Int, used: Int, into out: inout String) {
    let line = Self.line(value)
    guard used + line.utf8.count > width else {
      out += line
      return
    }
    let inner = String(repeating: " ", count: indent + 2)
    switch value {
    case .array(let values) where !values.isEmpty:
      out += "[\n"
      for (index, element) in values.enumerated() {
        out += inner
        write(element, indent: indent + 2, used: indent + 2, into: &out)
        out += index + 1 < values.count ? ",\n" : "\n"
      }
      out += String(repeating: " ", count: indent) + "]"
    case .object(let members) where !members.isEmpty:
      out += "{\n"
      for (index, member) in members.enumerated() {
        let key = Self.quoted(member.key) + ": "
        out += inner + key
        write(member.value, indent: indent + 2, used: indent + 2 + key.utf8.count, into: &out)
        out += index + 1 < members.count ? ",\n" : "\n"
      }
      out += String(repeating: " ", count: indent) + "}"
    default: out += line
    }
  }

  /// The document on one line.
  static func line(_ value: JSONValue) -> String {
    switch value {
    case .null: "null"
    case .bool(let flag): flag ? "true" : "false"
    case .int(let number): "\(number)"
    case .number(let number): number.isFinite ? "\(number)" : "null"
    case .string(let text): quoted(text)
    case .array(let values): "[" + values.map(line).joined(separator: ", ") + "]"
    case .object(let members):
      "{" + members.map { quoted($0.key) + ": " + line($0.value) }.joined(separator: ", ") + "}"
    }
  }

  /// The text in quotes, with JSON's escapes; what cannot be seen is escaped too (`PlainText.isHidden`).
  static func quoted(_ text: String) -> String {
    var out = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": out += "\\\""
      case "\\": out += "\\\\"
      case "\n": out += "\\n"
      case "\r": out += "\\r"
      case "\t": out += "\\t"
      default:
        guard PlainText.isHidden(scalar) else {
          out.unicodeScalars.append(scalar)
          continue
        }
        for unit in String(scalar).utf16 {
          let digits = String(unit, radix: 16)
          out += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
      }
    }
    return out + "\""
  }
}
