/// Degrees, stages, recomputation, sharding and offload.
extension MegatronArguments {
  /// The degrees that the options say.
  func degrees() throws(InputError) -> MegatronDegrees {
    let range = 1...100_000
    return MegatronDegrees(
      tensor: try count(.tensorParallel, range) ?? 1, context: try count(.contextParallel, range) ?? 1,
      stages: try count(.stages, range) ?? 1)
  }

  /// The plan, its batches and states still open.
  mutating func plan(
    _ shape: ModelShape, _ degrees: MegatronDegrees, gpus: Int, cluster: Cluster
  ) throws(InputError) -> Plan {
    let (layers, chunks) = try layers(shape, degrees)
    let (own, width) = (gpus / degrees.stages, cluster.gpusPerNode)
    guard own.isMultiple(of: width) || width.isMultiple(of: own) else {
      throw .conflict(
        at: place(of: .stages), problem: "stages of \(own) GPUs neither fill nodes of \(width) nor divide them",
        remedy: "change \(MegatronOption.stages.flag) or --cluster")
    }
    let recompute = try recomputation(layers, chunks)
    let stages = layers.enumerated().map { index, count in
      StageChoice(
        layers: count, nodes: max(1, own / width), gpusPerNode: min(own, width), microBatch: 1, dataParallel: 1,
        tensorParallel: degrees.tensor, zero: 0, checkpointedLayers: recompute.counts[index], recompute: recompute.kind)
    }
    return Plan(
      gradientAccumulation: 1, stages: stages,
      sequenceParallel: degrees.tensor > 1 ? try isOn(.sequenceParallel) : false,
      contextParallel: degrees.context, interleave: chunks)
  }

  /// Layers of each stage, and chunks of each GPU.
  private func layers(_ shape: ModelShape, _ degrees: MegatronDegrees) throws(InputError) -> ([Int], Int) {
    let stages = degrees.stages
    if let layout = try text(.layout) { return try laidOut(layout, shape, stages) }
    let counts = try counted(shape.layers, stages)
    var chunks = try count(.chunks, 1...10_000) ?? 1
    if let perChunk = try count(.chunkLayers, 1...10_000), let first = counts.first {
      guard first.isMultiple(of: perChunk) else {
        throw .conflict(
          at: place(of: .chunkLayers), problem: "\(first) layers of a stage are no multiple of \(perChunk)",
          remedy: "take a divisor")
      }
      chunks = first / perChunk
    }
    guard stages > 1 else { return (counts, 1) }
    return (counts, chunks)
  }

  private func laidOut(_ layout: String, _ shape: ModelShape, _ stages: Int) throws(InputError) -> ([Int], Int) {
    let place = place(of: .layout)
    let parts = try MegatronLayout.layers(layout, at: place)
    guard parts.count.isMultiple(of: stages) else {
      throw .conflict(
        at: place, problem: "\(parts.count) parts for \(stages) stages", remedy: "take a multiple of the stages")
    }
    let total = parts.reduce(0, +)
    guard total == shape.layers else {
      throw .conflict(
        at: place, problem: "\(total) layers in the layout, but the model has \(shape.layers)",
        remedy: "make them equal")
    }
    let chunks = parts.count / stages
    let counts = (0..<stages).map { stage in (0..<chunks).map { parts[$0 * stages + stage] } }
    guard counts.allSatisfy({ Set($0).count == 1 && $0[0] > 0 }) else {
      throw .unsupported(
        at: place, what: "a stage without transformer layers, or chunks of unlike sizes on one GPU",
        remedy: "give every part of a stage as many layers: others are not modelled")
    }
    return (counts.map { $0[0] * chunks }, chunks)
  }

  private func counted(_ total: Int, _ stages: Int) throws(InputError) -> [Int] {
    let (first, last) = (try count(.firstLayers, 1...100_000), try count(.lastLayers, 1...100_000))
    let (embedding, loss) = (try isOn(.countsEmbedding) ? 1 : 0, try isOn(.countsLoss) ? 1 : 0)
    guard first == nil && last == nil || embedding + loss == 0 else {
      throw .conflict(
        at: place(of: .countsEmbedding), problem: "layers of the first or last stage, and embedding or loss as layers",
        remedy: "Megatron-LM takes one of them")
    }
    if stages == 1 { return [total] }
    let ends = (first == nil ? 0 : 1) + (last == nil ? 0 : 1)
    let rest = total + embedding + loss - (first ?? 0) - (last ?? 0)
    let inner = stages - ends
    guard inner > 0 ? rest > 0 && rest.isMultiple(of: inner) : rest == 0 else {
      throw .conflict(
        at: place(of: .stages), problem: "\(rest) layers do not divide into \(inner) stages",
        remedy: "take a divisor, or \(MegatronOption.layout.flag)")
    }
    var counts = Array(repeating: inner > 0 ? rest / inner : 0, count: stages)
    if let first { counts[0] = first }
    if let last { counts[stages - 1] = last }
    counts[0] -= embedding
    counts[stages - 1] -= loss
    return counts
  }

