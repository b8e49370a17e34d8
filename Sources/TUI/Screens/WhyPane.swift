import Engine

/// Where the time and memory of the selected stage come from, in all their parts.
struct WhyPane: PaneView {
  let state: ExplorerState
  let pane = Pane.why

  var legend: Legend { Legend() }

  var remark: String {
    guard let count = state.shown?.plan.stages.count else { return "" }
    return "stage \(state.selectedStage + 1) of \(count)"
  }

  func draw(_ canvas: inout Canvas, _ area: Rect) {
    guard let shown = state.shown, shown.score.stages.indices.contains(state.selectedStage) else {
      WaitingView(state: state, pane: nil).draw(&canvas, area)
      return
    }
    let left = area.inset(columns: 1, rows: 0)
    var y = left.y
    for line in lines(shown, shown.score.stages[state.selectedStage], width: left.width) where y < left.maxY {
      canvas.put(line, x: left.x, y: y, width: left.width)
      y += 1
    }
  }

  private func lines(_ shown: ScoredPlan, _ stage: StageScore, width: Int) -> [[Span]] {
    passes(stage) + [[]] + micro(stage) + [[]] + memory(stage, width: width) + [[]] + plan(shown)
  }

  // MARK: time

  private func passes(_ stage: StageScore) -> [[Span]] {
    let passes = PassTable(stage: stage).passes
    let titles = passes.map { Span(Format.right($0.label, 9), .muted) }
    var lines = [[Span(Format.left("ms", 18), .muted)] + titles]
    for part in PassTable.parts {
      if part.isBeside, !lines.contains([Self.beside]) { lines.append([Self.beside]) }
      let label = Span(Format.left((lines.count > 1 ? "  " : "") + part.title, 18), lines.count > 1 ? .muted : .text)
      lines.append(
        [label] + passes.map { Span(Format.right(Format.milliseconds(part.seconds($0.times)), 9)) })
    }
    return lines
  }

  private static let beside = Span("beside them, if alone", .muted)

  private func row(_ label: String, _ value: String, _ unit: String) -> [Span] {
    [Span(Format.left(label, 28), .muted), Span(Format.right(value, 10)), Span(" " + unit, .muted)]
  }

  private func micro(_ stage: StageScore) -> [[Span]] {
    [
      row("t  steady micro-batch", Format.milliseconds(stage.stableSeconds), "ms"),
      row("   transfers to the next stage", Format.milliseconds(2 * stage.pointToPointSeconds), "ms"),
      row("d  first and last, extra", Format.milliseconds(stage.deltaSeconds), "ms"),
    ]
  }

  // MARK: memory

  private func memory(_ stage: StageScore, width: Int) -> [[Span]] {
    let memory = stage.memory
    let limit = MemoryBar.limit(memory)
    let largest = max(limit, MemoryBar.used(memory), 1)
    let bar = max(0, width - 44)
    func line(_ label: String, _ bytes: Double, _ role: Role?) -> [Span] {
      let cells = Int((max(0, bytes) / largest * Double(bar)).rounded())
      let letter = role == nil ? "" : String(label.prefix(1))
      return row("  " + label, Format.gibibytes(bytes), "GiB")
        + (role.map { [Span(" "), Span(String(repeating: letter, count: min(bar, cells)), $0)] } ?? [])
    }
    var lines = [[Span("memory at the peak, in the \(memory.peakInBackward ? "backward" : "forward") pass", .muted)]]
    let parts = MemoryBar.parts(memory)
    lines += parts.prefix(6).map { line($0.name, $0.bytes, $0.role) }
    lines.append(row("allocated", Format.gibibytes(memory.allocated), "GiB"))
    lines += parts[6..<7].map { line($0.name, $0.bytes, $0.role) }
    lines.append(row("reserved", Format.gibibytes(memory.reserved), "GiB"))
    lines += parts[7..<8].map { line($0.name, $0.bytes, $0.role) }
    lines.append(row("limit", Format.gibibytes(limit), "GiB"))
    lines.append(row("spare", Format.spareGibibytes(memory.spare), "GiB"))
    lines.append(row("host memory per GPU", Format.gibibytes(stage.hostBytesPerGPU), "GiB"))
    return lines
  }

  private func plan(_ shown: ScoredPlan) -> [[Span]] {
    let score = shown.score
    return [
      [Span("plan", .muted)],
      row("  simulated", Format.fixed(score.iterationSeconds, decimals: 3), "s"),
      row("  closed form", Format.fixed(score.closedFormSeconds, decimals: 3), "s"),
      row("  tokens per second and GPU", Format.count(score.tokensPerSecondPerGPU), ""),
      row("  model TFLOP/s per GPU", Format.fixed(score.tflopsPerGPU, decimals: 1), ""),
    ]
  }
}
