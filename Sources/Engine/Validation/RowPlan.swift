/// Why a measured run is not predicted.
struct RowSkip: Error, Equatable {
  /// The reason, for people.
  var reason: String
}

/// A measured run as a workload and a plan of this engine (docs/validation.md says which rows have none).
struct RowPlan {
  /// The question that the run answered.
  let workload: Workload
  /// What it ran.
  let plan: Plan
  /// What the row does not tell and is taken as usual, in words.
  let assumed: [String]

  /// Builds both; throws the first reason why the run cannot be predicted.
  init(_ row: MeasuredRow, conventions: RunConventions) throws(RowSkip) {
    try Self.checkModelled(row)
    let context = try RowContext(row, conventions: conventions)
    workload = context.workload
    let cluster = workload.cluster
    let tensorParallel = row.tensorParallel ?? row.stages.map(\.tensorParallel).max() ?? 1
    let stages =
      try row.stages.isEmpty
      ? Self.alikeStages(row, cluster, microBatch: context.microBatch) : Self.unlikeStages(row, cluster)
    let perStep = (stages.first?.microBatch ?? 1) * (stages.first?.dataParallel ?? 1)
    guard perStep > 0, workload.run.globalBatch % perStep == 0 else {
      throw RowSkip(
        reason: "its global batch \(workload.run.globalBatch) is not a multiple of \(perStep) samples a step")
    }
    var assumed = context.assumed
    let isRecent = context.runtime.gathersInputsAgain && context.runtime.reduction == .overlapped
    var sequenceParallel = row.sequenceParallel == "true" && tensorParallel > 1
    if row.sequenceParallel == "unknown" && tensorParallel > 1 {
      // Megatron Core's users turn it on with tensor parallelism; older software has none.
      sequenceParallel = isRecent
      assumed.append(isRecent ? "sequence parallelism" : "no sequence parallelism")
    }
    let chunks = row.interleave ?? (row.schedule?.lowercased().contains("interleaved") == true ? 2 : 1)
    if row.pipelineParallel > 1 && row.interleave == nil {
      assumed.append(chunks > 1 ? "two chunks a GPU, the fewest of an interleaved schedule" : "no interleaving")
    }
    self.assumed = assumed
    plan = Plan(
      gradientAccumulation: workload.run.globalBatch / perStep, stages: stages,
      sequenceParallel: sequenceParallel, contextParallel: row.contextParallel,
      interleave: try Self.interleave(row, chunks, microBatches: workload.run.globalBatch / perStep))
  }

  // MARK: What is not modelled

  private static func checkModelled(_ row: MeasuredRow) throws(RowSkip) {
    func require(_ holds: Bool, _ reason: String) throws(RowSkip) {
      guard holds else { throw RowSkip(reason: reason) }
    }
    let unlike = row.stages.allSatisfy { $0.layers != nil && $0.checkpointedLayers != nil }
    try require(unlike, "its stages hold fractions of layers, or recompute single operators")
    if row.stages.isEmpty {
      try require(row.recompute != "unknown", "what it recomputes is not told")
      try require(recomputation(row.recompute) != nil, "recomputation '\(row.recompute)' is not modelled")
    }
  }

  /// Model chunks a GPU, by Megatron-LM's rules: it runs whole groups of micro-batches through chunks of equal layers.
  private static func interleave(
    _ row: MeasuredRow, _ chunks: Int, microBatches: Int
  ) throws(RowSkip) -> Int {
    guard row.pipelineParallel > 1, chunks > 1 else { return 1 }
    guard row.model.layers.isMultiple(of: row.pipelineParallel * chunks) else {
      let split = "\(row.model.layers) layers in \(row.pipelineParallel) x \(chunks) chunks"
      throw RowSkip(
        reason: row.interleave == nil
          ? "unequal chunks are not modelled: \(split)" : "it contradicts itself: \(split)")
    }
    guard microBatches.isMultiple(of: row.pipelineParallel) else {
      throw RowSkip(
        reason:
          "it contradicts itself: interleaved, with \(microBatches) micro-batches on \(row.pipelineParallel) stages")
    }
    return chunks
  }

  // MARK: Machine

  /// The mesh of a stage with that many GPUs.
  private static func mesh(_ gpus: Int, _ cluster: Cluster) throws(RowSkip) -> (nodes: Int, gpusPerNode: Int) {
    if gpus <= cluster.gpusPerNode { return (1, gpus) }
    guard gpus % cluster.gpusPerNode == 0 else {
      throw RowSkip(reason: "a stage of \(gpus) GPUs does not fill whole nodes of \(cluster.gpusPerNode)")
    }
    return (gpus / cluster.gpusPerNode, cluster.gpusPerNode)
  }

