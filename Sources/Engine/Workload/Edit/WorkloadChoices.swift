/// A value that a choice of a workload may have, and what a plan is then worth.
public struct WorkloadChoice: Sendable {
  /// The value, and the workload with it.
  public var value: WorkloadValue
  /// The plan carried over with the least repair, scored there; nil where it cannot be carried.
  public var alone: ScoredPlan?
  /// What of the plan moved for it.
  public var moved: [PlanChange]
}

extension TuningSession {
  /// The values of a choice of the workload, each with what a plan of this session is worth there (`PlanCarrier`).
  ///
  /// What each is worth when the rest is searched again is a search of `edited(value.workload)`. Complexity: a score for
  /// each value; `cancel` leaves out the rest.
  public func choices(
    of knob: WorkloadKnob, for plan: Plan, pins: PlanPins = PlanPins(), cancel: CancelToken = CancelToken()
  ) -> [WorkloadChoice] {
    var found: [WorkloadChoice] = []
    for value in WorkloadEditor(workload).values(of: knob) where !cancel.isCancelled {
      var choice = WorkloadChoice(value: value, alone: nil, moved: [])
      if let carried = PlanCarrier(from: workload, to: value.workload, pins: pins).carried(plan),
        let score = try? edited(value.workload).score(carried)
      {
        choice.alone = ScoredPlan(plan: carried, score: score)
        choice.moved = PlanChange.all(from: plan, to: carried)
      }
      found.append(choice)
    }
    return found
  }
}

extension [WorkloadChoice] {
  /// The largest number whose plan fits; nil where none does, or where values are words.
  public func largestThatFits(_ knob: WorkloadKnob) -> WorkloadValue? {
    knob.isNumber ? last { $0.alone?.score.fits == true }?.value : nil
  }
}
