import Testing

@testable import Engine

/// What differs between two plans, and pins that hold a plan but for some choices.
@Suite struct PlanChangeTests {
  private static let stage = StageChoice(
    layers: 12, nodes: 1, gpusPerNode: 4, microBatch: 2, dataParallel: 2, tensorParallel: 2, zero: 1,
    checkpointedLayers: 12)

  private static func plan(_ change: (inout Plan) -> Void = { _ in }) -> Plan {
    var plan = Plan(gradientAccumulation: 8, stages: [stage, stage])
    change(&plan)
    return plan
  }

  private static func texts(_ change: (inout Plan) -> Void) -> [String] {
    PlanChange.all(from: plan(), to: plan(change)).map(\.text)
  }

  @Test("changes are told once for all stages, or for the stages that differ, and not where they have no effect")
  func changes() {
    #expect(Self.texts { _ in }.isEmpty)
    #expect(Self.texts { $0.gradientAccumulation = 4 } == ["gradientAccumulation 8 -> 4"])
    #expect(
      Self.texts {
        $0.stages[0].layers = 13; $0.stages[1].layers = 11
      } == ["layers 12 -> 13, 11 in stages 1, 2"])
    #expect(Self.texts { $0.stages[1].zero = 3 } == ["zero 1 -> 3 in stage 2"])
    #expect(
      Self.texts { for index in 0..<2 { $0.stages[index].offload.optimizer = 4 } } == ["offload.optimizer 0 -> 0.5"])
    let unlike = Self.plan { $0.stages = Array(repeating: Self.stage, count: 6) }
    let same = Self.plan { plan in
      plan.stages = Array(repeating: Self.stage, count: 6)
      for (index, zero) in [1, 2, 2, 2, 1, 2].enumerated() { plan.stages[index].zero = zero }
    }
    #expect(PlanChange.all(from: unlike, to: same).map(\.text) == ["zero 1 -> 2 in stages 2-4, 6"])
    #expect(Self.texts { $0.interleave = 2 } == ["interleave 1 -> 2"])
    #expect(Self.texts { $0.sequenceParallel = true } == ["sequenceParallel false -> true"])
    let unsliced = Self.plan { plan in
      for index in 0..<2 { (plan.stages[index].tensorParallel, plan.stages[index].dataParallel) = (1, 4) }
    }
    var split = unsliced
    split.sequenceParallel = true
    #expect(PlanChange.all(from: unsliced, to: split).isEmpty)
    let idle = Self.plan { plan in for index in 0..<2 { plan.stages[index].checkpointedLayers = 0 } }
    var other = idle
    other.stages[0].recompute = .selective
    #expect(PlanChange.all(from: idle, to: other).isEmpty)
  }

  @Test("pins that hold a plan allow it, and refuse any change of what is held")
  func holding() {
    let plan = Self.plan { $0.stages[1].zero = 2 }
    let pins = PlanPins.holding(plan, except: [.microBatch, .gradientAccumulation])
    #expect(pins.broken(by: plan).isEmpty)
    var changed = plan
    (changed.gradientAccumulation, changed.stages[0].microBatch, changed.stages[1].microBatch) = (4, 4, 4)
    #expect(pins.broken(by: changed).isEmpty)
    changed.stages[1].zero = 1
    #expect(pins.broken(by: changed).map(\.text) == ["2.zero=2"])
    changed = plan
    changed.stages[0].checkpointedLayers = 3
    #expect(pins.broken(by: changed).map(\.text) == ["checkpointedLayers=12"])
    // All layers recompute: they go on doing so where layers move.
    let moving = PlanPins.holding(plan, except: [.layers])
    changed = plan
    for (index, layers) in [13, 11].enumerated() {
      (changed.stages[index].layers, changed.stages[index].checkpointedLayers) = (layers, layers)
    }
    #expect(moving.broken(by: changed).isEmpty)
    changed.stages[0].checkpointedLayers = 0
    #expect(!moving.broken(by: changed).isEmpty)
  }
}
