import Foundation
import Testing

@testable import Engine

/// Spaces that couple stages against enumerating all of their plans.
@Suite struct CoupledSearchTests {
  private static let isSlow = ProcessInfo.processInfo.environment["BRUME_SLOW"] == "1"

  /// A space of few strategies, so that all plans can be written down.
  private func space(_ change: (inout SearchSpace) -> Void) -> SearchSpace {
    var space = SearchSpace.blank
    space.name = "small"
    space.zeroLevels = [0, 3]
    space.optimizerEighths = [0, 8]
    change(&space)
    return space
  }

  private func workload(layers: Int, gpus: Int, batch: Int, gibibytes: Double) -> Workload {
    TestMachines.tightWorkload(gpusPerNode: gpus, layers: layers, batch: batch, gibibytes: gibibytes)
  }

  private var spaces: [SearchSpace] {
    [
      space { $0.statesAlike = true },
      space { $0.checkpointing = .sameCount },
      space { $0.checkpointing = .allOrNoneAlike },
      space { ($0.checkpointing, $0.statesAlike) = (.sameCount, true) },
      space { $0.checkpointing = .none },
      space { ($0.layerRule, $0.checkpointing) = (.equal, .allOrNoneAlike) },
      space { ($0.statesAlike, $0.stagedZeroLevels, $0.stagedOffload) = (true, [0], false) },
      space { ($0.maximumStages, $0.tensorParallel) = (1, [1]) },
    ]
  }

  @Test(
    "on two stages the optimum of every coupled space equals enumerating it",
    arguments: isSlow ? [2.0, 2.6, 3.5, 8.0] : [2.6])
  func twoStages(gibibytes: Double) throws {
    let workload = workload(layers: 4, gpus: 2, batch: 4, gibibytes: gibibytes)
    var enumeration = PinnedEnumeration(workload: workload, space: spaces[0])
    for space in spaces {
      enumeration.space = space
      try check(workload, space, enumeration.best([]))
    }
  }

  @Test(
    "on three and four stages inner ones of equal layers, alike in states and recomputation",
    arguments: isSlow ? [1.0, 1.4, 2.5] : [1.4])
  func equalInner(gibibytes: Double) throws {
    let equal = space {
      ($0.layerRule, $0.statesAlike, $0.checkpointing) = (.equalInner, true, .allOrNoneAlike)
      $0.tensorParallel = [1]
    }
    let counted = space {
      ($0.layerRule, $0.statesAlike, $0.checkpointing, $0.zeroLevels) = (.equalInner, true, .sameCount, [0])
    }
    for gpus in [3, 4] {
      let workload = workload(layers: 7 - gpus / 4, gpus: gpus, batch: 2, gibibytes: gibibytes)
      func enumerate(_ space: SearchSpace) -> Double? {
        var enumeration = PinnedEnumeration(workload: workload, space: space)
        return enumeration.best([])
      }
      var few = equal
      few.zeroLevels = [3]
      few.optimizerEighths = [0]
      try check(workload, few, enumerate(few))
      var single = counted
      single.optimizerEighths = [8]
      try check(workload, single, enumerate(single))
    }
  }

  private func check(_ workload: Workload, _ space: SearchSpace, _ expected: Double?) throws {
    let result = TuningSession(workload: workload, now: { 0 }).tune(TuneRequest(space: space, certify: true))
    guard let expected else {
      #expect(result.status == .infeasible, "\(space)")
      #expect(try #require(result.infeasibility).missingBytes > 0)
      return
    }
    #expect(result.status == .optimal, "\(space)")
    let best = try #require(result.best)
    #expect(abs(best.score.closedFormSeconds / expected - 1) < 1e-12, "\(space)")
    #expect(best.score.fits)
    #expect(SpaceMembership(space: space, layers: workload.model.layers).holds(best.plan), "\(best.plan)")
    for other in result.alternatives {
      #expect(SpaceMembership(space: space, layers: workload.model.layers).holds(other.plan), "\(other.plan)")
    }
    #expect(abs(try #require(result.certificate).bound / expected - 1) < 1e-6, "\(space)")
  }

  @Test("the answer of a coupled space is the same to the last bit on one and on three threads")
  func threads() throws {
    let workload = workload(layers: 8, gpus: 4, batch: 16, gibibytes: 3)
    let session = TuningSession(workload: workload, now: { 0 })
    for space in Self.isSlow ? spaces : [spaces[0], spaces[3]] {
      let one = session.tune(TuneRequest(space: space, threads: 1))
      let three = session.tune(TuneRequest(space: space, threads: 3))
      #expect(one.best == three.best)
      #expect(one.alternatives == three.alternatives)
    }
  }

  @Test("a space of unlike stages that share choices is not called solved: the search tries equal meshes only")
  func unlike() throws {
    let workload = workload(layers: 4, gpus: 2, batch: 4, gibibytes: 8)
    let result = TuningSession(workload: workload, now: { 0 }).tune(
      TuneRequest(
        space: space {
          $0.unlikeMeshes = true
          $0.statesAlike = true
        }))
    #expect(result.status == .feasible)
    #expect(result.lowerBoundSeconds == 0)
    #expect(result.notes.contains { $0.contains("unlike stages") })
  }
}
