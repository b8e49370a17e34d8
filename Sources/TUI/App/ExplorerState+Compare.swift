import Engine

/// The columns of the Compare pane, and the searches behind them.
extension ExplorerState {
  /// What answers depend on at present.
  var compareQuestion: CompareBook.Question {
    CompareBook.Question(workload: workload, space: request.space, pins: request.pins)
  }

  /// The answers to the present question.
  var compareBook: CompareBook? { compare.books.last { $0.question == compareQuestion } }

  /// The pane is open, though another may have the keys.
  var isComparing: Bool { side == .compare || focus == .compare }

  /// The columns from the left; the first one is the plan that is shown.
  var compareColumns: [CompareColumn] {
    func plan(_ id: CompareID, _ title: String, _ meaning: String, _ plan: ScoredPlan?) -> CompareColumn {
      CompareColumn(
        id: id, title: title, meaning: meaning, answer: plan.map { .plan($0, isProved: true) } ?? .noneFits)
    }
    var columns = [plan(.shown, "this", isPreview ? "the plan that is previewed" : "this plan", shown)]
    if let chosen = plans.chosenReference {
      columns.append(plan(.reference, "reference", "the reference", chosen))
      if let optimum = plans.optimum {
        columns.append(plan(.optimum, bestName, "the \(bestName) of \(request.space.name)", optimum))
      }
    } else if let reference = plans.reference {
      columns.append(plan(.reference, bestName, "the \(bestName) of \(request.space.name)", reference))
    }
    if let opened = compare.opened, opened.workload == workload {
      columns.append(plan(.opened, "opened", "the plan that was opened", opened.plan))
    }
    return columns + (compareBook?.entries ?? []).map(column)
  }

  private func column(_ entry: CompareBook.Entry) -> CompareColumn {
    let answer: CompareColumn.Answer
    if let refusal = entry.refusal {
      answer = .refused(refusal)
    } else if let running = compare.running, running.id == entry.id, running.question == compareQuestion {
      answer = .searching(running.share)
    } else if let best = entry.best {
      answer = .plan(best, isProved: entry.status == .optimal)
    } else if compareBook?.waiting.contains(entry.id) == true {
      answer = .waiting
    } else {
      answer = entry.status == .infeasible ? .noneFits : .stopped
    }
    return CompareColumn(
      id: entry.id, title: entry.title, meaning: entry.meaning, workload: entry.asked?.workload,
      space: entry.asked?.request.space, answer: answer)
  }

  /// The column under the cursor; nil before there is any.
  ///
  /// Before the person has moved it, it is on the reference, and where that is the shown plan on the first baseline.
  var comparedColumn: CompareColumn? {
    let columns = compareColumns
    if let chosen = columns.first(where: { $0.id == compare.selected }) { return chosen }
    let reference = columns.first { $0.id == .reference && $0.plan?.plan != shown?.plan }
    return reference ?? columns.first { $0.workload != nil } ?? columns.last
  }

  /// Moves the cursor between the columns.
  mutating func moveCompared(by steps: Int) -> [Effect] {
    let columns = compareColumns
    let selected = comparedColumn?.id
    let place = columns.firstIndex { $0.id == selected } ?? 0
    compare.selected = columns[max(0, min(columns.count - 1, place + steps))].id
    // The words on another column start at their first line.
    return scrollCompared(by: 0, wordsToo: false)
  }

  /// Scrolls the rows of the table, and at its end the words on the column under the cursor.
  mutating func scrollCompared(by steps: Int, wordsToo: Bool = true) -> [Effect] {
    guard let area = layout.area(.compare) else { return [] }
    let rooms = ComparePane.scrollRooms(self, area.inset(columns: 1, rows: 1))
    compare.firstRow = max(0, min(rooms.table + (wordsToo ? rooms.words : 0), compare.firstRow + steps))
    return []
  }

  // MARK: searches

  /// A column is searched, or waits for it.
  var isSearchingColumns: Bool { compare.running != nil || compareBook?.waiting.isEmpty == false }

  /// Baselines whose best is known and fits: the frontier marks them.
  var knownBaselines: [(name: String, plan: ScoredPlan)] {
    (compareBook?.entries ?? []).compactMap { entry in
      guard case .space(let name) = entry.id, let best = entry.best, best.score.fits else { return nil }
      return (name, best)
    }
  }

