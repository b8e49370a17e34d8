/// What the rows of measured tables leave to the reader to know: machines by GPU name, and runtime and network by
/// publication (`samples/measured/sources.yaml`).
struct RunConventions: Sendable {
  /// What is known of a publication.
  struct Setting: Sendable, Equatable {
    /// Start of the names of its rows' sources.
    var prefix: String
    /// Its runtime's profile.
    var runtime: String
    /// The profile of its runs in bf16, where that is another one.
    var bf16Runtime: String?
    /// Profiles of its runs by the software that a row names.
    var frameworks: [String: String] = [:]
    /// Probability of dropout.
    var dropout = 0.0
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
  /// Settings in the order of the file.
  var settings: [Setting]

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
    let mapping = try root.mapping(["brume", "machines", "sources"])
    try mapping.checkFormat()
    machines = [:]
    for entry in try mapping.required("machines", "GPU name: node type").anyMapping().entries {
      machines[entry.key] = try entry.value.string("the name of a node type")
    }
    settings = []
    for entry in try mapping.required("sources", "a mapping of sources").anyMapping().entries {
      let setting = try entry.value.mapping([
        "runtime", "bf16Runtime", "frameworks", "dropout", "fabricBytesPerSecond", "biases", "tiedEmbeddings",
        "vocabularyMultiple",
      ])
      let runtime = try Self.runtime(try setting.required("runtime", "the name of a runtime"))
      let bf16Runtime = try setting["bf16Runtime"].map(Self.runtime)
      var frameworks: [String: String] = [:]
      for entry in try setting["frameworks"]?.anyMapping().entries ?? [] {
        frameworks[entry.key] = try Self.runtime(entry.value)
      }
      var fabric: Figure?
      if setting["fabricBytesPerSecond"] != nil {
        fabric = try setting.figure("fabricBytesPerSecond", .bytesPerSecond, 1e6...1e15)
      }
      settings.append(
        Setting(
          prefix: entry.key, runtime: runtime, bf16Runtime: bf16Runtime, frameworks: frameworks,
          dropout: try setting.double("dropout", 0...0.99, or: 0), fabric: fabric,
          hasBiases: try setting.bool("biases", or: false),
          isTied: try setting.bool("tiedEmbeddings", or: false),
          vocabularyMultiple: try setting.int("vocabularyMultiple", 1...1_000_000, or: 1)))
    }
  }

  /// The name of a runtime that ships.
  private static func runtime(_ node: ConfigNode) throws(InputError) -> String {
    let name = try node.string("the name of a runtime")
    guard RuntimeProfile.named(name) != nil else {
      throw .unknownName(
        at: node.place, kind: "runtime", name: name,
        suggestion: Suggestion.nearest(to: name, in: WorkloadSource.runtimes), known: WorkloadSource.runtimes)
    }
    return name
  }

  /// What is known of a source: the setting with the longest fitting prefix.
  func setting(of source: String) -> Setting? {
    settings.filter { source.hasPrefix($0.prefix) }.max { $0.prefix.count < $1.prefix.count }
  }
}

extension RunConventions.Setting {
  /// The profile of a row of this publication.
  func runtime(of row: MeasuredRow) -> String {
    if let framework = row.framework, let named = frameworks[framework] { return named }
    if let bf16Runtime, row.precision.hasSuffix("bf16") { return bf16Runtime }
    return runtime
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
