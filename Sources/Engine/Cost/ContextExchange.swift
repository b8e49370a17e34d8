/// Exchange of keys and values between context-parallel ranks, which split the sequence (docs/model.md, section 3).
///
/// A rank attends from its own tokens to the keys and values of each rank in turn, cp blocks of attention. In a ring
/// (Liu et al. 2023) the next block's keys and values arrive beside the attention over the present one's; in backward
/// their gradients travel along. With an all-gather all of them arrive beside the first block.
/// What is exposed is what a transfer takes longer than the attention beside it.
struct ContextExchange {
  /// Additional kernels: outputs (backward: gradients of queries) of each further block are merged into the first's.
  let kernels: (forward: Expression, backward: Expression)
  /// Communication that attention does not hide.
  let exposed: (forward: Expression, backward: Expression)

  /// Bytes moved per element to merge a block's output: read it (2 B), read and write the fp32 sum (4 each).
  private static let mergeBytes = 10.0

  /// Traces the exchange of one layer; `attention` is the whole attention of the rank, 1/cp of all blocks.
  init(
    attention: [LayerOperator], model: ModelShape, runtime: RuntimeProfile, rates: KernelRates, shape: TracedShape,
    variables v: StrategyVariables
  ) {
    let zero = shape.tokens * 0
    let steps = v.contextParallel - 1
    let width = Double(model.headWidth)
    // The worst rank of a sequence cut into cp runs attends to whole blocks, of which causality needs half on average.
    let whole = (
      forward: attention.reduce(zero) { $0 + $1.forward }, backward: attention.reduce(zero) { $0 + $1.backward }
    )
    let share = (runtime.balancesContext ? 1.0 : 2) / v.contextParallel
    let block = (forward: whole.forward * share, backward: whole.backward * share)
    let bytes = Self.bytes(model: model, shape: shape)
    func step(_ messages: Double) -> Expression {
      bytes * messages * v.context.stepSecondsPerByte + v.context.stepLatency
    }
    func beyond(_ transfer: Expression, _ kernels: Expression) -> Expression { .maximum(transfer - kernels, zero) }
    func exchanged(_ value: Expression) -> Expression { .select(steps, value, zero) }
    if runtime.gathersContext {
      let gather = bytes * v.contextParallel * v.context.gatherSecondsPerByte + v.context.gatherLatency
      // Gradients of keys and values go from rank to rank, one message a block.
      exposed = (
        exchanged(beyond(gather, block.forward)),
        exchanged(beyond(gather, block.backward) + steps * beyond(step(1), block.backward))
      )
    } else {
      exposed = (
        exchanged(steps * beyond(step(1), block.forward)), exchanged(steps * beyond(step(2), block.backward))
      )
    }
    let merge = steps * rates.elementwise(shape.tokens * shape.heads * (width * Self.mergeBytes))
    let excess = runtime.balancesContext ? zero : 1 - 1 / v.contextParallel
    kernels = (
      exchanged(merge + whole.forward * excess), exchanged(merge + whole.backward * excess)
    )
  }

  /// Bytes of one rank's keys and values: `2 * 2*T*(k/tp)*hd`.
  private static func bytes(model: ModelShape, shape: TracedShape) -> Expression {
    shape.tokens * shape.keyValueHeads * (2 * KernelRates.elementBytes * Double(model.headWidth))
  }

  /// Bytes of exchanged keys and values on the device while attention runs, and how they enter a peak.
  struct Buffers {
    /// Forward: the block in work and the one that arrives, or all of them.
    let forward: Expression
    /// Backward: with their gradients.
    let backward: Expression
    /// 0 for one rank.
    fileprivate let steps: Expression

    /// The larger of a layer's fullest moment without exchange and that of its attention.
    func peak(_ layer: Expression, _ attention: Expression) -> Expression {
      .select(steps, .maximum(layer, attention), layer)
    }
  }

  /// The buffers of one layer.
  static func bufferBytes(
    model: ModelShape, runtime: RuntimeProfile, shape: TracedShape, variables v: StrategyVariables
  ) -> Buffers {
    let bytes = bytes(model: model, shape: shape)
    let steps = v.contextParallel - 1
    return runtime.gathersContext
      ? Buffers(forward: bytes * v.contextParallel, backward: bytes * (v.contextParallel + 2), steps: steps)
      : Buffers(forward: bytes * 2, backward: bytes * 4, steps: steps)
  }
}
