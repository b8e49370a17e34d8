/// How many nodes of which kind a cluster has, of what Slurm says.
struct NodeCount: Sendable, Equatable {
  /// Nodes that can be used, at least 1.
  var nodes = 1
  /// The kind of node that was taken; nil without Slurm, or where it has no such kind.
  var group: SlurmNodes.Group?
  /// What should be known of it.
  var warnings: [DetectWarning] = []

  /// The nodes like a machine that was seen itself.
  init(like match: GPUMatch?, gpus: Int, in slurm: SlurmNodes) {
    let alike = slurm.groups.filter { group in
      let kind = GPUMatch(slurm: group.words)
      return kind == nil || match == nil || kind?.chip == match?.chip
    }
    let whole = alike.filter { $0.gpus == gpus }
    take((whole.isEmpty ? alike.filter { $0.gpus > gpus } : whole), of: slurm)
    if let group, group.gpus > gpus { warnings.append(.partOfNode(seen: gpus, of: group.gpus)) }
  }

  /// The largest kind of node whose GPU is known; where a person named the GPU to start from, the largest of all.
  init(largestIn slurm: SlurmNodes, anyGPU: Bool) {
    let whole = slurm.groups.filter { !$0.isSliced && !$0.isMixed }
    let known = whole.filter { GPUMatch(slurm: $0.words) != nil }
    take(known.isEmpty && anyGPU ? whole : known, of: slurm)
  }

  private mutating func take(_ candidates: [SlurmNodes.Group], of slurm: SlurmNodes) {
    // Of equals the first: `max` takes the last.
    guard var best = candidates.first else { return }
    for group in candidates where Self.isLarger(group, best) { best = group }
    group = best
    nodes = max(1, best.usable.isEmpty ? best.unusable.count : best.usable.count)
    let others = slurm.groups.filter { $0 != best }.map { group in
      let kind = group.isMixed ? "GPUs of several types" : group.gpuType.isEmpty ? "GPUs" : group.gpuType
      let state = group.usable.isEmpty ? ", all down or drained" : ""
      return "\(group.usable.count + group.unusable.count) nodes of \(group.gpus) \(kind)\(state)"
    }
    if !others.isEmpty { warnings.append(.otherNodes(others)) }
    if best.usable.isEmpty {
      warnings.append(.allUnusable(best.unusable.count))
    } else if let first = best.unusable.first {
      warnings.append(.unusable(count: best.unusable.count, first: first))
    }
  }

  /// More GPUs in nodes that can be used; where none can, more GPUs.
  private static func isLarger(_ left: SlurmNodes.Group, _ right: SlurmNodes.Group) -> Bool {
    let (usable, other) = (left.usable.count * left.gpus, right.usable.count * right.gpus)
    return usable != other ? usable > other : left.unusable.count * left.gpus > right.unusable.count * right.gpus
  }
}
