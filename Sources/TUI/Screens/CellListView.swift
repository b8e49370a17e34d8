import Engine

/// The list of the values of a cell: what each would give alone, and with the rest solved again.
struct CellListView {
  /// The state that it tells of.
  let state: ExplorerState
  /// The list.
  let list: CellListState

  /// Columns of the whole list that show all of it.
  static let width = 66
  /// Columns with which it is still whole but for the unit of what does not fit.
  private static let leastWidth = 58

  /// Columns of the parts of a row: the value and its marks, and twice seconds and memory, two apart.
  private struct Columns {
    let value: Int
    let memory: Int
    /// `+45.23 s over 43.7 GiB`.
    var figure: Int { 9 + memory }

    /// The parts of so many columns inside the frame.
    init(_ inside: Int) {
      value = inside >= 62 ? 16 : min(16, inside / 3)
      memory = max(9, min(13, (inside - value - 2) / 2 - 9))
    }
  }
  /// Rows beside the values: frame, titles, what moves.
  private static let otherRows = 5

  /// Where it lies: over the frontier where that has room, so that the table, the bars and the timeline are seen to
  /// follow; else at the side of the selected row that has more room.
  func area(_ layout: ScreenLayout) -> Rect {
    let wanted = (list.values.count) + Self.otherRows
    if layout.kind != .single, let frontier = layout.area(.frontier), frontier.width >= Self.leastWidth {
      return Rect(
        x: frontier.x, y: frontier.y, width: frontier.width, height: min(frontier.height, max(8, wanted)))
    }
    guard let pane = layout.area(.stages) ?? layout.area(layout.focused) else { return layout.body }
    let width = min(Self.width, pane.width)
    let row = pane.y + 3 + max(0, state.stageRows.firstIndex { $0.contains(state.selectedStage) } ?? 0)
    let below = pane.maxY - row - 1
    let above = row - pane.y
    let height = min(wanted, max(below, above))
    return Rect(
      x: pane.maxX - width, y: below >= min(wanted, above) ? pane.maxY - min(wanted, below) : pane.y, width: width,
      height: below >= min(wanted, above) ? min(wanted, below) : height)
  }

  /// Draws the list inside its frame.
  func draw(_ canvas: inout Canvas, _ area: Rect) {
    guard !list.values.isEmpty else {
      canvas.put("scoring its values", x: area.x, y: area.y, .dialog, width: area.width)
      return
    }
    let columns = Columns(area.width)
    putRow(&canvas, area, y: area.y, ["", "alone", "the rest solved"], .muted)
    let foot = area.height > 4 ? 2 : 0
    let rows = Rect(x: area.x, y: area.y + 1, width: area.width, height: max(0, area.height - 1 - foot))
    let first = RowWindow.first(rows: list.values.count, room: rows.height, cursor: list.row)
    let (largest, fastest) = (list.largestThatFits, list.fastest)
    for (offset, value) in list.values.dropFirst(first).prefix(rows.height).enumerated() {
      let y = rows.y + offset
      let marks = [(value.isCurrent, "now"), (value.id == largest, "max"), (value.id == fastest, "best")]
      let text = marked(value.text, marks.filter(\.0).map(\.1), width: columns.value - 1)
      putRow(&canvas, area, y: y, [text, alone(value, columns), solved(value, columns)], role(value))
      if first + offset == list.row { canvas.select(Rect(x: area.x, y: y, width: area.width, height: 1)) }
    }
    RowWindow.drawMarks(
      &canvas, Rect(x: rows.x - 1, y: rows.y, width: 1, height: rows.height), rows: list.values.count, first: first)
    guard foot > 0 else { return }
    for (offset, line) in footLines(width: area.width).prefix(2).enumerated() {
      canvas.put(line, x: area.x, y: area.maxY - 2 + offset, list.error == nil ? .dialog : .warning, width: area.width)
    }
  }

