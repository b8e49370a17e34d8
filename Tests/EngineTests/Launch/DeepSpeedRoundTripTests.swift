import Testing

@testable import Engine

/// What DeepSpeed's files say is what they were written of.
@Suite struct DeepSpeedRoundTripTests {
  @Test(
    "plans of DeepSpeed's space come back from their files, plain and of Megatron-DeepSpeed, or are refused by name")
  func random() throws {
    var plans = try RandomLaunchPlans(.deepspeed, seed: 11)
    var counts = (plain: 0, megatron: 0, refused: 0)
    let half = LaunchRoundTrip.trials / 2
    while counts.plain < half || counts.megatron < half {
      let next = plans.next()
      let exported = try #require(next)
      let isMegatron = DeepSpeedExporter.isMegatron(exported.plan)
      guard isMegatron ? counts.megatron < half : counts.plain < half else { continue }
      let refusals = Launcher.deepspeed.refusals(exported.plan, of: exported.workload)
      guard refusals.isEmpty else {
        counts.refused += 1
        #expect(refusals.allSatisfy { !$0.what.isEmpty && !$0.why.isEmpty })
        #expect(Self.mayRefuse(exported), "\(refusals)")
        continue
      }
      let files = try LaunchRoundTrip.files(exported, .deepspeed)
      let found = try LaunchRoundTrip.read(files, of: exported.workload, .deepspeed)
      try LaunchRoundTrip.check(found, against: exported)
      #expect(found.unknown.isEmpty && found.warnings.isEmpty, "\(found.unknown) \(found.warnings)")
      if isMegatron { counts.megatron += 1 } else { counts.plain += 1 }
    }
    #expect(counts.refused > 0)
  }

  /// Whether a case has something that one of the two kinds of program cannot do.
  private static func mayRefuse(_ found: LaunchCase) -> Bool {
    let (model, run) = (found.workload.model, found.workload.run)
    if run.precision == .fp8 { return true }
    guard DeepSpeedExporter.isMegatron(found.plan) else { return run.dropout > 0 }
    let isSelective = found.plan.stages.contains { $0.checkpointedLayers > 0 && $0.recompute == .selective }
    return model.keyValueHeads != model.heads || model.parallelBlock || model.normsPerLayer != 2
      || model.queryKeyValueBias != model.linearBias || isSelective && run.attention == .flash
  }
}
