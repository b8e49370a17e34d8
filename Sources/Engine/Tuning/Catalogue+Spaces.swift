extension Catalogue {
  /// The search spaces that ship, the paper's first.
  public static var spaces: [SearchSpace] {
    get throws(InputError) { try spaceList.get() }
  }

  /// The shipped space of that name; `place` is where the name was read.
  public static func space(named name: String, at place: InputPlace) throws(InputError) -> SearchSpace {
    let spaces = try self.spaces
    if let found = spaces.first(where: { $0.name == name }) { return found }
    let names = spaces.map(\.name)
    throw .unknownName(
      at: place, kind: "space", name: name, suggestion: Suggestion.nearest(to: name, in: names), known: names)
  }

  private static let spaceList = load { () throws(InputError) in
    var files: [ConfigNode] = []
    // The paper's spaces first: the one space, and the default.
    for path in ShippedFiles.paths.reversed() where path.hasPrefix("samples/spaces/") {
      files.append(try ConfigNode.parse(ShippedFiles.text(path) ?? "", file: path))
    }
    return try SpaceReader.spaces(files)
  }
}
