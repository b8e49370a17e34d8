import Testing

@testable import Engine

/// What the flags and figures of a runtime do to a small stage, against figures computed by hand (docs/model.md,
/// sections 4 and 6).
@Suite struct RuntimeWorkTests {
  private static let gpus = 4
  private static let linkBytesPerSecond = 4.1635 * 1_073_741_824
  private static let perByte = 0.75 / linkBytesPerSecond

  private func workload(_ runtime: String, sequence: Int = 1024) -> Workload {
    Workload(
      name: "test", model: TestMachines.gpt(hidden: 1024, layers: 8, heads: 8),
      cluster: TestMachines.cluster(nodes: 1, gpusPerNode: Self.gpus),
      run: TrainingRun(sequenceLength: sequence, globalBatch: 16, attention: .flash, runtime: runtime))
  }

  private var parameters: Double { workload("mist").model.parameterCount(sequenceLength: 1024) }

  private func stage(
    _ runtime: String, zero: Int, offload: Offload = .none, sequence: Int = 1024
  ) throws -> StageScore {
    let plan = Plan(
      gradientAccumulation: 4,
      stages: [
        StageChoice(
          layers: 8, nodes: 1, gpusPerNode: Self.gpus, microBatch: 1, dataParallel: Self.gpus, tensorParallel: 1,
          zero: zero, checkpointedLayers: 8, offload: offload)
      ])
    let score = try TuningSession(workload: workload(runtime, sequence: sequence), now: { 0 }).score(plan)
    return try #require(score.stages.first)
  }

  private func states(_ stage: StageScore) -> Double {
    (stage.memory.weights + stage.memory.gradients + stage.memory.optimizer) / parameters
  }

  @Test("kept bytes a parameter: Megatron Core 18 and 6 + 12/4, bf16 DeepSpeed 2 + 4 + 2 + 12/4, FSDP 2 + (4 + 12)/4")
  func states() throws {
    #expect(abs(states(try stage("megatron-core", zero: 0)) - 18) < 1e-9)
    #expect(abs(states(try stage("megatron-core", zero: 1)) - 9) < 1e-9)
    #expect(abs(states(try stage("megatron-deepspeed-bf16", zero: 1)) - 11) < 1e-9)
    #expect(abs(states(try stage("fsdp", zero: 2)) - 6) < 1e-9)
    #expect(abs(states(try stage("fsdp", zero: 3)) - 4) < 1e-9)
    #expect(abs(states(try stage("torchtitan", zero: 3)) - 4) < 1e-9)
    #expect(abs(states(try stage("deepspeed", zero: 2)) - (2 + 2.0 / 4 + 3)) < 1e-9)
  }

  @Test("fp32 copies of a shard's gradients fill the step: 16 + 4 B a parameter, sharded 4 + (12 + 4)/4")
  func stepCopies() throws {
    // Short sequences: their logits (4 B each) are less than the copies. Token ids stay: 8 B a token.
    let sequence = 256
    let parameters = workload("mist").model.parameterCount(sequenceLength: sequence)
    let ids = 8.0 * Double(sequence)
    let whole = try stage("megatron-lm-2023", zero: 0, sequence: sequence).memory
    #expect(abs(whole.transient - 4 * parameters) < 1)
    #expect(abs(whole.allocated - (20 * parameters + ids)) < 1)
    let sharded = try stage("megatron-lm-2023", zero: 1, sequence: sequence).memory
    #expect(abs(sharded.transient - parameters) < 1)
    #expect(abs(sharded.allocated - (8 * parameters + ids)) < 1)
    // Its step reads the fp32 gradients that Megatron-LM keeps with bf16: 18 B, and no copy.
    let kept = try stage("megatron-lm", zero: 0, sequence: sequence).memory
    #expect(kept.transient < parameters && abs(kept.gradients - 4 * parameters) < 1)
  }

