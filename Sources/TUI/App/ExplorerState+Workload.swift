import Engine

/// Editing the question.
extension ExplorerState {
  /// The choices in the row of the run, from the left.
  static let runKnobs: [WorkloadKnob] = [
    .batch, .sequence, .nodes, .gpusPerNode, .cluster, .precision, .attention, .launcher, .memoryShare,
  ]

  /// Sets a choice of the workload: the person's own plan is carried over, and the optimum searched again.
  ///
  /// What was shown before is the reference from then on, unless the person has chosen one.
  mutating func edit(_ knob: WorkloadKnob, _ changed: Workload, plan solved: Plan? = nil) -> [Effect] {
    let before = shown
    let carrier = PlanCarrier(from: workload, to: changed, pins: request.pins)
    let own = plans.edited ?? plans.taken?.plan
    let carried = solved ?? own.flatMap(carrier.carried)
    let request = request
    let workload = workload
    let effects = edit("\(knob.rawValue)=\(knob.text(of: changed))") { draft in
      draft.workload = changed
      draft.plan = carried
      draft.reference = draft.reference ?? before
      draft.space = request.edited(from: workload, to: changed).space
    }
    guard own != nil, carried == nil else { return effects }
    return effects + say("your plan has no like there: the best one is shown", .warning)
  }

  /// The next value of a choice of the workload.
  mutating func step(_ knob: WorkloadKnob, up: Bool) -> [Effect] {
    let editor = WorkloadEditor(workload)
    // Words have no order: after the last comes the first.
    let values = knob.isNumber ? [] : editor.values(of: knob)
    let around = up ? values.first?.workload : values.last?.workload
    guard let changed = editor.step(knob, by: up ? 1 : -1) ?? around else {
      return say("\(knob.title) has no \(up ? "higher" : "lower") value here; Enter takes any", .warning)
    }
    return edit(knob, changed)
  }
}
