/// Rate curve of matrix products on one GPU: `seconds = FLOPs / (peak * share) + ramp`.
///
/// `share` is the sustained share of the tensor-core peak for large products under a long training load;
/// a product whose smallest dimension (m, n or k) is `d` reaches `share * d / (d + halfDimension)`.
public struct GEMMCurve: Sendable, Equatable {
  /// Sustained share of the peak for large products, 0...1.
  public var share: Figure
  /// Smallest dimension at which half of `share` is reached, elements.
  public var halfDimension: Figure

  /// A curve from its two parameters.
  public init(share: Figure, halfDimension: Figure) {
    self.share = share
    self.halfDimension = halfDimension
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
  /// Device memory bandwidth, B/s.
  public var memoryBandwidth: Figure
  /// Matrix products.
  public var gemm: GEMMCurve
  /// FlashAttention forward: share of the peak, counting the causal half of the score matrix.
  public var flashForwardShare: Figure
  /// FlashAttention backward: the same share.
  public var flashBackwardShare: Figure
  /// Share of the memory bandwidth that memory-bound operators reach.
  public var elementwiseShare: Figure
  /// Seconds that every kernel costs beside its work.
  public var launchSeconds: Figure
  /// CUDA context with the kernels of the libraries, outside the allocator, bytes.
  public var contextBytes: Figure
  /// Buffers of one NCCL communicator of several ranks, outside the allocator, bytes.
  public var communicatorBytes: Figure

  /// A GPU from all of its figures.
  public init(
    name: String, title: String, memoryBytes: Figure, peakFlops: Figure, memoryBandwidth: Figure, gemm: GEMMCurve,
    flashForwardShare: Figure, flashBackwardShare: Figure, elementwiseShare: Figure, launchSeconds: Figure,
    contextBytes: Figure, communicatorBytes: Figure = Figure(0, .assumed, source: "counted with the context")
  ) {
    self.name = name
    self.title = title
    self.memoryBytes = memoryBytes
    self.peakFlops = peakFlops
    self.memoryBandwidth = memoryBandwidth
    self.gemm = gemm
    self.flashForwardShare = flashForwardShare
    self.flashBackwardShare = flashBackwardShare
    self.elementwiseShare = elementwiseShare
    self.launchSeconds = launchSeconds
    self.contextBytes = contextBytes
    self.communicatorBytes = communicatorBytes
  }
}
