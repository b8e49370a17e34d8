import Engine

/// The axes of the frontier, and the sizes of the cluster.
extension ExplorerState {
  /// The frontier shows sizes of the cluster instead of memory.
  var showsSizes: Bool { axes.across == .gpus }

  /// What the frontier shows upwards: seconds where what was asked for is not known of this question.
  var frontierUp: FrontierAxes.Up { axes.up.missing(for: workload) == nil ? axes.up : .seconds }

  /// There is something on the frontier to go to.
  var hasFrontier: Bool { showsSizes ? !sizes.points.isEmpty : !search.frontier.isEmpty }

  /// The points of sizes are those of another question.
  var sizesAreStale: Bool { sizes.basis.map { !$0.covers(sizesBasis) } ?? true }

  private var sizesBasis: SizesBasis { SizesBasis(workload: workload, space: request.space, pins: request.pins) }

  /// Changes what the frontier shows across: memory, or GPUs.
  mutating func changeAcross() -> [Effect] {
    axes.across = showsSizes ? .memory : .gpus
    plans.preview = nil
    return showsSizes ? startSizes() : []
  }

  /// Changes what the frontier shows upwards to the next that is known, and says what is missing for others.
  mutating func changeUp() -> [Effect] {
    let all = FrontierAxes.Up.allCases
    let place = all.firstIndex(of: frontierUp) ?? 0
    var missing: String?
    for step in 1...all.count {
      let next = all[(place + step) % all.count]
      guard let lacks = next.missing(for: workload) else {
        axes.up = next
        break
      }
      missing = missing ?? lacks
    }
    return missing.map { say("cost is not shown: \($0) is not known", .text) } ?? []
  }

  /// Sweeps the sizes of the cluster, unless what is known answers the question or a search is under way, which they
  /// follow.
  mutating func startSizes() -> [Effect] {
    guard !isSearching, !sizes.isRunning, sizesAreStale || !sizes.isComplete else { return [] }
    sizes = SizesState(ticket: sizes.ticket + 1, isRunning: true, basis: sizesBasis)
    return [.sweepSizes(request, ticket: sizes.ticket)]
  }

  /// After a search of another question its sizes are swept too, where they are looked at.
  mutating func followSizes() -> [Effect] {
    showsSizes && !search.isStopping && sizesAreStale ? startSizes() : []
  }

  /// Ends a sweep whose question nobody asks any more.
  mutating func dropStaleSizes() -> [Effect] {
    guard sizes.isRunning, sizesAreStale else { return [] }
    sizes.ticket += 1
    (sizes.isRunning, sizes.isStopping) = (false, false)
    return [.cancelSizes]
  }

  /// Takes in what is found; an answer to another order is dropped.
  mutating func receive(_ message: SizesMessage, ticket: Int) {
    guard ticket == sizes.ticket, sizes.isRunning else { return }
    switch message {
    case .progress(let progress): sizes.progress = progress
    case .point(let point):
      let wasLast = sizes.row >= sizes.points.count - 1
      sizes.points.append(point)
      if wasLast { sizes.row = sizes.points.count - 1 }
    case .done:
      sizes.isComplete = !sizes.isStopping
      (sizes.isRunning, sizes.isStopping) = (false, false)
    }
  }

  /// Stops what runs, and keeps what it has found.
  mutating func stopWork() -> [Effect] {
    search.isStopping = isSearching
    sizes.isStopping = sizes.isRunning
    return (isSearching ? [.cancelSearch] : []) + (sizes.isRunning ? [.cancelSizes] : [])
  }

  /// Goes to another size.
  mutating func moveSize(by steps: Int) {
    sizes.row = max(0, min(sizes.points.count - 1, sizes.row + steps))
  }

  /// Goes to a size by its place among those that have a plan.
  mutating func goToSize(_ index: Int) {
    let fitting = sizes.points.indices.filter { sizes.points[$0].best != nil }
    if fitting.indices.contains(index) { sizes.row = fitting[index] }
  }

  /// Makes the size under the cursor the cluster, with its plan, as an edit.
  mutating func takeSize() -> [Effect] {
    guard let point = sizes.point else { return [] }
    guard !sizesAreStale else {
      return say("these sizes are of another question: \(keyText("search.start")) searches this one", .warning)
    }
    guard point.workload.cluster != workload.cluster else { return say("this is the cluster already", .text) }
    let isNodes = point.workload.cluster.nodes != workload.cluster.nodes
    // A plan that leaves part of a node idle is no plan of the whole cluster: the best one is searched.
    let plan = point.idleGPUs > 0 ? nil : point.best?.plan
    var changed = workload
    changed.cluster = point.workload.cluster
    return edit(isNodes ? .nodes : .gpusPerNode, changed, plan: plan)
  }
}
