/// Reads a theme file: a strict, small part of YAML, so that every error can name its line.
///
/// ```
/// brume: 1
/// name: dark
/// summary: light text on dark grey
/// 256:
///   text: 252 on 234
///   focus: 117 bold
/// ```
/// Sections are `256`, `16` and `none`; each names every role. A style is `[FOREGROUND] [on BACKGROUND] [ATTRIBUTES]`
/// with colours by number, by one of the 16 names or `default`; where the background is left out it is that of `text`.
/// It reads no anchors, lists or quotes, and does not look for a `default` theme to inherit from.
struct ThemeFile {
  private let path: String
  private var header: [String: String] = [:]
  private var styles: [ColourDepth: [Role: Style]] = [:]
  private var section: ColourDepth?
  private var sectionLine = 1

  private init(path: String) {
    self.path = path
  }

  /// The theme in the text of a file; `path` is for errors.
  static func parse(_ text: String, path: String) throws(ThemeError) -> Theme {
    var file = ThemeFile(path: path)
    var number = 0
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      number += 1
      try file.read(line, number: number)
    }
    try file.closeSection()
    guard file.header["brume"] == "1" else {
      throw ThemeError(path: path, line: 1, reason: "a theme starts with `brume: 1`")
    }
    guard let name = file.header["name"], !name.isEmpty else {
      throw ThemeError(path: path, line: 1, reason: "the theme has no name: add `name: NAME`")
    }
    for depth in ColourDepth.allCases where file.styles[depth] == nil {
      throw ThemeError(path: path, line: number, reason: "the section `\(depth.name):` is missing")
    }
    return Theme(name: name, summary: file.header["summary"] ?? "", styles: file.styles)
  }

  private mutating func read(_ line: Substring, number: Int) throws(ThemeError) {
    let content = line.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).first ?? ""
    guard content.contains(where: { $0 != " " }) else { return }
    guard let colon = content.firstIndex(of: ":") else {
      throw ThemeError(path: path, line: number, reason: "`key: value` was expected")
    }
    let indent = content.prefix { $0 == " " }.count
    let key = String(content[..<colon].drop { $0 == " " })
    let value = content[content.index(after: colon)...].split(separator: " ").joined(separator: " ")
    switch indent {
    case 0: try readTop(key, value, number: number)
    case 2: try readRole(key, value, number: number)
    default: throw ThemeError(path: path, line: number, reason: "indent by two spaces, not \(indent)")
    }
  }

  private mutating func readTop(_ key: String, _ value: String, number: Int) throws(ThemeError) {
    try closeSection()
    if let depth = ColourDepth.named(key) {
      guard styles[depth] == nil else {
        throw ThemeError(path: path, line: number, reason: "the section `\(key):` stands twice")
      }
      section = depth
      sectionLine = number
      styles[depth] = [:]
    } else if ["brume", "name", "summary"].contains(key), header[key] == nil {
      header[key] = value
    } else {
      throw ThemeError(
        path: path, line: number, reason: "`\(key)` is unknown or stands twice: brume, name, summary, 256, 16, none")
    }
  }

  private mutating func readRole(_ key: String, _ value: String, number: Int) throws(ThemeError) {
    guard let depth = section else {
      throw ThemeError(path: path, line: number, reason: "`\(key)` stands outside of 256, 16 and none")
    }
    guard let role = Role(rawValue: key) else {
      let names = Role.allCases.map(\.rawValue).joined(separator: ", ")
      throw ThemeError(path: path, line: number, reason: "there is no role `\(key)`; the roles are \(names)")
    }
    guard styles[depth]?[role] == nil else {
      throw ThemeError(path: path, line: number, reason: "the role `\(key)` stands twice")
    }
    let base = styles[depth]?[.text] ?? Style()
    guard let style = StyleText.parse(value, depth: depth, base: base) else {
      throw ThemeError(
        path: path, line: number,
        reason: "`\(value)` is not a style of \(depth.name) colours: [COLOUR] [on COLOUR] [bold|reverse|underline]")
    }
    styles[depth]?[role] = style
    if styles[depth]?.count == 1, role != .text {
      throw ThemeError(path: path, line: number, reason: "the first role of a section is `text`")
    }
  }

  private mutating func closeSection() throws(ThemeError) {
    guard let depth = section else { return }
    section = nil
    for role in Role.allCases where styles[depth]?[role] == nil {
      throw ThemeError(
        path: path, line: sectionLine, reason: "the role `\(role.rawValue)` is missing in \(depth.name)")
    }
  }
}

/// Reads one style of a theme file.
enum StyleText {
  private static let names = [
    "black", "red", "green", "yellow", "blue", "magenta", "cyan", "white", "bright-black", "bright-red",
    "bright-green", "bright-yellow", "bright-blue", "bright-magenta", "bright-cyan", "bright-white",
  ]

  /// The style of `252 on 234 bold`, on top of `base`; nil when it is not one of that depth.
  static func parse(_ text: String, depth: ColourDepth, base: Style) -> Style? {
    var style = Style(foreground: base.foreground, background: base.background)
    var isBackground = false
    for word in text.split(separator: " ") {
      switch word {
      case "on" where !isBackground: isBackground = true
      case "bold": style.bold = true
      case "reverse": style.reverse = true
      case "underline": style.underline = true
      default:
        guard let colour = colour(String(word), depth: depth) else { return nil }
        if isBackground { style.background = colour } else { style.foreground = colour }
      }
    }
    return style
  }

  private static func colour(_ word: String, depth: ColourDepth) -> Colour? {
    if word == "default" { return .terminal }
    guard depth != .none else { return nil }
    if let index = names.firstIndex(of: word) { return .indexed(UInt8(index)) }
    guard depth == .full, let number = UInt8(word) else { return nil }
    return .indexed(number)
  }
}
