import Testing

@testable import Engine

/// Sequence parallelism (docs/model.md, sections 2, 3 and 6).
@Suite struct SequenceParallelTests {
  private static let gib = 1_073_741_824.0
  private let tokens = 2.0 * 1024

  private func setting(_ sequenceParallel: Bool) -> StageSetting {
    StageSetting(
      microBatch: 2, tensorParallel: 4, dataParallel: 1, microBatches: 8, nodes: 1, gpusPerNode: 4,
      sequenceParallel: sequenceParallel)
  }

  /// An all-gather of 2*T*h bytes over four GPUs of a node: 4 MiB at 4.1635 GiB/s, 0.4 ms.
  private var gather: Double { 0.75 * 2 * tokens * 1024 / (4.1635 * Self.gib) + 4e-4 }

  @Test("a layer gathers and reduce-scatters what it all-reduced, and gathers inputs again beside a product")
  func layer() {
    let test = ParallelCase()
    let (whole, split) = (test.trace(setting(false)), test.trace(setting(true)))
    let forward = split(split.operators.layer.tensorForward)
    #expect(abs(forward / (2 * (1 + 1.1) * gather) - 1) < 1e-12)
    #expect(forward == whole(whole.operators.layer.tensorForward))
    #expect(abs(whole(whole.operators.layer.tensorBackward) / (2 * 2.1 * gather) - 1) < 1e-12)
    // dx of q, k, v: (2048 x 1024) over 3 * 1024 / 4; of MLP up over 4 * 1024 / 4.
    let hidden = split.product(tokens, 1024, depth: 768) + split.product(tokens, 1024, depth: 1024)
    let expected = 2 * 2.1 * gather + 2 * gather - hidden
    #expect(hidden > 1e-5 && hidden < gather)
    #expect(abs(split(split.operators.layer.tensorBackward) / expected - 1) < 1e-12)
  }

  @Test("the embedding's sums are scattered and their gradients gathered; the head's input is gathered")
  func ends() {
    let test = ParallelCase()
    let (whole, split) = (test.trace(setting(false)), test.trace(setting(true)))
    let (embedding, head) = (split.operators.embedding, split.operators.head)
    #expect(abs(split(embedding.tensorForward) / (1.1 * gather) - 1) < 1e-12)
    #expect(abs(split(embedding.tensorBackward) / gather - 1) < 1e-12)
    #expect(abs(whole(whole.operators.embedding.tensorForward) / (2.1 * gather) - 1) < 1e-12)
    #expect(whole(whole.operators.embedding.tensorBackward) == 0)
    let loss = 3 * 2.1 * (0.75 * 4 * tokens / (4.1635 * Self.gib) + 4e-4)
    #expect(abs(whole(whole.operators.head.tensorForward) / loss - 1) < 1e-12)
    #expect(abs(split(head.tensorForward) / (loss + gather) - 1) < 1e-12)
    let product = split.product(tokens, 1024, depth: 50304 / 4)
    #expect(abs(split(head.tensorBackward) / (1.1 * gather + max(0, gather - product)) - 1) < 1e-12)
  }

  @Test("norms and residual adds work on a quarter of the tokens, all other kernels on all")
  func kernels() {
    let test = ParallelCase()
    let traffic = RuntimeProfile.of(test.workload.run).traffic
    let (whole, split) = (test.trace(setting(false)), test.trace(setting(true)))
    let saved = whole(whole.operators.layer.forward) - split(split.operators.layer.forward)
    let bytes = 2 * (traffic.normForwardBytes.value + traffic.residualForwardBytes.value) * tokens * 1024
    #expect(abs(saved / (0.75 * bytes * whole.rates.secondsPerByte) - 1) < 1e-9)
  }

  @Test("stages send a part each, and checkpoints are parts")
  func boundary() {
    let test = ParallelCase()
    let split = test.trace(setting(true))
    #expect(split(split.activations.boundary) == 2 * tokens * 1024 / 4)
    #expect(split(split.activations.savedCheckpointed) == 2 * tokens * 1024 / 4)
  }

  @Test("stages send 2*T*h/tp bytes from rank to rank, also where a runtime would split and gather a whole state")
  func pointToPoint() throws {
    for runtime in ["mist", "megatron-lm"] {
      let test = ParallelCase(nodes: 2, gpusPerNode: 4, runtime: runtime)
      var plan = test.plan(tensor: 8, microBatch: 2, sequenceParallel: true)
      plan.stages = [0, 1].map { _ in
        StageChoice(
          layers: 4, nodes: 1, gpusPerNode: 4, microBatch: 2, dataParallel: 1, tensorParallel: 4, zero: 0,
          checkpointedLayers: 0)
      }
      let link = test.workload.cluster.pointToPointLink(sameNode: false, senders: 4)
      let seconds = try test.score(plan).stages[0].pointToPointSeconds
      #expect(abs(seconds / link.seconds(bytes: 2 * tokens * 1024 / 4) - 1) < 1e-12, "\(runtime)")
    }
  }

  @Test("without tensor parallelism it changes nothing, to the last bit")
  func alone() throws {
    let test = ParallelCase()
    let plain = try test.score(test.plan(microBatch: 2, checkpointed: 3))
    #expect(plain == (try test.score(test.plan(microBatch: 2, sequenceParallel: true, checkpointed: 3))))
  }

  @Test("it never needs more memory, and never takes longer in kernels, on any runtime")
  func invariants() throws {
    var random = SyntheticPipelines.Sequence(seed: 11)
    for _ in 0..<60 {
      let runtime = RuntimeProfile.all.randomElement(using: &random)?.name ?? "mist"
      let test = ParallelCase(
        hidden: [512, 1024, 2048].randomElement(using: &random) ?? 512,
        sequence: [256, 1024, 4096].randomElement(using: &random) ?? 256,
        attention: Bool.random(using: &random) ? .flash : .unfused, runtime: runtime)
      let plan = test.plan(
        tensor: [2, 4].randomElement(using: &random) ?? 2, microBatch: [1, 2].randomElement(using: &random) ?? 1,
        checkpointed: Int.random(in: 0...8, using: &random), recompute: Bool.random(using: &random) ? .full : .selective
      )
      var split = plan
      split.sequenceParallel = true
      let (before, after) = (try test.score(plan).stages[0], try test.score(split).stages[0])
      #expect(after.memory.allocated <= before.memory.allocated, "\(plan) \(runtime)")
      #expect(after.forward.compute <= before.forward.compute)
      #expect(after.backward.compute <= before.backward.compute)
    }
  }
}
