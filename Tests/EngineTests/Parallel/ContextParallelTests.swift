import Testing

@testable import Engine

/// Context parallelism, and tensor-parallel groups over several nodes (docs/model.md, section 3).
@Suite struct ContextParallelTests {
  private func setting(
    tensor: Int = 1, context: Int = 1, data: Int = 1, nodes: Int = 1, width: Int = 8
  ) -> StageSetting {
    StageSetting(
      microBatch: 1, tensorParallel: tensor, dataParallel: data, microBatches: 4, nodes: nodes, gpusPerNode: width,
      contextParallel: context)
  }

  @Test("groups lie as Megatron-LM places them: tp innermost, then cp, then dp")
  func placement() {
    let inside = setting(tensor: 2, context: 4, data: 4, nodes: 4)
    #expect(inside.tensorGroup == GroupShape(nodes: 1, gpusPerNode: 2))
    #expect(inside.contextGroup == GroupShape(nodes: 1, gpusPerNode: 4))
    #expect(inside.dataGroup == GroupShape(nodes: 4, gpusPerNode: 4))
    #expect(setting(tensor: 8, context: 2, data: 2, nodes: 4).contextGroup == GroupShape(nodes: 2, gpusPerNode: 1))
    #expect(setting(tensor: 4, context: 4, data: 1, nodes: 2).contextGroup == GroupShape(nodes: 2, gpusPerNode: 2))
    #expect(setting(context: 16, data: 2, nodes: 4).contextGroup == GroupShape(nodes: 2, gpusPerNode: 8))
    let wide = setting(tensor: 16, data: 4, nodes: 8)
    #expect(wide.tensorGroup == GroupShape(nodes: 2, gpusPerNode: 8))
    #expect(wide.dataGroup == GroupShape(nodes: 4, gpusPerNode: 1))
    #expect(setting(tensor: 16, context: 2, data: 2, nodes: 8).contextGroup == GroupShape(nodes: 2, gpusPerNode: 1))
  }

