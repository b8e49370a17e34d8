/// Rate curve of matrix products on one GPU: `seconds = 2 * (m*n + waveElements) * (k + halfDepth) / (peak * share)`, k
/// the dimension that is summed over (docs/model.md, section 2).
///
/// `share` is the sustained share of the tensor-core peak for large products; an output tile costs as much as `halfDepth`
/// further steps of its sum to begin and to write, and the last wave of tiles leaves part of the GPU idle.
public struct GEMMCurve: Sendable, Equatable {
  /// Sustained share of the peak for large products, 0...1.
  public var share: Figure
  /// Depth k at which half of `share` is reached, elements.
  public var halfDepth: Figure
  /// Output elements that fit into what the last wave of tiles leaves idle.
  public var waveElements: Figure

  /// A curve from its parameters.
  public init(
    share: Figure, halfDepth: Figure,
    waveElements: Figure = Figure(0, .assumed, source: "products are large")
  ) {
    self.share = share
    self.halfDepth = halfDepth
    self.waveElements = waveElements
  }
}

/// A GPU as the cost model sees it: memory, peak rates, and how much of them kernels reach.
public struct GPU: Sendable, Equatable {
  /// Name for files and flags: `l4`, `a100-40`, `h100`.
  public var name: String
  /// Name for people: `NVIDIA L4 24 GB`.
  public var title: String
  /// Device memory as PyTorch reports it, bytes.
  public var memoryBytes: Figure
  /// Dense fp16/bf16 tensor-core peak, FLOP/s.
  public var peakFlops: Figure
  /// Dense fp8 tensor-core peak, FLOP/s; nil where it has no such units.
  public var fp8Flops: Figure?
  /// Device memory bandwidth, B/s.
  public var memoryBandwidth: Figure
  /// Matrix products.
  public var gemm: GEMMCurve
  /// FlashAttention 2 forward on long sequences, head width 128: share of the peak, counting the causal half of the score
  /// matrix.
  public var flashForwardShare: Figure
  /// FlashAttention 2 backward: the same share.
  public var flashBackwardShare: Figure
  /// Sequence length at which flash attention reaches half of its share: blocks on the diagonal are half empty, and the
  /// first and last of a row of blocks do not overlap.
  public var flashHalfSequence: Figure
  /// Share of the memory bandwidth that memory-bound operators reach.
  public var elementwiseShare: Figure
  /// Seconds that every kernel costs beside its work.
  public var launchSeconds: Figure
  /// CUDA context and NCCL buffers outside the allocator, bytes.
  public var contextBytes: Figure

  /// A GPU from all of its figures.
  public init(
    name: String, title: String, memoryBytes: Figure, peakFlops: Figure, memoryBandwidth: Figure, gemm: GEMMCurve,
    flashForwardShare: Figure, flashBackwardShare: Figure, elementwiseShare: Figure, launchSeconds: Figure,
    contextBytes: Figure, flashHalfSequence: Figure = Figure(0, .assumed, source: "sequences are long"), fp8Flops: Figure? = nil
  ) {
    self.name = name
    self.title = title
    self.memoryBytes = memoryBytes
    self.peakFlops = peakFlops
    self.memoryBandwidth = memoryBandwidth
    self.gemm = gemm
    self.flashForwardShare = flashForwardShare
    self.flashBackwardShare = flashBackwardShare
    self.flashHalfSequence = flashHalfSequence
    self.fp8Flops = fp8Flops
    self.elementwiseShare = elementwiseShare
    self.launchSeconds = launchSeconds
    self.contextBytes = contextBytes
  }
}