  /// Layers of each stage that recompute, and what.
  private mutating func recomputation(_ layers: [Int], _ chunks: Int) throws(InputError) -> (
    counts: [Int], kind: RecomputeKind
  ) {
    let none = layers.map { _ in 0 }
    if try isOn(.checkpointActivations) {
      warnings.append(
        "\(MegatronOption.checkpointActivations.flag): read as full recomputation; today's Megatron-LM refuses it")
      return (layers, .full)
    }
    let granularity = try isOn(.recomputeActivations) ? "selective" : text(.recompute)
    switch granularity {
    case nil: return (none, .full)
    case "selective": return try selective() ? (layers, .selective) : (none, .full)
    case "full": break
    case let other?: throw .value(at: place(of: .recompute), found: "'\(other)'", expected: "full or selective")
    }
    guard let method = try text(.recomputeMethod), let number = try count(.recomputeLayers, 1...1_000_000) else {
      throw .missing(
        at: place(of: .recompute), key: MegatronOption.recomputeMethod.flag,
        expected: "block or uniform, with \(MegatronOption.recomputeLayers.flag), beside full recomputation")
    }
    switch method {
    case "block": return (layers.map { min(number, $0 / chunks) * chunks }, .full)
    case "uniform":
      if number > 1 {
        warnings.append(
          "\(MegatronOption.recomputeLayers.flag) \(number) uniformly: \(number) layers are recomputed at once from one "
            + "saved input, the prediction keeps the input of each and recomputes them one by one")
      }
      return (layers, .full)
    default: throw .value(at: place(of: .recomputeMethod), found: "'\(method)'", expected: "block or uniform")
    }
  }

  /// Whether selective recomputation recomputes attention; what else it recomputes is warned about.
  private mutating func selective() throws(InputError) -> Bool {
    guard let modules = options[MegatronOption.recomputeModules.key]?.values.map(\.text), !modules.isEmpty else {
      return true
    }
    let others = modules.filter { $0 != "core_attn" }
    if !others.isEmpty {
      warnings.append(
        "\(MegatronOption.recomputeModules.flag) \(others.joined(separator: " ")): recomputed too, which saves memory and "
          + "takes time that the prediction does not have")
    }
    return others.count < modules.count
  }

  /// ZeRO level and the share of the optimizer states on the host.
  mutating func fillStates(_ plan: inout Plan, _ workload: Workload) throws(InputError) {
    var isSharded = try isOn(.distributedOptimizer)
    for option in [MegatronOption.torchFSDP, .megatronFSDP, .customFSDP] where try isOn(option) {
      isSharded = true
      warnings.append(
        "\(option.flag): weights and gradients are sharded too; the prediction shards the optimizer alone")
    }
    var eighths = 0
    if try isOn(.offload) {
      let fraction = try options.double(MegatronOption.offloadFraction.key, in: 0...1) ?? 1
      eighths = Int((fraction * 8).rounded())
      if Double(eighths) / 8 != fraction {
        warnings.append("\(MegatronOption.offloadFraction.flag) \(fraction): counted as \(eighths)/8")
      }
      guard isSharded || eighths == 0 else {
        throw .conflict(
          at: place(of: .offload), problem: "optimizer states on the host without the distributed optimizer",
          remedy: "Megatron-LM asks for \(MegatronOption.distributedOptimizer.flag)")
      }
    }
    if eighths > 0, !RuntimeProfile.of(workload.run).offloads {
      warnings.append("\(MegatronOption.offload.flag): the runtime \(workload.run.runtime) prices none; it is left out")
      eighths = 0
    }
    for index in plan.stages.indices {
      plan.stages[index].zero = isSharded ? 1 : 0
      plan.stages[index].offload.optimizer = eighths
    }
  }
}
