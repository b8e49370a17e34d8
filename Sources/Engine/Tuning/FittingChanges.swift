/// Changes of a question that nothing fits, the smallest of each kind with which a plan fits.
struct FittingChanges {
  /// The workload.
  let workload: Workload
  /// The space that was searched.
  let space: SearchSpace
  /// Ends the search early.
  let cancel: CancelToken

  /// A change to try.
  private struct Candidate {
    var change: FittingChange
    var workload: Workload
    var space: SearchSpace
  }

  /// Changes of each kind, from the nearest: more nodes, more GPUs of each node, shorter sequences, smaller batches, a
  /// larger space, no headroom, another runtime; other GPUs where none of these helps.
  ///
  /// Each is tried by finding a plan that fits (`FittingProbe`), so that a search finds one too.
  func found() -> [FittingChange] {
    var found: [FittingChange] = []
    for kind in [nodes, gpus, sequences, batches, spaces, limits] {
      if cancel.isCancelled { return found }
      if let change = first(of: kind) { found.append(change) }
    }
    if found.isEmpty, let change = first(of: runtimes) { found.append(change) }
    if found.isEmpty, let change = first(of: machines) { found.append(change) }
    return found
  }

  private func first(of candidates: [Candidate]) -> FittingChange? {
    candidates.first { candidate in
      !cancel.isCancelled
        && FittingProbe(workload: candidate.workload, space: candidate.space).plan(cancel: cancel) != nil
    }?.change
  }

  private func candidate(_ change: FittingChange, space: SearchSpace? = nil, _ body: (inout Workload) -> Void)
    -> Candidate
  {
    var changed = workload
    body(&changed)
    return Candidate(change: change, workload: changed, space: space ?? self.space)
  }

  private var nodes: [Candidate] {
    [2, 3, 4, 6, 8, 16, 32].map { $0 * workload.cluster.nodes }.filter { $0 <= ClusterReader.maximumNodes }.map {
      count in
      candidate(
        FittingChange("\(count) nodes instead of \(workload.cluster.nodes)", set: ["cluster.nodes=\(count)"])
      ) { $0.cluster.nodes = count }
    }
  }

  private var gpus: [Candidate] {
    let all = workload.cluster.nodeType.gpusPerNode
    let now = workload.cluster.gpusPerNode
    return PlanShape.divisors(of: all).filter { $0 > now }.map { count in
      candidate(FittingChange("\(count) GPUs per node instead of \(now)", set: ["cluster.gpusPerNode=\(count)"])) {
        $0.cluster.gpusPerNode = count
      }
    }
  }

  private var sequences: [Candidate] {
    let now = workload.run.sequenceLength
    return [2, 4, 8, 16, 32].filter { now.isMultiple(of: $0) && now / $0 >= 128 }.map { divisor in
      candidate(
        FittingChange("sequence length \(now / divisor) instead of \(now)", set: ["run.sequence=\(now / divisor)"])
      ) { $0.run.sequenceLength = now / divisor }
    }
  }

  private var batches: [Candidate] {
    let now = workload.run.globalBatch
    return [2, 4, 8, 16].filter { now.isMultiple(of: $0) }.map { divisor in
      candidate(FittingChange("batch \(now / divisor) instead of \(now)", set: ["run.batch=\(now / divisor)"])) {
        $0.run.globalBatch = now / divisor
        $0.run.batchChoices = []
      }
    }
  }

  private var spaces: [Candidate] {
    [SearchSpace.mist, .everything].filter { $0.name != space.name }.map { larger in
      candidate(
        FittingChange("space \(larger.name) instead of \(space.name)", flags: ["--space", larger.name]), space: larger
      ) { _ in }
    }
  }

  private var limits: [Candidate] {
    var found: [Candidate] = []
    if workload.limits.memoryShare < 1 {
      found.append(
        candidate(FittingChange("all of the device memory", flags: ["--memory-limit", "1"])) {
          $0.limits.memoryShare = 1
        })
    }
    if workload.limits.headroomBytes != 0 {
      found.append(
        candidate(FittingChange("no headroom: it may run out of memory", flags: ["--headroom", "0"])) {
          $0.limits.headroomBytes = 0
        })
    }
    return found
  }

  private var runtimes: [Candidate] {
    guard workload.run.runtime != "mist" else { return [] }
    return [
      candidate(
        FittingChange(
          "runtime mist, which offloads, in its space", flags: ["--runtime", "mist", "--space", SearchSpace.mist.name]),
        space: .mist
      ) { $0.run.runtime = "mist" }
    ]
  }

  /// The same number of GPUs, as far as a node has them, of each kind with more memory; less memory first.
  private var machines: [Candidate] {
    let now = workload.cluster
    let types = ((try? Catalogue.nodeTypes) ?? []).filter {
      $0.gpu.memoryBytes.value > now.nodeType.gpu.memoryBytes.value
    }.sorted { ($0.gpu.memoryBytes.value, $0.name) < ($1.gpu.memoryBytes.value, $1.name) }
    return [1, 4, 16].flatMap { factor in
      types.map { type in
        let cluster = Cluster(
          nodes: now.nodes * factor, gpusPerNode: min(now.gpusPerNode, type.gpusPerNode), nodeType: type)
        let spec = "\(cluster.nodes)x\(cluster.gpusPerNode)x\(type.name)"
        return candidate(FittingChange("\(spec) instead of \(now.label)", set: ["cluster=\(spec)"])) {
          $0.cluster = cluster
        }
      }
    }
  }
}
