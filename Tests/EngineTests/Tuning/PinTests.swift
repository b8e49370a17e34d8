import Foundation
import Testing

@testable import Engine

/// Searches under pins against enumerating all plans and leaving out those that break a pin.
@Suite struct PinTests {
  private static let isSlow = ProcessInfo.processInfo.environment["BRUME_SLOW"] == "1"

  /// A space of few strategies with a choice for every knob of a stage.
  static var space: SearchSpace {
    var space = SearchSpace.blank
    space.name = "small"
    space.zeroLevels = [0, 1, 3]
    space.optimizerEighths = [0, 8]
    space.activationEighths = [0, 4]
    space.recomputeKinds = [.full, .selective]
    return space
  }

  /// A pin on a stage holds the number of stages, unless that is pinned too.
  private static let anyStages = Pin(.stages, PinValues([1...100]))

  static func workload(layers: Int = 4, gpus: Int = 4, batch: Int = 4, gibibytes: Double = 2.6) -> Workload {
    TestMachines.tightWorkload(
      gpusPerNode: gpus, layers: layers, batch: batch, gibibytes: gibibytes, hostBytes: 1e13)
  }

  /// A pin with some values of a knob, in any place and any way of writing.
  static func randomPin(_ random: inout SymbolicRandom, stages: Int = 4) -> Pin {
    let values: [PlanKnob: [Int]] = [
      .stages: [1, 2, 4], .gradientAccumulation: [1, 2, 4], .schedule: [0, 1], .interleave: [1, 2],
      .sequenceParallel: [0, 1], .contextParallel: [1, 2], .layers: [1, 2, 3, 4], .nodes: [1],
      .gpusPerNode: [1, 2, 4], .microBatch: [1, 2, 4], .dataParallel: [1, 2, 4], .tensorParallel: [1, 2, 4],
      .zero: [0, 1, 3], .checkpointedLayers: [0, 1, 2, 3, 4], .recompute: [0, 1], .weightOffload: [0],
      .gradientOffload: [0], .optimizerOffload: [0, 8], .activationOffload: [0, 4],
    ]
    let knob = PlanKnob.allCases[random.below(PlanKnob.allCases.count)]
    let domain = values[knob] ?? [0]
    let first = domain[random.below(domain.count)]
    let second = domain[random.below(domain.count)]
    let ranges =
      random.below(3) == 0 ? [min(first, second)...max(first, second)] : [first...first, second...second]
    let place: Pin.Place =
      knob.isOfPlan || random.below(3) == 0
      ? .everywhere : random.below(3) == 0 ? .last : .stage(1 + random.below(stages))
    return Pin(knob, PinValues(ranges, isForbidden: random.below(4) == 0), at: place)
  }

  private func check(
    _ pins: [Pin], _ workload: Workload, _ space: SearchSpace, _ enumeration: inout PinnedEnumeration
  ) {
    let request = TuneRequest(space: space, threads: 1, alternatives: 2, pins: PlanPins(pins + [Self.anyStages]))
    guard let expected = enumeration.best(pins) else {
      // The search alone: looking for the smallest conflict takes many of them.
      let search = ShapeSearch(workload: workload, request: request, cancel: CancelToken(), now: { 0 }) { _ in }
      search.run()
      #expect(!search.outcome.shapes.contains { $0.best != nil }, "\(pins)")
      return
    }
    let result = TuningSession(workload: workload, now: { 0 }).tune(request)
    #expect(result.status == .optimal, "\(pins)")
    #expect(abs((result.best?.score.closedFormSeconds ?? 0) / expected - 1) < 1e-12, "\(pins)")
    for plan in [result.best].compactMap({ $0 }) + result.alternatives {
      #expect(plan.score.fits)
      #expect(PlanPins(pins).broken(by: plan.plan).isEmpty, "\(pins) \(plan.plan)")
    }
  }

  @Test("under random pins the optimum is the best of all plans that keep them", arguments: 0..<4)
  func random(seed: Int) {
    var random = SymbolicRandom(seed: UInt64(71 + seed))
    var space = Self.space
    if seed == 1 { space.interleave = [1, 2] }
    if seed == 2 { (space.sequenceParallel, space.contextParallel) = ([false, true], [1, 2]) }
    // Four GPUs have many more plans.
    let isLarge = seed == 0 || (Self.isSlow && seed < 3)
    let workload = Self.workload(gpus: isLarge ? 4 : 2, gibibytes: isLarge ? [2.6, 3.4, 2.2][seed] : 4)
    var enumeration = PinnedEnumeration(workload: workload, space: space)
    for _ in 0..<(Self.isSlow ? 250 : 3) {
      let pins = (0..<1 + random.below(3)).map { _ in Self.randomPin(&random) }
      check(pins, workload, space, &enumeration)
    }
  }

