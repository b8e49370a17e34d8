/// The degrees, the batch and the stages of a configuration.
extension TorchtitanReading {
  /// Degrees of parallelism.
  struct Degrees {
    /// Groups of replicas.
    var replicate: Int
    /// Ranks that share weights and states, of each.
    var shard: Int
    /// Context-parallel ranks.
    var context: Int
    /// Tensor-parallel ranks.
    var tensor: Int
    /// Ranks of the pipeline.
    var pipeline: Int

    /// Ranks with samples of their own.
    var dataParallel: Int { replicate * shard }
  }

  /// Samples.
  struct Batch {
    /// Of an optimizer step.
    var global: Int
    /// Of a micro-batch.
    var micro: Int
    /// Micro-batches of a step.
    var count: Int
  }

  private func degree(_ name: String, or fallback: Int = 1, least: Int = 1) throws(InputError) -> Int {
    try options["parallelism.\(name)"]?.int(least...1_000_000) ?? fallback
  }

  /// The degrees, whose product is the number of GPUs.
  func degrees(gpus: Int) throws(InputError) -> Degrees {
    var found = Degrees(
      replicate: try degree("data_parallel_replicate_degree"),
      shard: try degree("data_parallel_shard_degree", or: -1, least: -1),
      context: try degree("context_parallel_degree"), tensor: try degree("tensor_parallel_degree"),
      pipeline: try degree("pipeline_parallel_degree"))
    var rest = 1
    for degree in [found.replicate, found.context, found.tensor, found.pipeline] {
      let product = rest.multipliedReportingOverflow(by: degree)
      rest = product.overflow ? Int.max : product.partialValue
    }
    let isOpen = found.shard < 1
    if isOpen { found.shard = max(1, gpus / rest) }
    let product = rest.multipliedReportingOverflow(by: found.shard)
    guard !product.overflow, product.partialValue == gpus else {
      let shard = isOpen ? "" : "data_parallel_shard_degree \(found.shard) x "
      throw .conflict(
        at: options["parallelism.tensor_parallel_degree"]?.place ?? file,
        problem: "\(shard)replicate \(found.replicate) x context \(found.context) x tensor \(found.tensor) x pipeline "
          + "\(found.pipeline) does not make the \(gpus) GPUs of --cluster \(context.cluster ?? "")",
        remedy: "change a degree or --cluster")
    }
    return found
  }

  /// Samples of a step and of a micro-batch. With stages the local batch is all micro-batches that pass through them.
  mutating func batch(_ degrees: Degrees) throws(InputError) -> Batch {
    let isStaged = degrees.pipeline > 1
    let range = 1...1_000_000_000
    let stated = try options["training.local_batch_size"]?.int(range)
    var local = stated ?? 8
    if stated == nil, !isStaged, let flag = context.microBatch {
      local = flag
    } else if stated == nil {
      assumed.append("training.local_batch_size = 8, torchtitan's default")
    }
    let perRound = local.multipliedReportingOverflow(by: degrees.dataParallel)
    guard !perRound.overflow else {
      throw .value(at: file, found: "a local batch of \(local)", expected: "a number of samples")
    }
    var global = try options["training.global_batch_size"]?.int(-1...1_000_000_000_000) ?? -1
    if global < 1 { global = context.batch ?? perRound.partialValue }
    guard global.isMultiple(of: perRound.partialValue) else {
      throw .conflict(
        at: options["training.global_batch_size"]?.place ?? file,
        problem: "the global batch \(global) is no multiple of the local batch \(local) x \(degrees.dataParallel) "
          + "data-parallel ranks", remedy: "change one of them")
    }
    let rounds = global / perRound.partialValue
    guard isStaged else { return Batch(global: global, micro: local, count: rounds) }
    let micro = try microBatch(local, degrees)
    guard local.isMultiple(of: micro) else {
      throw .conflict(
        at: options["training.local_batch_size"]?.place ?? file,
        problem: "the local batch \(local) is no multiple of pipeline_parallel_microbatch_size \(micro)",
        remedy: "change one of them")
    }
    if rounds > 1 {
      warnings.append(
        "training.global_batch_size = \(global): the pipeline runs empty \(rounds) times a step: predicted as "
          + "\(rounds * local / micro) micro-batches in one")
    }
    return Batch(global: global, micro: micro, count: rounds * local / micro)
  }

