import Testing

@testable import Engine

/// Trees of `brume explain`: they add up, and their roots are the score's.
@Suite struct PlanExplanationTests {
  private func check(_ root: ExplanationNode, _ name: String) {
    for node in root.all {
      let scale = node.children.reduce(abs(node.value)) { max($0, abs($1.value)) }
      #expect(abs(node.combined - node.value) <= 1e-9 * scale, "\(name): \(node.name)")
      #expect(node.value.isFinite && !node.name.isEmpty)
    }
  }

  private func close(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-9 * max(abs(a), abs(b)) }

  private func checkAll(_ workload: Workload, _ plan: Plan) throws -> PlanExplanation {
    let explanation = try PlanExplanation(workload: workload, plan: plan)
    let score = try workload.score(plan)
    #expect(explanation.time.value == score.iterationSeconds)
    #expect(explanation.memory.value == score.peakReservedBytes)
    #expect(explanation.stages.map(\.stable.value) == score.stages.map(\.stableSeconds))
    #expect(explanation.stages.map(\.delta.value) == score.stages.map(\.deltaSeconds))
    #expect(explanation.stages.map(\.reserved.value) == score.stages.map(\.memory.reserved))
    check(explanation.time, workload.name)
    check(explanation.memory, workload.name)
    for stage in explanation.stages {
      for node in [stage.stable, stage.delta, stage.reserved] { check(node, workload.name) }
      let rest = stage.stable.all.filter { $0.name.hasPrefix("other work") }
      #expect(rest.allSatisfy { abs($0.value) < 1e-9 * stage.stable.value }, "\(rest.map(\.name))")
    }
    return explanation
  }

  @Test("in the shipped plans every node is what its children make it, and roots are the score's")
  func shippedPlans() throws {
    for name in ["gpt-22b-32xl4.plan", "llama-13b-16xa100-40.plan"] {
      let file = try #require(try InputDocument.load(name).plan)
      let explanation = try checkAll(file.workload, file.plan)
      let kernels = try #require(explanation.time.first(named: "kernels, forward"))
      #expect(kernels.children.count >= 8)
      // Every end of the tree says where its figures come from, but for what only rounds off or waits.
      let first = explanation.stages[0]
      for leaf in first.stable.all + first.reserved.all where leaf.children.isEmpty && leaf.value != 0 {
        #expect(!leaf.sources.isEmpty, "\(leaf.name)")
      }
    }
  }

  @Test("every runtime and kind of plan adds up: ZeRO, offload, recomputation, one stage or two, one micro-batch")
  func samples() throws {
    for name in ["gpt-1.3b-2xl4", "llama-7b-8xl4", "falcon-7b-8xl4", "gpt-7b-8xa100-40"] {
      var workload = try WorkloadSource.load(name)
      workload.limits.headroomBytes = 0
      for runtime in ["mist", "megatron-lm", "fsdp"] {
        workload.run.runtime = runtime
        let profile = RuntimeProfile.of(workload.run)
        for plan in plans(workload, profile) { _ = try checkAll(workload, plan) }
      }
    }
  }

  @Test("every runtime that ships has trees of its own structure: no pass leaves a rest, though none is interleaved")
  func everyRuntime() throws {
    var workload = try WorkloadSource.load("llama-7b-8xl4")
    workload.limits.headroomBytes = 0
    #expect(RuntimeProfile.all.contains { !$0.overlapsCollectives })
    #expect(RuntimeProfile.all.contains { $0.stepsOnHost })
    for runtime in RuntimeProfile.all {
      workload.run.runtime = runtime.name
      for plan in plans(workload, runtime) {
        let explanation = try checkAll(workload, plan)
        let all = explanation.stages.flatMap { $0.stable.all + $0.delta.all }
        #expect(!all.contains { $0.name == "chunks apart" }, "\(runtime.name)")
        let steps = all.contains { $0.name.hasPrefix("the host's step") }
        let isOnHost = runtime.stepsOnHost && plan.stages.contains { $0.offload.optimizer > 0 }
        #expect(steps == isOnHost, "\(runtime.name)")
      }
    }
  }

