extension RuntimeField {
  /// What the property says, for people; empty for one that is not explained yet.
  public var meaning: String { Self.meanings[name] ?? "" }

  private static let meanings: [String: String] = [
    "weightBytes": "16-bit weights kept per parameter, beside the optimizer's fp32 ones",
    "gradientBytes": "gradients kept per parameter",
    "passGradientBytes": "gradients of the micro-batch in work, per parameter, beside the kept ones",
    "hasSeparateGradients": "every micro-batch's gradients are added to kept ones, the first one's too",
    "accumulatesShards": "gradients are reduced before they are added up: over a rank's shard",
    "fusesAccumulation": "the product of a weight's gradient adds to the kept one itself",
    "reductionBytes": "a gradient in collectives",
    "allReducesShards": "gradients are all-reduced though a rank steps its shard alone",
    "gathersEveryForward": "below ZeRO 3 too, weights are shards that every forward gathers",
    "weightBufferBytes": "full-size weights in work, per parameter of the largest layer (ZeRO 3)",
    "gradientBufferBytes": "full-size gradients in work, per parameter of the largest layer (ZeRO 2, 3)",
    "liveWeightBytes": "gathered weights kept for use again, at most (ZeRO 3)",
    "gradientBucketBytes": "buffer through which gradients are reduced (ZeRO 2, 3)",
    "reduction": "reduction of gradients over data-parallel ranks",
    "weightGather": "gather of updated weights (ZeRO 1, 2)",
    "step": "the optimizer step: beside the next first forward, or after the last backward",
    "stepBytes": "bytes that the step moves per parameter",
    "stepCopyBytes": "fp32 gradients that the step makes, per parameter",
    "gradientCheckBytes": "bytes that unscaling, overflow check, norm and clipping move per parameter",
    "lossForwardBytes": "bytes that the loss moves per logit, forward",
    "lossBackwardBytes": "bytes that the loss moves per logit, backward",
    "logitBytes": "bytes held per logit at the head's peak",
    "dispatchSeconds": "least time from the start of a kernel to that of the next",
    "offloads": "shares of states and activations may lie in host memory",
    "stepsOnHost": "states in host memory are stepped there, by the node's processors",
    "hostStepSeconds": "seconds of a node's processors per parameter stepped",
    "fragmentation": "reserved beyond allocated, as a share of allocated",
    "lastStageReserve": "reserved beyond that on the last of several stages",
    "reservedError": "one-sided 90 % error of reserved memory: the default headroom",
  ]
}
