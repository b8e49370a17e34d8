import Testing

@testable import Engine

/// A workload with its best plan, and plans that random edits make of it.
struct AnalysisCase {
  let session: TuningSession
  let best: ScoredPlan

  var workload: Workload { session.workload }

  init(session: TuningSession, best: ScoredPlan) {
    (self.session, self.best) = (session, best)
  }

  init(_ name: String) throws {
    session = TuningSession(workload: try WorkloadSource.load(name), now: { 0 })
    best = try #require(session.tune(TuneRequest(threads: 1, alternatives: 0)).best)
  }

  /// The plan after some random edits that keep the rules.
  func edited(_ plan: Plan, edits: Int, _ random: inout SymbolicRandom) -> Plan {
    let editor = PlanEditor(workload: workload)
    var plan = plan
    var left = edits
    for _ in 0..<50 * edits where left > 0 {
      let knob = PlanKnob.allCases[random.below(PlanKnob.allCases.count)]
      let cell = PlanCell(knob, stage: random.below(plan.stages.count))
      let values = editor.values(of: cell, in: plan, space: .everything)
      guard !values.isEmpty else { continue }
      guard let next = try? editor.setting(cell, to: values[random.below(values.count)], in: plan), next != plan
      else { continue }
      plan = next
      left -= 1
    }
    return plan
  }
}
