/// Named things of one kind, found by name or alias.
struct Shelf<Item: Sendable>: Sendable {
  /// One thing with its names.
  struct Entry: Sendable {
    /// Its name.
    var name: String
    /// Other names for it.
    var aliases: [String]
    /// The thing.
    var item: Item
  }

  /// What the things are, for messages: `model`.
  let kind: String
  /// The things, in the order of the files.
  private(set) var entries: [Entry] = []

  /// An empty shelf.
  init(kind: String) { self.kind = kind }

  /// Puts a thing on the shelf; a name that is taken is an error at `place`.
  mutating func add(_ entry: Entry, at place: InputPlace) throws(InputError) {
    for name in [entry.name] + entry.aliases
    where entries.contains(where: { $0.name == name || $0.aliases.contains(name) }) {
      throw .conflict(at: place, problem: "two \(kind)s are called '\(name)'", remedy: "rename one of them")
    }
    entries.append(entry)
  }

  /// The thing of that name or alias (letter case aside), or an error that suggests one.
  func find(_ name: String, at place: InputPlace) throws(InputError) -> Item {
    let wanted = name.lowercased()
    if let entry = entries.first(where: { $0.name == wanted || $0.aliases.contains(wanted) }) { return entry.item }
    throw .unknownName(
      at: place, kind: kind, name: name,
      suggestion: Suggestion.nearest(to: name, in: entries.flatMap { [$0.name] + $0.aliases }),
      known: entries.map(\.name))
  }
}

extension ConfigNode {
  /// Reads a mapping of named things (`models: {gpt-7b: {...}}`) onto a shelf; `aliases` is a key of each.
  func shelve<Item>(
    onto shelf: inout Shelf<Item>, keys: [String],
    _ read: (ConfigMapping, String) throws(InputError) -> Item
  ) throws(InputError) {
    for entry in try anyMapping().entries {
      let mapping = try entry.value.mapping(keys + ["aliases"])
      var aliases: [String] = []
      for alias in try mapping["aliases"]?.list(0...100) ?? [] { aliases.append(try alias.string("a name")) }
      let item = try read(mapping, entry.key)
      try shelf.add(Shelf.Entry(name: entry.key, aliases: aliases, item: item), at: entry.value.place)
    }
  }
}
