/// What the rows of measured tables leave to the reader to know: machines by GPU name, and runtime and network by
/// publication (`samples/measured/sources.yaml`).
struct RunConventions: Sendable {
  /// What is known of a publication.
  struct Setting: Sendable, Equatable {
    /// Start of the names of its rows' sources.
    var prefix: String
    /// Its runtime's profile.
    var runtime: String
    /// Other profiles of its rows, by the start of the software's name as the rows give it.
    var runtimesBySoftware: [String: String] = [:]
    /// Other profiles of its rows, by number format.
    var runtimesByPrecision: [String: String] = [:]
    /// Probability of dropout.
    var dropout = 0.0
    /// Its runtime where operators ran through a compiler.
    var compiledRuntime: String?
    /// Its runtime where tensor-parallel collectives ran beside products.
    var asyncRuntime: String?
    /// A pipeline has as many micro-batches as stages where a row tells the samples of a rank alone.
    var hasMicroBatchAStage = false
    /// Node types of its machines, where they are not those of their GPU's name.
    var machines: [String: String] = [:]
    /// What its nodes send to the fabric, B/s, where it is not that of the catalogue's machine.
    var fabric: Figure?
    /// Its GPT models have biases on all linear layers, where a row does not tell.
    var hasBiases = false
    /// Its GPT models share the embedding with the head, where a row does not tell.
    var isTied = false
    /// The vocabulary is padded to a multiple of this times the tensor-parallel degree.
    var vocabularyMultiple = 1
  }

  /// Node type by GPU name.
  var machines: [String: String]
  /// Settings of publications, in the order of the file.
  var settings: [Setting]
  /// Settings of software, for publications that are not listed, by a word in their name or their rows' software.
  var software: [Setting]

  /// The file that ships, read once.
  static var shipped: RunConventions {
    get throws(InputError) { try loaded.get() }
  }

  private static let file = "samples/measured/sources.yaml"
  private static let loaded = Catalogue.load { () throws(InputError) in
    try RunConventions(try ConfigNode.parse(ShippedFiles.text(file) ?? "", file: file))
  }

  /// Reads a parsed file; an unknown runtime is an error.
  init(_ root: ConfigNode) throws(InputError) {
    let mapping = try root.mapping(["brume", "machines", "sources", "software"])
    try mapping.checkFormat()
    machines = try Self.machines(try mapping.required("machines", "GPU name: node type"))
    settings = try Self.settings(mapping["sources"])
    software = try Self.settings(mapping["software"])
  }

  /// The settings of a mapping, by name.
  private static func settings(_ node: ConfigNode?) throws(InputError) -> [Setting] {
    var found: [Setting] = []
    for entry in try node?.anyMapping().entries ?? [] { found.append(try setting(entry)) }
    return found
  }

  private static func setting(_ entry: ConfigNode.Entry) throws(InputError) -> Setting {
    let setting = try entry.value.mapping([
      "machines", "runtime", "bySoftware", "byPrecision", "compiled", "asyncTensorParallel", "microBatchAStage",
      "dropout", "fabricBytesPerSecond",
      "biases",
      "tiedEmbeddings", "vocabularyMultiple",
    ])
    var fabric: Figure?
    if setting["fabricBytesPerSecond"] != nil {
      fabric = try setting.figure("fabricBytesPerSecond", .bytesPerSecond, 1e6...1e15)
    }
    return Setting(
      prefix: entry.key,
      runtime: try Self.runtime(try setting.required("runtime", "the name of a runtime")),
      runtimesBySoftware: try Self.runtimes(setting["bySoftware"]),
      runtimesByPrecision: try Self.runtimes(setting["byPrecision"]),
      dropout: try setting.double("dropout", 0...0.99, or: 0),
      compiledRuntime: try setting["compiled"].map(Self.runtime),
      asyncRuntime: try setting["asyncTensorParallel"].map(Self.runtime),
      hasMicroBatchAStage: try setting.bool("microBatchAStage", or: false),
      machines: try setting["machines"].map(Self.machines) ?? [:], fabric: fabric,
      hasBiases: try setting.bool("biases", or: false),
      isTied: try setting.bool("tiedEmbeddings", or: false),
      vocabularyMultiple: try setting.int("vocabularyMultiple", 1...1_000_000, or: 1))
  }

