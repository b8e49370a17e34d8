/// Values as literals of Python.
enum PythonText {
  /// A text as a literal that stands for exactly this text, whatever is in it: ASCII on one line.
  static func quoted(_ text: String) -> String {
    var written = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": written += "\\\(scalar)"
      case " "..."~": written.unicodeScalars.append(scalar)
      default:
        let code = String(scalar.value, radix: 16)
        let (mark, width) = scalar.value < 256 ? ("x", 2) : scalar.value < 65_536 ? ("u", 4) : ("U", 8)
        written += "\\\(mark)" + String(repeating: "0", count: width - code.count) + code
      }
    }
    return written + "\""
  }

  /// A truth value.
  static func flag(_ value: Bool) -> String { value ? "True" : "False" }

  /// A call with keyword arguments, each on a line of its own; `indent` is that of the line on which it starts.
  static func call(_ name: String, _ arguments: [(String, String)], indent: Int) -> String {
    let space = String(repeating: " ", count: indent)
    let lines = arguments.map { "\(space)    \($0.0)=\($0.1),\n" }
    return "\(name)(\n" + lines.joined() + "\(space))"
  }

  /// A list of texts: on one line where it fits into 100 columns, else over several; `indent` is that of its line.
  static func list(_ texts: [String], indent: Int) -> String {
    let words = texts.map(quoted)
    let whole = "[\(words.joined(separator: ", "))]"
    guard indent + whole.count >= 100 else { return whole }
    let space = String(repeating: " ", count: indent)
    var lines = [""]
    for word in words.map({ $0 + "," }) {
      let last = lines.count - 1
      if !lines[last].isEmpty, indent + 5 + lines[last].count + word.count > 100 {
        lines.append(word)
      } else {
        lines[last] += (lines[last].isEmpty ? "" : " ") + word
      }
    }
    return "[\n" + lines.map { "\(space)    \($0)\n" }.joined() + "\(space)]"
  }
}
