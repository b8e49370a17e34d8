/// Tensor-parallel collectives of the hidden state, on the critical path (docs/model.md, section 3).
///
/// Without sequence parallelism partial sums are all-reduced after the second product of attention and of the MLP. With
/// it they are reduce-scattered over the sequence there, and gathered before the first product (Korthikanti et al.
/// 2022): the same volume. Backward has the mirror image of each; a runtime that keeps only its shard of a gathered
/// input gathers it once more for the gradient of the weights, beside the product for the gradient of the input.
struct TensorCollectives {
  /// The group.
  private let transfers: Transfers
  /// 1 with sequence parallelism.
  private let sequenceParallel: Expression
  /// The inputs of sliced products are gathered again in backward.
  private let gathersInputsAgain: Bool
  /// All-gather of the hidden state.
  private let gather: Expression
  /// Reduce-scatter of the hidden state.
  private let scatter: Expression
  /// All-reduce of the hidden state.
  private let allReduce: Expression
  /// Part of a layer's collectives that products do not hide: where both go piece by piece over the ranks of the group,
  /// the first piece alone.
  private let exposed: Expression
  /// Tokens of the rank.
  private let tokens: Expression

  /// The collectives of one micro-batch.
  init(shape: TracedShape, runtime: RuntimeProfile, variables v: StrategyVariables) {
    transfers = Transfers(
      secondsPerByte: v.tensorSecondsPerByte, latency: v.tensorLatency,
      reduceSecondsPerByte: v.tensorReduceSecondsPerByte, reduceLatency: v.tensorReduceLatency)
    exposed =
      runtime.overlapsTensorCollectives
      ? .select(v.sequenceParallel, 1 / v.tensorParallel, v.tensorParallel * 0 + 1) : v.tensorParallel * 0 + 1
    sequenceParallel = v.sequenceParallel
    gathersInputsAgain = runtime.gathersInputsAgain
    gather = transfers.collective(shape.hiddenBytes, factor: CollectiveFactor.allGather)
    scatter = transfers.collective(shape.hiddenBytes, factor: CollectiveFactor.reduceScatter)
    allReduce = transfers.allReduce(shape.hiddenBytes)
    tokens = shape.tokens
  }

  /// A layer's forward with that many sums of partial results.
  ///
  /// A gather and a reduce-scatter take together what an all-reduce takes.
  func layerForward(_ reductions: Int) -> Expression {
    allReduce * exposed * Double(reductions)
  }

  /// A layer's backward; `products` are the forward seconds of the products after each gather.
  func layerBackward(beside products: [Expression]) -> Expression {
    products.reduce(allReduce * exposed * Double(products.count)) { $0 + secondGather(beside: $1) }
  }

  /// What a recomputed layer repeats when it ends before its last sum: all gathers, and one sum less.
  func recomputeWithoutLast(_ reductions: Int) -> Expression {
    let sums = Double(reductions - 1)
    return .select(sequenceParallel, (gather * Double(reductions) + scatter * sums) * exposed, allReduce * sums)
  }

  /// What a layer repeats that keeps the reduce-scattered sums, but not all-reduced ones.
  func recomputeKeepingScattered(_ reductions: Int) -> Expression {
    .select(sequenceParallel, gather * exposed * Double(reductions), allReduce * Double(reductions - 1))
  }

  /// The embedding sums what each rank found in its slice of the vocabulary.
  var embeddingForward: Expression { .select(sequenceParallel, scatter, allReduce) }

  /// Its gradient is gathered where it was scattered.
  var embeddingBackward: Expression { .select(sequenceParallel, gather, allReduce * 0) }

  /// The head's product reads the hidden state of all tokens.
  var headForward: Expression { .select(sequenceParallel, gather, allReduce * 0) }

  /// The gradient of the head's input is summed; `product` is the head's.
  func headBackward(beside product: Expression) -> Expression {
    .select(sequenceParallel, scatter, allReduce) + secondGather(beside: product)
  }

  /// Maximum, sum and target of the loss over slices of the vocabulary: 4 B a token each.
  var lossReduce: Expression { transfers.allReduce(tokens * 4) * 3 }

  /// What a second gather of a product's input takes longer than the product beside it.
  private func secondGather(beside product: Expression) -> Expression {
    guard gathersInputsAgain else { return allReduce * 0 }
    return .select(sequenceParallel, .maximum(gather - product, allReduce * 0), allReduce * 0)
  }
}