  /// Samples of a micro-batch of the pipeline: before release 0.2 their number was told.
  private mutating func microBatch(_ local: Int, _ degrees: Degrees) throws(InputError) -> Int {
    if let count = try options["parallelism.pipeline_parallel_microbatches"]?.int(1...1_000_000_000) {
      guard local.isMultiple(of: count) else {
        throw .conflict(
          at: options["parallelism.pipeline_parallel_microbatches"]?.place ?? file,
          problem: "\(local) samples do not divide into \(count) micro-batches", remedy: "change one of them")
      }
      return local / count
    }
    if let size = options["parallelism.pipeline_parallel_microbatch_size"] { return try size.int(1...1_000_000_000) }
    if let flag = context.microBatch { return flag }
    assumed.append("parallelism.pipeline_parallel_microbatch_size = 1, torchtitan's default")
    return 1
  }

  // MARK: plan

  /// The plan.
  mutating func plan(
    _ degrees: Degrees, _ batch: Batch, shape: ModelShape, cluster: Cluster
  ) throws(InputError) -> Plan {
    let pipeline = try TorchtitanPipeline.read(options, stages: degrees.pipeline, layers: shape.layers, at: file)
    assumed += pipeline.assumed
    let perStage = degrees.dataParallel * degrees.context * degrees.tensor
    let width = cluster.gpusPerNode
    guard perStage <= width || perStage.isMultiple(of: width) else {
      throw .conflict(
        at: file, problem: "stages of \(perStage) GPUs do not fill whole nodes of \(width)",
        remedy: "change a degree or --cluster")
    }
    let zero = try zero(isStaged: degrees.pipeline > 1)
    let recompute = try recompute()
    let isAlone = degrees.tensor == 1
    let stages = pipeline.layers.map { layers in
      let count =
        switch recompute {
        case .none: 0
        case .all: layers
        case .every(let step): layers / step
        }
      return StageChoice(
        layers: layers, nodes: max(1, perStage / width), gpusPerNode: min(perStage, width), microBatch: batch.micro,
        dataParallel: degrees.dataParallel, tensorParallel: degrees.tensor, zero: zero, checkpointedLayers: count,
        recompute: recompute == .all(.selectiveOperators) ? .selectiveOperators : .full)
    }
    let splits = try options["parallelism.enable_sequence_parallel"]?.bool() ?? true
    return Plan(
      gradientAccumulation: batch.count, stages: stages, schedule: pipeline.schedule,
      sequenceParallel: splits && !isAlone, contextParallel: degrees.context, interleave: pipeline.chunks)
  }

  /// What layers recompute.
  private enum Recompute: Equatable {
    /// None does.
    case none
    /// All do, of this kind.
    case all(RecomputeKind)
    /// Each so-many-th does, as a whole.
    case every(Int)
  }

  private mutating func recompute() throws(InputError) -> Recompute {
    guard let policy = options.stated("activation_checkpoint") else { return try recomputeMode() }
    guard !policy.isNull else { return .none }
    let name = try policy.string()
    if name.contains("FullAC") { return .all(.full) }
    if name.contains("SelectiveAC") { return .all(.selectiveOperators) }
    if name.contains("MemoryBudget") { return budget() }
    throw policy.wrong("FullAC.Config, SelectiveAC.Config or None")
  }

  private mutating func budget() -> Recompute {
    warnings.append(
      "activation_checkpoint: the compiler chooses what is recomputed within a budget: predicted without recomputation")
    return .none
  }

  /// The mode of releases up to 0.2, and the default where nothing is said.
  private mutating func recomputeMode() throws(InputError) -> Recompute {
    guard let mode = options["activation_checkpoint.mode"] else {
      assumed.append(
        "activation_checkpoint: \(source.isPython ? "SelectiveAC" : "selective, of every second layer"), torchtitan's "
          + "default")
      return source.isPython ? .all(.selectiveOperators) : .every(2)
    }
    switch try mode.string() {
    case "none": return .none
    case "full": return .all(.full)
    case "memory_budget": return budget()
    case "selective":
      guard let option = options["activation_checkpoint.selective_ac_option"] else {
        assumed.append("activation_checkpoint.selective_ac_option = 2, torchtitan's default")
        return .every(2)
      }
      guard case .scalar(let text, _) = option.content else { throw option.wrong("op or a whole number") }
      if text == "op" { return .all(.selectiveOperators) }
      guard let step = Int(text), (0...10_000).contains(step) else { throw option.wrong("op or a whole number") }
      return step < 2 ? .all(.full) : .every(step)
    default: throw mode.wrong("none, selective, full or memory_budget")
    }
  }

  private func zero(isStaged: Bool) throws(InputError) -> Int {
    guard let node = options["parallelism.fsdp_reshard_after_forward"] else { return isStaged ? 2 : 3 }
    switch try node.string() {
    case "always": return 3
    case "never": return 2
    case "default": return isStaged ? 2 : 3
    default: throw node.wrong("default, always or never")
    }
  }
}
