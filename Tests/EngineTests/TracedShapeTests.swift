import Testing

@testable import Engine

/// The traced sizes of a slice against the parameter counts of the whole model.
@Suite struct TracedShapeTests {
  private static let run = TrainingRun(sequenceLength: 1024, globalBatch: 8)

  /// Parameters per rank of a layer, the embedding and the head.
  private func parameters(_ model: ModelShape, tensorParallel: Int) -> (layer: Double, embedding: Double, head: Double)
  {
    let variables = StrategyVariables(ExpressionGraph())
    let shape = TracedShape(model: model, run: Self.run, variables: variables)
    let values = [variables.tensorParallel: Double(tensorParallel)]
    return (
      shape.layerParameters.evaluate(values), shape.embeddingParameters.evaluate(values),
      shape.headParameters.evaluate(values)
    )
  }

  private func check(_ model: ModelShape) {
    let found = parameters(model, tensorParallel: 1)
    #expect(found.layer == model.layerParameters, "\(model.name)")
    let positions = model.positionParameters(sequenceLength: Self.run.sequenceLength)
    #expect(found.embedding == model.embeddingParameters + positions, "\(model.name)")
    // The final norm stands with the head.
    #expect(found.head == model.headParameters + model.normParameters, "\(model.name)")
  }

  @Test("unsliced, every shipped model has as many parameters as its shape counts")
  func catalogue() throws {
    for model in try Catalogue.models { check(model) }
  }

  @Test("a gated MLP with biases has one on each of its two upper projections, as Hugging Face's mlp_bias")
  func gatedBias() {
    check(
      ModelShape(
        name: "gated", hidden: 64, feedForward: 192, layers: 2, heads: 4, vocabulary: 100, gatedFeedForward: true,
        queryKeyValueBias: true, linearBias: true, source: "test"))
  }

  @Test("slices hold the sliced matrices once and the replicated vectors each")
  func slices() throws {
    // gpt2-xl's shape with heads that 4 divides: q, k, v and MLP-up biases are sliced; norms and the others are not.
    let model = ModelShape(
      name: "biased", hidden: 1600, feedForward: 6400, layers: 2, heads: 20, vocabulary: 50304,
      queryKeyValueBias: true, linearBias: true, positions: .learned, source: "test")
    let (hidden, width) = (1600.0, 6400.0)
    let found = parameters(model, tensorParallel: 4)
    let sliced = 12 * hidden * hidden + 3 * hidden + width
    let replicated = 2 * hidden + 4 * hidden
    #expect(found.layer == sliced / 4 + replicated)
    #expect(found.embedding == 50304 / 4 * hidden + 1024 * hidden)
    #expect(found.head == 50304 / 4 * hidden + 2 * hidden)
  }

  @Test("key and value heads are replicated where there are fewer than ranks")
  func replicatedHeads() {
    let model = ModelShape(
      name: "grouped", hidden: 1024, feedForward: 2048, layers: 2, heads: 16, keyValueHeads: 2, vocabulary: 1024,
      gatedFeedForward: true, normalization: .rmsNorm, source: "test")
    // 16/8 query heads and one key and one value head of width 64; the output projection; three slices of the MLP.
    let attention = 1024.0 * 64 * 6
    let mlp = 3 * 1024.0 * 256
    let norms = 2 * 1024.0
    #expect(parameters(model, tensorParallel: 8).layer == attention + mlp + norms)
  }
}
