/// Reads runtimes from YAML mappings whose keys are the properties of `RuntimeProfile`.
enum RuntimeReader {
  /// Keys of a runtime, in the order of the documentation.
  static let keys = ["extends", "title", "about"] + RuntimeField.all.map(\.name) + ["zeroLevels"]

  /// The runtimes of files that were parsed: `runtimes: {name: {...}}` each, in the order of the files.
  ///
  /// A runtime may extend one of any file; what it leaves out is that one's. Complexity: O(runtimes squared).
  static func profiles(_ files: [ConfigNode]) throws(InputError) -> [RuntimeProfile] {
    var given: [(name: String, mapping: ConfigMapping)] = []
    for file in files {
      let root = try file.mapping(["brume", "runtimes"])
      try root.checkFormat()
      for entry in try root.required("runtimes", "a mapping of names").anyMapping().entries {
        guard !given.contains(where: { $0.name == entry.key }) else {
          throw .conflict(
            at: entry.value.place, problem: "two runtimes are called '\(entry.key)'", remedy: "rename one of them")
        }
        given.append((entry.key, try entry.value.mapping(keys)))
      }
    }
    var profiles: [RuntimeProfile] = []
    for (name, _) in given { profiles.append(try profile(named: name, of: given, path: [])) }
    return profiles
  }

  /// One of the runtimes, after those that it extends; `path` holds the names on the way, which must not come again.
  private static func profile(
    named name: String, of given: [(name: String, mapping: ConfigMapping)], path: [String], at place: InputPlace? = nil
  ) throws(InputError) -> RuntimeProfile {
    guard let mapping = given.first(where: { $0.name == name })?.mapping else {
      throw .unknownName(
        at: place ?? InputPlace(file: "runtimes"), kind: "runtime", name: name,
        suggestion: Suggestion.nearest(to: name, in: given.map(\.name)), known: given.map(\.name))
    }
    guard !path.contains(name) else {
      throw .conflict(
        at: place ?? mapping.place, problem: "'\(name)' extends itself: \((path + [name]).joined(separator: ", "))",
        remedy: "take one 'extends' away")
    }
    guard let parent = mapping["extends"] else { return try profile(mapping, name: name, base: nil) }
    let base = try profile(
      named: try parent.string("the name of a runtime"), of: given, path: path + [name], at: parent.place)
    return try profile(mapping, name: name, base: base)
  }

  /// A runtime from its mapping; what the mapping leaves out comes from `base`, and must be there without one.
  static func profile(
    _ mapping: ConfigMapping, name: String, base: RuntimeProfile?
  ) throws(InputError) -> RuntimeProfile {
    var profile = base ?? .blank
    profile.name = name
    profile.ancestors = base.map { $0.ancestors + [$0.name] } ?? []
    profile.title = try mapping.string("title", or: base?.title)
    if let about = mapping["about"] {
      profile.about = []
      for sentence in try about.list(1...100) { profile.about.append(try sentence.string("a sentence")) }
    }
    for field in RuntimeField.all where mapping[field.name] != nil || (base == nil && !field.isOptional) {
      switch field.kind {
      case .figure(let path, let unit, let range):
        profile[keyPath: path] = try mapping.figure(field.name, unit, range)
      case .flag(let path): profile[keyPath: path] = try mapping.required(field.name, "true or false").bool()
      case .placement(let path):
        profile[keyPath: path] = try mapping.required(field.name, "overlapped or exposed")
          .choice(RuntimeProfile.Placement.self)
      }
    }
    if mapping["zeroLevels"] != nil || base == nil { profile.zeroLevels = try zeroLevels(mapping) }
    return profile
  }

  private static func zeroLevels(_ mapping: ConfigMapping) throws(InputError) -> [Int] {
    let node = try mapping.required("zeroLevels", "a list of levels from 0 to 3")
    var levels: [Int] = []
    for level in try node.list(1...4) { levels.append(try level.int(0...3)) }
    guard zip(levels, levels.dropFirst()).allSatisfy({ $0 < $1 }) else {
      throw node.wrong("a list of levels from 0 to 3, each once, in order")
    }
    return levels
  }
}

extension Catalogue {
  /// The shipped runtimes, in the order of their files.
  public static var runtimes: [RuntimeProfile] {
    get throws(InputError) { try runtimeList.get() }
  }

  /// The shipped runtime of that name; `place` is where the name was read.
  public static func runtime(named name: String, at place: InputPlace) throws(InputError) -> RuntimeProfile {
    let runtimes = try self.runtimes
    if let found = runtimes.first(where: { $0.name == name }) { return found }
    let names = runtimes.map(\.name)
    throw .unknownName(
      at: place, kind: "runtime", name: name, suggestion: Suggestion.nearest(to: name, in: names), known: names)
  }

  private static let runtimeList = load { () throws(InputError) in
    var files: [ConfigNode] = []
    for path in ShippedFiles.paths where path.hasPrefix("samples/runtimes/") {
      files.append(try ConfigNode.parse(ShippedFiles.text(path) ?? "", file: path))
    }
    return try RuntimeReader.profiles(files)
  }
}