  /// One stage with every layer recomputed and shares offloaded, two stages with some, and one micro-batch alone.
  private func plans(_ workload: Workload, _ runtime: RuntimeProfile) -> [Plan] {
    let gpus = workload.cluster.gpuCount
    let layers = workload.model.layers
    let batch = workload.run.globalBatch
    // Where the host steps, states go there from some ZeRO level on, and gradients with them.
    let all = Offload(weights: 2, gradients: 4, optimizer: 8, activations: 3)
    func offload(_ zero: Int) -> Offload {
      guard runtime.stepsOnHost else { return runtime.offloads ? all : .none }
      return zero == runtime.zeroLevels.last ? Offload(optimizer: 8) : .none
    }
    func stage(_ layers: Int, gpus: Int, tp: Int, zero: Int, checkpointed: Int, samples: Int) -> StageChoice {
      StageChoice(
        layers: layers, nodes: 1, gpusPerNode: gpus, microBatch: samples, dataParallel: gpus / tp, tensorParallel: tp,
        zero: zero, checkpointedLayers: checkpointed, offload: offload(zero))
    }
    let zero = runtime.zeroLevels.last ?? 0
    let half = gpus / 2
    var found = [
      Plan(
        gradientAccumulation: batch / gpus,
        stages: [stage(layers, gpus: gpus, tp: 1, zero: zero, checkpointed: layers, samples: 1)]),
      Plan(
        gradientAccumulation: 1,
        stages: [stage(layers, gpus: gpus, tp: 2, zero: runtime.zeroLevels[0], checkpointed: 0, samples: batch / half)]),
    ]
    found.append(
      Plan(
        gradientAccumulation: batch / half,
        stages: [
          stage(layers - 1, gpus: half, tp: 1, zero: zero, checkpointed: 3, samples: 1),
          stage(1, gpus: half, tp: 1, zero: runtime.zeroLevels[0], checkpointed: 0, samples: 1),
        ]))
    return found
  }

  @Test("a term is found by its name, of the plan or of one stage")
  func terms() throws {
    let file = try #require(try InputDocument.load("llama-13b-16xa100-40.plan").plan)
    let explanation = try PlanExplanation(workload: file.workload, plan: file.plan)
    #expect(explanation.term("time")?.name == "iteration")
    #expect(explanation.term("memory")?.unit == .bytes)
    #expect(explanation.term("t", stage: 2)?.name == "t of stage 2")
    #expect(explanation.term("d", stage: 4)?.name == "d of stage 4")
    #expect(explanation.term("memory", stage: 3)?.name == "reserved by stage 3")
    let slowest = explanation.stages.map(\.stable.value).max()
    #expect(explanation.term("t")?.value == slowest)
    #expect(explanation.term("flash attention", stage: 1)?.value ?? 0 > 0)
    #expect(explanation.term("weights")?.unit == .bytes)
    #expect(explanation.term("nonsense") == nil)
  }

  @Test("the only channel at work is its own time, and channels at once are as slow as interference says")
  func overlap() throws {
    let graph = ExpressionGraph()
    var walk = ExpressionWalk(graph: graph, values: [:])
    let kernels = walk.variable(.leaf("kernels", 2))
    let gather = walk.variable(.leaf("gather", 1))
    let zero = graph.constant(0)
    let both = Expression.overlap(
      compute: kernels, collective: gather, hostToDevice: zero, deviceToHost: zero, interference: .none)
    let node = walk.node(both + kernels * 3 - gather, "all")
    #expect(node.combination == .sum)
    #expect(node.value == 2 + 6 - 1)
    #expect(node.children.map(\.value).sorted() == [-1, 2, 6])
    #expect(node.combined == node.value)
    #expect(walk.node(walk.variable(.leaf("nothing", 0)) + gather, "gather alone").value == 1)
  }
}
