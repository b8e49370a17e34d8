/// Seconds of kernels on one GPU (docs/model.md, section 2): `max(FLOPs / rate, bytes / bandwidth) + launch`.
struct KernelRates {
  /// The GPU whose figures are used.
  let gpu: GPU
  /// Least seconds from the start of a kernel to that of the next; 0 where launches are hidden.
  let dispatchSeconds: Double

  /// Bytes of one fp16 or bf16 element.
  static let elementBytes = 2.0

  /// A matrix product of (m x n x k), `batch` of them: the smallest dimension decides the rate (see `GEMMCurve`).
  func product(_ m: Expression, _ n: Expression, _ k: Expression, batch: Expression? = nil) -> Expression {
    let count = batch.map { m * n * k * $0 } ?? m * n * k
    let smallest = Expression.minimum(m, .minimum(n, k))
    let rate = gpu.peakFlops.value * gpu.gemm.share.value
    let arithmetic = count * (2 / rate) * (smallest + gpu.gemm.halfDimension.value) / smallest
    let elements = m * n + n * k + m * k
    let traffic = bandwidthSeconds((batch.map { elements * $0 } ?? elements) * Self.elementBytes)
    return launched(.maximum(arithmetic, traffic))
  }

  /// A memory-bound kernel that moves `bytes`.
  func elementwise(_ bytes: Expression) -> Expression {
    launched(bandwidthSeconds(bytes))
  }

  /// FlashAttention over the causal half of the score matrix: `flops` are those of the half.
  func flash(_ flops: Expression, share: Figure) -> Expression {
    launched(flops * (1 / (gpu.peakFlops.value * share.value)))
  }

  /// A kernel's time with its launch: no shorter than what the host needs to launch the next one.
  private func launched(_ seconds: Expression) -> Expression {
    let whole = seconds + gpu.launchSeconds.value
    return dispatchSeconds > 0 ? .maximum(whole, whole * 0 + dispatchSeconds) : whole
  }

  /// Seconds per byte of a memory-bound kernel.
  var secondsPerByte: Double { 1 / (gpu.memoryBandwidth.value * gpu.elementwiseShare.value) }

  private func bandwidthSeconds(_ bytes: Expression) -> Expression { bytes * secondsPerByte }
}
