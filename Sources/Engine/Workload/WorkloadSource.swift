import Foundation

/// Where workloads come from: files, samples, standard input, flags.
///
/// `try WorkloadSource.load("gpt-7b-8xl4", set: ["run.batch=64"])`
public enum WorkloadSource {
  /// Keys of a workload, in the order of the documentation.
  public static let keys = ["brume", "name", "model", "cluster", "run", "limits"]
  /// Names of the runtimes that a prediction can be for.
  public static let runtimes = RuntimeProfile.all.map(\.name)

  /// Tokens that a sample may have.
  static let sequences = 1...100_000_000
  /// Shares of the device memory that may be asked for.
  static let memoryShares = 0.01...1

  /// The workload in a file, in the sample of that name, or (`-`) in the text of standard input.
  ///
  /// `set` holds `key.path=value` assignments; paths inside the file are relative to its folder.
  public static func load(
    _ nameOrPath: String, set assignments: [String] = [], standardInput: String? = nil
  ) throws(InputError) -> Workload {
    let found = try text(nameOrPath, standardInput: standardInput)
    let root = try ConfigNode.parse(found.text, file: found.file).applying(assignments)
    try root.mapping(keys).checkFormat()
    return try workload(root, folder: found.folder, defaultName: found.name)
  }

  /// A workload from the names that flags give; `set` as for `load`.
  public static func make(
    model: String, cluster: String, sequence: Int, batch: Int, runtime: String = "mist", set assignments: [String] = []
  ) throws(InputError) -> Workload {
    func given(_ flag: String, _ value: String) -> ConfigNode {
      ConfigNode(place: InputPlace(file: flag), content: .scalar(value, quoted: false))
    }
    let run = ConfigNode.Entry(
      key: "run", line: nil,
      value: ConfigNode(
        place: InputPlace(file: "the flags", field: "run"),
        content: .mapping([
          ConfigNode.Entry(key: "sequence", line: nil, value: given("--sequence", "\(sequence)")),
          ConfigNode.Entry(key: "batch", line: nil, value: given("--batch", "\(batch)")),
          ConfigNode.Entry(key: "runtime", line: nil, value: given("--runtime", runtime)),
        ])))
    let root = ConfigNode(
      place: InputPlace(file: "the flags"),
      content: .mapping([
        ConfigNode.Entry(key: "model", line: nil, value: given("--model", model)),
        ConfigNode.Entry(key: "cluster", line: nil, value: given("--cluster", cluster)), run,
      ]))
    return try workload(try root.applying(assignments), folder: nil, defaultName: nil)
  }

  /// The workload in a parsed node, as plan files hold it; `brume:` may be left out there.
  ///
  /// `folder` is where relative paths start (nil: the current folder).
  public static func workload(
    _ root: ConfigNode, folder: String?, defaultName: String?
  ) throws(InputError) -> Workload {
    let mapping = try root.mapping(keys)
    let model = try self.model(
      try mapping.required("model", "the name of a model, the path of a config.json, or a shape"), folder: folder)
    let cluster = try ClusterReader.cluster(
      try mapping.required("cluster", ClusterReader.expectedSpec), folder: folder)
    let run = try self.run(try mapping.required("run", "a mapping with sequence and batch"))
    let shape = "\(model.name)-\(cluster.gpuCount)x\(cluster.nodeType.name)"
    let fallback = defaultName ?? PlainText.name(shape, or: "workload")
    return Workload(
      name: try mapping.string("name", or: fallback), model: model, cluster: cluster, run: run,
      limits: try limits(mapping["limits"]))
  }

  /// A model by name, by the path of a `config.json` (or of its folder), or by its shape.
  public static func model(_ node: ConfigNode, folder: String?) throws(InputError) -> ModelShape {
    if node.isScalar { return try namedModel(node, folder: folder) }
    let mapping = try node.mapping(ModelReader.keys)
    var base: ModelShape?
    if let from = mapping["from"] { base = try namedModel(from, folder: folder) }
    return try ModelReader.shape(
      mapping, name: base?.name ?? "model", base: base,
      defaultSource: "given in \(PlainText.line(node.place.file, most: 400))")
  }

  /// A cluster by its description, as in `4x8xl4`; `place` is where it was read.
  public static func cluster(_ description: String, at place: InputPlace) throws(InputError) -> Cluster {
    try ClusterReader.cluster(ConfigNode(place: place, content: .scalar(description, quoted: false)))
  }

  private static func namedModel(_ node: ConfigNode, folder: String?) throws(InputError) -> ModelShape {
    let name = try node.string("the name of a model or the path of a config.json")
    guard name.contains("/") || name.hasSuffix(".json") else {
      return try Catalogue.model(named: name, at: node.place)
    }
    var path = name
    if !name.hasPrefix("/"), let folder, !folder.isEmpty { path = folder + "/" + name }
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
      path += path.hasSuffix("/") ? "config.json" : "/config.json"
    }
    let text: String
    do { text = try ConfigNode.readText(path) } catch { throw error.named(at: node.place) }
    return try HuggingFaceConfig.read(try ConfigNode.parse(text, file: path), name: modelName(path)).shape
  }

  /// What a model is called by its path: the folder of a `config.json`, else the file without its suffix.
  private static func modelName(_ path: String) -> String {
    let url = URL(fileURLWithPath: path)
    let stem = url.deletingPathExtension().lastPathComponent
    let parent = url.deletingLastPathComponent().lastPathComponent
    return PlainText.name(stem == "config" && !parent.isEmpty && parent != "/" ? parent : stem, or: "model")
  }

  private static func run(_ node: ConfigNode) throws(InputError) -> TrainingRun {
    let mapping = try node.mapping([
      "sequence", "batch", "precision", "attention", "runtime", "launcher", "dropout", "trainingTokens",
    ])
    let launcher = try mapping["launcher"].map { node throws(InputError) in try node.choice(Launcher.self) }
    let runtime = try mapping.string("runtime", or: launcher?.runtimes[0] ?? "mist")
    _ = try Catalogue.runtime(named: runtime, at: mapping["runtime"]?.place ?? mapping.place)
    if let launcher, !launcher.runtimes.contains(runtime) {
      throw .conflict(
        at: mapping["runtime"]?.place ?? mapping.place,
        problem: "the launcher \(launcher.rawValue) does not run as '\(runtime)'",
        remedy: "take \(launcher.runtimes.joined(separator: " or ")), or leave the runtime out")
    }
    var tokens: Double?
    if mapping["trainingTokens"] != nil { tokens = try mapping.double("trainingTokens", 1...1e18) }
    let batches = try BatchReader.batches(try mapping.required("batch", BatchReader.expected))
    var run = TrainingRun(
      sequenceLength: try mapping.int("sequence", sequences), globalBatch: batches.last ?? 1,
      precision: try mapping.choice("precision", or: .bf16), attention: try mapping.choice("attention", or: .flash),
      runtime: runtime, dropout: try mapping.double("dropout", 0...0.99, or: 0), trainingTokens: tokens,
      launcher: launcher)
    if batches.count > 1 { run.batchChoices = batches }
    return run
  }

  private static func limits(_ node: ConfigNode?) throws(InputError) -> Limits {
    guard let node else { return Limits() }
    let mapping = try node.mapping(["memoryShare", "headroom"])
    var headroom: Double?
    if let given = mapping["headroom"] {
      // JSON has it in quotes.
      if case .scalar("auto", _) = given.content {} else { headroom = try given.quantity(.bytes, 0...1e13) }
    }
    return Limits(memoryShare: try mapping.double("memoryShare", memoryShares, or: 1), headroomBytes: headroom)
  }
}