  @Test("copies that stay count once in every moment: 16 + 4 B a parameter, 2 B more while gradients are reduced")
  func copiesThatStay() throws {
    let sequence = 256
    let parameters = workload("mist").model.parameterCount(sequenceLength: sequence)
    let memory = try stage("megatron-lm-fp16", zero: 0, sequence: sequence).memory
    #expect(abs(memory.gradients - 6 * parameters) < 1)
    #expect(abs(memory.transient - 2 * parameters) < 1)
    #expect(abs(memory.allocated - (22 * parameters + 8 * Double(sequence))) < 1)
    // Aceso frees them: 16 B, and the 2 B of the reduction; its step frees fp16 gradients as it makes fp32 ones, 2 B more.
    let freed = try stage("aceso", zero: 0, sequence: sequence).memory
    #expect(abs(freed.allocated - (18 * parameters + 8 * Double(sequence))) < 1)
  }

  @Test("DeepSpeed's step at ZeRO 1: 4 B and, of a quarter, 12 B of states and 6 B of copies, beside a bucket of 1 GB")
  func flatCopies() throws {
    let memory = try stage("megatron-deepspeed", zero: 1).memory
    #expect(abs(memory.transient - (1.5 * parameters + 1e9)) < 1)
    #expect(abs(memory.allocated - ((4 + 3 + 1.5) * parameters + 1e9 + 8192)) < 1)
  }

  @Test("without its overlap flags Megatron Core ends with fp32 gradients reduced and 16-bit weights gathered")
  func megatronCore() throws {
    let exposed = try stage("megatron-core-exposed", zero: 1)
    let step = 50 * parameters / 4 / (300e9 * 0.8)
    let expected = parameters * (1.1 * 4 + 2) * Self.perByte + step
    #expect(abs(exposed.deltaSeconds / expected - 1) < 1e-9)
    let overlapped = try stage("megatron-core", zero: 1)
    #expect(overlapped.deltaSeconds < exposed.deltaSeconds)
    #expect(overlapped.deltaSeconds > step)
  }

  @Test("gradients that are whole on every rank are all-reduced: 2.1 x 4 B, where shards need 1.1")
  func allReduced() throws {
    let stage = try stage("megatron-deepspeed-bf16", zero: 1)
    let step = 50 * parameters / 4 / (300e9 * 0.8)
    let expected = parameters * (2.1 * 2 + 2) * Self.perByte + step
    #expect(abs(stage.deltaSeconds / expected - 1) < 1e-9)
  }

  @Test("DeepSpeed at ZeRO 2 reduces 1.1 x 2 B after every backward, at ZeRO 3 beside it")
  func exposedInEveryBackward() throws {
    let second = try stage("deepspeed", zero: 2)
    let first = try stage("deepspeed", zero: 1)
    let reduction = parameters * 1.1 * 2 * Self.perByte
    #expect(abs((second.backward.elapsed - first.backward.elapsed) / reduction - 1) < 1e-9)
    #expect(abs(second.backwardLast.elapsed / first.backwardLast.elapsed - 1) < 1e-9)
    let third = try stage("deepspeed", zero: 3)
    #expect(third.backward.collective > second.backward.collective)
    // Nothing but the step follows the last backward there.
    let step = 58 * parameters / 4 / (300e9 * 0.8)
    #expect(abs((third.backwardLast.elapsed - third.backward.elapsed) / step - 1) < 1e-9)
  }

  @Test("a shard that every forward gathers costs the gather at ZeRO 2 as at ZeRO 3, but not in the backward")
  func gathersEveryForward() throws {
    let (second, third) = (try stage("fsdp", zero: 2), try stage("fsdp", zero: 3))
    #expect(second.forward == third.forward)
    #expect(second.backward.collective < third.backward.collective)
  }

  @Test("offloaded states are stepped by the node: 4 GPUs x 0.25 ns a parameter, then 2 B up; none comes to the device")
  func hostStep() throws {
    let kept = try stage("deepspeed", zero: 3)
    let offloaded = try stage("deepspeed", zero: 3, offload: Offload(optimizer: 8))
    let shard = parameters / 4
    let up = 2 / (5.7546 * 1_073_741_824)
    let host = shard * (4 * 0.25e-9 + up)
    #expect(abs((offloaded.backwardLast.elapsed - offloaded.backward.elapsed) / host - 1) < 1e-9)
    #expect(offloaded.forwardFirst == offloaded.forward)
    #expect(offloaded.memory.optimizer == 0 && offloaded.memory.gradients == 0)
    // States, fp16 gradients and their fp32 copies; nothing is flattened there.
    #expect(abs(offloaded.hostBytesPerGPU / (shard * (12 + 2 + 4)) - 1) < 1e-9)
    #expect(offloaded.backward.deviceToHost > kept.backward.deviceToHost)
    // Half the states: half of both steps.
    let half = try stage("deepspeed", zero: 3, offload: Offload(optimizer: 4))
    let step = shard * 58 / (300e9 * 0.8)
    #expect(abs((half.backwardLast.elapsed - half.backward.elapsed) / ((host + step) / 2) - 1) < 1e-9)
  }

