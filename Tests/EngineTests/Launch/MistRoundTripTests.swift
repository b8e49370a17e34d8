import Foundation
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
    var done = 0
    while done < LaunchRoundTrip.count, let found = plans.next() {
      guard Launcher.mist.refusals(found.plan, of: found.workload).isEmpty else { continue }
      done += 1
      let job = try LaunchRoundTrip.job(found)
      let files = Launcher.mist.exporter.files(job)
      try LaunchRoundTrip.leave(files, of: job, as: "mist-\(done)")
      let config = try #require(files.first { $0.name == "mist.yaml" })
      let cluster = found.workload.cluster
      let label = "\(cluster.nodes)x\(cluster.gpusPerNode)x\(cluster.nodeType.name)"
      // Idle nodes are not in the file.
      let isWhole = job.nodes == cluster.nodes
      let context = LaunchContext(file: "mist.yaml", cluster: isWhole && done.isMultiple(of: 2) ? nil : label)
      let read = try Launcher.mist.importer.read(config.text, context)
      try LaunchRoundTrip.check(read, found, job, "plan \(done): \(found.plan) of \(found.workload.model.name)")
      #expect(read.warnings == [], "plan \(done)")
      #expect(read.workload.cluster == cluster, "plan \(done)")
    }
    #expect(done == LaunchRoundTrip.count)
  }
}
