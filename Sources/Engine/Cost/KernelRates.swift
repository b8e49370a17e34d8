/// Seconds of kernels on one GPU (docs/model.md, section 2).
struct KernelRates {
  /// The GPU whose figures are used.
  let gpu: GPU
  /// FLOP/s of matrix products at the precision of the run, before the share that kernels reach.
  let productPeak: Double
  /// Depth at which they reach half of it: beginning and writing a tile takes as long at any precision.
  let productHalfDepth: Double

  /// Bytes of one fp16 or bf16 element.
  static let elementBytes = 2.0

  /// Rates of a GPU at a precision; a GPU without fp8 units multiplies fp8 numbers at its 16-bit rate.
  init(gpu: GPU, precision: Precision = .bf16) {
    self.gpu = gpu
    productPeak = precision == .fp8 ? gpu.fp8Flops?.value ?? gpu.peakFlops.value : gpu.peakFlops.value
    productHalfDepth = gpu.gemm.halfDepth.value * productPeak / gpu.peakFlops.value
  }

  /// A matrix product of (rows x columns), summed over `depth` (see `GEMMCurve`), no faster than its traffic.
  func product<V: CostScalar>(_ rows: V, _ columns: V, depth: V) -> V {
    let rate = productPeak * gpu.gemm.share.value
    let outputs = rows * columns
    let arithmetic = (2 / rate) * ((outputs + gpu.gemm.waveElements.value) * (depth + productHalfDepth))
    let elements = outputs + (rows + columns) * depth
    return launched(V.larger(arithmetic, bandwidthSeconds(Self.elementBytes * elements)))
  }

  /// A batch of `batch` products of unfused attention in 16 bits: short sums, or few columns, over large score matrices.
  ///
  /// Arithmetic a and traffic m overlap in part: `a + m - a*m / (a + m)`, between their maximum and their sum. Rows of a
  /// head width that fills no whole 16 bytes leave the tensor cores' fast path.
  func batchedProduct(
    _ rows: Expression, _ columns: Expression, depth: Expression, batch: Expression, headWidth: Int
  ) -> Expression {
    let outputs = rows * columns
    let share = headWidth % Self.alignedElements == 0 ? gpu.gemm.share.value : Self.unalignedShare
    let arithmetic = outputs * depth * batch * (2 / (gpu.peakFlops.value * share))
    let traffic = bandwidthSeconds((outputs + (rows + columns) * depth) * batch * Self.elementBytes)
    return launched(arithmetic + traffic - arithmetic * traffic / (arithmetic + traffic))
  }

  /// A memory-bound kernel that moves `bytes`.
  func elementwise<V: CostScalar>(_ bytes: V) -> V {
    launched(bandwidthSeconds(bytes))
  }

  /// FlashAttention over the causal half of a score matrix of `rows` rows: `flops` are those of the half, `share` is the
  /// one of long sequences and wide heads.
  func flash<V: CostScalar>(_ flops: V, rows: Double, headWidth: Int, share: Double) -> V {
    let slowed = (rows + gpu.flashHalfSequence.value) / rows / Self.headRate(width: headWidth)
    return launched((slowed / (gpu.peakFlops.value * share)) * flops)
  }

  /// Rate of flash attention at a head width over that at 128: kernels pad the width to a multiple of 32, and the softmax
  /// costs as much for a narrow head as for a wide one (docs/model.md, section 2).
  static func headRate(width: Int) -> Double {
    let padded = Double((width + 31) / 32 * 32)
    return Double(width) / 128 / (softmaxPart + (1 - softmaxPart) * padded / 128)
  }

  /// Elements of 16 bits that a tensor core's fast path takes at once (NVIDIA, matrix multiplication guide).
  private static let alignedElements = 8
  /// Share of the tensor cores' peak that products of unaligned rows reach (measured: runs of Megatron-DeepSpeed on A100
  /// with head widths of 108 and 150, beside such of 128 and 144).
  private static let unalignedShare = 0.05

  /// Part of flash attention's time at a head width of 128 that does not grow with the width.
  private static let softmaxPart = 0.15

  /// A kernel's time with its launch.
  private func launched<V: CostScalar>(_ seconds: V) -> V { seconds + gpu.launchSeconds.value }

  /// Seconds per byte of a memory-bound kernel.
  var secondsPerByte: Double { 1 / (gpu.memoryBandwidth.value * gpu.elementwiseShare.value) }

  private func bandwidthSeconds<V: CostScalar>(_ bytes: V) -> V { secondsPerByte * bytes }
}
