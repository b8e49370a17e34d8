/// Seconds of transfers beside one pass of one layer, each channel alone (a row of docs/model.md, section 4).
struct ChannelRow {
  /// Collectives between data-parallel ranks [N].
  var collective: Expression
  /// Host to device [H].
  var hostToDevice: Expression
  /// Device to host [D].
  var deviceToHost: Expression
}

/// Transfers of one part of the model (a layer, the embedding, the head) in the four passes.
struct PartRows {
  /// First micro-batch's forward.
  var forwardFirst: ChannelRow
  /// Other forwards.
  var forward: ChannelRow
  /// Backwards but the last.
  var backward: BackwardRow
  /// Last backward.
  var backwardLast: BackwardRow
}

/// A backward row: the gather of the layer that comes next and the reduction of the one before are told apart, because
/// the last layer's slot carries only the first and layer 1's only the second.
struct BackwardRow {
  /// All-gather of weights.
  var gather: Expression
  /// Reduce-scatter or all-reduce of gradients.
  var reduce: Expression
  /// Host to device.
  var hostToDevice: Expression
  /// Device to host.
  var deviceToHost: Expression
}

/// Traces the rows of one part with `parameters` per rank and `savedBytes` of activations to offload.
struct RowTrace {
  /// Variables.
  let variables: StrategyVariables
  /// What is overlapped, and in which precision gradients are reduced.
  let runtime: RuntimeProfile
  /// Sizes and shards.
  let shape: TracedShape
  /// Data-parallel collectives.
  let data: Transfers
  /// Host to device.
  let hostToDevice: Transfers
  /// Device to host.
  let deviceToHost: Transfers
  /// GPUs of a node, which share its processors.
  var gpusPerNode = 1.0

  /// The table of docs/model.md, section 4: W = 2P bytes, Gr = 2P or 4P, O = 12P bytes.
  func rows(parameters: Expression, savedBytes: Expression) -> PartRows {
    let v = variables
    let weights = parameters * StateBytes.weight
    let gradients = parameters * runtime.reductionBytes.value
    let optimizer = parameters * StateBytes.optimizer
    let weightCopy = weights / shape.weightShard * v.weightOffload
    let gradientCopy = parameters * runtime.gradientBytes.value / shape.gradientShard * runtime.gradientOffload(v)
    let optimizerCopy = optimizer / shape.optimizerShard * v.optimizerOffload
    let activationCopy = savedBytes * v.activationOffload
    let gather = data.collective(weights, factor: CollectiveFactor.allGather)
    let scatter = data.collective(gradients, factor: CollectiveFactor.reduceScatter)
    let allReduce = data.allReduce(gradients)
    // ZeRO 0 all-reduces whole gradients once; every other level reduces to shards and gathers updated weights.
    let toShards = runtime.allReducesShards ? allReduce : scatter
    let finalReduce = Expression.select(v.optimizerSharded, toShards, allReduce)
    let read = hostToDevice.copy(weightCopy) + hostToDevice.copy(gradientCopy) + hostToDevice.copy(activationCopy)
    let write = deviceToHost.copy(gradientCopy)
    let forward = ChannelRow(
      collective: gather * runtime.gathersInForward(v), hostToDevice: hostToDevice.copy(weightCopy),
      deviceToHost: deviceToHost.copy(activationCopy))
    // A step at the end leaves the first forward as any other, but for updated weights that are gathered late.
    let stepped = ChannelRow(
      collective: gather * v.optimizerSharded,
      hostToDevice: hostToDevice.copy(optimizerCopy) + hostToDevice.copy(gradientCopy),
      deviceToHost: deviceToHost.copy(optimizerCopy) + deviceToHost.copy(weightCopy)
        + deviceToHost.copy(activationCopy))
    var first = runtime.step == .overlapped ? stepped : forward
    if runtime.weightGather == .overlapped { first.collective = stepped.collective }
    let beside = runtime.overlapsReduction(v)
    return PartRows(
      forwardFirst: first,
      forward: forward,
      backward: BackwardRow(
        gather: gather * v.weightsSharded, reduce: scatter * v.gradientsSharded * beside, hostToDevice: read,
        deviceToHost: write),
      backwardLast: BackwardRow(
        gather: gather * v.weightsSharded, reduce: finalReduce * beside,
        hostToDevice: read, deviceToHost: write))
  }

  /// Data-parallel collectives after the last backward, of one buffer that holds all parts: bytes without latency.
  ///
  /// The reduction where it is exposed (ZeRO 0 all-reduces, the others reduce to shards; ZeRO 3 has done so already where
  /// it reduces beside its backward), and the gather of ZeRO 1's and 2's updated weights.
  func exposedCollective(parameters: Expression) -> Expression {
    let v = variables
    var seconds = parameters * 0
    if runtime.reduction != .overlapped {
      let bytes = parameters * runtime.reductionBytes.value
      let allReduce = bytes * (data.reduceSecondsPerByte ?? data.secondsPerByte * CollectiveFactor.allReduce)
      let toShards =
        runtime.allReducesShards ? allReduce : bytes * data.secondsPerByte * CollectiveFactor.reduceScatter
      let whole = Expression.select(v.optimizerSharded, toShards, allReduce)
      seconds = seconds + whole * (1 - runtime.overlapsReduction(v))
    }
    if runtime.weightGather != .overlapped {
      let bytes = parameters * StateBytes.weight * data.secondsPerByte
      seconds = seconds + bytes * CollectiveFactor.allGather * (v.optimizerSharded - v.weightsSharded)
    }
    return seconds
  }

  /// Reduce-scatter of one micro-batch's gradients with nothing else at work (ZeRO 2 and 3), without latency: it goes in
  /// buckets of many layers.
  func serialReduction(parameters: Expression) -> Expression {
    let bytes = parameters * runtime.reductionBytes.value * data.secondsPerByte
    return bytes * CollectiveFactor.reduceScatter * variables.gradientsSharded
      * (1 - runtime.overlapsReduction(variables))
  }

  /// Step of the states that lie in host memory: the copy of the gradients that are on the device until then, the node's
  /// processors over the parameters of all of its GPUs, then the copy of the updated weights to the device (those that lie
  /// on the host stay there).
  func hostStep(parameters: Expression) -> Expression {
    let v = variables
    let stepped = parameters / shape.optimizerShard * v.optimizerOffload
    let sent = runtime.sendsGradientsAtStep ? StateBytes.steppedGradient : 0
    return stepped * (sent * deviceToHost.secondsPerByte) + stepped * (runtime.hostStepSeconds.value * gpusPerNode)
      + stepped * (1 - v.weightOffload) * StateBytes.weight * hostToDevice.secondsPerByte
  }
}

/// Bytes of state per parameter in mixed precision with Adam (docs/model.md, sections 4 and 6).
enum StateBytes {
  /// fp16 or bf16 weight, as kernels and collectives use it.
  static let weight = 2.0
  /// fp32 master weight, first and second moment.
  static let optimizer = 12.0
  /// fp32 gradient, as Adam reads it.
  static let steppedGradient = 4.0
}
