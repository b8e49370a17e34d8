/// A kind of node: its GPU, its links, its interference and its host memory.
public struct NodeType: Sendable, Equatable {
  /// Name for files and flags: `l4-vm`, `dgx-h100`.
  public var name: String
  /// Name for people.
  public var title: String
  /// The GPU in it.
  public var gpu: GPU
  /// GPUs in a full node.
  public var gpusPerNode: Int
  /// Links inside and between such nodes.
  public var links: LinkTable
  /// How channels slow each other down.
  public var interference: Interference
  /// Whether and where the interference factors were measured (the value is the number of factors, 28).
  public var interferenceOrigin: Figure
  /// RAM of a node that training may pin, bytes.
  public var hostMemoryBytes: Figure
  /// Rent of one GPU for an hour, in US dollars, where known.
  public var dollarsPerGPUHour: Figure?

  /// A kind of node from its parts.
  public init(
    name: String, title: String, gpu: GPU, gpusPerNode: Int, links: LinkTable, interference: Interference,
    interferenceOrigin: Figure, hostMemoryBytes: Figure, dollarsPerGPUHour: Figure? = nil
  ) {
    self.name = name
    self.title = title
    self.gpu = gpu
    self.gpusPerNode = gpusPerNode
    self.links = links
    self.interference = interference
    self.interferenceOrigin = interferenceOrigin
    self.hostMemoryBytes = hostMemoryBytes
    self.dollarsPerGPUHour = dollarsPerGPUHour
  }
}

/// A number of nodes of one kind, of which each gives `gpusPerNode` GPUs.
public struct Cluster: Sendable, Equatable {
  /// Nodes.
  public var nodes: Int
  /// GPUs used per node (at most the node type's).
  public var gpusPerNode: Int
  /// The kind of node.
  public var nodeType: NodeType

  /// A cluster; counts are positive (readers check it).
  public init(nodes: Int, gpusPerNode: Int, nodeType: NodeType) {
    self.nodes = nodes
    self.gpusPerNode = gpusPerNode
    self.nodeType = nodeType
  }

  /// All GPUs.
  public var gpuCount: Int { nodes * gpusPerNode }

  /// `4x8 l4-vm`, the way people write it.
  public var label: String { "\(nodes)x\(gpusPerNode) \(nodeType.name)" }
}
