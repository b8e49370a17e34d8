import Testing

@testable import Engine

/// A plan goes over to an edited workload with the least repair.
@Suite struct PlanCarrierTests {
  /// What changes in the plan; nil where it cannot be carried.
  private static func texts(
    from plan: Plan = FourStages.plan(), pins: [String] = [], _ change: (inout Workload) -> Void
  ) throws -> [String]? {
    var new = FourStages.workload
    change(&new)
    let carrier = PlanCarrier(from: FourStages.workload, to: new, pins: try PlanPins(texts: pins))
    guard let carried = carrier.carried(plan) else { return nil }
    try PlanRules(workload: new).check(carried)
    return PlanChange.all(from: plan, to: carried).map(\.text)
  }

  @Test("a plan that is legal there stays as it is")
  func unchanged() throws {
    #expect(try Self.texts { $0.run.sequenceLength = 4096 } == [])
    #expect(try Self.texts { $0.run.precision = .fp16 } == [])
    #expect(try Self.texts { $0.limits.memoryShare = 0.5 } == [])
  }

  @Test("after another batch the number of micro-batches follows, else the micro-batch")
  func batch() throws {
    #expect(try Self.texts { $0.run.globalBatch = 128 } == ["gradientAccumulation 8 -> 16"])
    #expect(try Self.texts { $0.run.globalBatch = 24 } == ["gradientAccumulation 8 -> 3"])
    #expect(try Self.texts { $0.run.globalBatch = 4 } == ["gradientAccumulation 8 -> 1", "microBatch 2 -> 1"])
    #expect(try Self.texts(pins: ["gradientAccumulation=8"]) { $0.run.globalBatch = 128 } == ["microBatch 2 -> 4"])
    #expect(try Self.texts(pins: ["tensorParallel=1"]) { $0.run.globalBatch = 3 } == nil)
  }

