import Testing

@testable import Engine

/// What Accelerate's files say is what they were written of.
@Suite struct AccelerateRoundTripTests {
  @Test("plans of FSDP's space come back from their files; dropout and fp8 alone are refused")
  func random() throws {
    var plans = try RandomLaunchPlans(.accelerate, seed: 5)
    var counts = (exported: 0, refused: 0)
    while counts.exported < LaunchRoundTrip.trials {
      let next = plans.next()
      let exported = try #require(next)
      let refusals = Launcher.accelerate.refusals(exported.plan, of: exported.workload)
      let isOther = exported.workload.run.dropout > 0 || exported.workload.run.precision == .fp8
      #expect(refusals.isEmpty == !isOther, "\(refusals)")
      guard refusals.isEmpty else {
        counts.refused += 1
        continue
      }
      counts.exported += 1
      let files = try LaunchRoundTrip.files(exported, .accelerate)
      let found = try LaunchRoundTrip.read(files, of: exported.workload, .accelerate)
      try LaunchRoundTrip.check(found, against: exported)
      #expect(found.unknown.isEmpty && found.warnings.isEmpty, "\(found.unknown) \(found.warnings)")
    }
    #expect(counts.refused > 0)
  }
}