  @Test("Megatron Core sends fp32 gradients down at the step, 4 B, steps on the node's processors, and gets 2 B up")
  func hostStepOfMegatron() throws {
    let kept = try stage("megatron-core", zero: 1)
    let offloaded = try stage("megatron-core", zero: 1, offload: Offload(optimizer: 8))
    let shard = parameters / 4
    let machine = workload("megatron-core").cluster.nodeType.links
    func perByte(_ link: Link) -> Double { 1 / (link.gibibytesPerSecond * 1_073_741_824) }
    let host = shard * (4 * 0.25e-9 + 4 * perByte(machine.deviceToHost) + 2 * perByte(machine.hostToDevice))
    // The device keeps the checks of the gradients (16 B), and gives its share of the step (34 B) to the host.
    let step = shard * 34 / (300e9 * 0.8)
    #expect(abs((offloaded.backwardLast.elapsed - kept.backwardLast.elapsed) - (host - step)) < 1e-3 * host)
    #expect(offloaded.memory.optimizer == 0 && offloaded.memory.gradients == kept.memory.gradients)
    #expect(abs(offloaded.hostBytesPerGPU / (shard * (12 + 4)) - 1) < 1e-9)
    #expect(offloaded.backward == kept.backward)
    func refused(_ zero: Int, _ offload: Offload) -> Bool {
      (try? stage("megatron-core", zero: zero, offload: offload)) == nil
    }
    #expect(refused(0, Offload(optimizer: 8)))
    for share in [Offload(weights: 8), Offload(gradients: 8), Offload(activations: 1)] { #expect(refused(1, share)) }
    #expect(!refused(1, Offload(optimizer: 3)))
  }

  @Test("what steps on the host offloads states from ZeRO 2, weights at ZeRO 3, and gradients only with the states")
  func offloadRules() throws {
    func refused(_ zero: Int, _ offload: Offload) -> Bool {
      (try? stage("deepspeed", zero: zero, offload: offload)) == nil
    }
    #expect(refused(1, Offload(optimizer: 8)))
    #expect(refused(2, Offload(weights: 8, optimizer: 8)))
    #expect(refused(3, Offload(gradients: 8, optimizer: 8)))
    #expect(!refused(2, Offload(optimizer: 8)))
    #expect(!refused(3, Offload(weights: 8, optimizer: 8, activations: 8)))
    let runtime = try #require(RuntimeProfile.named("deepspeed"))
    let grid = StrategyGrid(space: .mist, runtime: runtime, dataParallel: 4)
    #expect(
      grid.strategies.allSatisfy { runtime.offloadLimit($0.offload, zero: $0.zero, dataParallel: 4) == nil })
    #expect(grid.strategies.contains { $0.zero == 3 && $0.offload.weights == 8 })
  }

  @Test("buffers: DeepSpeed holds gathered weights up to 2 GB and a bucket of 1 GB, torchtitan 6 B for 4 of both")
  func buffers() throws {
    // The embedding with its positions.
    let largest = (50304.0 + 1024) * 1024
    let fsdp = try stage("fsdp", zero: 3).memory.buffers
    #expect(abs((try stage("torchtitan", zero: 3)).memory.buffers - fsdp - 4 * largest) < 1)
    // The stage's weights are less than 2 GB: all of them stay; gradients of the largest part stand before the bucket.
    let deepspeed = try stage("deepspeed", zero: 3).memory.buffers
    #expect(abs(deepspeed - fsdp - (2 * parameters + 2 * largest + 1e9 - 8 * largest)) < 1)
  }
}