  // MARK: Stages

  /// What recomputed layers recompute, and that each n-th layer is one; none where n is 0.
  private struct Recomputation {
    var kind: RecomputeKind
    var every: Int
  }

  /// What the table's words mean; nil for others. torchtitan recomputes every second layer, or chooses operators.
  private static func recomputation(_ text: String) -> Recomputation? {
    switch text {
    case "none": return Recomputation(kind: .full, every: 0)
    case "full": return Recomputation(kind: .full, every: 1)
    case "selective": return Recomputation(kind: .selective, every: 1)
    case "selective layer": return Recomputation(kind: .full, every: 2)
    case _ where text == "selective op" || text.hasPrefix("selective (torchtitan per-op"):
      return Recomputation(kind: .selectiveOperators, every: 1)
    default: return nil
    }
  }

  /// Stages of equal meshes, with layers as even as possible: earlier stages take what is left over.
  private static func alikeStages(
    _ row: MeasuredRow, _ cluster: Cluster, microBatch: Int
  ) throws(RowSkip) -> [StageChoice] {
    guard let tp = row.tensorParallel else { throw RowSkip(reason: "its tensor-parallel degree is not told") }
    let pp = row.pipelineParallel
    let ranks = tp * row.dataParallel * row.contextParallel
    guard ranks * pp == row.gpuCount else {
      let context = row.contextParallel > 1 ? " x cp \(row.contextParallel)" : ""
      throw RowSkip(
        reason: "it contradicts itself: tp \(tp) x pp \(pp) x dp \(row.dataParallel)\(context) on "
          + "\(row.gpuCount) GPUs")
    }
    let recomputed = recomputation(row.recompute) ?? Recomputation(kind: .full, every: 1)
    let mesh = try mesh(ranks, cluster)
    let offload = try offload(row)
    let (each, rest) = row.model.layers.quotientAndRemainder(dividingBy: pp)
    return (0..<pp).map { stage in
      let layers = each + (stage < rest ? 1 : 0)
      return StageChoice(
        layers: layers, nodes: mesh.nodes, gpusPerNode: mesh.gpusPerNode, microBatch: microBatch,
        dataParallel: row.dataParallel, tensorParallel: tp, zero: row.zero,
        checkpointedLayers: recomputed.every == 0 ? 0 : layers / recomputed.every,
        recompute: recomputed.kind, offload: offload)
    }
  }

  /// What a row of alike stages keeps on the host, in the words of DeepSpeed: whole states, and checkpoints.
  private static func offload(_ row: MeasuredRow) throws(RowSkip) -> Offload {
    if row.offload == "none" { return Offload() }
    let parts = row.offload.split(separator: " ").map(String.init)
    let states = parts.first.map { $0.split(separator: "+").map(String.init) } ?? []
    guard !states.isEmpty, states.allSatisfy({ ["optimizer", "params"].contains($0) }) else {
      throw RowSkip(reason: "which share of its states lies on the host is not told")
    }
    return Offload(
      weights: states.contains("params") ? 8 : 0, gradients: 0, optimizer: states.contains("optimizer") ? 8 : 0,
      activations: parts.contains("checkpoint-in-cpu") ? 8 : 0)
  }

  private static func unlikeStages(_ row: MeasuredRow, _ cluster: Cluster) throws(RowSkip) -> [StageChoice] {
    var found: [StageChoice] = []
    for stage in row.stages {
      let mesh = try mesh(stage.gpus, cluster)
      let eighths = stage.offload.map { $0 * 8 }
      guard eighths.count == 4, eighths.allSatisfy({ $0 == $0.rounded() }) else {
        throw RowSkip(reason: "it offloads shares that are no eighths")
      }
      found.append(
        StageChoice(
          layers: stage.layers ?? 0, nodes: mesh.nodes, gpusPerNode: mesh.gpusPerNode,
          microBatch: stage.microBatch ?? row.microBatch ?? 1, dataParallel: stage.dataParallel,
          tensorParallel: stage.tensorParallel, zero: stage.zero ?? row.zero,
          checkpointedLayers: stage.checkpointedLayers ?? 0,
          offload: Offload(
            weights: Int(eighths[0]), gradients: Int(eighths[1]), optimizer: Int(eighths[2]),
            activations: Int(eighths[3]))))
    }
    return found
  }
}
