import Engine

/// The best plan of each size of the cluster, against its GPUs.
struct SizesChart {
  /// The state that it tells of.
  let state: ExplorerState

  private var fitting: [(index: Int, point: SweepPoint)] {
    state.sizes.points.enumerated().filter { $0.element.best != nil }.map { ($0.offset, $0.element) }
  }

  /// `4 sizes`, or how far the sweep is.
  var remark: String {
    let sizes = state.sizes
    if sizes.points.isEmpty, !sizes.isRunning { return "" }
    if state.sizesAreStale { return "of another question" }
    let count = "\(sizes.points.count) \(sizes.points.count == 1 ? "size" : "sizes")"
    return sizes.isStopping ? "stopping" : sizes.isRunning ? count + " so far" : count
  }

  /// What the signs mean.
  func legend(dot: String) -> Legend {
    Legend([
      Legend.Entry("◆", .plan, "cursor"), Legend.Entry("●", .frontier, "best of each size"),
      Legend.Entry("◇", .reference, "this cluster"), Legend.Entry(dot, .considered, "linear"),
    ])
  }

  /// Draws the chart, and what is known of the size under the cursor.
  func draw(_ canvas: inout Canvas, _ area: Rect) {
    let (chart, foot) = area.splitRows(area.height - 1)
    if fitting.isEmpty {
      for (row, line) in waiting.enumerated() where row < chart.height {
        canvas.put(line, x: chart.x + 1, y: chart.y + row, .text, width: chart.width - 2)
      }
    } else {
      drawChart(&canvas, Rect(x: chart.x, y: chart.y, width: chart.width - 1, height: chart.height))
    }
    drawReadout(&canvas, foot)
  }

  private var waiting: [String] {
    let sizes = state.sizes
    if state.isSearching { return ["The sizes of the cluster are tried after the search."] }
    guard sizes.isRunning else {
      return [sizes.points.isEmpty ? "No size of the cluster was tried." : "No plan fits at any size."]
    }
    return ["Trying sizes of the cluster, the smallest first.", "trying       \(sizes.progress.current)"]
  }

  private func value(_ point: SweepPoint) -> Double {
    state.frontierUp.value(seconds: point.best?.score.iterationSeconds ?? 0, of: point.workload)
  }

  private func mark(_ point: SweepPoint) -> Scatter.Point {
    Scatter.Point(x: Double(point.gpus), y: value(point))
  }

  private func drawChart(_ canvas: inout Canvas, _ area: Rect) {
    let marks = fitting.map { mark($0.point) }
    var scatter = Scatter(
      across: ScalingScreen.logarithmic(marks.map(\.x), unit: "GPUs"),
      up: ScalingScreen.logarithmic(marks.map(\.y), unit: state.frontierUp.unit))
    scatter.title = "simulated \(state.frontierUp.unit) by GPUs, both logarithmic"
    scatter.frontier = marks
    if let first = marks.first, let last = marks.last, last.x > first.x {
      scatter.dots = ScalingScreen.linear(from: first, to: last.x) { value, growth in
        switch state.frontierUp {
        case .seconds: value / growth
        case .throughput: value * growth
        case .tokenCost, .trainingCost: value
        }
      }
    }
    let own = fitting.first { $0.point.workload.cluster == state.workload.cluster }
    scatter.reference = own.map { mark($0.point) }
    if let point = state.sizes.point, point.best != nil { scatter.selected = mark(point) }
    scatter.draw(&canvas, area)
  }

  private func drawReadout(_ canvas: inout Canvas, _ area: Rect) {
    guard area.height > 0, let point = state.sizes.point else { return }
    let gpus = Format.right("\(point.gpus)", 5) + (point.gpus == 1 ? " GPU " : " GPUs")
    guard let best = point.best else {
      canvas.put(gpus + "  no plan fits", x: area.x + 1, y: area.y, .bad, width: area.width - 2)
      return
    }
    let seconds = best.score.iterationSeconds
    let up = state.frontierUp == .seconds ? FrontierAxes.Up.throughput : state.frontierUp
    let figures =
      gpus + "  " + Format.right(Format.stepSeconds(seconds), 8) + up.text(seconds: seconds, of: point.workload)
    let idle = point.idleGPUs > 0 ? "  \(point.idleGPUs) idle" : ""
    canvas.put(
      [Span("◆ ", .plan), Span(figures), Span("  " + FrontierPane.choices(best.plan) + idle, .muted)], x: area.x + 1,
      y: area.y, width: area.width - 2)
  }
}
