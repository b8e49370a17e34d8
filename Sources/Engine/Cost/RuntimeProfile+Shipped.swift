extension RuntimeProfile {
  /// The paper's runtime.
  ///
  /// Reserved memory is fitted on the 13 stages of the artifact's runs on L4 whose memory was measured (six runs;
  /// allocated 13.1-19.3 GiB, reserved 15.7-21.5 GiB): the seven first and inner stages give the share (mean 9.3 %,
  /// deviation 1.8 %), the five last stages the bytes (mean 1,480 MiB, deviation 450 MiB). 90 % one-sided: 1.28
  /// deviations of all residuals (345 MiB).
  public static let mist = RuntimeProfile(
    name: "mist", title: "Mist: steps layer by layer beside the first forward, overlaps every transfer, offloads",
    weightBytes: Figure(2, .vendor, source: "Mist: fp16 weights"),
    gradientBytes: Figure(2, .vendor, source: "Mist: fp16 gradients"), hasSeparateGradients: false,
    accumulatesShards: false, reductionBytes: Figure(2, .vendor, source: "Mist: fp16 gradients"),
    reduction: .overlapped, weightGather: .overlapped, step: .overlapped,
    stepBytes: Figure(
      28, .derived, source: "read the gradient (2 B), read and write master, m and v (24), write the weight (2)"),
    gradientCheckBytes: Figure(0, .vendor, source: "Mist: no clipping and no loss scaling in its published runs"),
    lossForwardBytes: Figure(
      15.4, .measured,
      source: "operators of Mist's artifact on L4: 27.0 ms for 16,384 x 50,304 logits at 235 GB/s, 7.7 fp16 passes"),
    lossBackwardBytes: Figure(4, .measured, source: "operators of Mist's artifact on L4: 7.03 ms, 2 fp16 passes"),
    logitBytes: Figure(4, .vendor, source: "Mist: fp16 logits and their exponentials"),
    dispatchSeconds: Figure(0, .assumed, source: "its published runs have kernels long enough to hide launches"),
    zeroLevels: [0, 1, 2, 3], offloads: true,
    fragmentation: Figure(0.093, .measured, source: "Mist's artifact: seven measured first and inner stages on L4"),
    lastStageReserve: Figure(
      1480 * Units.mebibyte, .measured, source: "Mist's artifact: five measured last stages on L4"),
    reservedError: Figure(440 * Units.mebibyte, .measured, source: "Mist's artifact, measured stages on L4"))

  /// PyTorch FSDP with full sharding: weights gathered a layer ahead, gradients scattered behind, in every micro-batch.
  public static let fsdp = RuntimeProfile(
    name: "fsdp", title: "PyTorch FSDP, full shard: gathers and scatters layer by layer, steps at the end",
    weightBytes: Figure(0, .vendor, source: "PyTorch FSDP: the sharded fp32 parameter is the only kept one"),
    gradientBytes: Figure(4, .vendor, source: "PyTorch FSDP: sharded gradients in the parameter's precision"),
    hasSeparateGradients: false, accumulatesShards: true,
    reductionBytes: Figure(2, .assumed, source: "mixed precision with 16-bit reduction (Composer's PURE)"),
    reduction: .overlapped, weightGather: .overlapped, step: .exposed,
    stepBytes: Figure(28, .derived, source: "read the fp32 gradient (4 B), read and write parameter, m and v (24)"),
    gradientCheckBytes: Figure(
      16, .derived, source: "clipping by norm: two passes for the norm (read 4 B each), one to scale (read 4, write 4)"),
    lossForwardBytes: Figure(
      14, .derived, source: "copy to fp32 (read 2 B, write 4), log-softmax (read 4, write 4)"),
    lossBackwardBytes: Figure(
      14, .derived, source: "gradient of log-softmax (read 4 B, write 4), copy to 16 bits (read 4, write 2)"),
    logitBytes: Figure(10, .derived, source: "16-bit logits, fp32 copy, fp32 log-softmax or gradient"),
    dispatchSeconds: launch, zeroLevels: [3], offloads: false, fragmentation: assumedFragmentation,
    lastStageReserve: assumedReserve, reservedError: assumedError)

  /// Megatron-LM: gradients added up in fp32, data-parallel communication after the last backward.
  public static let megatronLM = RuntimeProfile(
    name: "megatron-lm", title: "Megatron-LM: fp32 gradients, reduction and step after the last backward",
    weightBytes: Figure(2, .vendor, source: "Megatron-LM: 16-bit weights, fp32 copies in the optimizer"),
    gradientBytes: Figure(4, .vendor, source: "Megatron-LM: main_grad in fp32 (accumulate-allreduce-grads-in-fp32)"),
    hasSeparateGradients: true, accumulatesShards: false,
    reductionBytes: Figure(4, .vendor, source: "Megatron-LM: main_grad in fp32 is what is reduced"),
    reduction: .exposed, weightGather: .exposed, step: .exposed,
    stepBytes: Figure(
      34, .derived,
      source: "read the gradient (4 B), read and write master, m and v (24), copy master to weight (read 4, write 2)"),
    gradientCheckBytes: Figure(
      20, .derived,
      source: "copy (write 4 B), unscale and overflow check (read 4, write 4), norm (read 4), zero (write 4)"),
    lossForwardBytes: fp32LossForward, lossBackwardBytes: fp32LossBackward, logitBytes: fp32Logits,
    dispatchSeconds: launch, zeroLevels: [0, 1], offloads: false, fragmentation: assumedFragmentation,
    lastStageReserve: assumedReserve, reservedError: assumedError)

  /// Megatron-DeepSpeed with its fp16 optimizer or ZeRO 1: fp16 gradients, no buckets, all of it after the last backward.
  public static let megatronDeepSpeed = RuntimeProfile(
    name: "megatron-deepspeed", title: "Megatron-DeepSpeed: fp16 gradients, reduction and step after the last backward",
    weightBytes: Figure(2, .vendor, source: "DeepSpeed: fp16 weights, fp32 copies in the optimizer"),
    gradientBytes: Figure(2, .vendor, source: "DeepSpeed FP16_Optimizer: fp16 gradients"),
    hasSeparateGradients: false, accumulatesShards: false,
    reductionBytes: Figure(2, .vendor, source: "DeepSpeed: fp16 gradients are reduced as they are"),
    reduction: .exposed, weightGather: .exposed, step: .exposed,
    stepBytes: Figure(
      34, .derived,
      source: "read the fp32 gradient (4 B), read and write master, m and v (24), copy to the weight (read 4, write 2)"),
    gradientCheckBytes: Figure(
      24, .derived,
      source: "overflow check (read 2 B), flatten to fp32 (read 2, write 4), norm (read 4), unscale (read 4, write 4), "
        + "zero and copy (write 4)"),
    lossForwardBytes: fp32LossForward, lossBackwardBytes: fp32LossBackward, logitBytes: fp32Logits,
    dispatchSeconds: launch, zeroLevels: [0, 1], offloads: false, fragmentation: assumedFragmentation,
    lastStageReserve: assumedReserve, reservedError: assumedError)

  private static let launch = Figure(
    8e-6, .assumed, source: "usual time of PyTorch's eager mode from Python to a launched kernel: 5 to 10 us")
  private static let fp32LossForward = Figure(
    38, .derived,
    source: "vocabulary-parallel cross entropy: to fp32 (read 2 B, write 4), maximum (4), subtract and exponential "
      + "(8 each), sum (4), divide (8)")
  private static let fp32LossBackward = Figure(
    14, .derived, source: "vocabulary-parallel cross entropy: scale (read 4 B, write 4), to 16 bits (read 4, write 2)")
  private static let fp32Logits = Figure(
    10, .derived, source: "vocabulary-parallel cross entropy: 16-bit logits, fp32 copy, fp32 exponentials")
  private static let assumedFragmentation = Figure(0.093, .assumed, source: "as measured with Mist's runtime")
  private static let assumedReserve = Figure(
    1480 * Units.mebibyte, .assumed, source: "as measured with Mist's runtime")
  private static let assumedError = Figure(
    440 * Units.mebibyte, .assumed, source: "as measured with Mist's runtime")
}
