/// A hidden state on its way from one stage to the next (docs/model.md, section 3).
struct BoundaryTransfer {
  /// The machines.
  let cluster: Cluster
  /// Whether tensor-parallel ranks send parts.
  let runtime: RuntimeProfile
  /// Tensor-parallel ranks that hold the same hidden state [tp]; 1 with sequence parallelism, where each has its part.
  let tensorParallel: Int
  /// GPUs of one node that send at once.
  let senders: Int

  /// Seconds of one transfer of `bytes` from each GPU to its neighbour.
  ///
  /// Every one of these ranks holds the whole state. A runtime that splits transfers sends 1/tp of it from each, and
  /// gathers the parts among the receivers; that is the faster where the way between the stages is the slow one.
  func seconds(bytes: Double, sameNode: Bool) -> Double {
    let link = cluster.pointToPointLink(sameNode: sameNode, senders: senders)
    guard runtime.splitsPointToPoint, tensorParallel > 1, bytes > 0 else { return link.seconds(bytes: bytes) }
    let nodes = max(1, tensorParallel / cluster.gpusPerNode)
    let gather = CollectiveRate(
      cluster: cluster, group: GroupShape(nodes: nodes, gpusPerNode: tensorParallel / nodes))
    return link.seconds(bytes: bytes / Double(tensorParallel)) + bytes * gather.secondsPerByte + gather.latencySeconds
  }
}
