/// What ships: models, GPUs, node types and sample workloads, read once from the embedded files.
///
/// A shipped file that cannot be read is an `InputError` that names it, never a trap.
public enum Catalogue {
  /// The shipped models, in the order of their files.
  public static var models: [ModelShape] {
    get throws(InputError) { try modelShelf.get().entries.map(\.item) }
  }

  /// The shipped model of that name or alias; `place` is where the name was read.
  public static func model(named name: String, at place: InputPlace) throws(InputError) -> ModelShape {
    try modelShelf.get().find(name, at: place)
  }

  static let modelShelf = load { () throws(InputError) in
    var shelf = Shelf<ModelShape>(kind: "model")
    for path in ShippedFiles.paths where path.hasPrefix("samples/models/") {
      let models = try section("models", of: path)
      try models.shelve(onto: &shelf, keys: ModelReader.keys) { (mapping, name) throws(InputError) in
        try ModelReader.shape(mapping, name: name, defaultSource: path)
      }
    }
    return shelf
  }

  /// Runs a reader and keeps its answer or its error.
  static func load<Value>(_ read: () throws(InputError) -> Value) -> Result<Value, InputError> {
    do {
      return .success(try read())
    } catch {
      return .failure(error)
    }
  }

  /// The one section of a shipped file, after its format version was checked.
  static func section(_ key: String, of path: String) throws(InputError) -> ConfigNode {
    let root = try ConfigNode.parse(ShippedFiles.text(path) ?? "", file: path).mapping(["brume", key])
    try root.checkFormat()
    return try root.required(key, "a mapping of names")
  }
}
