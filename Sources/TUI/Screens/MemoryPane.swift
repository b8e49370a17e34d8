import Engine

/// A bar for each stage: where the memory of its fullest GPU goes, what is left, and what binds.
struct MemoryPane: PaneView {
  let state: ExplorerState
  let pane = Pane.memory

  /// Stages that fit into a pane with so many rows inside its frame.
  static func rowRoom(_ rows: Int) -> Int { max(1, rows - 2) }

  var remark: String {
    guard let memory = state.shown?.score.stages.first?.memory else { return "" }
    return "per GPU, at the peak · capacity \(Format.gibibytes(memory.capacity)) GiB"
  }

  func draw(_ canvas: inout Canvas, _ area: Rect) {
    guard let shown = state.shown, !shown.score.stages.isEmpty, area.height >= 2 else {
      WaitingView(state: state).draw(&canvas, area)
      return
    }
    let foot = area.height >= 4 ? 2 : 1
    let (table, notes) = area.splitRows(area.height - foot)
    drawBars(&canvas, shown, table)
    canvas.put(binds(shown), x: notes.x + 1, y: notes.y, width: notes.width - 2)
    if notes.height > 1 { drawLegend(&canvas, notes.x + 1, notes.y + 1, notes.width - 2) }
  }

  private func drawBars(_ canvas: inout Canvas, _ shown: ScoredPlan, _ area: Rect) {
    let rows = state.stageRows
    let selected = rows.firstIndex { $0.contains(state.selectedStage) } ?? 0
    let first = RowWindow.first(rows: rows.count, room: area.height, cursor: selected)
    let scale =
      shown.score.stages.map { max($0.memory.capacity, MemoryBar.used($0.memory)) }.max().map { max($0, 1) } ?? 1
    let numbers = area.width >= 96 ? 48 : area.width >= 60 ? 24 : 14
    let bar = max(0, area.width - 6 - numbers)
    for (offset, row) in rows.dropFirst(first).prefix(area.height).enumerated() {
      guard let memory = worst(row, shown) else { continue }
      let y = area.y + offset
      canvas.hit(Rect(x: area.x, y: y, width: area.width, height: 1), .stage(row.lowerBound))
      let isCursor = row.contains(state.selectedStage)
      canvas.put(
        (isCursor ? "▸" : " ") + StageGroups.label(row), x: area.x, y: y, isCursor ? .focus : .text, width: 6)
      MemoryBar(memory: memory, scale: scale).draw(&canvas, Rect(x: area.x + 6, y: y, width: bar, height: 1))
      drawNumbers(&canvas, memory, Rect(x: area.x + 7 + bar, y: y, width: numbers - 1, height: 1))
    }
    RowWindow.drawMarks(&canvas, area, rows: rows.count, first: first)
  }

  /// The memory of the fullest stage of a row.
  private func worst(_ row: Range<Int>, _ shown: ScoredPlan) -> MemoryBreakdown? {
    row.compactMap { shown.score.stages.indices.contains($0) ? shown.score.stages[$0].memory : nil }
      .min { $0.spare < $1.spare }
  }

  private func drawNumbers(_ canvas: inout Canvas, _ memory: MemoryBreakdown, _ area: Rect) {
    let isOver = MemoryBar.isOver(memory)
    var spans = [Span(Format.right(Format.gibibytes(memory.reserved), 5), isOver ? .bad : .text)]
    if area.width >= 46 {
      spans += [Span(" GiB reserved", .muted), Span(Format.right(Format.gibibytes(memory.allocated), 6))]
      spans += [Span(" allocated", .muted)]
    } else if area.width >= 23 {
      spans += [Span(" GiB", .muted)]
    }
    let spare = Format.right(Format.spareGibibytes(memory.spare), 6)
    spans += [Span(isOver ? "!" : " ", .bad), Span(spare, isOver ? .bad : .text), Span(isOver ? " over" : " spare", .muted)]
    canvas.put(spans, x: area.x, y: area.y, width: area.width)
  }

  private func drawLegend(_ canvas: inout Canvas, _ x: Int, _ y: Int, _ width: Int) {
    var column = x
    let long = MemoryBar.parts(MemoryBreakdown()).map { ("\($0.letter)", " \($0.name)  ", $0.role) }
    let entries = long + [("░", " headroom  ", Role.headroom)]
    let needed = entries.reduce(0) { $0 + $1.0.count + $1.1.count }
    for (letter, name, role) in entries {
      let text = needed <= width + 2 ? name : " " + name.trimmingSpaces.prefix(5) + " "
      guard column + 1 + text.count <= x + width + 2 else { break }
      column = canvas.put(letter, x: column, y: y, role)
      column = canvas.put(text, x: column, y: y, .muted)
    }
  }

  /// What limits the plan, in words.
  private func binds(_ shown: ScoredPlan) -> String {
    let stages = shown.score.stages
    guard let tight = stages.indices.min(by: { stages[$0].memory.spare < stages[$1].memory.spare }) else { return "" }
    let memory = stages[tight].memory
    let spare = Format.spareGibibytes(abs(memory.spare))
    let pass = memory.peakInBackward ? "backward" : "forward"
    let largest = MemoryBar.parts(memory).max { $0.bytes < $1.bytes }
    let part = largest.map { "mostly \($0.name), \(Format.gibibytes($0.bytes)) GiB" } ?? ""
    let host = "host \(Format.gibibytes(shown.score.hostBytesPerNode)) of "
      + "\(Format.gibibytes(shown.score.hostCapacityBytes)) GiB per node"
    let device =
      memory.spare < 0
      ? "stage \(tight + 1) is \(Format.spareGibibytes(-memory.spare)) GiB over in its \(pass) pass"
      : "tightest: stage \(tight + 1) in its \(pass) pass, \(spare) GiB spare"
    return "\(device); \(part) · \(host)"
  }
}

extension String {
  /// Without spaces at both ends.
  var trimmingSpaces: String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
