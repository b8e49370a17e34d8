/// The spaces between a baseline and Mist's, each with one knob more (docs/spaces.md, "One knob at a time").
public struct Ablation: Sendable, Equatable {
  /// A space, and what was switched on last.
  public struct Step: Sendable, Equatable {
    /// What was switched on: `ZeRO 2 and 3`; of the first step the name of the baseline.
    public var knob: String
    /// The space with this and all knobs before it.
    public var space: SearchSpace
  }

  /// From the baseline to Mist's space: every step contains the one before it.
  public var steps: [Step]

  /// The steps from one space to another, which has the values of its knobs.
  ///
  /// - Parameters:
  ///   - baseline: its kinds of recomputation are those of `goal`: only choices that both know are compared.
  ///   - goal: the space of the last step.
  public init(from baseline: SearchSpace = .named("megatron-lm") ?? .mist, to goal: SearchSpace = .mist) {
    var space = baseline
    space.recomputeKinds = baseline.recomputeKinds.filter(goal.recomputeKinds.contains)
    steps = [Step(knob: baseline.name, space: space)]
    func turn(_ knob: String, _ change: (inout SearchSpace) -> Void) {
      change(&space)
      space.name = "\(baseline.name) + \(knob)"
      space.summary = knob
      steps.append(Step(knob: knob, space: space))
    }
    turn("ZeRO 2 and 3") {
      $0.zeroLevels = goal.zeroLevels
      $0.stagedZeroLevels = goal.stagedZeroLevels
    }
    turn("any checkpointed layers") {
      $0.checkpointing = goal.checkpointing
      $0.recomputeKinds = goal.recomputeKinds
    }
    turn("layers and ZeRO of each stage") {
      $0.statesAlike = goal.statesAlike
      $0.layerRule = goal.layerRule
      $0.layerSlack = goal.layerSlack
    }
    turn("optimizer offload") {
      $0.optimizerEighths = goal.optimizerEighths
      $0.stagedOffload = goal.stagedOffload
    }
    turn("activation offload") { $0.activationEighths = goal.activationEighths }
    turn("gradient offload") { $0.gradientEighths = goal.gradientEighths }
    turn("weight offload") {
      $0.weightEighths = goal.weightEighths
      $0.weightsNeedGradients = goal.weightsNeedGradients
    }
  }
}
