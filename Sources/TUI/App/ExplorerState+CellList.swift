import Engine

/// The list of the values of a cell.
extension ExplorerState {
  /// Opens the list for the cell under the cursor.
  mutating func openCellList() -> [Effect] {
    guard let plan = editedPlan else { return [] }
    guard case .plan(let cell) = cellUnderCursor, let value = cell.value(in: plan) else {
      return say("this is a figure, not a choice", .warning)
    }
    listTicket += 1
    let question = CellQuestion(cell: cell, plan: plan, request: asked)
    dialog = .cell(CellListState(cell: cell, plan: plan, base: shown, ticket: listTicket, value: value))
    return [.list(question, ticket: listTicket)]
  }

  /// Takes in what the engine answers; an answer to another list is dropped.
  mutating func receive(_ message: CellListMessage, ticket: Int) {
    guard case .cell(var list) = dialog, list.ticket == ticket else { return }
    switch message {
    case .choices(let choices):
      guard let choices, choices.choices.count > 1 else {
        closeCellList()
        _ = say("\(list.cell.title) has no other value here", .warning)
        return
      }
      list.choices = choices
    case .solved(let value, let plan): list.solved[value] = plan.map { .best($0) } ?? CellListState.Solved.none
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
    let count = list.choices?.choices.count ?? 0
    let isWord = list.cell.knob.words != nil
    switch key {
    case .escape:
      closeCellList()
      return [.list(nil, ticket: list.ticket)]
    case .enter: return takeAlone(list)
    case .character("t"): return takeSolved(list)
    case .character("p"): return takeAlone(list, pins: true)
    case .down, .character("j"), .character("+"): move(&list, by: 1)
    case .up, .character("k"), .character("-"): move(&list, by: -1)
    case .home, .character("g"): move(&list, by: -count)
    case .end, .character("G"): move(&list, by: count)
    case .pageDown: move(&list, by: 10)
    case .pageUp: move(&list, by: -10)
    case .character(let character) where !isWord && (character.isNumber || character == "."):
      type(key, &list)
    case .backspace where !list.typed.text.isEmpty: type(key, &list)
    default: return []
    }
    return look(at: list)
  }

  private func move(_ list: inout CellListState, by steps: Int) {
    guard let choices = list.choices?.choices, !choices.isEmpty else { return }
    let place = max(0, min(choices.count - 1, (list.row ?? 0) + steps))
    list.value = choices[place].value
    list.typed = TextField()
    list.error = nil
  }

  /// Typing goes to the value that stands there, or to the legal one nearest to it.
  private func type(_ key: Key, _ list: inout CellListState) {
    _ = list.typed.handle(key)
    list.error = nil
    let knob = list.cell.knob
    guard let choices = list.choices, !list.typed.text.isEmpty else { return }
    guard let value = knob.value(list.typed.text) else { return }
    let found = choices.choices.first { $0.value == value }
    if found?.alone != nil {
      list.value = value
    } else if let nearest = choices.nearestLegal(to: value) {
      let why = found?.refusal.map { "\($0)" } ?? "no plan here has it"
      list.error = "\(list.typed.text): \(why); nearest: \(knob.text(nearest))"
      list.value = nearest
    }
  }

  /// The plan under the cursor is previewed everywhere.
  private mutating func look(at list: CellListState) -> [Effect] {
    dialog = .cell(list)
    let plan = list.choice?.alone
    plans.preview = plan?.plan == (plans.taken ?? plans.best)?.plan ? nil : plan
    return []
  }

  private mutating func takeAlone(_ list: CellListState, pins: Bool = false) -> [Effect] {
    guard let choice = list.choice else { return [] }
    guard let scored = choice.alone else {
      _ = say("\(choice.text): \(choice.refusal.map { "\($0)" } ?? "no plan has it")", .warning)
      return []
    }
    closeCellList()
    remember(scored)
    let title = (pins ? "pin " : "") + list.cell.command(choice.value)
    let effects = edit(title) { draft in
      draft.plan = scored.plan
      if pins || draft.pins.isHeld(list.cell, of: list.plan) {
        draft.pins = draft.pins.holding([list.cell], as: scored.plan)
      }
    }
    return [.list(nil, ticket: list.ticket)] + effects
  }

  private mutating func takeSolved(_ list: CellListState) -> [Effect] {
    switch list.solved[list.value] {
    case nil: return say("still solving the rest for \(list.cell.knob.text(list.value))", .text)
    case .some(.none): return say("no plan with it fits", .warning)
    case .best(let plan):
      closeCellList()
      return [.list(nil, ticket: list.ticket)] + take(plan, list.cell.command(list.value) + ", the rest solved")
    }
  }
}
