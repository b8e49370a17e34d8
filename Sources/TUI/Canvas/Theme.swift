import Engine

/// Colours and attributes of every role, for each number of colours; read from `themes/*.yaml`.
public struct Theme: Sendable, Equatable {
  /// Name for `--theme`.
  public let name: String
  /// A sentence for people.
  public let summary: String
  private let styles: [ColourDepth: [Role: Style]]

  /// A theme from its styles; a role that a depth lacks looks like the terminal's own text.
  init(name: String, summary: String, styles: [ColourDepth: [Role: Style]]) {
    self.name = name
    self.summary = summary
    self.styles = styles
  }

  /// The style of a role.
  func style(_ role: Role, depth: ColourDepth) -> Style { styles[depth]?[role] ?? Style() }

  /// A theme that needs no file: attributes alone.
  public static let plain = Theme(
    name: "plain", summary: "attributes alone",
    styles: Dictionary(
      uniqueKeysWithValues: ColourDepth.allCases.map { depth in
        (
          depth,
          [
            Role.focus: Style(bold: true), .selected: Style(reverse: true), .plan: Style(bold: true),
            .bad: Style(bold: true, reverse: true), .key: Style(bold: true),
          ]
        )
      }))

  /// The themes that ship, `dark` first, then by name.
  ///
  /// Throws for a file that cannot be read; a test reads all of them.
  public static func shipped() throws(ThemeError) -> [Theme] {
    var themes: [Theme] = []
    for path in ShippedFiles.paths.sorted() where path.hasPrefix("themes/") && path.hasSuffix(".yaml") {
      themes.append(try ThemeFile.parse(ShippedFiles.text(path) ?? "", path: path))
    }
    return themes.filter { $0.name == "dark" } + themes.filter { $0.name != "dark" }
  }

  /// The shipped theme of that name, or nil.
  public static func named(_ name: String) throws(ThemeError) -> Theme? {
    try shipped().first { $0.name == name }
  }
}

/// What is wrong in a theme file.
public struct ThemeError: Error, Sendable, Equatable, CustomStringConvertible {
  /// File.
  public var path: String
  /// Line, from 1.
  public var line: Int
  /// What is wrong and what would be right.
  public var reason: String

  /// `themes/dark.yaml:12: ...`.
  public var description: String { PlainText.line("\(PlainText.line(path, most: 400)):\(line): \(reason)") }
}
