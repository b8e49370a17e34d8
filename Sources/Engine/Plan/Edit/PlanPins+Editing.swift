extension PlanPins {
  /// The pins that hold a cell of a plan: all that allow or forbid values in one of its stages.
  public func holding(_ cell: PlanCell, of plan: Plan) -> [Pin] {
    pins.filter { pin in
      guard pin.knob == cell.knob else { return false }
      guard let stages = cell.stages else { return true }
      return stages.contains { pin.applies(to: $0, of: plan.stages.count) }
    }
  }

  /// Whether every stage of a cell of a plan is held by some pin.
  public func isHeld(_ cell: PlanCell, of plan: Plan) -> Bool {
    let found = holding(cell, of: plan)
    guard let stages = cell.stages else { return !found.isEmpty }
    return stages.allSatisfy { stage in found.contains { $0.applies(to: stage, of: plan.stages.count) } }
  }

  /// The pins without those on cells; a pin that holds in other stages too stays there, stage by stage.
  public func releasing(_ cells: [PlanCell], of plan: Plan) -> PlanPins {
    var left = self
    for cell in cells {
      left.pins = left.pins.flatMap { pin -> [Pin] in
        guard pin.knob == cell.knob, let stages = cell.stages else { return pin.knob == cell.knob ? [] : [pin] }
        let held = plan.stages.indices.filter { pin.applies(to: $0, of: plan.stages.count) }
        guard held.contains(where: stages.contains) else { return [pin] }
        return held.filter { !stages.contains($0) }.map { Pin(pin.knob, pin.values, at: .stage($0 + 1)) }
      }
    }
    return left
  }

  /// The pins, with these cells of a plan held at the values that they have in it.
  public func holding(_ cells: [PlanCell], as plan: Plan) -> PlanPins {
    var held = releasing(cells, of: plan)
    for cell in cells {
      guard let stages = cell.stages else {
        held.pins += cell.value(in: plan).map(cell.pins) ?? []
        continue
      }
      for stage in stages {
        let single = PlanCell(cell.knob, stage: stage)
        held.pins += single.value(in: plan).map(single.pins) ?? []
      }
    }
    return held
  }
}
