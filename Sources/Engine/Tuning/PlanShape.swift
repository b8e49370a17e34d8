/// The choices that hold for the whole plan in spaces with equal meshes: one problem between the stages each.
struct PlanShape: Hashable {
  /// Micro-batches per iteration [G].
  var microBatches: Int
  /// Stages [S].
  var stages: Int
  /// Nodes of a stage's mesh.
  var nodes: Int
  /// GPUs on each of them.
  var gpusPerNode: Int
  /// Tensor-parallel degree [tp].
  var tensorParallel: Int
  /// Samples of one micro-batch on one rank [b].
  var microBatch: Int
  /// Tensor-parallel ranks split the sequence outside their products.
  var sequenceParallel = false
  /// Context-parallel degree [cp].
  var contextParallel = 1
  /// Model chunks on each GPU [v].
  var interleave = 1
  /// Schedule; 1F1B where stages are interleaved.
  var schedule = PipelineSchedule.oneForwardOneBackward

  /// Data-parallel degree [dp].
  var dataParallel: Int { nodes * gpusPerNode / (tensorParallel * contextParallel) }

  /// GPUs of one stage.
  var gpusPerStage: Int { nodes * gpusPerNode }

  /// The setting that a stage's cost is compiled for where its recomputed layers recompute `recompute`.
  func setting(_ recompute: RecomputeKind = .full) -> StageSetting {
    StageSetting(
      microBatch: microBatch, tensorParallel: tensorParallel, dataParallel: dataParallel, microBatches: microBatches,
      nodes: nodes, gpusPerNode: gpusPerNode, contextParallel: contextParallel, sequenceParallel: sequenceParallel,
      recompute: recompute)
  }

  /// How it is written in progress lines.
  var label: String {
    "G \(microBatches), S \(stages), tp \(tensorParallel), b \(microBatch)" + (sequenceParallel ? ", sp" : "")
      + (contextParallel > 1 ? ", cp \(contextParallel)" : "") + (interleave > 1 ? ", v \(interleave)" : "")
      + (schedule == .oneForwardOneBackward ? "" : ", \(schedule.rawValue)")
  }

  /// Stage `index` is followed by a stage whose first GPU is on the node of its last GPU; the last one by the first.
  func nextIsOnSameNode(stage index: Int, clusterGPUsPerNode: Int) -> Bool {
    let lastGPU = (index + 1) * gpusPerStage - 1
    let nextGPU = index == stages - 1 ? 0 : lastGPU + 1
    return lastGPU / clusterGPUsPerNode == nextGPU / clusterGPUsPerNode
  }

  /// Position of stage `index` with `layers` layers.
  func position(stage index: Int, layers: Int) -> StagePosition {
    StagePosition(
      layers: layers, isFirst: index == 0, isLast: index == stages - 1,
      activations: ActivationsInFlight(
        stage: index, stages: stages, microBatches: microBatches, chunks: interleave, schedule: schedule))
  }
}

extension ModelShape {
  /// Whether heads, MLP and vocabulary can be sliced by `tensorParallel` (KV heads are replicated where tp is larger).
  func allows(tensorParallel: Int) -> Bool {
    heads % tensorParallel == 0 && feedForward % tensorParallel == 0 && vocabulary % tensorParallel == 0
      && (keyValueHeads % tensorParallel == 0 || tensorParallel % keyValueHeads == 0)
  }
}
