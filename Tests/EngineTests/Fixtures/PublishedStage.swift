@testable import Engine

/// A stage of the published predictions: the product's slots and memory parts fed with the original's operator times.
struct PublishedStage {
  let slots: StageSlots<Double>
  let memory: MemoryParts<Double>
  let constants: StageConstants
  let ends: (embedding: Double, head: Double)

  /// GPT 1.3B of the paper, s 2048, no flash, fp16.
  static let model = ModelShape(
    name: "gpt-1.3b", hidden: 2048, feedForward: 8192, layers: 24, heads: 16, vocabulary: 50304, source: "paper")
  static let run = TrainingRun(sequenceLength: 2048, globalBatch: 32, precision: .fp16, attention: .unfused)

  /// L4 cluster: 1x2 link 2.964 GiB/s and 1e-4 s, interference "L4 (cluster)" (docs/model.md, sections 3 and 4).
  init?(microBatch: Int, dataParallel: Int, microBatches: Int) {
    guard let operators = ArtifactOperators(microBatch: microBatch),
      let interference = Interference(published: Self.interference)
    else { return nil }
    let graph = ExpressionGraph()
    let v = StrategyVariables(graph)
    let shape = TracedShape(model: Self.model, run: Self.run, variables: v)
    let share = Double(microBatches - 1) / Double(microBatches)
    let zero = graph.constant(0)
    func part(_ times: ArtifactOperators.Times, add: Double) -> PassOperators {
      PassOperators(
        forward: graph.constant(times.forward), backward: graph.constant(times.backward + add * share),
        tensorForward: zero, tensorBackward: zero)
    }
    let activations = ActivationTrace(
      model: Self.model, run: Self.run, runtime: .mist, shape: shape, variables: v)
    let transfers = Transfers(secondsPerByte: v.dataSecondsPerByte, latency: v.dataLatency)
    let none = Transfers(secondsPerByte: zero, latency: zero)
    let rows = RowTrace(
      variables: v, runtime: .mist, shape: shape, data: transfers, hostToDevice: none, deviceToHost: none)
    let layerRows = rows.rows(parameters: shape.layerParameters, savedBytes: zero)
    let silent = rows.rows(parameters: zero, savedBytes: zero).scaledCollectives(0)
    // The embedding's table is gathered; learned positions and the final norm are left out by the original.
    let table = shape.vocabularySlice * Double(Self.model.hidden)
    let trace = SlotTrace(
      interference: interference, layer: part(operators.layer, add: operators.layerAdd),
      rows: Checkpointed(plain: layerRows, checkpointed: layerRows),
      embedding: rows.rows(parameters: table, savedBytes: zero), head: silent,
      step: .init(layer: zero, embedding: zero, head: zero))
    let rate = dataParallel > 1 ? 0.5 / (2.964 * 1_073_741_824) : 0
    var values: [Expression: Double] = [
      v.microBatch: Double(microBatch), v.tensorParallel: 1, v.dataParallel: Double(dataParallel),
      v.accumulationShare: share, v.dataSecondsPerByte: rate, v.dataLatency: dataParallel > 1 ? 1e-4 : 0,
      v.tensorSecondsPerByte: 0, v.tensorLatency: 0, v.weightsSharded: 0, v.gradientsSharded: 0,
      v.optimizerSharded: 1, v.weightOffload: 0, v.gradientOffload: 0, v.optimizerOffload: 0, v.activationOffload: 0,
    ]
    values.merge(v.undivided(microBatch: microBatch)) { $1 }
    let traced = trace.slots()
    func passSlots(_ slots: PassSlots<Expression>) -> PassSlots<Double> {
      let numbers = slots.values.map { $0.evaluate(values) }
      return PassSlots(values: { numbers[$0] }, start: 0)
    }
    slots = StageSlots(
      forwardFirst: passSlots(traced.forwardFirst), forward: passSlots(traced.forward),
      backward: passSlots(traced.backward), backwardLast: passSlots(traced.backwardLast))
    var parts = MemoryParts(shape: shape, activations: activations, runtime: .mist, variables: v)
    let tableStates = MemoryParts<Expression>.states(table, shape: shape, runtime: .mist, variables: v)
    parts.embedding = tableStates
    parts.head = tableStates
    let numbers = parts.values.map { $0.evaluate(values) }
    memory = MemoryParts(values: { numbers[$0] }, start: 0)
    var constants = StageConstants()
    constants.boundaryBytes = activations.boundary.evaluate(values)
    constants.scoreBufferBytes = activations.scoreBuffer.evaluate(values)
    constants.layerForwardPeakBytes = activations.layerForwardPeak.evaluate(values)
    constants.layerBackwardPeakBytes = activations.layerBackwardPeak.evaluate(values)
    constants.logitsBytes = activations.logits.evaluate(values)
    constants.tokenIdBytes = activations.tokenIds.evaluate(values)
    self.constants = constants
    let add = operators.embeddingAdd * share
    ends = (
      operators.embedding.forward + operators.embedding.backward + add,
      operators.head.forward + operators.head.backward + add + operators.loss.forward + operators.loss.backward
    )
  }

  /// t and d of a stage with `checkpointed` of `layers` layers.
  func times(position: StagePosition, checkpointed: Int) -> (stable: Double, delta: Double) {
    let formula = StageFormula(position: position, constants: constants, tied: false)
    let kind = CheckpointClass(checkpointed, of: position.layers)
    func seconds(_ slots: PassSlots<Double>) -> Double {
      formula.layerSeconds(slots, class: kind, checkpointed: Double(checkpointed))
    }
    let fixed = (position.isFirst ? ends.embedding : 0) + (position.isLast ? ends.head : 0)
    let stable = seconds(slots.forward) + seconds(slots.backward) + fixed
    let firstLast = seconds(slots.forwardFirst) + seconds(slots.backwardLast) + fixed
    return (stable, firstLast - stable)
  }

  private static let interference: [Double] = [
    18.9356, 1.2639, 50, 1.6046, 2.0865, 1.0009, 2.393, 2.4146, 1.0869, 2.6637, 1.9381, 3.2653, 1, 1.234, 50, 1.6883,
    1.1676, 1, 1.0152, 1.0005, 1.0179, 1.0022, 1, 2.1383, 1.078, 2.438, 2.4327, 1.0974,
  ]
}

extension PartRows {
  /// The rows with their collectives scaled: 0 takes the head's away, which the original hides wholly in these plans.
  func scaledCollectives(_ factor: Double) -> PartRows {
    var copy = self
    copy.forwardFirst.collective = copy.forwardFirst.collective * factor
    copy.forward.collective = copy.forward.collective * factor
    copy.backward.gather = copy.backward.gather * factor
    copy.backward.reduce = copy.backward.reduce * factor
    copy.backwardLast.gather = copy.backwardLast.gather * factor
    copy.backwardLast.reduce = copy.backwardLast.reduce * factor
    return copy
  }
}
