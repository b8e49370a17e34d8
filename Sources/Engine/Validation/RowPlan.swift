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

  /// Builds both; throws the first reason why the run cannot be predicted.
  init(_ row: MeasuredRow, conventions: RunConventions) throws(RowSkip) {
    try Self.checkModelled(row)
    let context = try RowContext(row, conventions: conventions)
    workload = context.workload
    let cluster = workload.cluster
    let stages = try row.stages.isEmpty ? Self.alikeStages(row, cluster) : Self.unlikeStages(row, cluster)
    let perStep = (stages.first?.microBatch ?? 1) * (stages.first?.dataParallel ?? 1)
    guard perStep > 0, workload.run.globalBatch % perStep == 0 else {
      throw RowSkip(
        reason: "its global batch \(workload.run.globalBatch) is not a multiple of \(perStep) samples a step")
    }
    plan = Plan(gradientAccumulation: workload.run.globalBatch / perStep, stages: stages)
  }

  // MARK: What is not modelled

  private static func checkModelled(_ row: MeasuredRow) throws(RowSkip) {
    func require(_ holds: Bool, _ reason: String) throws(RowSkip) {
      guard holds else { throw RowSkip(reason: reason) }
    }
    try require(row.contextParallel == 1, "context parallelism is not modelled")
    if row.pipelineParallel > 1 {
      guard let interleave = row.interleave else { throw RowSkip(reason: "its interleaving is not told") }
      try require(interleave == 1, "the interleaved schedule is not modelled")
    }
    if row.tensorParallel != 1 {
      try require(row.sequenceParallel != "true", "sequence parallelism is not modelled")
      try require(row.sequenceParallel == "false", "whether it ran sequence parallelism is not told")
    }
    let unlike = row.stages.allSatisfy { $0.layers != nil && $0.checkpointedLayers != nil }
    try require(unlike, "its stages hold fractions of layers, or recompute single operators")
    if row.stages.isEmpty {
      try require(row.recompute != "unknown", "what it recomputes is not told")
      try require(["full", "none"].contains(row.recompute), "selective recomputation is not modelled")
    }
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

  /// Stages of equal meshes, with layers as even as possible: earlier stages take what is left over.
  private static func alikeStages(_ row: MeasuredRow, _ cluster: Cluster) throws(RowSkip) -> [StageChoice] {
    guard let tp = row.tensorParallel else { throw RowSkip(reason: "its tensor-parallel degree is not told") }
    let pp = row.pipelineParallel
    let ranks = tp * row.dataParallel
    guard ranks * pp == row.gpuCount else {
      throw RowSkip(
        reason: "it contradicts itself: tp \(tp) x pp \(pp) x dp \(row.dataParallel) on \(row.gpuCount) GPUs")
    }
    let mesh = try mesh(ranks, cluster)
    let offload = try offload(row)
    let (each, rest) = row.model.layers.quotientAndRemainder(dividingBy: pp)
    return (0..<pp).map { stage in
      let layers = each + (stage < rest ? 1 : 0)
      return StageChoice(
        layers: layers, nodes: mesh.nodes, gpusPerNode: mesh.gpusPerNode, microBatch: row.microBatch ?? 1,
        dataParallel: row.dataParallel, tensorParallel: tp, zero: row.zero,
        checkpointedLayers: row.recompute == "full" ? layers : 0, offload: offload)
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
