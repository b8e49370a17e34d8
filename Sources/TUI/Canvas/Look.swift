/// How many colours the terminal has.
public enum ColorDepth: String, Sendable, CaseIterable {
  /// Attributes alone: bold, reverse, underline.
  case none
  /// The eight colours and their bright ones.
  case sixteen = "16"
  /// The xterm palette.
  case full = "256"
}

/// How everything looks: theme, colours, characters.
public struct Look: Sendable, Equatable {
  /// The theme.
  public var theme: Theme
  /// Colours in use.
  public var depth: ColorDepth
  /// Characters in use.
  public var charset: Charset

  /// A look.
  public init(theme: Theme, depth: ColorDepth, charset: Charset) {
    self.theme = theme
    self.depth = depth
    self.charset = charset
  }

  /// The style of a role.
  func style(_ role: Role) -> Style { theme.style(role, depth: depth) }
}
