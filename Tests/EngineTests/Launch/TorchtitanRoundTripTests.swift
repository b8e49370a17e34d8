import Testing

@testable import Engine

/// Plans that are exported for torchtitan and read back.
@Suite struct TorchtitanRoundTripTests {
  private var choices: RandomLaunchPlans.Choices {
    var choices = RandomLaunchPlans.Choices()
    choices.models = [
      "llama-7b", "llama-2-7b", "llama-3-8b", "llama-3-70b", "qwen-2.5-1.5b", "qwen-2.5-7b", "mistral-7b",
    ]
    choices.precisions = [.bf16, .bf16, .fp8]
    choices.attentions = [.flash]
    choices.dropouts = [0]
    return choices
  }

  @Test("random plans of the space come back as they were, with the same score")
  func randomPlans() throws {
    var plans = try RandomLaunchPlans(.torchtitan, seed: 7, choices: choices)
    var (done, tries) = (0, 0)
    while done < LaunchRoundTrip.trials, tries < 20_000, let found = plans.next() {
      tries += 1
      guard Launcher.torchtitan.refusals(found.plan, of: found.workload).isEmpty else { continue }
      done += 1
      try check(found, "torchtitan-\(done)")
    }
    #expect(done == LaunchRoundTrip.trials)
  }

  @Test("so do plans with GPipe and ZB-H1", arguments: [PipelineSchedule.gpipe, .zeroBubble])
  func schedules(_ schedule: PipelineSchedule) throws {
    var plans = try RandomLaunchPlans(.torchtitan, seed: 8, choices: choices)
    var (done, tries) = (0, 0)
    while done < 8, tries < 1_000, var found = plans.next() {
      tries += 1
      found.plan.schedule = schedule
      guard (try? PlanRules(workload: found.workload).check(found.plan)) != nil,
        Launcher.torchtitan.refusals(found.plan, of: found.workload).isEmpty
      else { continue }
      done += 1
      try check(found, "torchtitan-\(schedule.rawValue)-\(done)")
    }
    #expect(done == 8)
  }

  @Test("random plans of all models are refused by name or come back")
  func allModels() throws {
    var plans = try RandomLaunchPlans(.torchtitan, seed: 9)
    for _ in 0..<40 {
      let next = plans.next()
      let found = try #require(next)
      let refusals = Launcher.torchtitan.refusals(found.plan, of: found.workload)
      #expect(refusals.allSatisfy { !$0.what.isEmpty && !$0.why.isEmpty })
      if refusals.isEmpty { try check(found, "torchtitan-any") }
    }
  }

  private func check(_ found: LaunchCase, _ name: String) throws {
    let files = try LaunchRoundTrip.files(found, .torchtitan)
    try LaunchRoundTrip.leave(files, of: found, as: name)
    let read = try LaunchRoundTrip.read(files, of: found.workload, .torchtitan)
    try LaunchRoundTrip.check(read, against: found)
    #expect(read.unknown == [] && read.warnings == [], "\(name): \(read.unknown) \(read.warnings)")
  }
}
