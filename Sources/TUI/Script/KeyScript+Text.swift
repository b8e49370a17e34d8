import Engine

extension KeyScript {
  /// Most steps of a script.
  public static let mostSteps = 100_000

  /// Reads a script; `file` is for messages.
  ///
  /// A line is a step; empty lines, and lines that start with `#`, are left out. Throws what cannot be read, with its line.
  public init(text: String, file: String) throws(InputError) {
    self.init(file: file)
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      let content = line.trimmingBlanks
      guard !content.isEmpty, !content.hasPrefix("#") else { continue }
      let place = InputPlace(file: file, line: index + 1)
      guard entries.count < Self.mostSteps else {
        throw .unsupported(at: place, what: "more than \(Self.mostSteps) steps", remedy: "cut the script in two")
      }
      entries.append(Entry(step: try Self.step(content, at: place), line: index + 1))
    }
  }

  /// The script as text: reading it gives the same steps.
  public var text: String { steps.map { $0.text + "\n" }.joined() }

  // MARK: Reading

  private static let verbs = ["press", "type", "paste", "mouse", "resize", "wait"]

  private static func step(_ line: Substring, at place: InputPlace) throws(InputError) -> Step {
    let verb = line.prefix { !$0.isWhitespace }
    let rest = line.dropFirst(verb.count).trimmingBlanks
    var place = place
    guard verbs.contains(String(verb)) else {
      throw .value(
        at: place, found: "'\(verb)'", expected: "one of \(verbs.joined(separator: ", ")), or # and a comment")
    }
    place.field = String(verb)
    switch verb {
    case "press": return .press(try keys(rest, at: place))
    case "type": return .type(try unquoted(rest, "a text", at: place))
    case "paste": return .paste(try unquoted(rest, "a text", at: place))
    case "mouse": return .mouse(try mouse(rest, at: place))
    case "resize": return .resize(try size(rest, at: place))
    default:
      switch rest {
      case "rest": return .wait(.rest)
      case "plan": return .wait(.plan)
      default: return .wait(.text(try unquoted(rest, "rest, plan, or a text on the screen", at: place)))
      }
    }
  }

  private static func keys(_ text: Substring, at place: InputPlace) throws(InputError) -> [Key] {
    var keys: [Key] = []
    for name in text.split(whereSeparator: \.isWhitespace) {
      guard let key = Key(scriptName: String(name)) else {
        throw .value(
          at: place, found: "'\(name)'",
          expected: "keys with blanks between them, named as the help prints them: x, Enter, Esc, Down, ^L, Alt-x, F1")
      }
      keys.append(key)
    }
    guard !keys.isEmpty else { throw .value(at: place, found: "nothing", expected: "keys, such as j Down Enter") }
    return keys
  }

  private static func size(_ text: Substring, at place: InputPlace) throws(InputError) -> Size {
    let parts = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let width = parts[0], let height = parts[1], (1...1000).contains(width),
      (1...1000).contains(height)
    else { throw .value(at: place, found: "'\(text)'", expected: "COLUMNSxROWS, such as 120x36, each 1 to 1000") }
    return Size(width: width, height: height)
  }

  private static func mouse(_ text: Substring, at place: InputPlace) throws(InputError) -> MouseEvent {
    let words = text.split(whereSeparator: \.isWhitespace)
    guard words.count == 3, let action = MouseEvent.Action.named(words[0]), let column = Int(words[1]),
      let row = Int(words[2]), (1...10_000).contains(column), (1...10_000).contains(row)
    else {
      throw .value(
        at: place, found: "'\(text)'",
        expected: "one of \(MouseEvent.Action.names.map(\.0).joined(separator: ", ")), a column and a row from 1")
    }
    return MouseEvent(action: action, x: column - 1, y: row - 1)
  }

  // MARK: Texts

  /// A text as it stands, or between quotes with `\n`, `\t`, `\"`, `\\` and `\u{...}` in it.
  private static func unquoted(_ text: Substring, _ expected: String, at place: InputPlace) throws(InputError) -> String
  {
    guard !text.isEmpty else { throw .value(at: place, found: "nothing", expected: expected) }
    // By code points: a mark behind a quote would make one character with it.
    let scalars = text.unicodeScalars
    guard scalars.first == "\"" else { return String(text) }
    guard scalars.count > 1, scalars.last == "\"", let inside = unescaped(scalars.dropFirst().dropLast()) else {
      throw .value(
        at: place, found: "\(text)",
        expected: "a text in quotes that ends with the line, with \\n, \\t, \\\", \\\\ or \\u{E9} in it")
    }
    return inside
  }

  private static let escapes: [Unicode.Scalar: Unicode.Scalar] = ["n": "\n", "t": "\t", "\"": "\"", "\\": "\\"]

  /// What a text in quotes stands for; nil where something in it cannot be read.
  private static func unescaped(_ text: Substring.UnicodeScalarView) -> String? {
    var result = String.UnicodeScalarView()
    var rest = text
    while let scalar = rest.popFirst() {
      guard scalar == "\\" else {
        if scalar == "\"" { return nil }
        result.append(scalar)
        continue
      }
      guard let next = rest.popFirst() else { return nil }
      if let plain = escapes[next] {
        result.append(plain)
      } else {
        guard next == "u", rest.popFirst() == "{", let end = rest.firstIndex(of: "}"),
          let number = UInt32(String(rest[..<end]), radix: 16), let found = Unicode.Scalar(number)
        else { return nil }
        result.append(found)
        rest = rest[rest.index(after: end)...]
      }
    }
    return String(result)
  }

  /// A text as a step writes it: in quotes where it could be taken for something else.
  fileprivate static func quoted(_ text: String, reserved: [String] = []) -> String {
    let isPlain = text.unicodeScalars.allSatisfy { scalar in
      !scalar.needsEscape
    }
    if isPlain, !text.isEmpty, text.unicodeScalars.first != "\"", text.first?.isWhitespace == false,
      text.last?.isWhitespace == false,
      !reserved.contains(text)
    {
      return text
    }
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      default:
        if scalar.needsEscape {
          result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
    }
    return result + "\""
  }
}

