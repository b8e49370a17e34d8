/// Reads search spaces from YAML mappings (docs/formats.md, "Space files").
enum SpaceReader {
  /// Keys of a space, in the order of the documentation.
  static let keys = [
    "extends", "summary", "about", "runtime", "microBatch", "stages", "meshes", "tensorParallel", "tensorParallelAlike",
    "layers", "zero", "zeroWithStages", "offload", "offloadWithStages", "weightsNeedGradients", "statesAlike",
    "checkpointed", "recompute", "sequenceParallel", "contextParallel", "interleave",
  ]

  /// Meshes of the stages.
  private enum Meshes: String, CaseIterable {
    case unlike, alike
    case powersOfTwo = "powers-of-two"
  }

  /// The spaces of files that were parsed: `spaces: {name: {...}}` each, in the order of the files.
  ///
  /// A space may extend one of any file; what it leaves out is that one's. Complexity: O(spaces squared).
  static func spaces(_ files: [ConfigNode]) throws(InputError) -> [SearchSpace] {
    var given: [(name: String, mapping: ConfigMapping)] = []
    for file in files {
      let root = try file.mapping(["brume", "spaces"])
      try root.checkFormat()
      for entry in try root.required("spaces", "a mapping of names").anyMapping().entries {
        guard !given.contains(where: { $0.name == entry.key }) else {
          throw .conflict(
            at: entry.value.place, problem: "two spaces are called '\(entry.key)'", remedy: "rename one of them")
        }
        given.append((entry.key, try entry.value.mapping(keys)))
      }
    }
    var spaces: [SearchSpace] = []
    for (name, mapping) in given { spaces.append(try space(named: name, of: given, path: [], at: mapping.place)) }
    return spaces
  }

  /// One of the spaces, after those that it extends; `path` holds the names on the way, which must not come again.
  private static func space(
    named name: String, of given: [(name: String, mapping: ConfigMapping)], path: [String], at place: InputPlace
  ) throws(InputError) -> SearchSpace {
    guard let mapping = given.first(where: { $0.name == name })?.mapping else {
      throw .unknownName(
        at: place, kind: "space", name: name, suggestion: Suggestion.nearest(to: name, in: given.map(\.name)),
        known: given.map(\.name))
    }
    guard !path.contains(name) else {
      throw .conflict(
        at: place, problem: "'\(name)' extends itself: \((path + [name]).joined(separator: ", "))",
        remedy: "take one 'extends' away")
    }
    guard let parent = mapping["extends"] else { return try space(mapping, name: name, base: nil) }
    let base = try space(
      named: try parent.string("the name of a space"), of: given, path: path + [name], at: parent.place)
    return try space(mapping, name: name, base: base)
  }

  /// A space from its mapping; what the mapping leaves out comes from `base`, and must be there without one.
  static func space(_ mapping: ConfigMapping, name: String, base: SearchSpace?) throws(InputError) -> SearchSpace {
    var space = base ?? .blank
    space.name = name
    if base == nil {
      for key in keys where !["extends", "about"].contains(key) {
        _ = try mapping.required(key, "a value, because the space extends no other")
      }
    }
    if let node = mapping["summary"] { space.summary = try node.string("a sentence") }
    if let node = mapping["about"] {
      space.about = try list(node, 1...20) { (node) throws(InputError) in try node.string("a sentence") }
    }
    if let node = mapping["runtime"] {
      space.runtime = try Catalogue.runtime(named: try node.string("the name of a runtime"), at: node.place).name
    }
    try readShapes(mapping, into: &space)
    try readStates(mapping, into: &space)
    try readRecompute(mapping, into: &space)
    try check(space, mapping)
    return space
  }

  private static func readShapes(_ mapping: ConfigMapping, into space: inout SearchSpace) throws(InputError) {
    if let node = mapping["microBatch"] { space.microBatches = try anyOr(node, 1...1_000_000) }
    if let node = mapping["stages"] { space.maximumStages = isWord("any", node) ? nil : try node.int(1...100_000) }
    if let node = mapping["meshes"] {
      let meshes = try node.choice(Meshes.self)
      space.unlikeMeshes = meshes == .unlike
      space.powerOfTwoMeshes = meshes == .powersOfTwo
    }
    if let node = mapping["tensorParallel"] { space.tensorParallel = try anyOr(node, 1...1_000_000) }
    if let node = mapping["tensorParallelAlike"] { space.unlikeTensorParallel = !(try node.bool()) }
    if let node = mapping["layers"] { (space.layerRule, space.layerSlack) = try layers(node) }
    if let node = mapping["sequenceParallel"] {
      space.sequenceParallel = try list(node, 1...2) { (node) throws(InputError) in try node.bool() }
    }
    if let node = mapping["contextParallel"] { space.contextParallel = try numbers(node, 1...1_000_000) }
    if let node = mapping["interleave"] { space.interleave = try numbers(node, 1...10_000) }
  }

