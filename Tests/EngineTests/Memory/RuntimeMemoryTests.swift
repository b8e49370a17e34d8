import Testing

@testable import Engine

/// What runtimes hold beside their states, and what `nvidia-smi` adds (docs/model.md, section 6).
@Suite struct RuntimeMemoryTests {
  /// Memory of GPT of 8 layers on two pipeline stages of dp 2, all recomputed; of both stages.
  private func memory(_ runtime: String, zero: Int) throws -> (stages: [MemoryBreakdown], workload: Workload) {
    let workload = Workload(
      name: "test", model: TestMachines.gpt(hidden: 1024, layers: 8, heads: 8),
      cluster: TestMachines.cluster(nodes: 1, gpusPerNode: 4),
      run: TrainingRun(sequenceLength: 512, globalBatch: 8, attention: .unfused, runtime: runtime))
    let stage = StageChoice(
      layers: 4, nodes: 1, gpusPerNode: 2, microBatch: 1, dataParallel: 2, tensorParallel: 1, zero: zero,
      checkpointedLayers: 4)
    let plan = Plan(gradientAccumulation: 4, stages: [stage, stage])
    let score = try TuningSession(workload: workload, now: { 0 }).score(plan)
    return (score.stages.map(\.memory), workload)
  }

  /// Parameters of the first stage.
  private func parameters(_ model: ModelShape) -> Double {
    4 * model.layerParameters + model.embeddingParameters + model.positionParameters(sequenceLength: 512)
  }

  @Test("DeepSpeed's flat step buffers and bucket are reserved beside what the passes leave: 6 B / dp, and 1 GB")
  func flatBuffers() throws {
    let found = try memory("megatron-deepspeed", zero: 1)
    let first = found.stages[0]
    let copies = 6 * parameters(found.workload.model) / 2 + 1e9
    // Allocated is the larger of the passes and the step; here the step's bucket is the larger.
    #expect(abs(first.transient - copies) < 1)
    let states = (2 + 2 + 6) * parameters(found.workload.model)
    #expect(abs(first.allocated - first.buffers - states - copies) < 1)
    #expect(first.reserved > first.allocated)
    #expect(first.reserved - copies > 1.093 * states)
  }

  @Test("its bf16 optimizer keeps fp32 and bf16 gradients of all parameters: 6 B, whatever dp")
  func bf16Optimizer() throws {
    let found = try memory("megatron-deepspeed-bf16", zero: 1)
    #expect(abs(found.stages[0].gradients / parameters(found.workload.model) - 6) < 1e-9)
  }

  @Test("Megatron-LM with fp16 holds 20 B a parameter, and 22 while it reduces")
  func fp16() throws {
    let found = try memory("megatron-lm-fp16", zero: 0)
    let first = found.stages[0]
    let parameters = parameters(found.workload.model)
    #expect(abs((first.weights + first.gradients + first.optimizer) / parameters - 20) < 1e-9)
    #expect(first.allocated >= 22 * parameters)
  }

  @Test("a GPU is in one communicator for all ranks and in one for each kind of parallelism it has")
  func communicators() throws {
    #expect(CommunicatorCount.of(tensorParallel: 1, dataParallel: 1, stages: 1) == 0)
    #expect(CommunicatorCount.of(tensorParallel: 2, dataParallel: 1, stages: 1) == 2)
    #expect(CommunicatorCount.of(tensorParallel: 2, dataParallel: 4, stages: 8) == 4)
    var gpu = TestMachines.gpu
    gpu.contextBytes.value = 5e8
    gpu.communicatorBytes.value = 2e8
    #expect(gpu.contextBytes(groups: 4) == 13e8)
  }
}
