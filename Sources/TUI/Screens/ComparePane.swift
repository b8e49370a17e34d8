import Engine

/// The plan beside the reference: figures, and what differs.
struct ComparePane: PaneView {
  let state: ExplorerState
  let pane = Pane.compare

  var legend: Legend { Legend() }

  var remark: String { state.plans.chosenReference == nil ? "against the \(state.bestName)" : "against the reference" }

  func draw(_ canvas: inout Canvas, _ area: Rect) {
    guard let shown = state.shown, let reference = state.plans.reference else {
      WaitingView(state: state, pane: pane).draw(&canvas, area)
      return
    }
    var y = area.y
    for line in figures(shown, reference) + [[]] + differences(shown, reference) where y < area.maxY {
      canvas.put(line, x: area.x + 1, y: y, width: area.width - 2)
      y += 1
    }
  }

  private func figures(_ shown: ScoredPlan, _ reference: ScoredPlan) -> [[Span]] {
    func row(_ label: String, _ value: (PlanScore) -> String) -> [Span] {
      [
        Span(Format.left(label, 14), .muted), Span(Format.right(value(shown.score), 12)),
        Span(Format.right(value(reference.score), 12)),
      ]
    }
    let title = state.plans.chosenReference == nil ? state.bestName : "reference"
    return [
      [
        Span(Format.left("", 14), .muted), Span(Format.right("this", 12), .plan), Span(Format.right(title, 12), .muted),
      ],
      row("s/iter") { Format.stepSeconds($0.iterationSeconds) },
      row("tokens/s") { Format.count($0.tokensPerSecond) },
      row("MFU") { Format.percent($0.mfu) },
      row("bubble") { Format.percent($0.bubbleShare) },
      row("GiB reserved") { Format.gibibytes($0.peakReservedBytes) },
      row("GiB on a host") { Format.gibibytes($0.hostBytesPerNode) },
      row("days") { $0.trainingDays.map { Format.fixed($0, decimals: 1) } ?? "" },
      row("US dollars") { $0.trainingCost.map(Format.count) ?? "" },
    ]
  }

  private func differences(_ shown: ScoredPlan, _ reference: ScoredPlan) -> [[Span]] {
    let changes = PlanChange.all(from: reference.plan, to: shown.plan)
    guard !changes.isEmpty else { return [[Span("the same choices", .muted)]] }
    return [[Span("what differs from it", .muted)]] + changes.map { [Span($0.text)] }
  }
}