  /// Node types by GPU name.
  private static func machines(_ node: ConfigNode) throws(InputError) -> [String: String] {
    var found: [String: String] = [:]
    for entry in try node.anyMapping().entries { found[entry.key] = try entry.value.string("the name of a node type") }
    return found
  }

  /// The name of a runtime that is known.
  private static func runtime(_ node: ConfigNode) throws(InputError) -> String {
    let name = try node.string("the name of a runtime")
    _ = try Catalogue.runtime(named: name, at: node.place)
    return name
  }

  /// Runtimes by what tells them apart; none where the key is absent.
  private static func runtimes(_ node: ConfigNode?) throws(InputError) -> [String: String] {
    var found: [String: String] = [:]
    for entry in try node?.anyMapping().entries ?? [] { found[entry.key] = try runtime(entry.value) }
    return found
  }

  /// The node type of a GPU's name: the listed one, or else the one of the longest listed name whose parts all stand in it
  /// (`A100-80GB` for `A100-SXM4-80GB`).
  func machine(of gpu: String) -> String? {
    if let listed = machines[gpu] { return listed }
    func parts(_ name: String) -> Set<Substring> { Set(name.uppercased().split { !$0.isLetter && !$0.isNumber }) }
    let found = parts(gpu)
    let fitting = machines.keys.filter { parts($0).isSubset(of: found) }
    return fitting.max { ($0.count, $0) < ($1.count, $1) }.flatMap { machines[$0] }
  }

  /// What is known of a row's source: the setting with the longest fitting prefix; nil where it is not listed.
  func setting(of source: String) -> Setting? {
    settings.filter { source.hasPrefix($0.prefix) }.max { $0.prefix.count < $1.prefix.count }
  }

  /// What is taken of a row whose source is not listed: the setting of the software that it names, or else of the one
  /// that its plan looks like (sharded weights without slices: FSDP or DeepSpeed, all else Megatron-LM's).
  func assumedSetting(of row: MeasuredRow) -> Setting? {
    let words = "\(row.framework ?? "") \(row.source)".lowercased()
    let named = software.filter { words.contains($0.prefix) }.max { $0.prefix.count < $1.prefix.count }
    if let named { return named }
    let isRecent = row.flashAttention != "false" || row.precision != "fp16"
    let looks = row.isFullySharded ? "fsdp" : row.zero == 3 ? "deepspeed" : isRecent ? "megatron-core" : "megatron"
    return software.first { $0.prefix == looks }
  }
}

extension RunConventions.Setting {
  /// The runtime of a row: by its software where that is told, by its precision, else the source's.
  func runtime(of row: MeasuredRow) -> String {
    if let software = row.framework {
      let fitting = runtimesBySoftware.filter { software.hasPrefix($0.key) }
      if let found = fitting.max(by: { $0.key.count < $1.key.count }) { return found.value }
    }
    if row.hasAsyncTensorParallel == true, let asyncRuntime { return asyncRuntime }
    if row.isCompiled == true, let compiledRuntime { return compiledRuntime }
    return runtimesByPrecision[row.precision] ?? runtime
  }
}

extension LinkTable {
  /// The table with another network between the nodes: what was measured over the old one goes.
  func withFabric(_ figure: Figure) -> LinkTable {
    var table = self
    table.fabricBytesPerSecond = figure
    table.measured = measured.filter { $0.key.nodes == 1 }
    if let pairs { table.pairs = PairLinks(inside: pairs.inside, between: nil, source: pairs.source) }
    table.collectiveShare = Figure(0.78, .derived, source: "as on DGX A100 machines: NCCL on InfiniBand or RoCE")
    table.fabricLatencySeconds = Figure(
      1e-4, .assumed, source: "as on DGX A100 machines, for each doubling of the nodes")
    return table
  }
}
