/// Reads one row of a measured table; keys that it does not know are passed over.
struct MeasuredRowReader {
  /// The row's object.
  let mapping: ConfigMapping

  private static let counts = 1...10_000_000
  private static let seconds = 1e-9...1e9
  private static let rates = 1e-9...1e18

  /// The row; throws where a key is missing or holds something else than the format says.
  func row() throws(InputError) -> MeasuredRow {
    let measured = try mapping.required("measured", "a mapping of what was measured").anyMapping()
    return MeasuredRow(
      id: try mapping.string("id"), source: try mapping.string("source"), url: try mapping.string("url", or: "-"),
      gpu: try mapping.string("gpu"), gpuCount: try mapping.int("n_gpus", Self.counts),
      gpusPerNode: try mapping.int("gpus_per_node", 1...1_024), model: try model(),
      precision: try mapping.string("precision"), tensorParallel: try tensorParallel(),
      pipelineParallel: try mapping.int("pp", 1...10_000, or: 1),
      dataParallel: try mapping.int("dp", Self.counts, or: 1),
      contextParallel: try mapping.int("cp", 1...10_000, or: 1), interleave: try int("vpp", in: mapping),
      microBatch: try int("micro_batch", in: mapping), globalBatch: try int("global_batch", in: mapping),
      zero: try mapping.int("zero_stage", 0...3, or: 0), recompute: try mapping.string("recompute"),
      sequenceParallel: try mapping.string("sequence_parallel", or: "false"),
      flashAttention: try mapping.string("flash_attention"), offload: try mapping.string("offload", or: "none"),
      isCompiled: try bool("torch_compile", in: mapping),
      schedule: try mapping["schedule"]?.string(), isFullySharded: mapping["fsdp_sharding"] != nil,
      hasAsyncTensorParallel: try bool("async_tp", in: mapping), localBatch: try int("local_batch", in: mapping),
      framework: try mapping["framework"]?.string(), runtime: try mapping["runtime"]?.string(),
      stages: try stages(), time: try time(measured), memory: try memory(measured),
      isCore: try mapping.bool("core", or: true))
  }

  /// A count, or nil where it is null or absent.
  private func int(_ key: String, in mapping: ConfigMapping) throws(InputError) -> Int? {
    guard let node = mapping[key] else { return nil }
    return try node.int(Self.counts)
  }

  private func bool(_ key: String, in mapping: ConfigMapping) throws(InputError) -> Bool? {
    guard let node = mapping[key] else { return nil }
    return try node.bool()
  }

  private func double(
    _ key: String, _ range: ClosedRange<Double>, in mapping: ConfigMapping
  ) throws(InputError) -> Double? {
    guard let node = mapping[key] else { return nil }
    return try node.double(range)
  }

  /// A degree, or nil for `per stage`.
  private func tensorParallel() throws(InputError) -> Int? {
    guard let node = mapping["tp"] else { return 1 }
    if case .scalar("per stage", _) = node.content { return nil }
    return try node.int(1...10_000)
  }

  private func model() throws(InputError) -> MeasuredModel {
    let model = try mapping.required("model", "a mapping of the model's shape").anyMapping()
    let heads = try model.int("heads", 1...100_000)
    return MeasuredModel(
      name: try model.string("name"), family: try model.string("family"),
      hidden: try model.int("hidden", 1...ModelReader.maximumHidden),
      layers: try model.int("layers", 1...ModelReader.maximumLayers), heads: heads,
      keyValueHeads: try model.int("kv_heads", 1...heads, or: heads), feedForward: try model.int("ffn", Self.counts),
      vocabulary: try model.int("vocab", Self.counts), sequence: try model.int("seq", Self.counts),
      tiedEmbeddings: try bool("tied_embeddings", in: model), noBias: try bool("no_bias", in: model),
      learnedPositions: try bool("learned_pos_emb", in: model))
  }

  // MARK: Stages

  private func stages() throws(InputError) -> [MeasuredStage] {
    var found: [MeasuredStage] = []
    for node in try mapping["stages"]?.list(1...10_000) ?? [] {
      let stage = try node.anyMapping()
      var offload: [Double] = []
      for key in ["WO", "GO", "OO", "AO"] { offload.append(try stage.double(key, 0...1, or: 0)) }
      found.append(
        MeasuredStage(
          layers: try int("layers", in: stage), gpus: try stage.int("gpus", Self.counts),
          checkpointedLayers: stage["ckpt_layers"] == nil ? nil : try stage.int("ckpt_layers", 0...10_000),
          operators: try operators(stage), microBatch: try int("micro_batch", in: stage),
          dataParallel: try stage.int("dp", Self.counts),
          tensorParallel: try stage.int("tp", 1...10_000), zero: try zero(stage), offload: offload))
    }
    return found
  }