  @Test("a batch of fewer samples than ranks turns data-parallel ranks into tensor-parallel ones")
  func smallBatch() throws {
    #expect(
      try Self.texts { $0.run.globalBatch = 2 } == [
        "gradientAccumulation 8 -> 1", "microBatch 2 -> 1", "dataParallel 4 -> 2", "tensorParallel 1 -> 2",
      ])
  }

  @Test("on twice the nodes every mesh and its data-parallel ranks double; on half of them they halve")
  func nodes() throws {
    #expect(
      try Self.texts { $0.cluster.nodes = 4 } == [
        "gradientAccumulation 8 -> 4", "gpusPerNode 4 -> 8", "dataParallel 4 -> 8",
      ])
    #expect(
      try Self.texts { $0.cluster.nodes = 1 } == [
        "gradientAccumulation 8 -> 16", "gpusPerNode 4 -> 2", "dataParallel 4 -> 2",
      ])
    #expect(
      try Self.texts { $0.cluster.nodes = 8 } == [
        "gradientAccumulation 8 -> 2", "nodes 1 -> 2", "gpusPerNode 4 -> 8", "dataParallel 4 -> 16",
      ])
  }

  @Test("where meshes cannot grow evenly there are more stages")
  func stages() throws {
    #expect(try Self.texts { $0.cluster.nodes = 3 } == ["stages 4 -> 6", "layers 6 -> 4"])
  }

  @Test("where neither fits the last nodes stay idle")
  func idle() throws {
    let two = FourStages.plan { plan in
      plan.stages = Array(plan.stages.prefix(2))
      for index in 0..<2 {
        plan.stages[index].layers = 12
        (plan.stages[index].gpusPerNode, plan.stages[index].dataParallel) = (8, 8)
        plan.stages[index].microBatch = 1
      }
    }
    var unlike = two
    unlike.stages[0].nodes = 2
    (unlike.stages[0].dataParallel, unlike.stages[0].tensorParallel) = (8, 2)
    let old = Workload(
      name: "three", model: FourStages.workload.model, cluster: TestMachines.cluster(nodes: 3, gpusPerNode: 8),
      run: FourStages.workload.run)
    try PlanRules(workload: old).check(unlike)
    var new = old
    new.cluster.nodes = 4
    let carried = try #require(PlanCarrier(from: old, to: new).carried(unlike))
    #expect(carried == unlike)
    #expect(carried.idleNodes(of: new.cluster) == 1)
  }

  @Test("narrower nodes halve the tensor-parallel degree where it no longer fits")
  func narrower() throws {
    let sliced = FourStages.plan { plan in
      for index in 0..<4 {
        (plan.stages[index].dataParallel, plan.stages[index].tensorParallel) = (1, 4)
        plan.stages[index].microBatch = 8
      }
    }
    #expect(
      try Self.texts(from: sliced) { $0.cluster = TestMachines.cluster(nodes: 2, gpusPerNode: 4) } == [
        "gpusPerNode 4 -> 2", "tensorParallel 4 -> 2",
      ])
  }

  @Test("a runtime without a level or without offload falls back to what it has")
  func runtimes() throws {
    let shipped = try Catalogue.runtimes
    let bare = try #require(shipped.first { !$0.offloads && !$0.zeroLevels.contains(3) })
    let rich = FourStages.plan { plan in
      for index in 0..<4 { (plan.stages[index].zero, plan.stages[index].offload.optimizer) = (3, 4) }
    }
    let nearest = try #require(bare.zeroLevels.max())
    #expect(
      try Self.texts(from: rich) { $0.run.runtime = bare.name } == [
        "zero 3 -> \(nearest)", "offload.optimizer 0.5 -> 0",
      ])
    for runtime in shipped { #expect(try Self.texts(from: rich) { $0.run.runtime = runtime.name } != nil) }
  }

  @Test("chunks that the micro-batches no longer fill are given up")
  func interleaved() throws {
    let chunks = FourStages.plan { $0.interleave = 2 }
    #expect(try Self.texts(from: chunks) { $0.run.globalBatch = 96 } == ["gradientAccumulation 8 -> 12"])
    // G must be a multiple of the four stages; the nearest micro-batch with one is half of it.
    #expect(
      try Self.texts(from: chunks) { $0.run.globalBatch = 16 } == ["gradientAccumulation 8 -> 4", "microBatch 2 -> 1"])
    // Of five micro-batches none of four stages can be made.
    #expect(
      try Self.texts(from: chunks) { $0.run.globalBatch = 20 } == [
        "gradientAccumulation 8 -> 5", "interleave 2 -> 1", "microBatch 2 -> 1",
      ])
  }

  @Test("a model of other layers is another plan")
  func otherModel() throws {
    #expect(try Self.texts { $0.model = TestMachines.gpt(hidden: 1024, layers: 32, heads: 16) } == nil)
    #expect(try Self.texts { $0.model = TestMachines.gpt(hidden: 2048, layers: 24, heads: 16) } == [])
  }

  @Test("sample plans go over to every value that is offered for them, or to none, and keep the rules")
  func samples() throws {
    var carriedCount = 0
    for sample in Catalogue.plans {
      let file = try #require(try InputDocument.load(sample.name).plan)
      for knob in WorkloadKnob.allCases {
        for value in WorkloadEditor(file.workload).values(of: knob) {
          guard let plan = PlanCarrier(from: file.workload, to: value.workload).carried(file.plan) else { continue }
          try PlanRules(workload: value.workload).check(plan)
          if value.isCurrent { #expect(plan == file.plan) }
          carriedCount += 1
        }
      }
      for kind in WhatIf.allCases {
        guard let question = try? kind.question(file.workload, TuneRequest()) else { continue }
        #expect(
          PlanCarrier(from: file.workload, to: question.workload).carried(file.plan) != nil,
          "\(sample.name) \(question.title)")
      }
    }
    #expect(carriedCount > 60)
  }
}
