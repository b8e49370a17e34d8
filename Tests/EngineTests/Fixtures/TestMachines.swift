@testable import Engine

/// Small machines for tests that must not depend on the shipped hardware figures.
enum TestMachines {
  private static func figure(_ value: Double) -> Figure { Figure(value, .assumed, source: "test") }

  /// An L4 with round figures.
  static let gpu = GPU(
    name: "test-l4", title: "test L4", memoryBytes: figure(22.488 * 1_073_741_824), peakFlops: figure(121e12),
    memoryBandwidth: figure(300e9), gemm: GEMMCurve(share: figure(0.45), halfDepth: figure(100)),
    flashForwardShare: figure(0.33), flashBackwardShare: figure(0.27), elementwiseShare: figure(0.8),
    launchSeconds: figure(5e-6), contextBytes: figure(0.5 * 1_073_741_824))

  /// The L4 cluster's links and interference (docs/model.md, sections 3 and 4).
  static func cluster(nodes: Int, gpusPerNode: Int, interference: Interference = .none) -> Cluster {
    let table: [(Int, Int, Double, Double)] = [
      (1, 2, 2.964, 1e-4), (1, 4, 4.1635, 4e-4), (1, 8, 4.6832, 3e-4), (2, 8, 3.3215, 1.3e-3), (4, 8, 2.9659, 3e-3),
      (2, 1, 0.4895, 4.5e-3), (2, 2, 0.9791, 7.6e-3), (2, 4, 1.7183, 0), (4, 1, 0.4609, 1.02e-2),
      (4, 2, 0.9195, 8e-4), (4, 4, 1.6759, 4.5e-3),
    ]
    var measured: [GroupShape: Link] = [:]
    for (nodes, gpus, rate, latency) in table {
      measured[GroupShape(nodes: nodes, gpusPerNode: gpus)] = Link(
        gibibytesPerSecond: rate, latencySeconds: latency, provenance: .measured)
    }
    let links = LinkTable(
      measured: measured, measuredSource: "model.md", insideBytesPerSecond: figure(8e9),
      fabricBytesPerSecond: figure(12.5e9), collectiveShare: figure(0.6), insideLatencySeconds: figure(3e-4),
      fabricLatencySeconds: figure(2e-3),
      hostToDevice: Link(gibibytesPerSecond: 5.7546, latencySeconds: 4e-4, provenance: .measured),
      deviceToHost: Link(gibibytesPerSecond: 6.1252, latencySeconds: 4e-4, provenance: .measured),
      hostSource: "model.md")
    let node = NodeType(
      name: "test-l4", title: "test L4 node", gpu: gpu, gpusPerNode: gpusPerNode, links: links,
      interference: interference, interferenceOrigin: figure(28), hostMemoryBytes: figure(384 * 1_073_741_824))
    return Cluster(nodes: nodes, gpusPerNode: gpusPerNode, nodeType: node)
  }

  /// GPT shapes of the evaluation (docs/model.md, section 10).
  static func gpt(hidden: Int, layers: Int, heads: Int) -> ModelShape {
    ModelShape(
      name: "gpt", hidden: hidden, feedForward: 4 * hidden, layers: layers, heads: heads, vocabulary: 50304,
      positions: .learned, source: "test")
  }
}
