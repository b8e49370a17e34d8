@testable import Engine

/// Small workloads and stages for tests about plans.
enum PlanFixtures {
  /// A stage of one node; b 1, dp half of the mesh, tp 2.
  static func stage(layers: Int, gpusPerNode: Int) -> StageChoice {
    StageChoice(
      layers: layers, nodes: 1, gpusPerNode: gpusPerNode, microBatch: 1, dataParallel: gpusPerNode / 2,
      tensorParallel: 2, zero: 1, checkpointedLayers: 1)
  }

  /// A GPT of width 512 on some L4-like nodes.
  static func workload(nodes: Int, gpusPerNode: Int, layers: Int, batch: Int) -> Workload {
    let model = ModelShape(
      name: "tiny", hidden: 512, feedForward: 2048, layers: layers, heads: 8, vocabulary: 50304, source: "test")
    return Workload(
      name: "tiny", model: model, cluster: Cluster(nodes: nodes, gpusPerNode: gpusPerNode, nodeType: nodeType),
      run: TrainingRun(sequenceLength: 1024, globalBatch: batch))
  }

  private static var nodeType: NodeType {
    let figure = { (value: Double) in Figure(value, .assumed, source: "test") }
    let gpu = GPU(
      name: "test", title: "Test GPU", memoryBytes: figure(24e9), peakFlops: figure(121e12),
      memoryBandwidth: figure(300e9), gemm: GEMMCurve(share: figure(0.45), halfDepth: figure(64)),
      flashForwardShare: figure(0.3), flashBackwardShare: figure(0.27), elementwiseShare: figure(0.8),
      launchSeconds: figure(4e-6), contextBytes: figure(5e8))
    let link = Link(gibibytesPerSecond: 5, latencySeconds: 1e-4, provenance: .assumed)
    let links = LinkTable(
      measured: [:], measuredSource: "test", insideBytesPerSecond: figure(16e9), fabricBytesPerSecond: figure(12.5e9),
      collectiveShare: figure(0.8), insideLatencySeconds: figure(1e-4), fabricLatencySeconds: figure(1e-3),
      hostToDevice: link, deviceToHost: link, hostSource: "test")
    return NodeType(
      name: "test-node", title: "Test node", gpu: gpu, gpusPerNode: 8, links: links, interference: .none,
      interferenceOrigin: figure(28), hostMemoryBytes: figure(256e9))
  }
}
