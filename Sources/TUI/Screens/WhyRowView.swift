import Engine

/// One row of the Why pane, its figures in columns of fixed width.
struct WhyRowView {
  /// What it shows.
  let row: WhyRow
  /// The plan that neighbours are neighbours of.
  let current: ScoredPlan?

  private static let amountWidth = 11
  private static let shareWidth = 9
  private static let worthWidth = 14
  private static let labelWidth = 12

  /// Draws into one row.
  func draw(_ canvas: inout Canvas, _ area: Rect) {
    switch row.content {
    case .node(let node, let depth, let isOpen, let share):
      let mark = node.children.isEmpty ? "  " : isOpen ? "▾ " : "▸ "
      let figures = Self.amountWidth + Self.shareWidth
      let name = String(repeating: "  ", count: depth) + mark + node.name
      canvas.put(name, x: area.x, y: area.y, width: area.width - figures)
      let end = area.maxX - Self.shareWidth
      canvas.putRight(WhyText.amount(node.value, node.unit), end: end, y: area.y)
      if let share { canvas.putRight(Format.percent(share), end: area.maxX, y: area.y, .muted) }
    case .marginal(let value):
      canvas.put("  " + value.step.text, x: area.x, y: area.y, width: area.width - Self.worthWidth)
      let role: Role = value.binds ? (value.seconds ?? -1) < 0 ? .good : .text : .muted
      canvas.putRight(WhyText.worth(value), end: area.maxX, y: area.y, role)
    case .neighbour(let neighbour, let isMove): draw(neighbour, isMove, &canvas, area)
    }
  }

  private func draw(_ neighbour: Neighbour, _ isMove: Bool, _ canvas: inout Canvas, _ area: Rect) {
    let label = WhyText.label(neighbour, isMove: isMove, from: current?.plan)
    let end = area.x + 2 + Self.labelWidth
    canvas.put("  " + label, x: area.x, y: area.y, width: end - area.x)
    let verdict = WhyText.verdict(neighbour.verdict)
    guard let seconds = neighbour.seconds, let bytes = neighbour.peakBytes, let current else {
      canvas.put(verdict, x: end + 1, y: area.y, .muted, width: area.maxX - end - 1)
      return
    }
    let time = WhyText.difference(seconds, reference: current.score.iterationSeconds)
    canvas.putRight(time, end: end + 9, y: area.y)
    canvas.putRight(Format.gibibyteDifference(bytes), end: end + 19, y: area.y)
    canvas.put(verdict, x: end + 21, y: area.y, role(neighbour.verdict), width: area.maxX - end - 21)
  }

  private func role(_ verdict: PlanVerdict) -> Role {
    switch verdict {
    case .overflow, .hostOverflow: .bad
    case .faster: .good
    case .refused, .equal: .muted
    case .slower: .text
    }
  }
}
