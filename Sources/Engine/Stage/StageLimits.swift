/// Memory limits of one stage, bytes per GPU (docs/model.md, section 6).
struct StageLimits: Equatable {
  /// Largest allocation.
  var allocated: Double
  /// Largest pinned host memory.
  var host: Double

  /// Limits of a stage on a cluster.
  ///
  /// Device: reserved + context + headroom <= capacity * share. Host: a node's RAM over the GPUs of it that are the
  /// stage's own; stages that share a node are held to their sum by the search.
  init(workload: Workload, runtime: RuntimeProfile, gpusOnNode: Int, isLastOfMany: Bool) {
    let gpu = workload.cluster.nodeType.gpu
    let headroom = workload.limits.headroomBytes ?? runtime.reservedErrorBytes
    let reserved = gpu.memoryBytes.value * workload.limits.memoryShare - gpu.contextBytes.value - headroom
    allocated = runtime.allocationLimit(reserved: reserved, isLastOfMany: isLastOfMany)
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