  private static func readStates(_ mapping: ConfigMapping, into space: inout SearchSpace) throws(InputError) {
    if let node = mapping["zero"] { space.zeroLevels = try numbers(node, 0...3) }
    if let node = mapping["zeroWithStages"] {
      space.stagedZeroLevels = isWord("same", node) ? nil : try numbers(node, 0...3)
    }
    if let node = mapping["offload"] {
      let shares = try node.mapping(["weights", "gradients", "optimizer", "activations"])
      if let node = shares["weights"] { space.weightEighths = try eighths(node) }
      if let node = shares["gradients"] { space.gradientEighths = try eighths(node) }
      if let node = shares["optimizer"] { space.optimizerEighths = try eighths(node) }
      if let node = shares["activations"] { space.activationEighths = try eighths(node) }
    }
    if let node = mapping["offloadWithStages"] { space.stagedOffload = try node.bool() }
    if let node = mapping["weightsNeedGradients"] { space.weightsNeedGradients = try node.bool() }
    if let node = mapping["statesAlike"] { space.statesAlike = try node.bool() }
  }

  private static func readRecompute(_ mapping: ConfigMapping, into space: inout SearchSpace) throws(InputError) {
    if let node = mapping["checkpointed"] { space.checkpointing = try node.choice(CheckpointRule.self) }
    if let node = mapping["recompute"] {
      space.recomputeKinds = try list(node, 1...RecomputeKind.allCases.count) { (node) throws(InputError) in
        try node.choice(RecomputeKind.self)
      }
    }
  }

  /// Refuses what no plan could keep.
  private static func check(_ space: SearchSpace, _ mapping: ConfigMapping) throws(InputError) {
    let staged = space.stagedZeroLevels ?? space.zeroLevels
    guard staged.allSatisfy(space.zeroLevels.contains) else {
      throw .conflict(
        at: mapping["zeroWithStages"]?.place ?? mapping.place, problem: "a level is not among those of 'zero'",
        remedy: "'zeroWithStages' takes levels away, it adds none")
    }
    let shares = [
      ("weights", space.weightEighths), ("gradients", space.gradientEighths), ("optimizer", space.optimizerEighths),
      ("activations", space.activationEighths),
    ]
    if let share = shares.first(where: { !$0.1.contains(0) }), !space.stagedOffload {
      throw .conflict(
        at: mapping.place, problem: "offload of \(share.0) has no 0, and is forbidden with several stages",
        remedy: "allow 0")
    }
  }

  // MARK: Values

  private static func isWord(_ word: String, _ node: ConfigNode) -> Bool {
    node.content == .scalar(word, quoted: false)
  }

  private static func list<Item: Equatable>(
    _ node: ConfigNode, _ count: ClosedRange<Int>, _ read: (ConfigNode) throws(InputError) -> Item
  ) throws(InputError) -> [Item] {
    var found: [Item] = []
    for item in try node.list(count) {
      let value = try read(item)
      guard !found.contains(value) else { throw item.wrong("a value that is not in the list already") }
      found.append(value)
    }
    return found
  }

  private static func numbers(_ node: ConfigNode, _ range: ClosedRange<Int>) throws(InputError) -> [Int] {
    let found = try list(node, 1...100) { (node) throws(InputError) in try node.int(range) }
    guard found == found.sorted() else { throw node.wrong("a list in rising order") }
    return found
  }

  private static func anyOr(_ node: ConfigNode, _ range: ClosedRange<Int>) throws(InputError) -> [Int]? {
    if isWord("any", node) { return nil }
    guard case .sequence = node.content else { throw node.wrong("any, or a list of whole numbers") }
    return try numbers(node, range)
  }

  private static func eighths(_ node: ConfigNode) throws(InputError) -> [Int] {
    if isWord("none", node) { return [0] }
    if isWord("eighths", node) { return Array(0...8) }
    if isWord("all-or-none", node) { return [0, 8] }
    guard case .sequence = node.content else {
      throw node.wrong("none, all-or-none, eighths, or a list of eighths from 0 to 8")
    }
    return try numbers(node, 0...8)
  }

  private static func layers(_ node: ConfigNode) throws(InputError) -> (LayerRule, Int?) {
    if case .mapping = node.content {
      return (.any, try node.mapping(["within"]).int("within", 0...10_000))
    }
    return (try node.choice(LayerRule.self), nil)
  }
}