  /// A value at the left and its marks at the right; where they have no room, the first goes: the title says which is now.
  private func marked(_ text: String, _ marks: [String], width: Int) -> String {
    let mark = marks.joined(separator: " ")
    let room = width - CharacterWidth.of(mark)
    if marks.count > 1, CharacterWidth.of(text) >= room { return marked(text, Array(marks.dropFirst()), width: width) }
    return Format.left(CellText.fitted(text, width: room - 1), room) + mark
  }

  private func putRow(_ canvas: inout Canvas, _ area: Rect, y: Int, _ cells: [String], _ role: Role) {
    let columns = Columns(area.width)
    canvas.put(cells[0], x: area.x, y: y, role, width: columns.value)
    let isReason = cells[2].isEmpty && CharacterWidth.of(cells[1]) > columns.figure
    let end = area.x + columns.value
    if isReason {
      canvas.put(cells[1], x: end, y: y, role, width: area.maxX - end)
      return
    }
    canvas.put(Format.right(cells[1], columns.figure), x: end, y: y, role, width: area.maxX - end)
    let second = end + columns.figure + 2
    canvas.put(Format.right(cells[2], columns.figure), x: second, y: y, role, width: area.maxX - second)
  }

  private func role(_ value: ListedValue) -> Role {
    guard let alone = value.alone else { return .muted }
    return alone.score.fits ? .dialog : .warning
  }

  private func alone(_ value: ListedValue, _ columns: Columns) -> String {
    guard let plan = value.alone else { return value.refusal ?? "no like plan" }
    return figures(plan, columns)
  }

  private func solved(_ value: ListedValue, _ columns: Columns) -> String {
    switch list.solved[value.id] {
    case nil: return value.refusal == nil ? "…" : ""
    case .some(.none): return value.refusal == nil ? "none in \(state.request.space.name)" : ""
    case .best(let plan): return figures(plan, columns)
    }
  }

  /// `+0.71 s -1.8 GiB`, or how much it is over; of another workload the time says little, what it trains in that does.
  private func figures(_ plan: ScoredPlan, _ columns: Columns) -> String {
    let time = plan.score.iterationSeconds
    var seconds = Format.stepSeconds(time)
    var isOther = true
    if case .plan = list.cell, let base = list.base?.score.iterationSeconds {
      seconds = Format.stepDifference(time - base, reference: base)
      isOther = false
    }
    return seconds + " " + Format.right(memory(plan, isOther: isOther, columns), columns.memory)
  }

  private func memory(_ plan: ScoredPlan, isOther: Bool, _ columns: Columns) -> String {
    let spare = plan.score.stages.map(\.memory.spare).min() ?? 0
    if spare < 0 {
      let (tenths, whole) = (Format.gibibytes(-spare), Format.fixed(-spare / Format.gibibyte, decimals: 0))
      let shortest = "over \(whole)G"
      return ["over \(tenths) GiB", "over \(tenths)G"].first { $0.count <= columns.memory } ?? shortest
    }
    if !plan.score.fits { return "over host" }
    guard !isOther, let base = list.base else { return Format.count(plan.score.tokensPerSecond) + " t/s" }
    return Format.gibibyteDifference(plan.score.peakReservedBytes - base.score.peakReservedBytes)
  }

  /// What was wrong with what was typed; else what else moves, and the stage that does not fit.
  private func footLines(width: Int) -> [String] {
    if let error = list.error { return WaitingView.wrapped(error, width: width) }
    guard let choice = list.value else { return [] }
    if let plan = choice.alone, !plan.score.fits {
      let spare = plan.score.stages.map(\.memory.spare)
      if let worst = spare.indices.min(by: { spare[$0] < spare[$1] }), spare[worst] < 0 {
        let memory = plan.score.stages[worst].memory
        return WaitingView.wrapped(
          "does not fit: \(Format.gibibytes(memory.reserved)) of \(Format.gibibytes(MemoryBar.reservable(memory))) GiB "
            + "in stage \(worst + 1)", width: width)
      }
      return ["does not fit the host memory of a node"]
    }
    guard !choice.moved.isEmpty else { return choice.alone == nil ? [] : ["nothing else moves"] }
    return WaitingView.wrapped("moves too: " + choice.moved.map(\.text).joined(separator: "; "), width: width)
  }
}