  @Test("a ring exposes what a step takes longer than its block of attention, twice the bytes in backward")
  func ring() throws {
    let test = ParallelCase(hidden: 2048, heads: 16, gpusPerNode: 4)
    let trace = test.trace(setting(context: 4, width: 4))
    // Keys and values of 256 tokens: 2 * 2 B * 256 * 2048 over the ring of 1x4.
    let bytes = 4.0 * 256 * 2048
    let (perByte, latency) = (1 / (4.1635 * Units.gibibyte), 4e-4)
    let gpu = test.workload.cluster.nodeType.gpu
    let flash = try #require(trace.parts.first { $0.kind == .flash })
    let (forward, backward) = (trace(flash.forward), trace(flash.backward))
    let layer = trace.operators.layer
    let expected = 3 * max(0, bytes * perByte + latency - forward / 4)
    #expect(expected > 0)
    #expect(abs(trace(layer.tensorForward) / expected - 1) < 1e-9)
    #expect(
      abs(trace(layer.tensorBackward) / (3 * max(0, 2 * bytes * perByte + latency - backward / 4)) - 1) < 1e-9)
    // Three merges of the output: 10 B an element of 256 x 2048, and their launches.
    let merges = 3 * (10 * 256 * 2048 * trace.rates.secondsPerByte + gpu.launchSeconds.value)
    let kernels = max(trace.forward(), trace.runtime.hostForwardSeconds.value)
    #expect(abs(trace(layer.forward) / (kernels + merges) - 1) < 1e-9)
  }

  @Test("an all-gather is exposed beyond the first block; in backward gradients go from rank to rank")
  func gather() throws {
    let test = ParallelCase(hidden: 2048, heads: 16, gpusPerNode: 4, runtime: "fsdp")
    let trace = test.trace(setting(context: 4, width: 4))
    let bytes = 4.0 * 256 * 2048
    let (perByte, latency) = (1 / (4.1635 * Units.gibibyte), 4e-4)
    let flash = try #require(trace.parts.first { $0.kind == .flash })
    let (forward, backward) = (trace(flash.forward), trace(flash.backward))
    let all = 0.75 * 4 * bytes * perByte + latency
    let layer = trace.operators.layer
    #expect(abs(trace(layer.tensorForward) / max(0, all - forward / 4) - 1) < 1e-9)
    let step = bytes * perByte + latency
    let expected = max(0, all - backward / 4) + 3 * max(0, step - backward / 4)
    #expect(abs(trace(layer.tensorBackward) / expected - 1) < 1e-9)
  }

  @Test("between nodes a step takes the rate of one pair of neighbours, not that of the group")
  func ringBetweenNodes() {
    let cluster = TestMachines.cluster(nodes: 2, gpusPerNode: 4)
    let step = CollectiveRate(ringStepOn: cluster, group: GroupShape(nodes: 2, gpusPerNode: 2), mesh: 4)
    #expect(abs(step.secondsPerByte * 0.4895 * Units.gibibyte - 1) < 1e-12)
    #expect(step.latencySeconds == 4.5e-3)
  }

  @Test("attention, tokens and activations of a rank are 1/cp of all; states are shared by dp * cp ranks")
  func shares() throws {
    let test = ParallelCase(hidden: 2048, heads: 16, gpusPerNode: 4, sequence: 4096, runtime: "fsdp")
    let (whole, split) = (test.trace(setting(width: 4)), test.trace(setting(context: 4, width: 4)))
    #expect(split(split.activations.savedPlain) * 4 == whole(whole.activations.savedPlain))
    #expect(split(split.activations.logits) * 4 == whole(whole.activations.logits))
    let data = try test.score(test.plan()).stages[0].memory
    let context = try test.score(test.plan(context: 4)).stages[0].memory
    #expect(context.weights == data.weights && context.gradients == data.gradients)
    #expect(context.optimizer == data.optimizer)
    #expect(context.activations * 4 == data.activations)
  }

  @Test("memory never rises with cp, and each sample is on cp ranks")
  func monotone() throws {
    for runtime in ["megatron-lm", "fsdp", "torchtitan"] {
      let test = ParallelCase(gpusPerNode: 8, sequence: 8192, runtime: runtime)
      var last = Double.infinity
      for context in [1, 2, 4, 8] {
        let plan = test.plan(context: context, checkpointed: 4)
        #expect(plan.gradientAccumulation * 8 / context == 16)
        let memory = try test.score(plan).stages[0].memory.allocated
        #expect(memory <= last, "\(runtime) \(context)")
        last = memory
      }
    }
  }

  @Test("a tensor-parallel group over two nodes takes the link of its shape")
  func tensorOverNodes() throws {
    let test = ParallelCase(nodes: 2, gpusPerNode: 8, batch: 4)
    let score = try test.score(test.plan(tensor: 16))
    let gather = 15.0 / 16 * 2 * 1024 * 1024 / (3.3215 * Units.gibibyte) + 1.3e-3
    let layers = 8 * 2 * 2.1 * gather
    let ends = 2.1 * gather + 3 * 2.1 * (15.0 / 16 * 4 * 1024 / (3.3215 * Units.gibibyte) + 1.3e-3)
    #expect(abs(score.stages[0].forward.tensorParallel / (layers + ends) - 1) < 1e-9)
  }

  @Test("a degree that does not split what it must is refused, and says what would")
  func rules() {
    let test = ParallelCase(nodes: 2, gpusPerNode: 4, sequence: 1000, batch: 16)
    func message(_ plan: Plan, _ test: ParallelCase) -> String {
      do {
        _ = try test.score(plan)
        return "no error"
      } catch { return "\(error)" }
    }
    #expect(message(test.plan(context: 2), test) == "no error")
    #expect(message(test.plan(context: 8), test).contains("half of a divisor of the sequence length 1000"))
    #expect(message(test.plan(tensor: 8, sequenceParallel: true), test) == "no error")
    let odd = ParallelCase(nodes: 2, gpusPerNode: 4, sequence: 1002, batch: 16)
    #expect(
      message(odd.plan(tensor: 4, sequenceParallel: true), odd)
        == "stage 1: tensorParallel is 4, must be a divisor of the 1002 tokens that it splits with sequence parallelism"
    )
    let unfused = ParallelCase(attention: .unfused)
    #expect(message(unfused.plan(context: 2), unfused).contains("1 without flash attention"))
    var nothing = test.plan()
    nothing.contextParallel = 0
    #expect(message(nothing, test) == "contextParallel is 0, must be at least 1")
    nothing.contextParallel = .max
    #expect(message(nothing, test).contains("contextParallel"))
    var mismatch = test.plan(context: 2)
    mismatch.contextParallel = 4
    #expect(message(mismatch, test).contains("x contextParallel is 16, its mesh has 8 GPUs"))
    // Sixteen ranks on nodes of four take four whole nodes; eight of a mesh of two nodes take both.
    #expect(message(test.plan(tensor: 8), test) == "no error")
    let three = ParallelCase(heads: 12, nodes: 3, gpusPerNode: 4, sequence: 1024, batch: 12)
    #expect(message(three.plan(tensor: 6), three).contains("whole nodes"))
  }
}
