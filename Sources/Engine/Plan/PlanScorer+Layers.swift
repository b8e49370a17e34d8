extension PlanScorer {
  /// The passes of every stage of a plan that keeps the rules, layer by layer: per stage, of each of its chunks.
  ///
  /// - Complexity: substituting some hundred expressions a stage that differs from those before it.
  mutating func layers(_ plan: Plan) -> [[StageLayers]] {
    var known: [StageKey: [StageLayers]] = [:]
    return plan.stages.indices.map { index in
      let key = StageKey(
        choice: plan.stages[index], isFirst: index == 0, isLast: index == plan.stages.count - 1)
      if let found = known[key] { return found }
      let found = layers(plan, index)
      known[key] = found
      return found
    }
  }

  /// What the passes of a stage depend on within a plan.
  private struct StageKey: Hashable {
    var choice: StageChoice
    var isFirst: Bool
    var isLast: Bool
  }

  private mutating func layers(_ plan: Plan, _ index: Int) -> [StageLayers] {
    let (reading, setting, inputs) = reading(plan, index)
    var fixed = setting.values(model.variables, on: model.workload.cluster)
    for (variable, value) in zip(model.variables.strategy, inputs) { fixed[variable] = value }
    let expressions = PassLayersTrace.expressions(model.trace, model.operators)
    let constants = Expression.substituting(fixed, in: expressions)
    let values = Dictionary(
      zip(expressions, constants.map { $0.constantValue ?? .nan }), uniquingKeysWith: { first, _ in first })
    return (0..<plan.interleave).map { chunk in
      layers(chunk, of: plan.interleave, reading: reading, values: values)
    }
  }

  /// The passes of a chunk; what a runtime does after the last backward follows that of chunk 0, the stage's last pass.
  private func layers(
    _ chunk: Int, of count: Int, reading: ScoreReading, values: [Expression: Double]
  ) -> StageLayers {
    let whole = reading.formula
    let position = count > 1 ? whole.position.chunk(chunk, of: count) : whole.position
    let trace = PassLayersTrace(
      formula: StageFormula(position: position, constants: whole.constants, tied: whole.tied),
      checkpointed: reading.checkpointed / count, interference: model.trace.interference,
      overlapsCollectives: model.trace.overlapsCollectives, values: values)
    let slots = model.trace.parts()
    func pass(
      _ slots: PassSlots<[SlotPart]>, isForward: Bool, after work: SlotTrace.EndWork? = nil, of end: StagePosition
    ) -> PassLayers {
      trace.pass(
        slots, model.operators, isForward: isForward, after: work, endLayers: end.layers,
        end: (end.isFirst, end.isLast && !whole.tied))
    }
    let serial = model.trace.serialReduction.map { SlotTrace.EndWork(collective: $0) }
    var layers = StageLayers()
    layers.forwardFirst = pass(slots.forwardFirst, isForward: true, of: position)
    layers.forward = pass(slots.forward, isForward: true, of: position)
    layers.backward = pass(slots.backward, isForward: false, after: serial, of: position)
    layers.backwardLast = pass(
      slots.backwardLast, isForward: false, after: chunk == 0 ? model.trace.end : nil, of: whole.position)
    return layers
  }
}
