extension PlanPins {
  /// Pins that hold a plan as it is but for some choices.
  ///
  /// Where the number of stages is free, what stages do not have alike cannot be held and is free too. Choices without
  /// effect are free: sequence parallelism where no tensor is split, the kind of recomputation where no layer
  /// recomputes, the ZeRO level of one rank. Layers that recompute are held as *all* or *none* where they are that in
  /// every stage and the layers are free. Complexity: O(stages).
  static func holding(_ plan: Plan, except free: Set<PlanKnob>) -> PlanPins {
    var pins: [Pin] = []
    // The number of chunks says which schedule it is.
    for knob in PlanKnob.allCases where !free.contains(knob) && knob != .schedule {
      if let value = knob.value(of: plan) {
        if knob != .sequenceParallel || plan.isSliced { pins.append(Pin(knob, PinValues(value))) }
      } else if !(knob == .recompute && !plan.recomputes) {
        pins += ofStages(knob, plan, free)
      }
    }
    return PlanPins(pins)
  }

  private static func ofStages(_ knob: PlanKnob, _ plan: Plan, _ free: Set<PlanKnob>) -> [Pin] {
    let stages = plan.stages
    if knob == .checkpointedLayers, free.contains(.layers) || free.contains(.stages) {
      if !plan.recomputes { return [Pin(knob, PinValues(0))] }
      if stages.allSatisfy({ $0.checkpointedLayers == $0.layers }) {
        return [Pin(knob, PinValues([0...0], isForbidden: true))]
      }
    }
    let values = stages.map { knob.value(of: $0) ?? 0 }
    let ranks = stages.map { $0.dataParallel * plan.contextParallel }
    let counts = stages.indices.filter { knob != .zero || ranks[$0] > 1 }
    guard let first = counts.first.map({ values[$0] }) else { return [] }
    if counts.allSatisfy({ values[$0] == first }) { return [Pin(knob, PinValues(first))] }
    guard !free.contains(.stages) else { return [] }
    return counts.map { Pin(knob, PinValues(values[$0]), at: .stage($0 + 1)) }
  }
}
