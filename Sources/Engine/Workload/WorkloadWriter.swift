/// Writes workloads by value: every figure, so that a file says what it was computed with.
public enum WorkloadWriter {
  /// A workload file; reading it gives an equal workload.
  public static func yaml(of workload: Workload) -> String {
    guard case .mapping(let entries) = node(of: workload).content else { return "" }
    let version = ConfigNode.Entry(key: "brume", line: nil, value: .number(ConfigNode.formatVersion))
    return ConfigNode(place: InputPlace(file: ""), content: .mapping([version] + entries)).yaml()
  }

  /// The workload as a mapping, for the `workload:` key of a plan file.
  public static func node(of workload: Workload) -> ConfigNode {
    .object([
      ("name", .text(workload.name)), ("model", node(of: workload.model)), ("cluster", node(of: workload.cluster)),
      ("run", node(of: workload.run)),
      (
        "limits",
        .object([
          ("memoryShare", .number(workload.limits.memoryShare)),
          ("headroom", workload.limits.headroomBytes.map { .number($0) } ?? .word("auto")),
        ])
      ),
    ])
  }

  /// A run as a mapping.
  static func node(of run: TrainingRun) -> ConfigNode {
    .object([
      ("sequence", .number(run.sequenceLength)),
      ("batch", run.batchChoices.isEmpty ? .number(run.globalBatch) : .list(run.batchChoices.map { .number($0) })),
      ("precision", .word(run.precision.rawValue)), ("attention", .word(run.attention.rawValue)),
      ("runtime", .text(run.runtime)), ("launcher", run.launcher.map { .word($0.rawValue) }),
      ("dropout", run.dropout > 0 ? .number(run.dropout) : nil),
      ("trainingTokens", run.trainingTokens.map { .number($0) }),
    ])
  }

  /// A model as a mapping.
  static func node(of model: ModelShape) -> ConfigNode {
    .object([
      ("name", .text(model.name)), ("hidden", .number(model.hidden)), ("layers", .number(model.layers)),
      ("heads", .number(model.heads)), ("keyValueHeads", .number(model.keyValueHeads)),
      ("headWidth", .number(model.headWidth)), ("feedForward", .number(model.feedForward)),
      ("vocabulary", .number(model.vocabulary)), ("gatedFeedForward", .flag(model.gatedFeedForward)),
      ("parallelBlock", .flag(model.parallelBlock)), ("normsPerLayer", .number(model.normsPerLayer)),
      ("normalization", .word(model.normalization.rawValue)), ("queryKeyValueBias", .flag(model.queryKeyValueBias)),
      ("linearBias", .flag(model.linearBias)), ("positions", .word(model.positions.rawValue)),
      ("tiedEmbeddings", .flag(model.tiedEmbeddings)), ("source", .text(model.source)),
    ])
  }

  /// A cluster as a mapping.
  static func node(of cluster: Cluster) -> ConfigNode {
    .object([
      ("nodes", .number(cluster.nodes)), ("gpusPerNode", .number(cluster.gpusPerNode)),
      ("node", node(of: cluster.nodeType)),
    ])
  }

  /// A node type as a mapping.
  static func node(of type: NodeType) -> ConfigNode {
    .object([
      ("name", .text(type.name)), ("title", .text(type.title)), ("gpu", node(of: type.gpu)),
      ("gpusPerNode", .number(type.gpusPerNode)), ("hostMemoryBytes", node(of: type.hostMemoryBytes)),
      ("dollarsPerGPUHour", type.dollarsPerGPUHour.map { node(of: $0) }),
      (
        "interference",
        .object([
          ("factors", .list(type.interference.published.map { .number($0) })),
          ("provenance", .word(type.interferenceOrigin.provenance.rawValue)),
          ("source", .text(type.interferenceOrigin.source)),
        ])
      ),
      ("links", node(of: type.links)),
    ])
  }

  /// A GPU as a mapping.
  static func node(of gpu: GPU) -> ConfigNode {
    .object(
      [
        ("name", .text(gpu.name)), ("title", .text(gpu.title)), ("memoryBytes", node(of: gpu.memoryBytes)),
        ("peakFlops", node(of: gpu.peakFlops)), ("memoryBandwidth", node(of: gpu.memoryBandwidth)),
        (
          "gemm",
          .object([
            ("share", node(of: gpu.gemm.share)), ("halfDepth", node(of: gpu.gemm.halfDepth)),
            ("waveElements", node(of: gpu.gemm.waveElements)),
          ])
        ),
        ("flashForwardShare", node(of: gpu.flashForwardShare)),
        ("flashBackwardShare", node(of: gpu.flashBackwardShare)),
        ("flashHalfSequence", node(of: gpu.flashHalfSequence)), ("elementwiseShare", node(of: gpu.elementwiseShare)),
        ("launchSeconds", node(of: gpu.launchSeconds)), ("contextBytes", node(of: gpu.contextBytes)),
        ("communicatorBytes", node(of: gpu.communicatorBytes)),
      ] + (gpu.fp8Flops.map { [("fp8Flops", node(of: $0))] } ?? [])
        + (gpu.power.map { [("power", node(of: $0))] } ?? []))
  }

  private static func node(of power: PowerLimit) -> ConfigNode {
    .object([("productShare", node(of: power.productShare)), ("memoryPart", node(of: power.memoryPart))])
  }

  private static func node(of links: LinkTable) -> ConfigNode {
    func table(_ links: [GroupShape: Link]) -> ConfigNode {
      let shapes = links.sorted { LinkTable.inOrder($0.key, $1.key) }
      return .object(shapes.map { ("\($0.key.nodes)x\($0.key.gpusPerNode)", node(of: $0.value)) })
    }
    return .object([
      ("insideBytesPerSecond", node(of: links.insideBytesPerSecond)),
      ("fabricBytesPerSecond", node(of: links.fabricBytesPerSecond)),
      ("collectiveShare", node(of: links.collectiveShare)),
      ("insideLatencySeconds", node(of: links.insideLatencySeconds)),
      ("fabricLatencySeconds", node(of: links.fabricLatencySeconds)),
      ("measured", table(links.measured)), ("allReduce", table(links.allReduce)),
      ("measuredSource", .text(links.measuredSource)), ("hostToDevice", node(of: links.hostToDevice)),
      ("deviceToHost", node(of: links.deviceToHost)), ("hostSource", .text(links.hostSource)),
      ("pointToPoint", links.pairs.map(node(of:))),
    ])
  }

  private static func node(of pairs: PairLinks) -> ConfigNode {
    .object([
      ("inside", pairs.inside.map(node(of:))), ("between", pairs.between.map(node(of:))),
      ("source", .text(pairs.source)),
    ])
  }

  private static func node(of link: Link) -> ConfigNode {
    .object([
      ("gibibytesPerSecond", .number(link.gibibytesPerSecond)), ("latencySeconds", .number(link.latencySeconds)),
      ("provenance", .word(link.provenance.rawValue)),
    ])
  }

  private static func node(of figure: Figure) -> ConfigNode {
    .object([
      ("value", .number(figure.value)), ("provenance", .word(figure.provenance.rawValue)),
      ("source", .text(figure.source)),
    ])
  }
}

extension Interference {
  /// The 28 factors in the published order, as `init(published:)` takes them.
  var published: [Double] {
    Self.publishedSets.flatMap { set -> [Double] in
      let mask = set.reduce(0) { $0 | (1 << $1.rawValue) }
      return set.map { factors[mask * 4 + $0.rawValue] }
    }
  }
}
