/// What does not depend on the strategy of a stage: sizes and times for one `StageSetting` (bytes per rank, seconds).
struct StageConstants: Equatable {
  /// Hidden state at a boundary [out].
  var boundaryBytes = 0.0
  /// Score buffer of unfused attention.
  var scoreBufferBytes = 0.0
  /// A layer in work, forward.
  var layerForwardPeakBytes = 0.0
  /// A layer in work, backward.
  var layerBackwardPeakBytes = 0.0
  /// Logits and what stands beside them.
  var logitsBytes = 0.0
  /// Token ids of one micro-batch.
  var tokenIdBytes = 0.0
  /// Full-size weights of a layer; gradients are as large.
  var layerWeightBytes = 0.0
  /// Full-size weights of the embedding.
  var embeddingWeightBytes = 0.0
  /// Full-size weights of the head.
  var headWeightBytes = 0.0
  /// Kernels and serial collectives of the embedding, forward.
  var embeddingForwardSeconds = 0.0
  /// Kernels and serial collectives of the embedding, backward.
  var embeddingBackwardSeconds = 0.0
  /// Kernels and serial collectives of the head and loss, forward.
  var headForwardSeconds = 0.0
  /// Kernels and serial collectives of the head and loss, backward.
  var headBackwardSeconds = 0.0
  /// Kernels and serial collectives of one layer, forward: a lower bound of its slot (docs/model.md, section 4).
  var layerForwardSeconds = 0.0
  /// Kernels and serial collectives of one layer, backward, nothing recomputed: a lower bound of its slot.
  var layerBackwardSeconds = 0.0
  /// Buckets of data-parallel communication at the end of an iteration.
  var bucketBytes = 0.0
  /// Kernels of a layer's weight gradients.
  var layerWeightGradientSeconds = 0.0
  /// Kernels of the head's weight gradient.
  var headWeightGradientSeconds = 0.0
  /// What a layer's weight gradients need: inputs of its products, and gradients of their outputs.
  var layerWeightGradientBytes = 0.0
  /// What the head's weight gradient needs.
  var headWeightGradientBytes = 0.0
  /// What the runtime holds beside the states; not among the values.
  var buffers = StageBuffers()

  /// Number of values.
  static let count = 20

  /// From the values in the order of the properties above.
  init(values v: [Double]) {
    precondition(v.count == Self.count)
    boundaryBytes = v[0]
    scoreBufferBytes = v[1]
    layerForwardPeakBytes = v[2]
    layerBackwardPeakBytes = v[3]
    logitsBytes = v[4]
    tokenIdBytes = v[5]
    layerWeightBytes = v[6]
    embeddingWeightBytes = v[7]
    headWeightBytes = v[8]
    embeddingForwardSeconds = v[9]
    embeddingBackwardSeconds = v[10]
    headForwardSeconds = v[11]
    headBackwardSeconds = v[12]
    layerForwardSeconds = v[13]
    layerBackwardSeconds = v[14]
    bucketBytes = v[15]
    layerWeightGradientSeconds = v[16]
    headWeightGradientSeconds = v[17]
    layerWeightGradientBytes = v[18]
    headWeightGradientBytes = v[19]
  }

  /// Nothing.
  init() {}
}

/// Where a stage stands in the pipeline, and how many layers it has.
struct StagePosition: Hashable {
  /// Layers [L].
  var layers: Int
  /// Holds the embedding.
  var isFirst: Bool
  /// Holds the head.
  var isLast: Bool
  /// What is held of further micro-batches [p = min(S-1-i, G-1) under 1F1B].
  var activations: ActivationsInFlight

  /// Further micro-batches in flight [p]; not a whole number where stages are interleaved.
  var inFlight: Double { activations.held }

  /// A stage with what it holds of further micro-batches.
  init(layers: Int, isFirst: Bool, isLast: Bool, activations: ActivationsInFlight) {
    self.layers = layers
    self.isFirst = isFirst
    self.isLast = isLast
    self.activations = activations
  }

  /// One of `count` chunks of an interleaved stage, in the order of their layers: the embedding is before the first, the
  /// head after the last.
  func chunk(_ index: Int, of count: Int) -> StagePosition {
    StagePosition(
      layers: layers / count, isFirst: isFirst && index == 0, isLast: isLast && index == count - 1,
      activations: activations)
  }

  /// A stage under 1F1B with `inFlight` further micro-batches in flight.
  init(layers: Int, isFirst: Bool, isLast: Bool, inFlight: Int) {
    self.init(layers: layers, isFirst: isFirst, isLast: isLast, activations: ActivationsInFlight(inFlight))
  }
}

/// How many layers of a stage are recomputed (always its last ones): the formulas differ by it.
enum CheckpointClass {
  /// c = 0.
  case none
  /// 0 < c < L.
  case some
  /// c = L.
  case all

  /// The class of `count` checkpointed layers of `layers`.
  init(_ count: Int, of layers: Int) {
    self = count == 0 ? .none : count == layers ? .all : .some
  }
}
