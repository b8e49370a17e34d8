extension PlanRules {
  /// The rules of sequence and context parallelism: each rank has an equal part of every sequence.
  func checkSequence(_ plan: Plan) throws(PlanError) {
    let context = plan.contextParallel
    let length = workload.run.sequenceLength
    func refuse(_ allowed: String) -> PlanError {
      .planValue(field: "contextParallel", found: "\(context)", allowed: allowed)
    }
    guard context >= 1 else { throw refuse("at least 1") }
    if context > 1 {
      guard workload.run.attention == .flash else {
        throw refuse("1 without flash attention: blocks of scores are combined by their log-sums")
      }
      guard workload.run.allows(contextParallel: context) else {
        throw refuse("half of a divisor of the sequence length \(length): a rank has a piece from each half")
      }
    }
    guard plan.sequenceParallel else { return }
    for (index, stage) in plan.stages.enumerated() {
      guard workload.run.splitsEvenly(contextParallel: context, tensorParallel: stage.tensorParallel) else {
        throw .value(
          stage: index, field: "tensorParallel", found: "\(stage.tensorParallel)",
          allowed: "a divisor of the \(length / context) tokens that it splits with sequence parallelism")
      }
    }
  }

  /// A tensor-parallel group lies inside a node, or fills whole nodes of the mesh.
  func liesOnWholeNodes(_ stage: StageChoice) -> Bool {
    let (tensor, width) = (stage.tensorParallel, max(1, stage.gpusPerNode))
    if tensor <= width { return width.isMultiple(of: tensor) }
    return tensor.isMultiple(of: width) && stage.nodes.isMultiple(of: tensor / width)
  }
}

extension TrainingRun {
  /// Whether so many ranks can split each sequence, attention included: with flash attention, in two equal pieces each.
  func allows(contextParallel: Int) -> Bool {
    guard contextParallel > 1 else { return contextParallel == 1 }
    return attention == .flash && contextParallel <= sequenceLength
      && sequenceLength.isMultiple(of: 2 * contextParallel)
  }

  /// Whether tensor-parallel ranks can split what a context-parallel rank has of a sequence.
  func splitsEvenly(contextParallel: Int, tensorParallel: Int) -> Bool {
    (sequenceLength / contextParallel).isMultiple(of: tensorParallel)
  }
}
