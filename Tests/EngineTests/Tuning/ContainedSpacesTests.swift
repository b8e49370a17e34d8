import Foundation
import Testing

@testable import Engine

/// Larger spaces against smaller ones, on all samples that ship, with BRUME_SLOW=1 (a release build takes half a minute);
/// `PublishedSpaceTests` has the smallest always.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["BRUME_SLOW"] == "1")) struct ContainedSpacesTests {
  @Test(
    "a space that contains another never loses to it on one runtime (closed form)",
    arguments: Catalogue.samples.map(\.name))
  func neverLoses(_ sample: String) throws {
    var workload = try WorkloadSource.load(sample)
    workload.run.runtime = "mist"
    workload.limits.headroomBytes = 0
    var seconds: [(space: SearchSpace, seconds: Double)] = []
    for space in SearchSpace.all {
      let result = TuningSession(workload: workload, now: { 0 }).tune(TuneRequest(space: space, alternatives: 0))
      // What a runtime cannot run or nothing fits into is infinitely slow; anything else must be proved.
      #expect(result.status == .optimal || result.status == .infeasible, "\(space.name)")
      seconds.append((space, result.best?.score.closedFormSeconds ?? .infinity))
    }
    var pairs = 0
    for outer in seconds {
      for inner in seconds where outer.space.name != inner.space.name && outer.space.contains(inner.space) {
        pairs += 1
        #expect(outer.seconds <= inner.seconds * (1 + 1e-9), "\(outer.space.name) contains \(inner.space.name)")
      }
    }
    #expect(pairs >= 24, "the shipped spaces have 24 contained pairs")
  }
}
