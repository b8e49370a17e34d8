/// The figures behind the leaves of an explanation.
struct FigureSources {
  /// The workload.
  let workload: Workload
  /// Its runtime.
  let runtime: RuntimeProfile

  private typealias Source = ExplanationNode.Source
  /// The GPU.
  var gpu: GPU { workload.cluster.nodeType.gpu }
  private var links: LinkTable { workload.cluster.nodeType.links }

  /// Figures of matrix products.
  var products: [ExplanationNode.Source] {
    [
      Source("peakFlops", gpu.peakFlops), Source("gemm share", gpu.gemm.share),
      Source("gemm halfDepth", gpu.gemm.halfDepth), Source("memoryBandwidth", gpu.memoryBandwidth), launch,
    ]
  }

  /// Figures of memory-bound kernels.
  var elementwise: [ExplanationNode.Source] {
    [
      Source("memoryBandwidth", gpu.memoryBandwidth), Source("elementwiseShare", gpu.elementwiseShare), launch,
    ]
  }

  /// Figures of flash attention.
  var flash: [ExplanationNode.Source] {
    [
      Source("peakFlops", gpu.peakFlops), Source("flashForwardShare", gpu.flashForwardShare),
      Source("flashBackwardShare", gpu.flashBackwardShare), launch,
    ]
  }

  private var launch: ExplanationNode.Source { Source("launchSeconds", gpu.launchSeconds) }

  /// Bytes of the optimizer's step and its checks.
  var step: [ExplanationNode.Source] {
    [Source("stepBytes", runtime.stepBytes), Source("gradientCheckBytes", runtime.gradientCheckBytes)] + elementwise
  }

  /// The processors that step states in host memory, and the links that bring what they need and made.
  var hostStep: [ExplanationNode.Source] {
    [Source("hostStepSeconds", runtime.hostStepSeconds)] + host(toDevice: true) + host(toDevice: false)
  }

  /// The link of a group of ranks.
  func collective(_ group: GroupShape) -> [ExplanationNode.Source] {
    guard group.ranks > 1 else { return [] }
    let link = workload.cluster.collectiveLink(group)
    let isMeasured = links.measured[group] != nil
    return [
      ExplanationNode.Source(
        name: "link \(group.nodes)x\(group.gpusPerNode)", provenance: link.provenance,
        text: isMeasured ? links.measuredSource : "from the nearest measured group, or the bound of a ring")
    ]
  }

  /// The link from the host, or to it.
  func host(toDevice: Bool) -> [ExplanationNode.Source] {
    let link = toDevice ? links.hostToDevice : links.deviceToHost
    let name = toDevice ? "hostToDevice" : "deviceToHost"
    return [ExplanationNode.Source(name: name, provenance: link.provenance, text: links.hostSource)]
  }

  /// Transfers to the next stage.
  var pointToPoint: [ExplanationNode.Source] {
    guard let pairs = links.pairs, let link = pairs.inside ?? pairs.between else {
      return collective(GroupShape(nodes: 1, gpusPerNode: 2))
    }
    return [ExplanationNode.Source(name: "pointToPoint", provenance: link.provenance, text: pairs.source)]
  }

  /// Bytes that the shape of the model gives.
  var shape: [ExplanationNode.Source] {
    [ExplanationNode.Source(name: "model", provenance: .derived, text: workload.model.source)]
  }
}
