import Engine
import Foundation

/// Time against the size of the cluster (or batch, or sequence), and a table of the points.
struct ScalingScreen: AnswerScreen {
  /// The points, those where nothing fits among them.
  let points: [SweepPoint]
  /// Their axis.
  let axis: FrontierAxis
  /// The characters of the screen.
  let charset: Charset

  private var fitting: [SweepPoint] { points.filter { $0.best != nil } }
  private var isSize: Bool { axis == .gpus || axis == .cost }

  var title: String {
    switch axis {
    case .memory, .gpus: "Scaling"
    case .cost: "Scaling by cost"
    case .batch: "Batches"
    case .sequence: "Sequence lengths"
    }
  }

  var remark: String { fitting.isEmpty ? "" : "each point tuned by itself" }

  var legend: Legend {
    guard !fitting.isEmpty else { return Legend() }
    var entries = [Legend.Entry("●", .frontier, "best of each")]
    if isSize {
      entries += [Legend.Entry("◆", .plan, "worth it up to here"), Legend.Entry("◇", .reference, "cheapest per token")]
    }
    if axis == .gpus {
      let dot = charset == .ascii ? "." : charset == .block ? "▖" : "⠂"
      entries.append(Legend.Entry(dot, .considered, "linear"))
    }
    return Legend(entries)
  }

  func draw(_ canvas: inout Canvas, _ area: Rect) {
    guard !fitting.isEmpty else {
      canvas.put("No plan fits at any point.", x: area.x + 1, y: area.y, .bad, width: area.width - 2)
      return
    }
    // The chart gets what the table leaves, where that is enough to be read.
    let wanted = points.count + 1
    let rows = area.height - wanted >= 8 ? wanted : max(min(wanted, area.height), area.height / 2)
    let (chart, foot) = area.splitRows(area.height - rows)
    if chart.height >= 5 {
      drawChart(&canvas, Rect(x: chart.x, y: chart.y, width: chart.width - 1, height: chart.height))
      table.draw(&canvas, foot)
    } else {
      table.draw(&canvas, area)
    }
  }

  // MARK: chart

  private func across(_ point: SweepPoint) -> Double {
    switch axis {
    case .memory, .gpus: Double(point.gpus)
    case .cost: point.iterationCost ?? Double(point.gpus)
    case .batch: Double(point.workload.run.globalBatch)
    case .sequence: Double(point.workload.run.sequenceLength)
    }
  }

  private func up(_ point: SweepPoint) -> Double {
    guard let score = point.best?.score else { return 0 }
    return isSize ? score.iterationSeconds : score.tokensPerSecond / 1000
  }

  private func drawChart(_ canvas: inout Canvas, _ area: Rect) {
    let marks = fitting.map { Scatter.Point(x: across($0), y: up($0)) }
    let unit = [FrontierAxis.cost: "$", .batch: "samples", .sequence: "tokens"][axis] ?? "GPUs"
    let order = marks.sorted { ($0.x, -$0.y) < ($1.x, -$1.y) }
    var scatter = Scatter(
      across: Self.logarithmic(marks.map(\.x), unit: unit),
      up: Self.logarithmic(marks.map(\.y), unit: isSize ? "s/iter" : "k tokens/s"))
    scatter.title = "simulated \(scatter.up.unit) by \(unit), both logarithmic"
    scatter.frontier = order
    if axis == .gpus, let first = marks.first, let last = marks.last, last.x > first.x {
      scatter.dots = Self.linear(from: first, to: last.x) { $0 / $1 }
    }
    if isSize, let summary = ScalingSummary(points) {
      scatter.selected = Scatter.Point(x: across(points[summary.knee]), y: up(points[summary.knee]))
      scatter.reference = Scatter.Point(x: across(points[summary.cheapest]), y: up(points[summary.cheapest]))
    }
    scatter.draw(&canvas, area)
  }

  /// Dots from a point to the right: what twice the GPUs would give without loss.
  ///
  /// - Parameter value: the value at so many times the GPUs of the point.
  static func linear(
    from first: Scatter.Point, to last: Double, value: (_ first: Double, _ growth: Double) -> Double
  ) -> [Scatter.Point] {
    (0...160).map { step in
      let growth = pow(last / first.x, Double(step) / 160)
      return Scatter.Point(x: first.x * growth, y: value(first.y, growth))
    }
  }

  /// An axis around values above zero.
  static func logarithmic(_ values: [Double], unit: String) -> Scatter.Axis {
    let low = max(values.min() ?? 1, 1e-9)
    let high = max(values.max() ?? 1, low)
    return Scatter.Axis(low: low / 1.25, high: high * 1.25, unit: unit, isLogarithmic: true)
  }

  // MARK: table

  private var table: AnswerTable {
    let summary = ScalingSummary(points)
    let titles =
      isSize
      ? ["GPUs", "s/iter", "speed-up", "eff %", "tok/s/GPU", "$/iter", "S", "G", "tp", "idle", ""]
      : [axis == .batch ? "batch" : "sequence", "s/iter", "tok/s", "MFU %", "$/iter", "S", "G", "tp", "GiB", ""]
    return AnswerTable(titles: titles, rows: points.indices.map { row($0, summary) })
  }

  private func row(_ index: Int, _ summary: ScalingSummary?) -> (cells: [String], role: Role) {
    let point = points[index]
    let run = point.workload.run
    let place = isSize ? point.gpus : axis == .batch ? run.globalBatch : run.sequenceLength
    let blanks = isSize ? 9 : 8
    guard let best = point.best, let summary else {
      return (["\(place)"] + [String](repeating: "", count: blanks) + ["none fits"], .muted)
    }
    let score = best.score
    let seconds = String(Format.stepSeconds(score.iterationSeconds).dropLast(2))
    let cost = point.iterationCost.map { Format.fixed($0, decimals: $0 < 1 ? 4 : 2) } ?? "-"
    let choices = [
      "\(best.plan.stages.count)", "\(best.plan.gradientAccumulation)",
      "\(best.plan.stages.first?.tensorParallel ?? 1)",
    ]
    guard isSize else {
      return (
        [
          "\(place)", seconds, Format.count(score.tokensPerSecond), Format.fixed(score.mfu * 100, decimals: 1), cost,
        ] + choices + [Format.gibibytes(score.peakReservedBytes), ""], .text
      )
    }
    let marks = [
      (summary.cheapest, "cheapest per token"), (summary.knee, "worth it up to here"), (summary.fastest, "fastest"),
    ].filter { $0.0 == index }.map(\.1).joined(separator: ", ")
    return (
      [
        "\(place)", seconds, Format.fixed(summary.speedups[index] ?? 1, decimals: 2) + "x",
        Format.fixed((summary.efficiencies[index] ?? 1) * 100, decimals: 1),
        Format.count(score.tokensPerSecondPerGPU), cost,
      ] + choices + [point.idleGPUs > 0 ? "\(point.idleGPUs)" : "·", marks],
      index == summary.knee ? .plan : .text
    )
  }
}
