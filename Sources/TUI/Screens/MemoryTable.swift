import Engine

/// The parts of every stage's memory as numbers, where a tall pane has room for them under the bars.
struct MemoryTable {
  /// Rows: stages or runs of like ones.
  let rows: [Range<Int>]
  /// The plan.
  let shown: ScoredPlan
  /// The stage under the cursor.
  let selected: Int

  /// The memory of the fullest stage of a row.
  static func worst(_ row: Range<Int>, _ shown: ScoredPlan) -> MemoryBreakdown? {
    row.compactMap { shown.score.stages.indices.contains($0) ? shown.score.stages[$0].memory : nil }
      .min { $0.spare < $1.spare }
  }

  /// Draws titles and rows below a blank line, as many as fit.
  func draw(_ canvas: inout Canvas, _ area: Rect) {
    let titles = ["weights", "grads", "optim", "activ", "trans", "buffer", "alloc", "reserve", "CUDA", "spare"]
    let columns = titles.map { max(5, $0.count) }
    let label = MemoryPane.labelWidth(rows)
    func put(_ cells: [(String, Role)], _ canvas: inout Canvas, y: Int) {
      var end = area.x + label
      for (cell, width) in zip(cells, columns) {
        end += width + 1
        canvas.putRight(cell.0, end: end, y: y, cell.1)
      }
    }
    canvas.put(" GiB", x: area.x, y: area.y + 1, .muted)
    put(titles.map { ($0, .muted) }, &canvas, y: area.y + 1)
    for (offset, row) in rows.enumerated() where offset + 2 < area.height {
      guard let memory = MemoryTable.worst(row, shown) else { continue }
      let y = area.y + 2 + offset
      let isCursor = row.contains(selected)
      canvas.put(
        (isCursor ? "▸" : " ") + StageGroups.counted(row), x: area.x, y: y, isCursor ? .focus : .text, width: label)
      var cells = MemoryBar.shownBytes(memory).map { (Format.gibibytes($0), Role.text) }
      cells.insert((Format.gibibytes(memory.allocated), .text), at: MemoryBar.allocatorParts)
      cells.append((Format.spareGibibytes(memory.spare), MemoryBar.isOver(memory) ? .bad : .text))
      put(cells, &canvas, y: y)
    }
  }
}
