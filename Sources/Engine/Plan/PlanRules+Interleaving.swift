extension PlanRules {
  /// The rules of the interleaved schedule, as Megatron-LM has them: several stages, alike in layers, mesh and degrees;
  /// chunks of equal layers; micro-batches in whole groups of one for each stage.
  ///
  /// Recomputed layers are those of equal chunks too. ZeRO levels and offload may differ from stage to stage.
  func checkInterleaving(_ plan: Plan) throws(PlanError) {
    let chunks = plan.interleave
    guard chunks != 1 else { return }
    guard chunks > 1 else { throw .planValue(field: "interleave", found: "\(chunks)", allowed: "at least 1") }
    guard let first = plan.stages.first, plan.stages.count > 1 else {
      throw .planValue(field: "interleave", found: "\(chunks)", allowed: "1 in a plan of one stage")
    }
    guard plan.gradientAccumulation.isMultiple(of: plan.stages.count) else {
      throw .planValue(
        field: "gradientAccumulation", found: "\(plan.gradientAccumulation)",
        allowed: "a multiple of the \(plan.stages.count) stages where they are interleaved")
    }
    for (index, stage) in plan.stages.enumerated() {
      let alike = [
        ("layers", stage.layers, first.layers), ("nodes", stage.nodes, first.nodes),
        ("gpusPerNode", stage.gpusPerNode, first.gpusPerNode), ("microBatch", stage.microBatch, first.microBatch),
        ("dataParallel", stage.dataParallel, first.dataParallel),
        ("tensorParallel", stage.tensorParallel, first.tensorParallel),
      ]
      for (field, found, expected) in alike where found != expected {
        throw .value(
          stage: index, field: field, found: "\(found)", allowed: "\(expected) as in stage 1: they are interleaved")
      }
      for (field, count) in [("layers", stage.layers), ("checkpointedLayers", stage.checkpointedLayers)]
      where !count.isMultiple(of: chunks) {
        throw .value(
          stage: index, field: field, found: "\(count)", allowed: "a multiple of the \(chunks) interleaved chunks")
      }
    }
  }
}
