import Testing

@testable import Engine

/// Kinds of recomputation (docs/model.md, sections 2 and 6).
@Suite struct RecomputeKindTests {
  private func setting(_ kind: RecomputeKind, sequenceParallel: Bool = false) -> StageSetting {
    StageSetting(
      microBatch: 2, tensorParallel: 4, dataParallel: 1, microBatches: 8, nodes: 1, gpusPerNode: 4,
      sequenceParallel: sequenceParallel, recompute: kind)
  }

  @Test(
    "selective recomputation repeats the attention core alone: no product, no collective", arguments: [true, false])
  func core(isFlash: Bool) throws {
    let test = ParallelCase(attention: isFlash ? .flash : .unfused)
    let trace = test.trace(setting(.selective))
    let layer = trace.operators.layer
    let repeated = trace(layer.recomputedBackward) - trace(layer.backward)
    let kinds: [LayerOperator.Kind] = isFlash ? [.flash] : [.scores, .softmax, .context]
    let core = trace.forward { kinds.contains($0) }
    #expect(core > 0)
    #expect(abs(repeated / core - 1) < 1e-9)
    #expect(trace(layer.tensorRecomputedBackward) == trace(layer.tensorBackward))
    // What is kept: all but the softmax's output, 2*b*(a/tp)*s^2, or the log-sums, 4*b*(a/tp)*s.
    let inside = isFlash ? 4.0 * 2 * 4 * 1024 : 2.0 * 2 * 4 * 1024 * 1024
    #expect(trace(trace.activations.savedPlain) - trace(trace.activations.savedCheckpointed) == inside)
  }

  @Test("full recomputation repeats the forward pass and its collectives")
  func full() {
    let trace = ParallelCase().trace(setting(.full))
    let layer = trace.operators.layer
    let (kernels, sums) = (trace(layer.backward) + trace(layer.forward), 4 * 2.1 * (0.75 * 4 / 1024 / 4.1635 + 4e-4))
    #expect(abs(trace(layer.recomputedBackward) / kernels - 1) < 1e-12)
    #expect(abs(trace(layer.tensorRecomputedBackward) / sums - 1) < 1e-12)
  }

  @Test("where it stops early it leaves out MLP down, an add, and the last sum of partial results")
  func early() throws {
    let test = ParallelCase(hidden: 2048, runtime: "torchtitan")
    for split in [false, true] {
      let trace = test.trace(setting(.full, sequenceParallel: split))
      let layer = trace.operators.layer
      let tokens = 2.0 * 1024
      let gather = 0.75 * 2 * tokens * 2048 / (4.1635 * Units.gibibyte) + 4e-4
      let collectives = split ? 3.1 * gather : 2.1 * gather
      // Kernels, or what the host needs while collectives do not run.
      let kernels = trace.forward { $0 != .feedForwardDown } - trace.forward { $0 == .residuals } / 2
      let expected = max(kernels, trace.runtime.hostForwardSeconds.value - collectives)
      let repeated = trace(layer.recomputedBackward) - trace(layer.backward)
      #expect(abs(repeated / expected - 1) < 1e-9)
      let sums = trace(layer.tensorRecomputedBackward) - trace(layer.tensorBackward)
      #expect(abs(sums / collectives - 1) < 1e-9)
    }
  }

  @Test("torchtitan's choice of operators keeps q, v, gate, down and flash attention's output")
  func operators() throws {
    var test = ParallelCase(gpusPerNode: 1, runtime: "torchtitan")
    test.workload.model = ModelShape(
      name: "llama", hidden: 1024, feedForward: 3584, layers: 8, heads: 16, keyValueHeads: 4, vocabulary: 32000,
      gatedFeedForward: true, normalization: .rmsNorm, positions: .rotary, source: "test")
    let trace = test.trace(
      StageSetting(
        microBatch: 2, tensorParallel: 1, dataParallel: 1, microBatches: 8, nodes: 1, gpusPerNode: 1,
        recompute: .selectiveOperators))
    let tokens = 2.0 * 1024
    // Input, q, v, flash's output and log-sums, gate, down.
    let kept = tokens * 2 * (1024 + 1024 + 256 + 1024 + 3584 + 1024) + 4 * tokens * 16
    #expect(trace(trace.activations.savedCheckpointed) == kept)
    let layer = trace.operators.layer
    let repeated = trace(layer.recomputedBackward) - trace(layer.backward)
    let products =
      trace.product(tokens, 256, depth: 1024) + trace.product(tokens, 1024, depth: 1024)
      + trace.product(tokens, 3584, depth: 1024)
    let others = trace.forward { [.norms, .activation, .rotary, .layout, .biases].contains($0) }
    let add = trace.forward { $0 == .residuals } / 2
    #expect(abs(repeated / (products + others + add) - 1) < 1e-9)
  }

  @Test("every kind lies between recomputing nothing and everything, in time and in memory")
  func between() throws {
    var random = SyntheticPipelines.Sequence(seed: 5)
    for _ in 0..<40 {
      let test = ParallelCase(
        hidden: [512, 1024, 2048].randomElement(using: &random) ?? 512,
        sequence: [512, 1024, 2048].randomElement(using: &random) ?? 512,
        attention: Bool.random(using: &random) ? .flash : .unfused,
        runtime: ["mist", "megatron-lm", "fsdp"].randomElement(using: &random) ?? "mist")
      let tensor = [1, 2, 4].randomElement(using: &random) ?? 1
      let split = Bool.random(using: &random)
      func stage(_ checkpointed: Int, _ kind: RecomputeKind) throws -> StageScore {
        try test.score(
          test.plan(tensor: tensor, sequenceParallel: split, checkpointed: checkpointed, recompute: kind)
        ).stages[0]
      }
      let (none, full) = (try stage(0, .full), try stage(8, .full))
      for kind in RecomputeKind.allCases {
        let some = try stage(8, kind)
        #expect(some.memory.activations <= none.memory.activations * (1 + 1e-12), "\(kind)")
        #expect(some.memory.activations >= full.memory.activations * (1 - 1e-12), "\(kind)")
        #expect(some.stableSeconds >= none.stableSeconds * (1 - 1e-12), "\(kind)")
        #expect(some.stableSeconds <= full.stableSeconds * (1 + 1e-12), "\(kind)")
        // No layers, no difference.
        #expect(try stage(0, kind) == none)
      }
    }
  }
}