  @Test("pins hold in spaces whose stages must be alike", arguments: 0..<6)
  func coupled(seed: Int) {
    var random = SymbolicRandom(seed: UInt64(171 + seed))
    var space = Self.space
    space.zeroLevels = [0, 3]
    space.activationEighths = [0]
    switch seed {
    case 0: space.statesAlike = true
    case 1: space.checkpointing = .sameCount
    case 2: space.checkpointing = .allOrNoneAlike
    case 3: (space.checkpointing, space.statesAlike) = (.sameCount, true)
    case 4: space.layerRule = .equal
    default: (space.layerRule, space.checkpointing) = (.equalInner, .allOrNoneAlike)
    }
    let workload = Self.workload(layers: 4, gpus: 2, gibibytes: seed.isMultiple(of: 2) ? 2.6 : 4)
    var enumeration = PinnedEnumeration(workload: workload, space: space)
    for _ in 0..<(Self.isSlow ? 150 : 3) {
      let pins = (0..<1 + random.below(3)).map { _ in Self.randomPin(&random, stages: 2) }
      check(pins, workload, space, &enumeration)
    }
  }

  @Test("pinning all of the optimum's own values returns it, and no pin makes a plan faster")
  func ownValues() throws {
    let workload = Self.workload(layers: 6, batch: 8)
    let session = TuningSession(workload: workload, now: { 0 })
    func tune(_ pins: [Pin]) -> ScoredPlan? {
      session.tune(TuneRequest(space: Self.space, threads: 1, alternatives: 0, pins: PlanPins(pins))).best
    }
    let free = try #require(tune([]))
    var random = SymbolicRandom(seed: 5)
    var pins: [Pin] = []
    for knob in PlanKnob.allCases {
      if let value = knob.value(of: free.plan) { pins.append(Pin(knob, PinValues(value))) }
      for (index, stage) in free.plan.stages.enumerated() {
        if let value = knob.value(of: stage) { pins.append(Pin(knob, PinValues(value), at: .stage(index + 1))) }
      }
    }
    #expect(tune(pins) == free)
    for pin in pins.shuffled(using: &random).prefix(Self.isSlow ? 8 : 3) {
      let one = try #require(tune([pin]))
      #expect(one.score.closedFormSeconds == free.score.closedFormSeconds, "\(pin)")
    }
    for _ in 0..<(Self.isSlow ? 4 : 2) {
      let pin = Self.randomPin(&random)
      guard let held = tune([pin]) else { continue }
      #expect(held.score.closedFormSeconds >= free.score.closedFormSeconds, "\(pin)")
    }
  }

  @Test("a pin on a numbered stage holds the number of stages of the optimum without it, and says so; last does not")
  func heldStages() throws {
    let session = TuningSession(workload: Self.workload(layers: 6, batch: 8, gibibytes: 4), now: { 0 })
    func tune(_ texts: String...) throws -> TuneResult {
      session.tune(TuneRequest(space: Self.space, threads: 1, pins: try PlanPins(texts: ["microBatch=1"] + texts)))
    }
    #expect(try tune().best?.plan.stages.count == 2)
    let held = try tune("2.layers=1")
    #expect(held.pins.texts == ["microBatch=1", "2.layers=1", "stages=2"])
    #expect(held.best.map { $0.plan.stages.map(\.layers) == [5, 1] } ?? (held.status == .infeasible))
    #expect(held.notes.first?.contains("hold the number of stages: 2") == true)
    #expect(try tune("last.layers=1").pins.texts == ["microBatch=1", "last.layers=1"])
    let larger = TuningSession(workload: Self.workload(layers: 6, batch: 8, gibibytes: 5), now: { 0 })
    // The optimum with b 4 has one stage.
    let fourth = larger.tune(TuneRequest(space: Self.space, pins: try PlanPins(texts: ["microBatch=4", "4.zero=0"])))
    #expect(fourth.best?.plan.stages.count == 4 && fourth.pins.texts.last == "stages=4")
    #expect(fourth.notes.first?.contains("with 4 stages or more") == true)
    let pinned = larger.tune(TuneRequest(space: Self.space, pins: try PlanPins(texts: ["1.layers=2", "stages=2"])))
    #expect(pinned.best?.plan.stages.map(\.layers) == [2, 4] && pinned.pins.pins.count == 2)
  }

  @Test("pins that cannot all hold name the smallest conflict, and only it")
  func conflict() throws {
    let session = TuningSession(workload: Self.workload(layers: 6, batch: 8), now: { 0 })
    let texts = [
      "sequenceParallel=false", "last.recompute=full", "stages=1", "checkpointedLayers=0", "offload.activations=0",
      "microBatch=8",
    ]
    let result = session.tune(TuneRequest(space: Self.space, pins: try PlanPins(texts: texts)))
    #expect(result.status == .infeasible)
    let pins = try #require(result.infeasibility).pins.map(\.text)
    #expect(!pins.isEmpty && pins.count < texts.count)
    for size in 0..<pins.count {
      // Any of them taken away, the rest hold.
      var fewer = pins
      fewer.remove(at: size)
      #expect(session.tune(TuneRequest(space: Self.space, pins: try PlanPins(texts: fewer))).best != nil, "\(fewer)")
    }
    #expect(session.tune(TuneRequest(space: Self.space, pins: try PlanPins(texts: pins))).best == nil)
  }
}
