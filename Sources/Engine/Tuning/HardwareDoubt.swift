import Foundation

/// A kind of hardware figure that a prediction may be wrong about (docs/frontiers.md, "Robust plans").
public enum HardwareDoubt: String, Sendable, CaseIterable {
  /// Collectives and transfers inside a node.
  case linksInside = "links inside nodes"
  /// Collectives and transfers between nodes.
  case linksBetween = "links between nodes"
  /// Copies between host and device.
  case hostCopies = "host copies"
  /// Matrix products and attention.
  case products = "matrix products"
  /// Kernels that memory binds.
  case bandwidth = "memory bandwidth"
  /// What the allocator reserves.
  case reserved = "reserved memory"
}

/// How far off figures may be: as far as whole predictions were, measured against published runs (docs/validation.md,
/// "Error bars"): nine in ten lie within.
public struct FigureErrors: Sendable, Equatable {
  /// Logarithm of the largest ratio of true to told, of a figure that was measured on such hardware.
  public var measured: Double
  /// The same of a figure that was derived, assumed or told by a vendor.
  public var derived: Double

  /// From measured runs: between publications' runs of the same hardware figures lies what another cluster and other
  /// software change; where nothing was measured, what models are off by untested comes on top.
  init(records: RunRecords) {
    let rule = ErrorBar.Rule.time(betweenSources: records.betweenSources { _ in false })
    measured = ErrorBar.ninety * rule.betweenSources
    derived = ErrorBar.ninety * (rule.betweenSources * rule.betweenSources + rule.prior * rule.prior).squareRoot()
  }

  /// The factor of a rate when its kind is off by `share` (-1...1) of its error; above 1 is faster.
  func factor(_ provenance: Provenance, _ share: Double) -> Double {
    exp(share * (provenance == .measured ? measured : derived))
  }
}

extension Cluster {
  /// The cluster with each figure of the given kinds off by that share of its own error, -1 (slower) to 1 (faster).
  func shifted(_ shares: [HardwareDoubt: Double], errors: FigureErrors) -> Cluster {
    func share(_ doubt: HardwareDoubt) -> Double { shares[doubt] ?? 0 }
    func scale(_ figure: inout Figure, _ doubt: HardwareDoubt, isTime: Bool = false) {
      let factor = errors.factor(figure.provenance, share(doubt))
      figure.value = isTime ? figure.value / factor : figure.value * factor
    }
    func scale(_ link: inout Link, _ doubt: HardwareDoubt) {
      let factor = errors.factor(link.provenance, share(doubt))
      link.gibibytesPerSecond *= factor
      link.latencySeconds /= factor
    }
    var cluster = self
    var gpu = nodeType.gpu
    scale(&gpu.gemm.share, .products)
    scale(&gpu.flashForwardShare, .products)
    scale(&gpu.flashBackwardShare, .products)
    if var power = gpu.power {
      scale(&power.productShare, .products)
      gpu.power = power
    }
    scale(&gpu.memoryBandwidth, .bandwidth)
    var links = nodeType.links
    for (shape, link) in links.measured {
      var link = link
      scale(&link, shape.nodes > 1 ? .linksBetween : .linksInside)
      links.measured[shape] = link
    }
    for (shape, link) in links.allReduce {
      var link = link
      scale(&link, shape.nodes > 1 ? .linksBetween : .linksInside)
      links.allReduce[shape] = link
    }
    if var inside = links.pairs?.inside {
      scale(&inside, .linksInside)
      links.pairs?.inside = inside
    }
    if var between = links.pairs?.between {
      scale(&between, .linksBetween)
      links.pairs?.between = between
    }
    scale(&links.insideBytesPerSecond, .linksInside)
    scale(&links.insideLatencySeconds, .linksInside, isTime: true)
    scale(&links.fabricBytesPerSecond, .linksBetween)
    scale(&links.fabricLatencySeconds, .linksBetween, isTime: true)
    scale(&links.hostToDevice, .hostCopies)
    scale(&links.deviceToHost, .hostCopies)
    cluster.nodeType.gpu = gpu
    cluster.nodeType.links = links
    return cluster
  }
}
