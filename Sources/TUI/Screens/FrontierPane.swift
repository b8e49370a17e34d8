import Engine

/// The frontier: all plans that were looked at, the best at each memory, the reference and the shown one.
struct FrontierPane: PaneView {
  let state: ExplorerState
  let pane = Pane.frontier

  var remark: String {
    let count = state.search.frontier.count
    let place = state.search.frontier.firstIndex { $0 == state.shown }.map { "\($0 + 1) of \(count)" }
    if state.isPreview { return "preview" + (place.map { " \($0)" } ?? "") }
    return place ?? (count > 0 ? "\(count) plans" : "")
  }

  func draw(_ canvas: inout Canvas, _ area: Rect) {
    guard state.shown != nil || !state.search.considered.isEmpty else {
      WaitingView(state: state, pane: pane).draw(&canvas, area)
      return
    }
    let (chart, foot) = area.splitRows(area.height - (area.height >= 8 ? 2 : 1))
    drawChart(&canvas, Rect(x: chart.x, y: chart.y, width: chart.width - 1, height: chart.height))
    drawReadout(&canvas, foot)
  }

  // MARK: chart

  private var points: [Scatter.Point] { state.search.frontier.map(point) }

  private func point(_ plan: ScoredPlan) -> Scatter.Point {
    Scatter.Point(
      x: plan.score.peakReservedBytes / Format.gibibyte, y: height(seconds: plan.score.closedFormSeconds))
  }

  /// The vertical value of a plan of that time: seconds, or tokens per second of the run.
  private func height(seconds: Double) -> Double {
    guard state.showsThroughput else { return seconds }
    let tokens = Double(state.workload.run.globalBatch) * Double(state.workload.run.sequenceLength)
    return seconds > 0 ? tokens / seconds / 1000 : 0
  }

  private func drawChart(_ canvas: inout Canvas, _ area: Rect) {
    let dots = state.search.considered.map {
      Scatter.Point(x: $0.peakReservedBytes / Format.gibibyte, y: height(seconds: $0.closedFormSeconds))
    }
    let named = points + [state.shown, state.plans.reference].compactMap { $0.map(point) }
    let (up, hidden) = upAxis(dots: dots, named: named)
    var scatter = Scatter(across: acrossAxis(dots: dots, named: named), up: up)
    scatter.dots = dots
    scatter.frontier = points
    scatter.selected = state.shown.map(point)
    scatter.reference = state.plans.reference.map(point)
    scatter.limit = limit
    if hidden > 0 {
      scatter.remark = "\(Format.count(Double(hidden))) slower plans lie \(state.showsThroughput ? "below" : "above")"
    }
    scatter.draw(&canvas, area)
  }

  /// Device memory that may be reserved at most, GiB; nil before there is a plan to tell it.
  private var limit: Double? {
    guard let memory = state.shown?.score.stages.first?.memory, memory.capacity > 0 else { return nil }
    return (MemoryBar.limit(memory) - memory.context) / Format.gibibyte
  }

  private func acrossAxis(dots: [Scatter.Point], named: [Scatter.Point]) -> Scatter.Axis {
    let values = (dots + named).map(\.x)
    let high = max(values.max() ?? 1, limit ?? 0, 0.1)
    let low = min(values.min() ?? 0, high * 0.9)
    let step = Ticks.step(for: (high - low) / 8)
    return Scatter.Axis(
      low: max(0, (low / step - 0.001).rounded(.down) * step), high: (high / step + 0.001).rounded(.up) * step,
      unit: "GiB")
  }

  /// The upward axis holds the frontier and what is at most twice as slow as its best; says how many lie beyond.
  private func upAxis(dots: [Scatter.Point], named: [Scatter.Point]) -> (Scatter.Axis, hidden: Int) {
    let values = (named.isEmpty ? dots : named).map(\.y)
    var low = values.min() ?? 0
    var high = values.max() ?? 1
    if state.showsThroughput {
      low = min(low, max(dots.map(\.y).min() ?? low, high / 2))
    } else {
      high = max(high, min(dots.map(\.y).max() ?? high, low * 2))
    }
    let step = Ticks.step(for: max(high - low, high * 0.05, 1e-6) / 6)
    low = max(0, (low / step - 0.25).rounded(.down) * step)
    high = (high / step + 0.05).rounded(.up) * step
    let axis = Scatter.Axis(low: low, high: high, unit: state.showsThroughput ? "k tok/s" : "s/iter")
    return (axis, dots.filter { $0.y > high || $0.y < low }.count)
  }

  // MARK: readout and legend

  private func drawReadout(_ canvas: inout Canvas, _ area: Rect) {
    guard area.height > 0 else { return }
    let width = area.width - 2
    if let shown = state.shown {
      let score = shown.score
      let figures =
        "\(Format.stepSeconds(score.closedFormSeconds))  \(Format.gibibytes(score.peakReservedBytes)) GiB"
      canvas.put(
        [Span("◆ ", .plan), Span(figures), Span("  " + Self.choices(shown.plan), .muted)], x: area.x + 1, y: area.y,
        width: width)
    } else {
      canvas.put("no plan that fits so far", x: area.x + 1, y: area.y, .muted, width: width)
    }
    guard area.height > 1 else { return }
    let dot = state.look.charset == .ascii ? "." : state.look.charset == .block ? "▖" : "⠂"
    let count = Format.count(Double(state.search.consideredCount))
    let legend = [
      Span("● ", .frontier), Span("frontier  ", .muted), Span("◇ ", .reference), Span("reference  ", .muted),
      Span(dot + " ", .considered), Span("\(count) seen", .muted),
    ]
    canvas.put(legend, x: area.x + 1, y: area.y + 1, width: width)
  }

  /// `S 4  G 128  tp 2`.
  static func choices(_ plan: Plan) -> String {
    let widths = Set(plan.stages.map(\.tensorParallel))
    let tp = widths.count == 1 ? "\(widths.first ?? 1)" : "mixed"
    return "S \(plan.stages.count)  G \(plan.gradientAccumulation)  tp \(tp)"
  }
}
