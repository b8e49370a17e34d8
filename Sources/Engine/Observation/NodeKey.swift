/// What observed runs are told apart by: figures of one kind of node say nothing of another.
public struct NodeKey: Sendable, Hashable {
  /// Name of the node type.
  public var node: String
  /// Name of the GPU.
  public var gpu: String

  /// The key of a kind of node.
  public init(_ type: NodeType) { (node, gpu) = (type.name, type.gpu.name) }
}
