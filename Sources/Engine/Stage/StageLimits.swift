/// Memory limits of one stage, bytes per GPU (docs/model.md, section 6).
struct StageLimits: Hashable {
  /// Largest allocation of the passes.
  var allocated: Double
  /// What a byte of the end's flat buffers takes of it.
  var endShare: Double
  /// Largest pinned host memory.
  var host: Double

  /// Limits of a stage on a cluster.
  ///
  /// Device: reserved + context + headroom <= capacity * share. Host: a node's RAM over the GPUs of it that are the
  /// stage's own; stages that share a node are held to their sum by the search.
  ///
  /// `groups` is the number of NCCL communicators of a GPU.
  init(workload: Workload, runtime: RuntimeProfile, gpusOnNode: Int, isLastOfMany: Bool, groups: Int = 0) {
    let gpu = workload.cluster.nodeType.gpu
    let headroom = workload.limits.headroomBytes ?? runtime.reservedErrorBytes
    let reserved =
      gpu.memoryBytes.value * workload.limits.memoryShare - headroom
      - gpu.contextBytes(groups: groups)
    allocated = runtime.allocationLimit(reserved: reserved, isLastOfMany: isLastOfMany)
    endShare = runtime.endShareOfLimit
    host = workload.cluster.nodeType.hostMemoryBytes.value / Double(max(1, gpusOnNode))
  }
}

/// Bounds from the best plan so far: points beyond them cannot be part of a plan as good.
struct StageCaps: Equatable {
  /// Largest useful t, seconds.
  var stable = Double.infinity
  /// Largest useful t + d, seconds.
  var firstLast = Double.infinity
}
