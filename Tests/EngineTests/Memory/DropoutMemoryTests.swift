import Testing

@testable import Engine

/// What dropout keeps for the backward pass (docs/model.md, section 6).
@Suite struct DropoutMemoryTests {
  private static let model = TestMachines.gpt(hidden: 1024, layers: 2, heads: 16)

  /// Saved bytes of a layer for two samples of 512 tokens on one rank.
  private func saved(_ attention: AttentionKernel, dropout: Double) throws -> Double {
    let run = TrainingRun(sequenceLength: 512, globalBatch: 2, attention: attention, dropout: dropout)
    let v = StrategyVariables(ExpressionGraph())
    let shape = TracedShape(model: Self.model, run: run, variables: v)
    let trace = ActivationTrace(model: Self.model, run: run, runtime: .mist, shape: shape, variables: v)
    let setting = StageSetting(
      microBatch: 2, tensorParallel: 1, dataParallel: 1, microBatches: 1, nodes: 1, gpusPerNode: 1)
    let values = setting.values(v, on: TestMachines.cluster(nodes: 1, gpusPerNode: 1))
    return try #require(trace.savedPlain.substituting(values).constantValue)
  }

  @Test("an unfused layer of GPT saves 34 B an element of the hidden state and 5 B a score, as Korthikanti counts")
  func unfused() throws {
    let (tokens, hidden, scores) = (1024.0, 1024.0, 2.0 * 16 * 512 * 512)
    // 16 B a token are the statistics of two norms, which Korthikanti leaves out.
    #expect(try saved(.unfused, dropout: 0.1) == 34 * tokens * hidden + 5 * scores + 16 * tokens)
    #expect(try saved(.unfused, dropout: 0) == 32 * tokens * hidden + 2 * scores + 16 * tokens)
  }

  @Test("flash attention keeps no mask of scores: two masks of the hidden state are all")
  func flash() throws {
    let masks = 2.0 * 1024 * 1024
    #expect(try saved(.flash, dropout: 0.1) - saved(.flash, dropout: 0) == masks)
  }
}
