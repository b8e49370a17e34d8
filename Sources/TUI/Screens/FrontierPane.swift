import Engine

/// The frontier: all plans that were looked at, the best at each memory, the reference and the shown one.
///
/// Times are the simulated ones, as in the header.
struct FrontierPane: PaneView {
  let state: ExplorerState
  let pane = Pane.frontier

  var remark: String {
    if state.showsSizes { return SizesChart(state: state).remark }
    let count = state.search.frontier.count
    let growing = state.isSearching ? " so far" : ""
    let place = state.search.frontier.firstIndex { $0 == state.shown }.map { "plan \($0 + 1) of \(count)\(growing)" }
    if state.isPreview { return "PREVIEW" + (place.map { " · \($0)" } ?? "") }
    return place ?? (count > 0 ? "\(count) \(count == 1 ? "plan" : "plans")\(growing)" : "")
  }

  var legend: Legend {
    let dot = state.look.charset == .ascii ? "." : state.look.charset == .block ? "▖" : "⠂"
    if state.showsSizes { return SizesChart(state: state).legend(dot: dot) }
    let other = state.plans.chosenReference == nil ? state.bestName : "reference"
    return Legend([
      Legend.Entry("◆", .plan, "this"), Legend.Entry("●", .frontier, "frontier"),
      Legend.Entry("◇", .reference, other),
      Legend.Entry(dot, .considered, "\(Format.count(Double(state.search.consideredCount))) tried"),
      Legend.Entry("▕", .headroom, "limit"),
    ])
  }

  func draw(_ canvas: inout Canvas, _ area: Rect) {
    guard state.shown != nil || !state.search.considered.isEmpty else {
      WaitingView(state: state, pane: pane).draw(&canvas, area)
      return
    }
    if state.showsSizes { return SizesChart(state: state).draw(&canvas, area) }
    let (chart, foot) = area.splitRows(area.height - 1)
    drawChart(&canvas, Rect(x: chart.x, y: chart.y, width: chart.width - 1, height: chart.height))
    drawReadout(&canvas, foot)
  }

  // MARK: chart

  private var points: [Scatter.Point] { state.search.frontier.map(point) }

  private func point(_ plan: ScoredPlan) -> Scatter.Point {
    Scatter.Point(
      x: plan.score.peakReservedBytes / Format.gibibyte, y: height(plan.score.iterationSeconds))
  }

  /// Makes the vertical value of a time in seconds: one for all of the thousands of dots.
  private var height: (Double) -> Double {
    let (up, workload) = (state.frontierUp, state.workload)
    return { up.value(seconds: $0, of: workload) }
  }

  private func drawChart(_ canvas: inout Canvas, _ area: Rect) {
    let height = height
    let dots = state.search.considered.map {
      Scatter.Point(x: $0.peakReservedBytes / Format.gibibyte, y: height($0.iterationSeconds))
    }
    let baselines = state.knownBaselines
    let named = [state.shown, state.plans.reference].compactMap { $0 } + baselines.map(\.plan)
    let range = TimeRange(
      named: named.map(\.score.iterationSeconds), frontier: state.search.frontier.map(\.score.iterationSeconds),
      considered: state.search.considered.map(\.iterationSeconds))
    let showsThroughput = state.frontierUp == .throughput
    let up =
      showsThroughput
      ? range.throughputAxis(tokens: state.workload.iterationTokens, unit: state.frontierUp.unit)
      : range.axis(factor: height(1), unit: state.frontierUp.unit)
    var scatter = Scatter(across: acrossAxis(dots + points + named.map(point)), up: up)
    scatter.dots = dots
    scatter.frontier = points
    scatter.selected = state.shown.map(point)
    scatter.reference = state.plans.reference.map(point)
    scatter.named = baselines.map { (point($0.plan), $0.name) }
    scatter.limit = limit
    let hidden = dots.filter { $0.y > up.high || $0.y < up.low }.count
    scatter.title = "simulated \(up.unit)\(up.isLogarithmic ? " (log)" : "") by GiB reserved"
    if hidden > 0 {
      let place = showsThroughput ? "below" : "above"
      let count = Format.count(Double(hidden))
      let long = "\(count) slower \(place)"
      scatter.remark = scatter.title.count + 2 + long.count <= area.width ? long : "\(count) \(place)"
    }
    scatter.draw(&canvas, area)
  }

  /// Device memory that may be reserved at most, GiB; nil before there is a plan to tell it.
  private var limit: Double? {
    guard let memory = state.shown?.score.stages.first?.memory, memory.capacity > 0 else { return nil }
    return MemoryBar.reservable(memory) / Format.gibibyte
  }

  /// How far the axis goes over the limit: an edited plan that is a little over it must not move all others.
  private static let roomOverLimit = 7.0 / 6

  private func acrossAxis(_ points: [Scatter.Point]) -> Scatter.Axis {
    let values = points.map(\.x)
    let high = max(values.max() ?? 1, (limit ?? 0) * Self.roomOverLimit, 0.1)
    let low = min(values.min() ?? 0, high * 0.9)
    let step = Ticks.step(for: (high - low) / 8)
    return Scatter.Axis(
      low: max(0, (low / step - 0.001).rounded(.down) * step), high: (high / step + 0.001).rounded(.up) * step,
      unit: "GiB")
  }

  // MARK: readout

  private func drawReadout(_ canvas: inout Canvas, _ area: Rect) {
    guard area.height > 0 else { return }
    let width = area.width - 2
    guard let shown = state.shown else {
      canvas.put("no plan that fits so far", x: area.x + 1, y: area.y, .muted, width: width)
      return
    }
    let score = shown.score
    let figures =
      "\(Format.stepSeconds(score.iterationSeconds))  \(Format.gibibytes(score.peakReservedBytes)) GiB"
      + state.frontierUp.text(seconds: score.iterationSeconds, of: state.workload)
    canvas.put(
      [Span("◆ ", .plan), Span(figures), Span("  " + Self.choices(shown.plan), .muted)], x: area.x + 1, y: area.y,
      width: width)
  }

  /// `S 4  G 128  tp 2`, and `v 3` where stages are interleaved, or the name of another schedule than 1F1B.
  static func choices(_ plan: Plan) -> String {
    let widths = Set(plan.stages.map(\.tensorParallel))
    let tp = widths.count == 1 ? "\(widths.first ?? 1)" : "mixed"
    let chunks = plan.interleave > 1 ? "  v \(plan.interleave)" : ""
    let name = plan.schedule == .oneForwardOneBackward ? "" : "  \(plan.schedule.rawValue)"
    return "S \(plan.stages.count)  G \(plan.gradientAccumulation)  tp \(tp)\(chunks)\(name)"
  }
}
