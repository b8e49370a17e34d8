extension PlanRules {
  /// The rules of schedules beside 1F1B: GPipe and ZB-H1 are of several stages of one chunk each, and ZB-H1 needs a
  /// micro-batch for each stage, or its weight gradients could not fill the drain.
  func checkSchedule(_ plan: Plan) throws(PlanError) {
    let name = plan.schedule.rawValue
    guard [.gpipe, .zeroBubble].contains(plan.schedule) else { return }
    guard plan.interleave == 1 else {
      throw .planValue(field: "interleave", found: "\(plan.interleave)", allowed: "1 with the schedule \(name)")
    }
    guard plan.stages.count > 1 else {
      throw .planValue(field: "schedule", found: name, allowed: "1f1b in a plan of one stage")
    }
    guard plan.schedule != .zeroBubble || plan.gradientAccumulation >= plan.stages.count else {
      throw .planValue(
        field: "gradientAccumulation", found: "\(plan.gradientAccumulation)",
        allowed: "at least the \(plan.stages.count) stages with the schedule \(name)")
    }
  }
}
