import Foundation
import Testing

@testable import Engine

/// Pins that contradict each other: what is named is a conflict, and no smaller than it must be.
@Suite struct PinConflictTests {
  private static let isSlow = ProcessInfo.processInfo.environment["BRUME_SLOW"] == "1"

  private func tune(_ session: TuningSession, _ pins: [Pin]) -> TuneResult {
    session.tune(TuneRequest(space: PinTests.space, threads: 1, alternatives: 0, pins: PlanPins(pins)))
  }

  @Test(
    """
    in 12 random contradictory pin sets (100 with BRUME_SLOW=1) the named conflict is minimal: without any one of its \
    pins a plan keeps the rest
    """)
  func minimal() throws {
    var random = SymbolicRandom(seed: 271)
    var sizes: [Int: Int] = [:]
    for gibibytes in [2.6, 4] {
      let session = TuningSession(workload: PinTests.workload(gpus: 2, gibibytes: gibibytes), now: { 0 })
      // Pins that are possible by themselves, but for a few, so that conflicts are not of one pin alone.
      var pins: [Pin] = []
      let most = Self.isSlow ? 60 : 20
      while pins.count < most {
        let pin = PinTests.randomPin(&random, stages: 2)
        if !pins.contains(pin), pins.count < most / 20 || tune(session, [pin]).best != nil { pins.append(pin) }
      }
      var found = 0
      while found < (Self.isSlow ? 50 : 6) {
        let some = Array(pins.shuffled(using: &random).prefix(2 + random.below(8)))
        let result = tune(session, some)
        guard result.status == .infeasible else { continue }
        found += 1
        let conflict = try #require(result.infeasibility).pins
        sizes[conflict.count, default: 0] += 1
        #expect(!conflict.isEmpty && conflict.allSatisfy(some.contains), "\(conflict) of \(some)")
        #expect(tune(session, conflict).status == .infeasible, "\(conflict)")
        for pin in conflict {
          let fewer = conflict.filter { $0 != pin }
          #expect(tune(session, fewer).best != nil, "\(fewer) of \(conflict)")
        }
      }
    }
    // Not only pins that are impossible by themselves.
    #expect(sizes[1, default: 0] < sizes[2, default: 0], "\(sizes)")
    if Self.isSlow { #expect(sizes.keys.contains { $0 > 2 }, "\(sizes)") }
  }

  @Test("when the look for a smaller conflict runs out of time, the one that is named is minimal all the same")
  func outOfTime() throws {
    let session = TuningSession(workload: PinTests.workload(layers: 6, batch: 8), now: { 0 })
    let pins = try PlanPins(texts: [
      "sequenceParallel=false", "last.recompute=full", "stages=1", "checkpointedLayers=0", "offload.activations=0",
      "microBatch=8", "zero=0,1",
    ])
    let conflict = PinConflict(
      workload: session.workload, request: TuneRequest(space: PinTests.space, threads: 1, pins: pins),
      memory: SessionMemory(), cancel: CancelToken(), now: { 0 }, start: 0, deadline: -1
    ).answer()
    #expect(conflict.isMinimal)
    let named = conflict.demands.compactMap(\.pin)
    #expect(!named.isEmpty && named.count < pins.pins.count)
    #expect(tune(session, named).status == .infeasible)
    for pin in named { #expect(tune(session, named.filter { $0 != pin }).best != nil, "\(pin)") }
  }

  @Test("a cancelled look names all pins and claims nothing")
  func cancelled() throws {
    let cancel = CancelToken()
    cancel.cancel()
    let pins = try PlanPins(texts: ["stages=1", "microBatch=8"])
    let conflict = PinConflict(
      workload: PinTests.workload(), request: TuneRequest(space: PinTests.space, pins: pins),
      memory: SessionMemory(), cancel: cancel, now: { 0 }, start: 0, deadline: 10
    ).answer()
    #expect(!conflict.isMinimal && !conflict.isSmallest && conflict.demands.count == 2)
  }

  @Test("the number of stages that pins on numbered stages hold never makes them impossible")
  func heldNumber() throws {
    let session = TuningSession(workload: PinTests.workload(layers: 6, batch: 8, gibibytes: 5), now: { 0 })
    let free = try #require(tune(session, [try Pin("microBatch=1")]).best).plan.stages.count
    // All layers in the first of several stages: possible with another number of stages only.
    let pins = try [Pin("microBatch=1"), Pin("1.layers=6")]
    let result = tune(session, pins)
    #expect(free > 1)
    #expect(result.best?.plan.stages.map(\.layers) == [6])
    #expect(result.pins.texts.last == "stages=1")
    #expect(result.notes.first?.contains("that of the best plan that keeps them") == true)
  }
}
