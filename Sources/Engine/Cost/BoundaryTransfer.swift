/// A hidden state on its way from one stage to the next (docs/model.md, section 3).
struct BoundaryTransfer {
  /// The machines.
  let cluster: Cluster
  /// Whether tensor-parallel ranks send parts.
  let runtime: RuntimeProfile
  /// Tensor-parallel degree of the stages [tp].
  let tensorParallel: Int
  /// GPUs of one node that send at once.
  let senders: Int

  /// Seconds of one transfer of `bytes` from each GPU to its neighbour.
  ///
  /// Every tensor-parallel rank holds the whole state. A runtime that splits transfers sends 1/tp of it from each, and
  /// gathers the parts among the receivers; that is the faster where the way between the stages is the slow one.
  func seconds(bytes: Double, sameNode: Bool) -> Double {
    let link = cluster.pointToPointLink(sameNode: sameNode, senders: senders)
    guard runtime.splitsPointToPoint, tensorParallel > 1, bytes > 0 else { return link.seconds(bytes: bytes) }
    let gather = CollectiveRate(cluster: cluster, group: GroupShape(nodes: 1, gpusPerNode: tensorParallel))
    return link.seconds(bytes: bytes / Double(tensorParallel)) + bytes * gather.secondsPerByte + gather.latencySeconds
  }
}
