import Engine

/// A bar for each stage: where the memory of its fullest GPU goes, what is left, and what binds.
struct MemoryPane: PaneView {
  let state: ExplorerState
  let pane = Pane.memory

  /// Columns of the stage labels: more where runs of like stages say how many they are.
  static func labelWidth(_ rows: [Range<Int>]) -> Int {
    max(6, 2 + (rows.map { StageGroups.counted($0).count }.max() ?? 0))
  }

  /// Stages that fit into a pane with so many rows inside its frame.
  static func rowRoom(_ rows: Int) -> Int { max(1, rows - 2) }

  var legend: Legend { isLegendInside(state.layout.area(pane)?.width ?? 0) ? Legend() : signs }

  private var signs: Legend {
    Legend(
      MemoryBar.parts(MemoryBreakdown()).map { Legend.Entry(String($0.letter), $0.role, $0.name) }
        + [Legend.Entry("░", .headroom, "kept free")])
  }

  /// True when the frame is too short for all signs.
  private func isLegendInside(_ width: Int) -> Bool { !signs.fitsFrame(inner: width - 2) }

  var remark: String {
    guard let memory = state.shown?.score.stages.first?.memory else { return "" }
    return "per GPU at its peak · capacity \(Format.gibibytes(memory.capacity)) GiB"
  }

  func draw(_ canvas: inout Canvas, _ area: Rect) {
    guard let shown = state.shown, !shown.score.stages.isEmpty, area.height >= 2 else {
      WaitingView(state: state, pane: pane).draw(&canvas, area)
      return
    }
    let room = max(1, area.height / 3)
    let words = WaitingView.wrapped(binds(shown), width: area.width - 2).prefix(room)
    // One stage has its signs beside its parts.
    let isLegend = isLegendInside(area.width + 2) && shown.score.stages.count > 1
    let lines = isLegend ? signs.lines(width: area.width - 2) : []
    let legend = lines.prefix(area.height >= 4 ? room : 0)
    let rows = state.stageRows
    let (bars, rest) = area.splitRows(min(rows.count, max(1, area.height - words.count - legend.count)))
    drawBars(&canvas, shown, rows, bars)
    let table = rest.splitRows(rest.height - words.count - legend.count).0
    if shown.score.stages.count == 1, table.height >= 3, MemoryPartRows.fits(table) {
      let isRoomy = table.height > MemoryPartRows(memory: shown.score.stages[0].memory).rows.count
      MemoryPartRows(memory: shown.score.stages[0].memory)
        .draw(&canvas, isRoomy ? table.splitRows(1).1 : table)
    } else if table.height > rows.count + 2, area.width >= 76 {
      MemoryTable(rows: rows, shown: shown, selected: state.selectedStage).draw(&canvas, table)
    }
    var y = area.maxY - words.count - legend.count
    for line in words {
      canvas.put(line, x: area.x + 1, y: y, width: area.width - 2)
      y += 1
    }
    for line in legend {
      canvas.put(line, x: area.x + 1, y: y, width: area.width - 2)
      y += 1
    }
  }

  // MARK: bars

  private func drawBars(_ canvas: inout Canvas, _ shown: ScoredPlan, _ rows: [Range<Int>], _ area: Rect) {
    let selected = rows.firstIndex { $0.contains(state.selectedStage) } ?? 0
    let first = RowWindow.first(rows: rows.count, room: area.height, cursor: selected)
    let scale = MemoryBar.scale(shown.score.stages.map(\.memory))
    let numbers = area.width >= 96 ? 55 : area.width >= 60 ? 33 : 15
    let label = MemoryPane.labelWidth(rows)
    let bar = max(0, area.width - label - numbers)
    for (offset, row) in rows.dropFirst(first).prefix(area.height).enumerated() {
      guard let memory = MemoryTable.worst(row, shown) else { continue }
      let y = area.y + offset
      let start = area.x + label
      canvas.hit(Rect(x: area.x, y: y, width: area.width, height: 1), .stage(row.lowerBound))
      let isCursor = row.contains(state.selectedStage)
      canvas.put(
        (isCursor ? "▸" : " ") + StageGroups.counted(row), x: area.x, y: y, isCursor ? .focus : .text,
        width: label)
      MemoryBar(memory: memory, scale: scale).draw(&canvas, Rect(x: start, y: y, width: bar, height: 1))
      drawNumbers(&canvas, memory, Rect(x: start + bar + 1, y: y, width: numbers - 2, height: 1))
    }
    RowWindow.drawMarks(&canvas, area, rows: rows.count, first: first)
  }

  private func drawNumbers(_ canvas: inout Canvas, _ memory: MemoryBreakdown, _ area: Rect) {
    let isOver = MemoryBar.isOver(memory)
    let spare = Format.right((isOver ? "!" : "") + Format.spareGibibytes(memory.spare), 6)
    let ending = [Span(spare, isOver ? .bad : .text), Span(" spare", .muted)]
    let reserved = Span(Format.right(Format.gibibytes(memory.reserved), 5), isOver ? .bad : .text)
    let places = Format.gibibytes(memory.capacity).count
    let limit = Span(" of \(Format.right(Format.gibibytes(MemoryBar.reservable(memory)), places)) GiB", .muted)
    let spans: [Span]
    switch area.width {
    case 53...:
      let allocated = Span(Format.right(Format.gibibytes(memory.allocated), 7))
      spans = [reserved, limit, Span(" reserved", .muted), allocated, Span(" alloc", .muted)] + ending
    case 31...: spans = [reserved, limit] + ending
    default: spans = ending
    }
    canvas.put(spans, x: area.x, y: area.y, width: area.width)
  }

  // MARK: words

  /// What limits the plan, in words.
  private func binds(_ shown: ScoredPlan) -> String {
    let stages = shown.score.stages
    guard let tight = stages.indices.min(by: { stages[$0].memory.spare < stages[$1].memory.spare }) else { return "" }
    let memory = stages[tight].memory
    let pass = memory.peakInBackward ? "backward" : "forward"
    let device =
      memory.spare < 0
      ? "over: stage \(tight + 1) by \(Format.spareGibibytes(memory.spare).drop { $0 == "-" }) GiB in its \(pass) pass"
      : "tightest: stage \(tight + 1), \(Format.spareGibibytes(memory.spare)) GiB spare in its \(pass) pass"
    let largest = MemoryBar.parts(memory).max { $0.bytes < $1.bytes }
    // In a sentence the name of the column does not do.
    let part = largest.map { ", most in \($0.name)\($0.name == "optimizer" ? " states" : "")" } ?? ""
    let isHostOver = shown.score.hostBytesPerNode > shown.score.hostCapacityBytes
    return "\(device)\(part); host memory \(isHostOver ? "over: " : "")"
      + "\(Format.gibibytes(shown.score.hostBytesPerNode)) of \(Format.gibibytes(shown.score.hostCapacityBytes)) GiB"
  }
}