  /// Goes on with what the open pane wants: the next column, and the difference of the one under the cursor.
  ///
  /// Called after every event; it does nothing while the pane is closed, but for stopping what runs for it.
  mutating func awaitComparison() -> [Effect] {
    let question = compareQuestion
    var effects: [Effect] = []
    if let running = compare.running, !isComparing || running.question != question { effects += pause(running) }
    guard isComparing, shown != nil || search.phase == .done else { return effects }
    if compareBook == nil {
      compare.books.append(CompareBook(question, request: request))
      if compare.books.count > CompareState.mostBooks { compare.books.removeFirst() }
    }
    return effects + startNextColumn() + awaitExplanation()
  }

  /// Puts a search back into its queue.
  private mutating func pause(_ running: CompareState.Running) -> [Effect] {
    if let index = compare.books.lastIndex(where: { $0.question == running.question }) {
      compare.books[index].waiting.insert(running.id, at: 0)
    }
    compare.running = nil
    return [.compare(.stop, ticket: running.ticket)]
  }

  /// The search of the plan itself goes first: it has all processors until it knows the optimum.
  private mutating func startNextColumn() -> [Effect] {
    guard compare.running == nil, !search.isLooking,
      let index = compare.books.lastIndex(where: { $0.question == compareQuestion }),
      let id = compare.books[index].waiting.first
    else { return [] }
    compare.books[index].waiting.removeFirst()
    guard let asked = compare.books[index][id]?.asked else { return startNextColumn() }
    compare.ticket += 1
    compare.running = CompareState.Running(id: id, question: compareQuestion, ticket: compare.ticket)
    return [.compare(.solve(id, asked.workload, asked.request), ticket: compare.ticket)]
  }

  /// Asks for the difference of the column under the cursor, once.
  private mutating func awaitExplanation() -> [Effect] {
    guard let shown, let column = comparedColumn, column.id != .shown, let other = column.plan else { return [] }
    if let known = compare.explanation, known.id == column.id, known.shown == shown.plan, known.other == other.plan {
      return []
    }
    compare.ticket += 1
    compare.explanationTicket = compare.ticket
    compare.explanation = CompareState.Explanation(id: column.id, shown: shown.plan, other: other.plan)
    return [.compare(.explain(column.id, shown, other, of: column.workload ?? workload), ticket: compare.ticket)]
  }

  /// Stops the searches of columns; what they have found is kept.
  mutating func stopComparing() -> [Effect] {
    guard let index = compare.books.lastIndex(where: { $0.question == compareQuestion }) else { return [] }
    compare.books[index].waiting = []
    _ = say("stopped; \(keyText("compare.take")) on a column searches it", .text)
    return compare.running.map { [.compare(.stop, ticket: $0.ticket)] } ?? []
  }

  /// Searches a column before all others.
  mutating func wantColumn(_ id: CompareID) -> [Effect] {
    var effects: [Effect] = []
    if let running = compare.running, running.id != id { effects = pause(running) }
    guard compare.running == nil, let index = compare.books.lastIndex(where: { $0.question == compareQuestion })
    else { return effects }
    compare.books[index].waiting.removeAll { $0 == id }
    compare.books[index].waiting.insert(id, at: 0)
    return effects
  }

  /// Takes in what the engine says; answers to other orders are dropped.
  mutating func receive(_ message: CompareMessage, ticket: Int) {
    switch message {
    case .progress(let id, let share):
      if compare.running?.ticket == ticket, compare.running?.id == id { compare.running?.share = share }
    case .solved(let id, let status, let best):
      guard let running = compare.running, running.ticket == ticket, running.id == id else { return }
      compare.running = nil
      guard let index = compare.books.lastIndex(where: { $0.question == running.question }) else { return }
      compare.books[index][id]?.status = status
      compare.books[index][id]?.best = status == .infeasible ? nil : best
    case .explained(let id, let comparison):
      guard ticket == compare.explanationTicket, compare.explanation?.id == id else { return }
      compare.explanation?.comparison = comparison
    case .judged(let report):
      guard compare.judgement?.ticket == ticket else { return }
      compare.judgement?.report = report
      compare.judgement?.isRunning = false
    }
  }
}
