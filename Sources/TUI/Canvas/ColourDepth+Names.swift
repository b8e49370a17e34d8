extension ColourDepth: CaseIterable {
  /// From the fewest colours to the most.
  public static let allCases: [ColourDepth] = [.none, .sixteen, .full]

  /// Name for flags and theme files: `none`, `16`, `256`.
  public var name: String {
    switch self {
    case .none: "none"
    case .sixteen: "16"
    case .full: "256"
    }
  }

  /// The depth of that name, or nil.
  public static func named(_ name: String) -> ColourDepth? { allCases.first { $0.name == name } }
}
