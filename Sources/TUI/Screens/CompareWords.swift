import Engine

/// What the column under the cursor has not alike with the shown plan, and what each difference is worth.
struct CompareWords {
  /// The state that it tells of.
  let state: ExplorerState
  /// The column.
  let column: CompareColumn
  /// Columns of a line.
  let width: Int

  /// The lines, the most useful first.
  var lines: [[Span]] {
    var lines = wrapped(column.meaning, .title)
    guard column.id != .shown else { return lines + wrapped("the others are told against it", .muted) }
    switch column.answer {
    case .plan(let plan, let isProved):
      if !isProved { lines += wrapped("the best found; not proved to be the best", .warning) }
      return lines + differences(plan) + missing(plan)
    case .searching: return lines + wrapped("it is searched; what is found stands here", .muted)
    case .waiting: return lines + wrapped("its turn comes; \(key) searches it now", .muted)
    case .stopped: return lines + wrapped("not searched to its end; \(key) searches it", .muted)
    case .noneFits: return lines + wrapped("no plan fits there", .bad)
    case .refused(let why): return lines + wrapped(why, .warning)
    }
  }

  private var key: String { state.keyText("compare.take") }

  private func wrapped(_ text: String, _ role: Role, indent: Int = 0) -> [[Span]] {
    let front = String(repeating: " ", count: indent)
    return WaitingView.wrapped(text, width: width - indent).map { [Span(front + $0, role)] }
  }

  /// A label, seconds and GiB, each at its place.
  private func row(_ label: String, _ seconds: String, _ gibibytes: String, _ role: Role = .text) -> [Span] {
    let room = max(8, width - 22)
    return [Span(Format.left(CellText.fitted(label, width: room), room), role)]
      + [Span(Format.right(seconds, 10), role), Span(Format.right(gibibytes, 12), role)]
  }

  private func difference(_ seconds: Double) -> String {
    Format.stepDifference(seconds, reference: state.shown?.score.iterationSeconds ?? seconds)
  }

  private func differences(_ plan: ScoredPlan) -> [[Span]] {
    guard let shown = state.shown else { return [] }
    let isAlike = CompareRow.isOfLikeWork(plan, shown)
    let bytes = plan.score.peakReservedBytes - shown.score.peakReservedBytes
    let seconds = plan.score.iterationSeconds - shown.score.iterationSeconds
    let whole = row("against this plan", isAlike ? difference(seconds) : "", Format.gibibyteDifference(bytes))
    guard let known = state.compare.explanation, known.id == column.id, known.shown == shown.plan,
      known.other == plan.plan, let comparison = known.comparison
    else { return [whole] + wrapped("what differs is being scored", .muted) }
    var lines = [whole]
    for step in comparison.difference.steps {
      lines.append(row("  " + step.label, difference(step.seconds), Format.gibibyteDifference(step.peakBytes)))
      lines += step.changes.flatMap { wrapped($0.text, .muted, indent: 4) }
    }
    if let runtime = comparison.runtime {
      let label = "  on \(runtime.name)"
      lines.append(row(label, difference(runtime.seconds), Format.gibibyteDifference(runtime.peakBytes)))
    }
    if comparison.difference.steps.isEmpty {
      let changes = comparison.difference.changes
      if changes.isEmpty { lines += wrapped("the same choices", .muted, indent: 2) }
      lines += changes.flatMap { wrapped($0.text, .text, indent: 2) }
    }
    return lines + wrapped(comparison.difference.note, .muted)
  }

  /// What the days and the money of the whole training would need to be known.
  private func missing(_ plan: ScoredPlan) -> [[Span]] {
    if plan.score.trainingDays == nil {
      return wrapped("days to train: the workload does not say its run.trainingTokens", .muted)
    }
    guard plan.score.trainingCost == nil else { return [] }
    let gpu = (column.workload ?? state.workload).cluster.nodeType.gpu.title
    return wrapped("money to train: no dollarsPerGPUHour is known for the \(gpu)", .muted)
  }
}
