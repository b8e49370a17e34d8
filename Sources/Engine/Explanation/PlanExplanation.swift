/// The numbers of a plan's score as trees that add up (`brume explain`).
public struct PlanExplanation: Sendable {
  /// Seconds of an iteration.
  public var time: ExplanationNode
  /// Reserved bytes of the fullest stage.
  public var memory: ExplanationNode
  /// The score that the trees explain.
  public let score: PlanScore
  /// Its plan.
  public let plan: Plan
  /// The workload of the plan.
  public let workload: Workload
  /// Seconds of an iteration in which each stage has nothing to do.
  let waitingSeconds: [Double]
  /// Per stage: t, d and reserved memory.
  public var stages: [(stable: ExplanationNode, delta: ExplanationNode, reserved: ExplanationNode)]

  /// Explains the score of a plan; throws where the plan breaks a rule.
  ///
  /// Complexity: tracing the model once, and some hundred small expressions a stage.
  public init(workload: Workload, plan: Plan) throws(PlanError) {
    var scorer = PlanScorer(model: StageModel(workload: workload))
    let scored = try scorer.evaluate(plan)
    score = scored.score
    (self.plan, self.workload) = (plan, workload)
    waitingSeconds = scored.timeline.waitingSeconds
    stages = []
    for (index, stageScore) in score.stages.enumerated() {
      let (reading, setting, inputs) = scorer.reading(plan, index)
      let stage = StageExplanation(
        model: scorer.model, reading: reading, setting: setting, inputs: inputs, score: stageScore,
        number: index + 1)
      stages.append((stage.stable, stage.delta, stage.reserved))
    }
    time = Self.iteration(score, plan, stages.map(\.stable), stages.map(\.delta))
    memory = ExplanationNode(
      name: "reserved", formula: "the fullest stage", value: score.peakReservedBytes, unit: .bytes,
      combination: .maximum, children: stages.map(\.reserved), sources: [])
  }

  /// The tree of a term: `time`, `memory`, `t`, `d`, a figure of the plan by its name (`WhyFigure`), or the name of a part
  /// of them; nil where there is none.
  ///
  /// `stage` (from 1) limits it to a stage; `t` and `d` without one are those of the slowest stage and of the stage with
  /// the largest d.
  public func term(_ name: String, stage: Int? = nil) -> ExplanationNode? {
    let chosen = stage.flatMap { stages.indices.contains($0 - 1) ? [stages[$0 - 1]] : nil } ?? stages
    func largest(_ part: (Int) -> ExplanationNode) -> ExplanationNode? {
      chosen.indices.map(part).max { $0.value < $1.value }
    }
    switch name {
    case "time" where stage == nil: return time
    case "memory" where stage == nil: return memory
    case "t", "time": return largest { chosen[$0].stable }
    case "d": return largest { chosen[$0].delta }
    case "memory": return largest { chosen[$0].reserved }
    default:
      if stage == nil, let figure = WhyFigure.named(name) { return tree(figure) }
      let roots = stage == nil ? [time, memory] : chosen.flatMap { [$0.stable, $0.delta, $0.reserved] }
      return roots.lazy.compactMap { $0.first(named: name) }.first
    }
  }

  private static func iteration(
    _ score: PlanScore, _ plan: Plan, _ stable: [ExplanationNode], _ delta: [ExplanationNode]
  ) -> ExplanationNode {
    let filled = stable.reduce(0) { $0 + $1.value }
    let slowest = ExplanationNode(
      name: "the slowest stage", formula: "max t", value: stable.map(\.value).max() ?? 0, unit: .seconds,
      combination: .maximum, children: stable.map { .leaf($0.name, $0.value, formula: "as above") }, sources: [])
    let rounds = Double(plan.gradientAccumulation - 1)
    let closed = ExplanationNode.remainder(
      "closed form", score.closedFormSeconds,
      [
        .sum("each stage once", filled, stable, formula: "sum of t"),
        .times(rounds, slowest, "\(plan.gradientAccumulation - 1) further rounds of the slowest"),
        exposed(stable, delta, score),
      ].filter { $0.value != 0 }, rest: "of the schedule", formula: "sum t + (G-1)*max t + max(0, d - t before)")
    return .remainder(
      "iteration", score.iterationSeconds, [closed], rest: "simulated schedule against it",
      formula: "simulated schedule", restFormula: "simulated - closed form")
  }

  /// What the extra of first and last micro-batches exposes: the largest of what does not hide while the pipeline fills.
  ///
  /// Where weight gradients are apart (ZB-H1) twice theirs of each earlier stage do not hide it.
  private static func exposed(
    _ stable: [ExplanationNode], _ delta: [ExplanationNode], _ score: PlanScore
  ) -> ExplanationNode {
    var before = 0.0
    var parts = [ExplanationNode.leaf("nothing", 0)]
    for (index, (t, d)) in zip(stable, delta).enumerated() {
      let hidden = ExplanationNode.leaf("hides while earlier stages fill", -before, formula: "-sum of t before")
      parts.append(.sum("stage \(index + 1)", d.value - before, [d, hidden], formula: "d - t before"))
      before += t.value - 2 * score.stages[index].weightGradientSeconds
    }
    return ExplanationNode(
      name: "exposed extra of a stage", formula: "max(0, d - t before)",
      value: parts.map(\.value).max() ?? 0, unit: .seconds, combination: .maximum, children: parts, sources: [])
  }
}
