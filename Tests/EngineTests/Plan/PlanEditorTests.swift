import Testing

@testable import Engine

/// One choice changes, and the least that must follow.
@Suite struct PlanEditorTests {
  private static func editor(_ pins: [String] = []) throws -> PlanEditor {
    PlanEditor(workload: FourStages.workload, pins: try PlanPins(texts: pins))
  }

  private static func texts(
    _ knob: PlanKnob, stage: Int? = nil, _ value: Int, pins: [String] = [], from plan: Plan = FourStages.plan()
  ) throws -> [String] {
    let changed = try editor(pins).setting(PlanCell(knob, stage: stage), to: value, in: plan)
    return PlanChange.all(from: plan, to: changed).map(\.text)
  }

  @Test("a layer comes from the next stage, or the one before; pinned stages give none, and recomputed layers follow")
  func layers() throws {
    #expect(try Self.texts(.layers, stage: 1, 7) == ["layers 6 -> 7, 5 in stages 2, 3"])
    #expect(try Self.texts(.layers, stage: 3, 8) == ["layers 6 -> 4, 8 in stages 3, 4"])
    #expect(try Self.texts(.layers, stage: 1, 7, pins: ["3.layers=6"]) == ["layers 6 -> 5, 7 in stages 1, 2"])
    #expect(
      try Self.texts(.layers, stage: 1, 7, pins: ["1.layers=6", "3.layers=6"]) == ["layers 6 -> 7, 5 in stages 2, 4"]
    )
    #expect(try Self.texts(.layers, stage: 0, 13).contains("layers 6 -> 13, 1, 4 in stages 1-3"))
    #expect(
      try Self.texts(.layers, stage: 1, 1) == [
        "layers 6 -> 1, 11 in stages 2, 3", "checkpointedLayers 2 -> 1 in stage 2",
      ])
    let all = FourStages.plan { plan in for index in 0..<4 { plan.stages[index].checkpointedLayers = 6 } }
    #expect(try Self.texts(.layers, stage: 1, 7, from: all).last == "checkpointedLayers 6 -> 7, 5 in stages 2, 3")
  }

  @Test("layers that nobody can give are told: too many, or pinned")
  func noLayers() throws {
    #expect(throws: PlanEditError.indivisible("the other stages have no more layers to give")) {
      try Self.editor().setting(PlanCell(.layers, stage: 0), to: 22, in: FourStages.plan())
    }
    let pins = try PlanPins(texts: ["2.layers=6", "3.layers=6", "4.layers=6"])
    #expect(throws: PlanEditError.pinned(pins.pins)) {
      try PlanEditor(workload: FourStages.workload, pins: pins).setting(
        PlanCell(.layers, stage: 0), to: 7, in: FourStages.plan())
    }
    #expect(throws: PlanEditError.self) {
      try Self.editor().setting(PlanCell(.layers, stage: 0), to: 0, in: FourStages.plan())
    }
  }

  @Test("one key moves a layer to the stage before or after; the last one stays")
  func moves() throws {
    let plan = FourStages.plan()
    let after = try Self.editor().movingLayer(from: 1, by: 1, in: plan)
    #expect(after.stages.map(\.layers) == [6, 5, 7, 6])
    let before = try Self.editor().movingLayer(from: 1, by: -1, in: plan)
    #expect(before.stages.map(\.layers) == [7, 5, 6, 6])
    for (stage, steps) in [(0, -1), (3, 1), (9, 1)] {
      #expect(throws: PlanEditError.notHere) { try Self.editor().movingLayer(from: stage, by: steps, in: plan) }
    }
    #expect(throws: PlanEditError.self) { try Self.editor(["3.layers=6"]).movingLayer(from: 1, by: 1, in: plan) }
    let thin = FourStages.plan {
      ($0.stages[0].layers, $0.stages[0].checkpointedLayers, $0.stages[1].layers) = (1, 0, 11)
    }
    #expect(throws: PlanEditError.self) { try Self.editor().movingLayer(from: 0, by: 1, in: thin) }
  }

  @Test("G follows the micro-batch, micro-batches follow G, in all stages")
  func batch() throws {
    #expect(try Self.texts(.microBatch, stage: 2, 4) == ["gradientAccumulation 8 -> 4", "microBatch 2 -> 4"])
    #expect(try Self.texts(.gradientAccumulation, 16) == ["gradientAccumulation 8 -> 16", "microBatch 2 -> 1"])
    #expect(throws: PlanEditError.indivisible("the batch 64 is not a multiple of 3 x dp 4")) {
      try Self.editor().setting(PlanCell(.microBatch, stage: 0), to: 3, in: FourStages.plan())
    }
    #expect(throws: PlanEditError.indivisible("the 2 samples of a micro-batch are not a multiple of dp 4")) {
      try Self.editor().setting(PlanCell(.gradientAccumulation), to: 32, in: FourStages.plan())
    }
    #expect(throws: PlanEditError.pinned([try Pin("gradientAccumulation=8")])) {
      try Self.editor(["gradientAccumulation=8"]).setting(PlanCell(.microBatch, stage: 0), to: 4, in: FourStages.plan())
    }
  }

  @Test("dp follows tp and the other way round, the micro-batch stays and G follows, or G where it is pinned")
  func degrees() throws {
    #expect(
      try Self.texts(.tensorParallel, stage: 0, 2)
        == ["gradientAccumulation 8 -> 16", "dataParallel 4 -> 2", "tensorParallel 1 -> 2"])
    #expect(
      try Self.texts(.dataParallel, stage: 3, 1)
        == ["gradientAccumulation 8 -> 32", "dataParallel 4 -> 1", "tensorParallel 1 -> 4"])
    #expect(
      try Self.texts(.tensorParallel, stage: 0, 2, pins: ["gradientAccumulation=8"])
        == ["microBatch 2 -> 4", "dataParallel 4 -> 2", "tensorParallel 1 -> 2"])
    #expect(try Self.texts(.contextParallel, 2).contains("contextParallel 1 -> 2"))
    #expect(throws: PlanEditError.indivisible("4 GPUs are not a multiple of 3")) {
      try Self.editor().setting(PlanCell(.tensorParallel, stage: 0), to: 3, in: FourStages.plan())
    }
  }

  @Test("another number of stages spreads the layers, keeps tp, and each stage keeps what stood at its place")
  func stages() throws {
    let unlike = FourStages.plan { $0.stages[3].zero = 2 }
    let two = try Self.editor().setting(PlanCell(.stages), to: 2, in: unlike)
    #expect(two.stages.map(\.layers) == [12, 12] && two.stages.map(\.checkpointedLayers) == [4, 4])
    #expect(two.stages.map(\.gpusPerNode) == [8, 8] && two.gradientAccumulation == 4)
    let sixteen = try Self.editor().setting(PlanCell(.stages), to: 16, in: unlike)
    #expect(sixteen.stages.map(\.layers).reduce(0, +) == 24 && sixteen.stages.map(\.zero).suffix(4) == [2, 2, 2, 2])
    #expect(throws: PlanEditError.self) { try Self.editor().setting(PlanCell(.stages), to: 3, in: unlike) }
  }

  @Test("chunks and schedules exclude each other, and chunks recompute alike")
  func schedules() throws {
    let gpipe = try #require(PipelineSchedule.allCases.firstIndex(of: .gpipe))
    let chunked = try Self.editor().setting(PlanCell(.interleave), to: 3, in: FourStages.plan())
    #expect(chunked.interleave == 3 && chunked.stages.allSatisfy { $0.checkpointedLayers == 3 })
    let after = try Self.editor().setting(PlanCell(.schedule), to: gpipe, in: chunked)
    #expect(after.schedule == .gpipe && after.interleave == 1)
    #expect(throws: PlanEditError.self) {
      try Self.editor().setting(PlanCell(.interleave), to: 4, in: FourStages.plan())
    }
  }

  @Test(
    "random edits give a plan that keeps all rules and pins and has the value, or an error; what must not move stays")
  func random() throws {
    var noise = SyntheticPipelines.Sequence(seed: 21)
    func pick<Item>(_ items: [Item]) -> Item { items[min(items.count - 1, Int(noise.unit() * Double(items.count)))] }
    var plan = FourStages.plan()
    var edits = 0
    for _ in 0..<3000 {
      let knob = pick(PlanKnob.allCases)
      let cell = PlanCell(knob, stage: Int(noise.unit() * 5))
      let value = pick([0, 1, 2, 3, 4, 6, 8, 12, 16])
      let held = Int(noise.unit() * Double(plan.stages.count))
      let pins = noise.unit() < 0.5 ? [Pin(.layers, PinValues(plan.stages[held].layers), at: .stage(held + 1))] : []
      do {
        let changed = try PlanEditor(workload: FourStages.workload, pins: PlanPins(pins)).setting(
          cell, to: value, in: plan)
        edits += 1
        try PlanRules(workload: FourStages.workload).check(changed)
        if cell.knob != .schedule { #expect(cell.value(in: changed) == value, "\(cell)") }
        if cell.knob != .layers || cell.stage != held {
          #expect(PlanPins(pins).broken(by: changed).isEmpty, "\(cell) \(value)")
        }
        if [.zero, .recompute, .weightOffload].contains(knob) {
          #expect(PlanChange.all(from: plan, to: changed).allSatisfy { $0.knob == knob })
        }
        if changed.stages.count > 1 { plan = changed }
      } catch let error as PlanEditError {
        #expect(!"\(error)".isEmpty)
      }
    }
    #expect(edits > 400)
  }
}
