extension Catalogue {
  /// The shipped GPUs, in the order of their file.
  public static var gpus: [GPU] {
    get throws(InputError) { try gpuShelf.get().entries.map(\.item) }
  }

  /// The shipped node types, in the order of their file.
  public static var nodeTypes: [NodeType] {
    get throws(InputError) { try nodeTypeShelf.get().entries.map(\.item) }
  }

  /// The other names of a shipped node type or model; empty for what does not ship.
  public static func aliases(of name: String) -> [String] {
    if let entry = try? nodeTypeShelf.get().entries.first(where: { $0.name == name }) { return entry.aliases }
    if let entry = try? modelShelf.get().entries.first(where: { $0.name == name }) { return entry.aliases }
    return []
  }

  /// The shipped GPU of that name; `place` is where the name was read.
  public static func gpu(named name: String, at place: InputPlace) throws(InputError) -> GPU {
    try gpuShelf.get().find(name, at: place)
  }

  /// The shipped node type of that name or alias; `place` is where the name was read.
  public static func nodeType(named name: String, at place: InputPlace) throws(InputError) -> NodeType {
    try nodeTypeShelf.get().find(name, at: place)
  }

  private static let gpuShelf = load { () throws(InputError) in
    var shelf = Shelf<GPU>(kind: "GPU")
    let gpus = try section("gpus", of: "samples/hardware/gpus.yaml")
    try gpus.shelve(onto: &shelf, keys: HardwareReader.gpuKeys) { (mapping, name) throws(InputError) in
      try HardwareReader.gpu(mapping, name: name)
    }
    return shelf
  }

  private static let interferenceSets = load { () throws(InputError) in
    var sets: NodeTypeReader.InterferenceSets = [:]
    for entry in try section("interference", of: "samples/hardware/interference.yaml").anyMapping().entries {
      sets[entry.key] = try NodeTypeReader.factors(entry.value)
    }
    return sets
  }

  private static let nodeTypeShelf = load { () throws(InputError) in
    var shelf = Shelf<NodeType>(kind: "node type")
    let sets = try interferenceSets.get()
    let types = try section("nodeTypes", of: "samples/hardware/nodes.yaml")
    try types.shelve(onto: &shelf, keys: NodeTypeReader.keys) { (mapping, name) throws(InputError) in
      try NodeTypeReader.nodeType(mapping, name: name, sets: sets) { (name, place) throws(InputError) in
        try gpu(named: name, at: place)
      }
    }
    return shelf
  }
}