extension KeyScript.Step {
  /// The step as a line of a script.
  public var text: String {
    switch self {
    case .press(let keys): "press " + keys.map(\.scriptName).joined(separator: " ")
    case .type(let text): "type " + KeyScript.quoted(text)
    case .paste(let text): "paste " + KeyScript.quoted(text)
    case .mouse(let event): "mouse \(event.action.scriptName) \(event.x + 1) \(event.y + 1)"
    case .resize(let size): "resize \(size.width)x\(size.height)"
    case .wait(.rest): "wait rest"
    case .wait(.plan): "wait plan"
    case .wait(.text(let text)): "wait " + KeyScript.quoted(text, reserved: ["rest", "plan"])
    }
  }
}

extension Key {
  /// The key's name in a script: that of the help with words for arrows, or its code point where it cannot be seen.
  var scriptName: String {
    if Key(name: name) == self, !name.unicodeScalars.contains(where: \.needsEscape) { return name }
    switch self {
    case .character(let character): return Key.codePoint(character)
    case .alt(let character): return "Alt-" + Key.codePoint(character)
    default: return name
    }
  }

  /// The key of such a name.
  init?(scriptName: String) {
    if let key = Key(name: scriptName) {
      self = key
    } else if let character = Key.character(scriptName) {
      self = .character(character)
    } else if scriptName.hasPrefix("Alt-"), let character = Key.character(scriptName.dropFirst(4)) {
      self = .alt(character)
    } else {
      return nil
    }
  }

  /// `U+A0`; of several code points with `+` between them.
  private static func codePoint(_ character: Character) -> String {
    "U+" + character.unicodeScalars.map { String($0.value, radix: 16, uppercase: true) }.joined(separator: "+")
  }

  private static func character(_ name: some StringProtocol) -> Character? {
    guard name.hasPrefix("U+") else { return nil }
    var text = ""
    for part in name.dropFirst(2).split(separator: "+", omittingEmptySubsequences: false) {
      guard let number = UInt32(part, radix: 16), let scalar = Unicode.Scalar(number) else { return nil }
      text.unicodeScalars.append(scalar)
    }
    return text.count == 1 ? text.first : nil
  }
}

extension MouseEvent.Action {
  /// Its names in scripts.
  static let names: [(String, MouseEvent.Action)] = [
    ("press", .press), ("release", .release), ("drag", .drag), ("wheel-up", .wheelUp), ("wheel-down", .wheelDown),
  ]

  /// The action of that name.
  static func named(_ name: Substring) -> MouseEvent.Action? { names.first { $0.0 == name }?.1 }

  /// Its name in scripts.
  var scriptName: String { Self.names.first { $0.1 == self }?.0 ?? "press" }
}

extension Unicode.Scalar {
  /// It cannot be seen, or would end a line.
  fileprivate var needsEscape: Bool {
    // What joins the character before it, which may be a quote or a blank.
    if properties.isGraphemeExtend || properties.isEmojiModifier { return true }
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: return true
    case .spacingMark: return true
    // Blanks beside the plain one are not seen as such.
    case .spaceSeparator: return self != " "
    default: return false
    }
  }
}

extension Substring {
  /// Without blanks at both ends.
  fileprivate var trimmingBlanks: Substring {
    var text = self
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }
}
