@testable import Engine

extension TestMachines {
  /// A GPT of a few layers of width 2048 on GPUs with so little memory that it binds: nothing is kept free, and the
  /// context takes nothing.
  ///
  /// - Parameters:
  ///   - gibibytes: memory of a GPU.
  ///   - hostBytes: RAM of a node; nil for that of the test machine.
  static func tightWorkload(
    nodes: Int = 1, gpusPerNode: Int, layers: Int, batch: Int, gibibytes: Double, hostBytes: Double? = nil,
    hidden: Int = 2048, sequence: Int = 1024
  ) -> Workload {
    var cluster = cluster(nodes: nodes, gpusPerNode: gpusPerNode)
    cluster.nodeType.gpu.memoryBytes.value = gibibytes * 1_073_741_824
    cluster.nodeType.gpu.contextBytes.value = 0
    if let hostBytes { cluster.nodeType.hostMemoryBytes.value = hostBytes }
    return Workload(
      name: "small", model: gpt(hidden: hidden, layers: layers, heads: 16), cluster: cluster,
      run: TrainingRun(sequenceLength: sequence, globalBatch: batch, precision: .fp16), limits: Limits(headroomBytes: 0)
    )
  }
}
