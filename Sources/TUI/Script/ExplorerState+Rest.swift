extension ExplorerState {
  /// Nothing that was asked for is still to come but what takes long: plans are scored, files are written.
  ///
  /// Each key of a script waits for this, so that it meets what the person met who recorded it. Whoever adds something
  /// that the outside answers adds it here.
  public var isSettled: Bool {
    guard awaitedTimeline == nil, plans.edited == nil, pendingPath == nil, !awaitsTree else { return false }
    switch dialog {
    case .save(let save): return save.step != .writing
    case .export(let export): return export.step != .working
    case .cell(let list): return !list.values.isEmpty
    case .importing(let importing): return !importing.isWorking
    default: return true
    }
  }

  /// A number is being taken apart.
  private var awaitsTree: Bool { why.asked != nil && why.asked != why.question }

  /// What takes long is under way: a search and its sweep, the sizes of the cluster, the values of a list that are being
  /// solved, a column of Compare, what more of a resource buys, the neighbours of a number, or what binds the plan.
  var isWorkingLong: Bool {
    if case .cell(let list) = dialog, list.solved.count < list.values.count { return true }
    if compare.running != nil || compare.judgement?.isRunning == true { return true }
    if why.asked != nil, why.awaitsNeighbours || why.awaitsBinding { return true }
    return isSearching || sizes.isRunning || why.marginal.isRunning
  }

  /// Nothing is still to come: the screen changes only by what the person does.
  public var isAtRest: Bool { isSettled && !isWorkingLong }
}
