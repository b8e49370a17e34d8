/// How many colours a frame may use on a terminal.
public enum ColourDepth: Sendable, Hashable {
  /// The terminal's own colours only; bold, dim, reverse and underline remain.
  case none
  /// Indices 0...15; a terminal with eight shows the bright ones bold.
  case sixteen
  /// Indices 0...255.
  case full

  /// The depth of a terminal with so many colours.
  init(colours: Int) {
    self = colours >= 256 ? .full : colours >= 8 ? .sixteen : .none
  }
}
