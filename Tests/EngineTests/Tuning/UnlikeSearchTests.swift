import Foundation
import Testing

@testable import Engine

/// Searches over stages of unlike meshes and degrees.
@Suite struct UnlikeSearchTests {
  /// A space of few strategies whose stages may differ in everything.
  static func space(_ change: (inout SearchSpace) -> Void = { _ in }) -> SearchSpace {
    var space = SearchSpace.blank
    space.name = "unlike"
    space.zeroLevels = [1]
    space.optimizerEighths = [0, 8]
    space.unlikeMeshes = true
    space.unlikeTensorParallel = true
    change(&space)
    return space
  }

  /// A small model on a small cluster, with host memory that never binds.
  static func workload(
    nodes: Int, gpusPerNode: Int, layers: Int, batch: Int, gibibytes: Double
  ) -> Workload {
    TestMachines.tightWorkload(
      nodes: nodes, gpusPerNode: gpusPerNode, layers: layers, batch: batch, gibibytes: gibibytes, hostBytes: 1e13)
  }

  /// A cluster with a model that is enumerated on it.
  struct Case: Sendable, CustomTestStringConvertible {
    var nodes, gpusPerNode, layers, batch: Int
    var gibibytes: Double
    var isSplit = false
    var workload: Workload {
      UnlikeSearchTests.workload(
        nodes: nodes, gpusPerNode: gpusPerNode, layers: layers, batch: batch, gibibytes: gibibytes)
    }
    var testDescription: String { "\(nodes)x\(gpusPerNode), \(layers) layers, batch \(batch), \(gibibytes) GiB" }
  }

  private static let cases = ProcessInfo.processInfo.environment["BRUME_SLOW"] == "1" ? few + more : few
  private static let few = [
    Case(nodes: 1, gpusPerNode: 6, layers: 4, batch: 6, gibibytes: 2.6),
    Case(nodes: 1, gpusPerNode: 3, layers: 4, batch: 2, gibibytes: 3.5, isSplit: true),
    Case(nodes: 3, gpusPerNode: 4, layers: 3, batch: 4, gibibytes: 2.5),
    Case(nodes: 5, gpusPerNode: 1, layers: 4, batch: 4, gibibytes: 5),
  ]
  private static let more = [
    Case(nodes: 1, gpusPerNode: 6, layers: 5, batch: 12, gibibytes: 2.2),
    Case(nodes: 1, gpusPerNode: 6, layers: 4, batch: 6, gibibytes: 8),
    Case(nodes: 6, gpusPerNode: 4, layers: 3, batch: 8, gibibytes: 2.5),
    Case(nodes: 3, gpusPerNode: 8, layers: 3, batch: 12, gibibytes: 1.7),
  ]

  @Test("the optimum equals enumerating every plan of unlike stages", arguments: cases)
  func enumeration(_ item: Case) throws {
    let workload = item.workload
    let space = Self.space { if item.isSplit { $0.sequenceParallel = [false, true] } }
    var enumeration = UnlikeEnumeration(workload: workload, space: space, mayIdle: true)
    let expected = try #require(try enumeration.best())
    #expect(enumeration.layouts > 20)
    let result = TuningSession(workload: workload, now: { 0 }).tune(TuneRequest(space: space))
    #expect(result.status == .optimal)
    let best = try #require(result.best)
    #expect(abs(best.score.closedFormSeconds / expected - 1) < 1e-9)
    #expect(best.score.fits)
  }

  @Test("four layers and a batch of four use five GPUs only with unlike stages")
  func onlyUnlike() throws {
    let workload = Self.workload(nodes: 1, gpusPerNode: 5, layers: 4, batch: 4, gibibytes: 6)
    let unlike = try #require(TuningSession(workload: workload, now: { 0 }).tune(TuneRequest(space: Self.space())).best)
    let alike = TuningSession(workload: workload, now: { 0 }).tune(
      TuneRequest(
        space: Self.space {
          $0.unlikeMeshes = false
          $0.unlikeTensorParallel = false
        })
    ).best
    #expect(alike == nil)
    #expect(Set(unlike.plan.stages.map(\.gpusPerNode)).count > 1)
  }

  @Test("the answer is the same to the last bit on one and on three threads")
  func threads() {
    let workload = Self.workload(nodes: 2, gpusPerNode: 4, layers: 5, batch: 8, gibibytes: 2.2)
    let session = TuningSession(workload: workload, now: { 0 })
    let space = Self.space { $0.sequenceParallel = [false, true] }
    let one = session.tune(TuneRequest(space: space, threads: 1))
    let three = session.tune(TuneRequest(space: space, threads: 3))
    #expect(one.best != nil)
    #expect(one.best == three.best)
    #expect(one.alternatives == three.alternatives)
    #expect(one.lowerBoundSeconds == three.lowerBoundSeconds)
  }

  @Test("one degree for all stages, or one mesh for all, is part of the space where each has its own")
  func parts() throws {
    let workload = Self.workload(nodes: 1, gpusPerNode: 6, layers: 5, batch: 12, gibibytes: 2.2)
    func best(_ change: (inout SearchSpace) -> Void) throws -> ScoredPlan {
      try #require(TuningSession(workload: workload, now: { 0 }).tune(TuneRequest(space: Self.space(change))).best)
    }
    let free = try best { _ in }
    let oneDegree = try best { $0.unlikeTensorParallel = false }
    let oneMesh = try best { $0.unlikeMeshes = false }
    #expect(Set(oneDegree.plan.stages.map(\.tensorParallel)).count == 1)
    #expect(Set(oneMesh.plan.stages.map(\.gpusPerNode)).count == 1)
    #expect(free.score.closedFormSeconds <= oneDegree.score.closedFormSeconds * (1 + 1e-9))
    #expect(free.score.closedFormSeconds <= oneMesh.score.closedFormSeconds * (1 + 1e-9))
  }
}
