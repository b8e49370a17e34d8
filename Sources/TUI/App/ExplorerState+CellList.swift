import Engine

/// The list of the values of a cell.
extension ExplorerState {
  /// Opens the list for the cell under the cursor.
  mutating func openCellList() -> [Effect] {
    guard let plan = editedPlan else { return [] }
    guard let cell = cellUnderCursor else { return say("this is a figure, not a choice", .warning) }
    let current: String
    switch cell {
    case .plan(let cell):
      guard let value = cell.value(in: plan) else { return [] }
      current = cell.knob.text(value)
    case .run(let knob): current = knob.text(of: workload)
    }
    listTicket += 1
    dialog = .cell(CellListState(cell: cell, current: current, plan: plan, base: shown, ticket: listTicket))
    return [.list(CellQuestion(cell: cell, plan: plan, request: asked), ticket: listTicket)]
  }

  /// Takes in what the engine answers; an answer to another list is dropped.
  mutating func receive(_ message: CellListMessage, ticket: Int) {
    guard case .cell(var list) = dialog, list.ticket == ticket else { return }
    switch message {
    case .values(let values):
      guard values.count > 1 else {
        closeCellList()
        let place = if case .plan = list.cell { "in \(request.space.name)" } else { "here" }
        _ = say("\(list.cell.title) has no other value \(place)", .warning)
        return
      }
      list.values = values
      list.row = values.firstIndex(where: \.isCurrent) ?? 0
    case .solved(let id, let plan): list.solved[id] = plan.map { .best($0) } ?? CellListState.Solved.none
    }
    dialog = .cell(list)
  }

  private mutating func closeCellList() {
    dialog = nil
    plans.preview = nil
  }

  /// A key in the list.
  mutating func handleCellKey(_ key: Key, _ old: CellListState) -> [Effect] {
    var list = old
    let isTyping = !list.typed.text.isEmpty
    switch key {
    case .escape:
      closeCellList()
      return [.list(nil, ticket: list.ticket)]
    case .enter: return takeAlone(list)
    case .down: move(&list, by: 1)
    case .up: move(&list, by: -1)
    case .home: move(&list, by: -list.values.count)
    case .end: move(&list, by: list.values.count)
    case .pageDown: move(&list, by: 10)
    case .pageUp: move(&list, by: -10)
    case .backspace where isTyping: type(key, &list)
    case .character(let character) where character.isNumber || isTyping && takesLetters(list): type(key, &list)
    case .character("."), .character("["): type(key, &list)
    case .character("j"), .character("+"): move(&list, by: 1)
    case .character("k"), .character("-"): move(&list, by: -1)
    case .character("g"): move(&list, by: -list.values.count)
    case .character("G"): move(&list, by: list.values.count)
    case .character("t"): return takeSolved(list)
    case .character("p"): return takeAlone(list, pins: true)
    default: return []
    }
    return look(at: list)
  }

  /// A value of the workload may be a word behind a number: `4x8xh100`.
  private func takesLetters(_ list: CellListState) -> Bool {
    if case .run = list.cell { return true }
    return false
  }

  private func move(_ list: inout CellListState, by steps: Int) {
    guard !list.values.isEmpty else { return }
    list.row = max(0, min(list.values.count - 1, list.row + steps))
    list.typed = TextField()
    list.error = nil
  }

  /// Typing goes to the value that stands there, or to the legal one nearest to it.
  private func type(_ key: Key, _ list: inout CellListState) {
    _ = list.typed.handle(key)
    list.error = nil
    let text = list.typed.text
    guard !text.isEmpty else { return }
    guard case .plan(let cell) = list.cell else {
      if let row = list.values.firstIndex(where: { $0.text == text }) { list.row = row }
      return
    }
    guard let value = cell.knob.value(text) ?? eighths(text, list) else {
      if !list.values.contains(where: { $0.text.hasPrefix(text) }) { list.error = "\(text) is no value of it" }
      return
    }
    let found = list.values.firstIndex { $0.id == value }
    if let found, list.values[found].alone != nil {
      list.row = found
      return
    }
    let legal = list.values.indices.filter { list.values[$0].alone != nil }
    guard let nearest = legal.min(by: { abs(list.values[$0].id - value) < abs(list.values[$1].id - value) }) else {
      return
    }
    let why = found.flatMap { list.values[$0].refusal } ?? "no plan here has it"
    list.error = "\(text): \(why); nearest: \(list.values[nearest].text)"
    list.row = nearest
  }

  /// A share by its eighths, as the table writes it; 1 is the whole.
  private func eighths(_ text: String, _ list: CellListState) -> Int? {
    guard case .plan(let cell) = list.cell, cell.knob.isShare, let count = Int(text), (2...8).contains(count) else {
      return nil
    }
    return count
  }

  /// The plan under the cursor is previewed everywhere, as far as it is one of this workload.
  private mutating func look(at list: CellListState) -> [Effect] {
    dialog = .cell(list)
    guard case .plan = list.cell else { return [] }
    let plan = list.value?.alone
    plans.preview = plan?.plan == (plans.taken ?? plans.best)?.plan ? nil : plan
    return []
  }

  private mutating func takeAlone(_ list: CellListState, pins: Bool = false) -> [Effect] {
    guard case .plan(let cell) = list.cell else { return takeWorkload(list) }
    guard let value = list.value else { return [] }
    guard let scored = value.alone else {
      return say("\(value.text): \(value.refusal ?? "no plan has it")", .warning)
    }
    closeCellList()
    remember(scored)
    let effects = edit((pins ? "pin " : "") + cell.command(value.id)) { draft in
      draft.plan = scored.plan
      if pins || draft.pins.isHeld(cell, of: list.plan) {
        draft.pins = draft.pins.holding([cell], as: scored.plan)
      }
    }
    return [.list(nil, ticket: list.ticket)] + effects
  }

  /// Takes the workload under the cursor, or the typed one.
  private mutating func takeWorkload(_ old: CellListState) -> [Effect] {
    guard case .run(let knob) = old.cell else { return [] }
    var list = old
    var changed = list.value?.workload
    let text = list.typed.text
    if !text.isEmpty, list.value?.text != text {
      do throws(InputError) {
        changed = try WorkloadEditor(workload).setting(knob, to: text)
      } catch {
        let nearest = WorkloadEditor(workload).nearestLegal(knob, to: text).map { "; nearest: \($0)" } ?? ""
        list.error = "\(error)\(nearest)"
        dialog = .cell(list)
        return []
      }
    }
    guard let changed else { return [] }
    closeCellList()
    return [.list(nil, ticket: list.ticket)] + edit(knob, changed)
  }

  private mutating func takeSolved(_ list: CellListState) -> [Effect] {
    guard let value = list.value else { return [] }
    switch list.solved[value.id] {
    case nil: return say("still solving the rest for \(value.text)", .text)
    case .some(.none): return say("no plan with it fits", .warning)
    case .best(let plan):
      closeCellList()
      let effects: [Effect]
      switch list.cell {
      case .plan(let cell): effects = take(plan, cell.command(value.id) + ", the rest solved")
      case .run(let knob): effects = value.workload.map { edit(knob, $0, plan: plan.plan) } ?? []
      }
      return [.list(nil, ticket: list.ticket)] + effects
    }
  }
}
