import Foundation
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
    var done = 0
    while done < LaunchRoundTrip.count, let found = plans.next() {
      guard Launcher.torchtitan.refusals(found.plan, of: found.workload).isEmpty else { continue }
      done += 1
      try check(found, "torchtitan-\(done)")
    }
    #expect(done == LaunchRoundTrip.count)
  }

  @Test("so do plans with GPipe and ZB-H1", arguments: [PipelineSchedule.gpipe, .zeroBubble])
  func schedules(_ schedule: PipelineSchedule) throws {
    var plans = try RandomLaunchPlans(.torchtitan, seed: 8, choices: choices)
    var done = 0
    while done < 8, var found = plans.next() {
      found.plan.schedule = schedule
      guard (try? PlanRules(workload: found.workload).check(found.plan)) != nil,
        Launcher.torchtitan.refusals(found.plan, of: found.workload).isEmpty
      else { continue }
      done += 1
      try check(found, "torchtitan-\(schedule.rawValue)-\(done)")
    }
    #expect(done == 8)
  }

  private func check(_ found: LaunchCase, _ name: String) throws {
    let job = try LaunchRoundTrip.job(found)
    let files = Launcher.torchtitan.exporter.files(job)
    let script = try #require(files.first { $0.name == "train.sh" })
    try LaunchRoundTrip.leave(files, of: job, as: name)
    try LaunchRoundTrip.inFolder { folder in
      try LaunchRoundTrip.write(files, to: folder)
      let cluster = found.workload.cluster
      let context = LaunchContext(
        file: "train.sh", folder: folder.path,
        cluster: "\(cluster.nodes)x\(cluster.gpusPerNode)x\(cluster.nodeType.name)")
      let read = try Launcher.torchtitan.importer.read(script.text, context)
      try LaunchRoundTrip.check(read, found, job, "\(name): \(found.plan) of \(found.workload.model.name)")
      #expect(read.warnings == [], "\(name)")
    }
  }
}
