/// Something of which a cluster has only so much, and of which more might make training faster.
public enum ScarceResource: String, Sendable, Hashable, CaseIterable {
  /// Nodes of the cluster's kind.
  case nodes
  /// GPUs used of each node.
  case gpusPerNode
  /// Memory of a GPU, GiB.
  case deviceMemory
  /// RAM of a node that training may pin, GiB.
  case hostMemory
  /// One node to the fabric, one direction, GB/s before protocol losses.
  case fabric
  /// One GPU to its peers inside the node, one direction, GB/s before protocol losses.
  case insideLink
  /// One GPU to and from host memory, GB/s each way.
  case hostLink
  /// Peak of matrix products of a GPU, TFLOP/s.
  case compute
  /// Memory bandwidth of a GPU, GB/s.
  case memoryBandwidth

  /// What one unit of it is: `GiB per GPU`.
  public var unit: String {
    switch self {
    case .nodes: "node"
    case .gpusPerNode: "GPU per node"
    case .deviceMemory: "GiB per GPU"
    case .hostMemory: "GiB per node"
    case .fabric, .insideLink, .hostLink, .memoryBandwidth: "GB/s"
    case .compute: "TFLOP/s"
    }
  }

  /// For people: `device memory`.
  public var label: String {
    switch self {
    case .nodes: "nodes"
    case .gpusPerNode: "GPUs of a node"
    case .deviceMemory: "device memory"
    case .hostMemory: "host memory"
    case .fabric: "links between nodes"
    case .insideLink: "links inside a node"
    case .hostLink: "links to the host"
    case .compute: "peak of a GPU"
    case .memoryBandwidth: "memory bandwidth of a GPU"
    }
  }
}
