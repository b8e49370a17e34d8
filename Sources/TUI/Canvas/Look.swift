/// How everything looks: theme, colours, characters.
public struct Look: Sendable, Equatable {
  /// The theme.
  public var theme: Theme
  /// Colours in use.
  public var depth: ColourDepth
  /// Characters in use.
  public var charset: Charset

  /// A look.
  public init(theme: Theme, depth: ColourDepth, charset: Charset) {
    self.theme = theme
    self.depth = depth
    self.charset = charset
  }

  /// The style of a role.
  func style(_ role: Role) -> Style { theme.style(role, depth: depth) }
}
