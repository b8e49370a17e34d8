import Testing

@testable import Engine

/// Cells of a run of stages, the next value of a cell, and pins on cells.
@Suite struct CellRunTests {
  private static let workload = Workload(
    name: "run", model: TestMachines.gpt(hidden: 1024, layers: 24, heads: 16),
    cluster: TestMachines.cluster(nodes: 2, gpusPerNode: 8),
    run: TrainingRun(sequenceLength: 1024, globalBatch: 64))

  private static var plan: Plan {
    let stage = StageChoice(
      layers: 6, nodes: 1, gpusPerNode: 4, microBatch: 2, dataParallel: 4, tensorParallel: 1, zero: 1,
      checkpointedLayers: 2)
    return Plan(gradientAccumulation: 8, stages: Array(repeating: stage, count: 4))
  }

  private static func editor(_ pins: [String] = []) throws -> PlanEditor {
    PlanEditor(workload: workload, pins: try PlanPins(texts: pins))
  }

  @Test("an edit on a run of stages edits all of them; layers come from the stages beside it")
  func run() throws {
    let run = PlanCell(.zero, stages: 1..<4)
    #expect(try Self.editor().setting(run, to: 3, in: Self.plan).stages.map(\.zero) == [1, 3, 3, 3])
    let layers = PlanCell(.layers, stages: 1..<3)
    #expect(try Self.editor().setting(layers, to: 7, in: Self.plan).stages.map(\.layers) == [6, 7, 7, 4])
    let whole = PlanCell(.layers, stages: 0..<4)
    #expect(throws: PlanEditError.self) { try Self.editor().setting(whole, to: 7, in: Self.plan) }
    let beyond = PlanCell(.zero, stages: 3..<5)
    #expect(throws: PlanEditError.notHere) { try Self.editor().setting(beyond, to: 3, in: Self.plan) }
  }

  @Test("a pin on the run gives way to its edit, a pin beside it does not")
  func pinnedRun() throws {
    let run = PlanCell(.layers, stages: 1..<3)
    let own = try Self.editor(["2.layers=6", "3.layers=6"])
    #expect(try own.setting(run, to: 7, in: Self.plan).stages.map(\.layers) == [6, 7, 7, 4])
    let beside = try Self.editor(["1.layers=6", "4.layers=6"])
    #expect(throws: PlanEditError.self) { try beside.setting(run, to: 7, in: Self.plan) }
  }

  @Test("the next value is the nearest that a plan can have; what cannot divide is stepped over, and a reason is given")
  func steps() throws {
    let editor = try Self.editor()
    let batch = try #require(
      try editor.stepping(PlanCell(.microBatch, stage: 0), up: true, in: Self.plan, space: .mist))
    #expect(batch.value == 4 && batch.plan.gradientAccumulation == 4)
    let layers = try #require(
      try editor.stepping(PlanCell(.layers, stage: 1), up: false, in: Self.plan, space: .mist))
    #expect(layers.value == 5 && layers.plan.stages.map(\.layers) == [6, 5, 7, 6])
    var full = Self.plan
    full.stages[0].zero = 3
    #expect(try editor.stepping(PlanCell(.zero, stage: 0), up: true, in: full, space: .mist) == nil)
    let pinned = try Self.editor(["gradientAccumulation=8"])
    #expect(throws: PlanEditError.pinned([try Pin("gradientAccumulation=8")])) {
      try pinned.stepping(PlanCell(.microBatch, stage: 0), up: true, in: Self.plan, space: .mist)
    }
    #expect(throws: PlanEditError.notHere) {
      try editor.stepping(PlanCell(.nodes, stage: 0), up: true, in: Self.plan, space: .mist)
    }
  }

  @Test("a cell is pinned stage by stage, and released from a pin on all stages alone")
  func pins() throws {
    let run = PlanCell(.zero, stages: 1..<3)
    let held = PlanPins().holding([run, PlanCell(.gradientAccumulation)], as: Self.plan)
    #expect(held.texts == ["2.zero=1", "3.zero=1", "gradientAccumulation=8"])
    #expect(held.isHeld(run, of: Self.plan) && !held.isHeld(PlanCell(.zero, stages: 0..<2), of: Self.plan))
    #expect(held.isHeld(PlanCell(.gradientAccumulation), of: Self.plan))
    let everywhere = try PlanPins(texts: ["zero!=3", "last.layers=6"])
    #expect(everywhere.isHeld(run, of: Self.plan))
    #expect(everywhere.releasing([run], of: Self.plan).texts == ["1.zero!=3", "4.zero!=3", "last.layers=6"])
    #expect(everywhere.releasing([PlanCell(.layers, stage: 3)], of: Self.plan).texts == ["zero!=3"])
    #expect(held.holding([run], as: Self.plan).texts == ["gradientAccumulation=8", "2.zero=1", "3.zero=1"])
  }
}
