import Foundation
import Testing

@testable import Engine

/// Pins in searches over stages of unlike meshes and degrees.
@Suite struct UnlikePinTests {
  private static let isSlow = ProcessInfo.processInfo.environment["BRUME_SLOW"] == "1"
  /// Pins on numbered stages hold no number of stages beside it.
  private static let anyStages = Pin(.stages, PinValues([1...1000]))

  private static func space(_ change: (inout SearchSpace) -> Void = { _ in }) -> SearchSpace {
    UnlikeSearchTests.space { space in
      space.zeroLevels = [0, 1]
      space.recomputeKinds = [.full, .selective]
      change(&space)
    }
  }

  /// Some values that plans of the space can have of a knob, in any place and any way of writing.
  private static func pin(_ domains: PinDomains, _ random: inout SymbolicRandom) -> Pin {
    let stage: [PlanKnob] = [.layers, .gpusPerNode, .nodes, .microBatch, .dataParallel, .tensorParallel]
    let knob = random.below(3) == 0 ? stage[random.below(6)] : PlanKnob.allCases[random.below(PlanKnob.allCases.count)]
    let values = domains.values(of: knob)
    let (first, second) = (values[random.below(values.count)], values[random.below(values.count)])
    let ranges =
      random.below(3) == 0 ? [min(first, second)...max(first, second)] : [first...first, second...second]
    let place: Pin.Place =
      knob.isOfPlan || random.below(3) == 0
      ? .everywhere : random.below(2) == 0 ? .last : .stage(1 + random.below(min(3, domains.mostStages)))
    return Pin(knob, PinValues(ranges, isForbidden: random.below(4) == 0), at: place)
  }

  private static let cases = [
    UnlikeSearchTests.Case(nodes: 1, gpusPerNode: 3, layers: 4, batch: 2, gibibytes: 3.5, isSplit: true),
    UnlikeSearchTests.Case(nodes: 5, gpusPerNode: 1, layers: 4, batch: 4, gibibytes: 5),
    UnlikeSearchTests.Case(nodes: 1, gpusPerNode: 5, layers: 4, batch: 4, gibibytes: 6),
  ]

  @Test("under random pins the optimum is the best of all plans of unlike stages that keep them", arguments: cases)
  func random(_ item: UnlikeSearchTests.Case) throws {
    let workload = item.workload
    let space = Self.space { if item.isSplit { $0.sequenceParallel = [false, true] } }
    var enumeration = UnlikeEnumeration(workload: workload, space: space, mayIdle: true)
    let domains = PinDomains(workload: workload, space: space)
    var random = SymbolicRandom(seed: UInt64(31 + item.layers * item.gpusPerNode))
    var (held, unlike) = (0, 0)
    for turn in 0..<(Self.isSlow ? 150 : 6) {
      let pins = (0..<1 + random.below(3)).map { _ in Self.pin(domains, &random) }
      var constraints = PlanConstraints()
      constraints.sameTensorParallel = turn % 4 == 3
      let expected = try enumeration.best(pins, constraints)
      do {
        try PlanPins(pins).check(workload, space: space)
      } catch {
        // Values that mean the same for one rank, or without recomputed layers, contradict each other all the same.
        if !pins.contains(where: { [.zero, .recompute].contains($0.knob) }) { #expect(expected == nil, "\(error)") }
        continue
      }
      var request = TuneRequest(space: space, threads: 1, alternatives: 0, pins: PlanPins(pins + [Self.anyStages]))
      request.constraints = constraints
      guard let expected else {
        // The search alone: looking for the smallest conflict takes many of them.
        let search = ShapeSearch(workload: workload, request: request, cancel: CancelToken(), now: { 0 }) { _ in }
        search.run()
        #expect(search.outcome.best == nil, "\(pins)")
        continue
      }
      let result = TuningSession(workload: workload, now: { 0 }).tune(request)
      #expect(result.status == .optimal, "\(pins)")
      let best = try #require(result.best, "\(pins)")
      #expect(abs(best.score.closedFormSeconds / expected - 1) < 1e-9, "\(pins)")
      #expect(best.score.fits)
      #expect(PlanPins(pins).broken(by: best.plan).isEmpty, "\(pins) \(best.plan)")
      held += 1
      if Set(best.plan.stages.map { [$0.nodes, $0.gpusPerNode, $0.tensorParallel] }).count > 1 { unlike += 1 }
    }
    #expect(held > 1)
    // Five GPUs of one node are used by unlike stages alone.
    #expect(unlike == held || item.gpusPerNode != 5)
  }

  @Test("pinning all of an unlike optimum's own values returns its objective, certified; each stage has its own")
  func ownValues() throws {
    let workload = UnlikeSearchTests.workload(nodes: 1, gpusPerNode: 5, layers: 4, batch: 4, gibibytes: 6)
    let session = TuningSession(workload: workload, now: { 0 })
    let free = try #require(session.tune(TuneRequest(space: Self.space(), alternatives: 0)).best)
    #expect(Set(free.plan.stages.map(\.gpusPerNode)).count > 1)
    var pins: [Pin] = []
    for knob in PlanKnob.allCases {
      if let value = knob.value(of: free.plan) { pins.append(Pin(knob, PinValues(value))) }
      for (index, stage) in free.plan.stages.enumerated() {
        if let value = knob.value(of: stage) { pins.append(Pin(knob, PinValues(value), at: .stage(index + 1))) }
      }
    }
    try PlanPins(pins).check(workload, space: Self.space())
    let held = session.tune(
      TuneRequest(space: Self.space(), certify: true, alternatives: 0, pins: PlanPins(pins)))
    #expect(held.status == .optimal)
    #expect(held.best?.plan == free.plan)
    #expect(held.best?.score.closedFormSeconds == free.score.closedFormSeconds)
    #expect(held.certificate.map { $0.gap < 1e-6 } == true)
  }

  @Test("a pin on a numbered stage holds the number of unlike stages, where only they fit")
  func heldStages() throws {
    let workload = UnlikeSearchTests.workload(nodes: 1, gpusPerNode: 5, layers: 4, batch: 4, gibibytes: 6)
    let session = TuningSession(workload: workload, now: { 0 })
    let free = try #require(session.tune(TuneRequest(space: Self.space(), alternatives: 0)).best)
    let stages = free.plan.stages.count
    let gpus = free.plan.stages[0].gpusPerNode
    let pins = try PlanPins(texts: ["1.gpusPerNode=\(gpus)"])
    let result = session.tune(TuneRequest(space: Self.space(), alternatives: 0, pins: pins))
    #expect(result.pins.texts.last == "stages=\(stages)")
    #expect(result.best == free)
    #expect(result.status == .optimal)
  }
}
