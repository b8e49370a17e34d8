import Foundation
import Testing

@testable import Engine

/// Pins that contradict each other: what is named is a conflict, and no smaller than it must be.
@Suite struct PinConflictTests {
  private static let isSlow = ProcessInfo.processInfo.environment["BRUME_SLOW"] == "1"

  private func tune(_ session: TuningSession, _ pins: [Pin]) -> TuneResult {
    session.tune(TuneRequest(space: PinTests.space, threads: 1, alternatives: 0, pins: PlanPins(pins)))
  }

  @Test("in random contradictory pin sets the named conflict is minimal: without any one of its pins a plan keeps the rest")
  func minimal() {
    let wanted = Self.isSlow ? 1000 : 100
    var random = SymbolicRandom(seed: 271)
    let sessions = [2.6, 4].map { gibibytes in
      TuningSession(workload: PinTests.workload(gpus: 2, gibibytes: gibibytes), now: { 0 })
    }
    var found = 0
    var sizes: [Int: Int] = [:]
    var tries = 0
    while found < wanted, tries < 100 * wanted {
      tries += 1
      let session = sessions[tries % sessions.count]
      let pins = (0..<2 + random.below(7)).map { _ in PinTests.randomPin(&random, stages: 2) }
      let result = tune(session, pins)
      guard result.status == .infeasible else { continue }
      found += 1
      guard let conflict = result.infeasibility?.pins, !conflict.isEmpty else {
        Issue.record("no pins are named: \(pins)")
        continue
      }
      sizes[conflict.count, default: 0] += 1
      #expect(conflict.allSatisfy(pins.contains), "\(conflict) of \(pins)")
      #expect(tune(session, conflict).status == .infeasible, "\(conflict)")
      for index in conflict.indices {
        var fewer = conflict
        fewer.remove(at: index)
        #expect(tune(session, fewer).best != nil, "\(fewer) of \(conflict)")
      }
    }
    #expect(found == wanted)
    // Not only pins that are impossible by themselves, and not only pairs.
    #expect(sizes.keys.contains(1) && sizes.keys.contains(2) && sizes.keys.contains(3), "\(sizes)")
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
