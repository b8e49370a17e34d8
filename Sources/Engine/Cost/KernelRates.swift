/// Seconds of kernels on one GPU (docs/model.md, section 2): `max(FLOPs / rate, bytes / bandwidth) + launch`.
struct KernelRates {
  /// The GPU whose figures are used.
  let gpu: GPU

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
    return .maximum(arithmetic, traffic) + gpu.launchSeconds.value
  }

  /// A memory-bound kernel that moves `bytes`.
  func elementwise(_ bytes: Expression) -> Expression {
    bandwidthSeconds(bytes) + gpu.launchSeconds.value
  }

  /// FlashAttention over the causal half of the score matrix: `flops` are those of the half.
  func flash(_ flops: Expression, share: Figure) -> Expression {
    flops * (1 / (gpu.peakFlops.value * share.value)) + gpu.launchSeconds.value
  }

  /// Seconds per byte of a memory-bound kernel.
  var secondsPerByte: Double { 1 / (gpu.memoryBandwidth.value * gpu.elementwiseShare.value) }

  private func bandwidthSeconds(_ bytes: Expression) -> Expression { bytes * secondsPerByte }
}
