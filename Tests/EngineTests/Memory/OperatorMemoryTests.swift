import Testing

@testable import Engine

/// Stages that are made of operators (docs/model.md, section 6, "Operators").
@Suite struct OperatorMemoryTests {
  private static let model = TestMachines.gpt(hidden: 1024, layers: 2, heads: 16)
  /// T*h elements at 2 B, and the score matrix at 2 B.
  private static let hidden = 2.0 * 512 * 1024
  private static let scores = 2.0 * 16 * 512 * 512

  private static func sizes(tensorParallel: Int = 1) -> OperatorSizes {
    OperatorSizes(model: model, sequenceLength: 512, microBatch: 1, tensorParallel: tensorParallel, logitBytes: 4)
  }

  /// Layer 0 as a stage between others, with these steps recomputed.
  private static func memory(_ recomputed: ClosedRange<Int>? = nil) -> OperatorMemory {
    let operators = LayerStep.allCases.map {
      StageOperator(kind: .layer($0, 0), isRecomputed: recomputed?.contains($0.rawValue) ?? false)
    }
    return OperatorMemory(
      stage: OperatorStage(operators: operators, tensorParallel: 1, dataParallel: 1, microBatch: 1), sizes: sizes(),
      isLast: false)
  }

  @Test("a kept layer holds what dropout's formula says, and its output: 34 B an element, 5 B a score")
  func keptLayer() {
    let tokens = 512.0
    #expect(Self.memory().heldBytes == 17 * Self.hidden + 2.5 * Self.scores + 16 * tokens + Self.hidden)
  }

  @Test("recomputing dropout and context leaves the softmax's output alone of what lies over the scores")
  func recomputedContext() {
    let first = LayerStep.attentionDropout.rawValue
    let held = Self.memory(first...first + 1).heldBytes
    // Mask and dropped probabilities go; the mask of the scores comes, as an input of the run.
    #expect(held == Self.memory().heldBytes - 1.5 * Self.scores + 512 * 512)
  }

  @Test("recomputing all of attention's core leaves q, k and v")
  func recomputedCore() {
    let held = Self.memory(LayerStep.scores.rawValue...LayerStep.context.rawValue).heldBytes
    #expect(held == Self.memory().heldBytes - 2.5 * Self.scores + 512 * 512)
  }

  @Test("a run keeps the hidden state that waits beside it when it ends")
  func waitingResidual() {
    let run = Self.memory(LayerStep.attentionResidual.rawValue...LayerStep.activation.rawValue)
    #expect(run.held.contains(.layer(.middle, 0)))
    #expect(run.held.contains(.layer(.attentionMask, 0)))
    #expect(!run.held.contains(.layer(.up, 0)))
  }

  @Test("a run ends before the norm at the start of a layer")
  func segments() {
    let kinds: [ModelOperator] = [
      .layer(.activation, 0), .layer(.feedForwardDown, 0), .layer(.feedForwardResidual, 0), .layer(.attentionNorm, 1),
      .layer(.queryKeyValue, 1),
    ]
    let stage = OperatorStage(
      operators: kinds.enumerated().map { StageOperator(kind: $1, isRecomputed: $0 != 1) }, tensorParallel: 1,
      dataParallel: 1, microBatch: 1)
    #expect(stage.segments.map(\.range) == [0..<1, 1..<2, 2..<3, 3..<5])
    #expect(stage.segments.map(\.isRecomputed) == [true, false, true, true])
  }

  @Test("the operators of a model have its parameters", arguments: [1, 2, 4])
  func parameters(tensorParallel: Int) throws {
    let sizes = Self.sizes(tensorParallel: tensorParallel)
    let v = StrategyVariables(ExpressionGraph())
    let run = TrainingRun(sequenceLength: 512, globalBatch: 1)
    let shape = TracedShape(model: Self.model, run: run, variables: v)
    let values: [Expression: Double] = [v.microBatch: 1, v.tensorParallel: Double(tensorParallel)]
    let layer = LayerStep.allCases.reduce(0) { $0 + sizes.parameters(.layer($1, 0)) }
    #expect(try #require(shape.layerParameters.substituting(values).constantValue) == layer)
    #expect(
      try #require(shape.headParameters.substituting(values).constantValue)
        == sizes.parameters(.head) + sizes.parameters(.finalNorm(layers: 2)))
    #expect(
      try #require(shape.embeddingParameters.substituting(values).constantValue) == sizes.parameters(.embedding))
  }

  @Test("the seconds of a layer's operators add up to those of the layer")
  func seconds() throws {
    var workload = Workload(
      name: "test", model: Self.model, cluster: TestMachines.cluster(nodes: 1, gpusPerNode: 2),
      run: TrainingRun(sequenceLength: 512, globalBatch: 8, attention: .unfused, dropout: 0.1))
    workload.run.runtime = "mist"
    let setting = StageSetting(
      microBatch: 1, tensorParallel: 2, dataParallel: 1, microBatches: 1, nodes: 1, gpusPerNode: 2)
    let trace = OperatorTrace(workload: workload, runtime: .mist, setting: setting)
    let constants = StageModel(workload: workload).constants(for: setting)
    let parts = LayerStep.allCases.map { trace.seconds(.layer($0, 0)) }
    let forward = parts.reduce(0) { $0 + $1.forward + $1.tensorForward }
    let backward = parts.reduce(0) { $0 + $1.backward + $1.tensorBackward }
    #expect(abs(forward / constants.layerForwardSeconds - 1) < 1e-9)
    #expect(abs(backward / constants.layerBackwardSeconds - 1) < 1e-9)
  }
}
