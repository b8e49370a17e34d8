import Testing

@testable import Engine

/// Plans that are exported for Mist and read back.
@Suite struct MistRoundTripTests {
  @Test("random plans of the space come back as they were, with the same score, on the cluster of the hardware block")
  func randomPlans() throws {
    var choices = RandomLaunchPlans.Choices()
    choices.models = ["gpt-1.3b", "gpt-22b", "llama-7b", "falcon-7b", "llama-3-8b", "qwen-2.5-7b", "gpt-3-175b"]
    choices.precisions = [.fp16, .fp16, .bf16]
    var plans = try RandomLaunchPlans(.mist, seed: 11, choices: choices)
    var (done, tries) = (0, 0)
    while done < LaunchRoundTrip.trials, tries < 20_000, let found = plans.next() {
      tries += 1
      guard Launcher.mist.refusals(found.plan, of: found.workload).isEmpty else { continue }
      done += 1
      let files = try LaunchRoundTrip.files(found, .mist)
      try LaunchRoundTrip.leave(files, of: found, as: "mist-\(done)")
      // By the script, with all flags.
      try check(try LaunchRoundTrip.read(files, of: found.workload, .mist), found)
      // By the YAML alone: idle nodes are not in it.
      guard found.plan.idleNodes(of: found.workload.cluster) == 0 else { continue }
      let config = try #require(files.first { $0.name == "mist.yaml" })
      try check(try MistImporter().read(config.text, LaunchContext(file: "mist.yaml")), found)
    }
    #expect(done == LaunchRoundTrip.trials)
  }

  private func check(_ read: LaunchImport, _ found: LaunchCase) throws {
    try LaunchRoundTrip.check(read, against: found)
    #expect(read.unknown == [] && read.warnings == [], "\(read.unknown) \(read.warnings)")
    #expect(read.workload.cluster == found.workload.cluster)
  }
}