  /// First, last and recomputed operators of a stage that is cut at operators: `3/4` recomputes three of four.
  private func operators(_ stage: ConfigMapping) throws(InputError) -> MeasuredOperators? {
    guard let first = stage["first_op"], let last = stage["last_op"] else { return nil }
    var recomputed: [String: Int] = [:]
    for entry in try stage["recomputed"]?.anyMapping().entries ?? [] {
      let text = try entry.value.string("a share of operators, like 3/4")
      guard let count = text.split(separator: "/").first.flatMap({ Int($0) }), count >= 0 else {
        throw entry.value.wrong("a share of operators, like 3/4")
      }
      recomputed[entry.key] = count
    }
    return MeasuredOperators(
      first: try first.string("an operator"), last: try last.string("an operator"), count: try int("ops", in: stage),
      recomputed: recomputed)
  }

  /// The level that the sharding flags of a stage come to, or nil where it has none.
  private func zero(_ stage: ConfigMapping) throws(InputError) -> Int? {
    guard stage["W_shard"] != nil || stage["G_shard"] != nil || stage["O_shard"] != nil else { return nil }
    if try stage.int("W_shard", 0...1, or: 0) == 1 { return 3 }
    if try stage.int("G_shard", 0...1, or: 0) == 1 { return 2 }
    return try stage.int("O_shard", 0...1, or: 0)
  }

  // MARK: What was measured

  private func time(_ measured: ConfigMapping) throws(InputError) -> MeasuredTime {
    MeasuredTime(
      iterationSeconds: try double("iteration_s", Self.seconds, in: measured),
      tokensPerSecond: try double("tokens_per_s", Self.rates, in: measured),
      tokensPerSecondPerGPU: try double("tokens_per_s_per_gpu", Self.rates, in: measured),
      teraflopsPerGPU: try double("tflops_per_gpu", Self.rates, in: measured),
      flopsDefinition: try mapping["flops_definition"]?.string())
  }

  /// Amounts of memory; MB of PyTorch logs are 2^20 B, GB that `nvidia-smi` showed are 2^30 B.
  private func memory(_ measured: ConfigMapping) throws(InputError) -> [MeasuredMemory] {
    var found: [MeasuredMemory] = []
    let perStage: [(String, MeasuredMemory.Kind)] = [
      ("stage_peak_allocated_MB", .allocated), ("stage_max_allocated_MB", .allocated),
      ("stage_peak_reserved_MB", .reserved), ("stage_max_reserved_MB", .reserved),
    ]
    for (key, kind) in perStage {
      for (stage, value) in try entries(measured[key]) {
        found.append(
          MeasuredMemory(kind: kind, stage: stage, bytes: try value.double(Self.rates) * Units.mebibyte))
      }
    }
    let fullest: [(String, MeasuredMemory.Kind)] = [
      ("torch_max_allocated_GiB_max", .allocated), ("torch_max_reserved_GiB_max", .reserved),
      ("memory_GiB", try definedKind(measured, or: .reserved)),
      ("memory_GB", try definedKind(measured, or: .nvidiaSMI)),
    ]
    for (key, kind) in fullest {
      guard let value = try double(key, Self.rates, in: measured) else { continue }
      found.append(MeasuredMemory(kind: kind, stage: nil, bytes: value * Units.gibibyte))
    }
    return found
  }

  /// What the row's own definition says that its memory is.
  private func definedKind(
    _ measured: ConfigMapping, or fallback: MeasuredMemory.Kind
  ) throws(InputError) -> MeasuredMemory.Kind {
    guard let definition = try measured["memory_def"]?.string() else { return fallback }
    return MeasuredMemory.Kind.allCases.reversed().first { definition.contains($0.rawValue) } ?? fallback
  }

  /// The values of a list by position, or of a mapping by its keys, which are stages from 0.
  private func entries(_ node: ConfigNode?) throws(InputError) -> [(Int, ConfigNode)] {
    guard let node else { return [] }
    if case .sequence(let items) = node.content { return items.enumerated().map { ($0.offset, $0.element) } }
    var found: [(Int, ConfigNode)] = []
    for entry in try node.anyMapping().entries {
      guard let stage = Int(entry.key), stage >= 0 else {
        throw .value(at: entry.value.place, found: "the key '\(entry.key)'", expected: "the number of a stage, from 0")
      }
      found.append((stage, entry.value))
    }
    return found
  }
}
