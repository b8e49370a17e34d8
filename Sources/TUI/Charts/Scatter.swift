import Foundation

/// A scatter with the lower-left staircase of its best points: dots dim, frontier marks, one selected, one reference.
struct Scatter {
  /// A point in the units of the axes.
  struct Point: Equatable, Sendable {
    /// Across.
    var x: Double
    /// Up.
    var y: Double
  }

  /// One axis.
  struct Axis: Sendable {
    /// Lowest value shown.
    var low: Double
    /// Highest value shown.
    var high: Double
    /// Unit, at the end of the axis.
    var unit: String
    /// Equal ratios are equally long; `low` is above zero then.
    var isLogarithmic = false

    /// Share of the axis at which a value lies, 0...1 inside of it.
    func share(_ value: Double) -> Double {
      guard high > low else { return 0.5 }
      guard isLogarithmic, low > 0 else { return (value - low) / (high - low) }
      return value > 0 ? log(value / low) / log(high / low) : -1
    }

    /// Marks with their labels.
    func ticks(count: Int) -> [(value: Double, label: String)] {
      if isLogarithmic {
        return LogTicks.values(low: low, high: high, count: count).map { ($0, LogTicks.label($0)) }
      }
      let ticks = Ticks(low: low, high: high, count: count)
      return Array(zip(ticks.values, ticks.labels))
    }
  }

  /// The axis to the right.
  var across: Axis
  /// The axis upwards.
  var up: Axis
  /// Points that were looked at.
  var dots: [Point] = []
  /// The best points, rising in x.
  var frontier: [Point] = []
  /// The point that is shown.
  var selected: Point?
  /// The point that others are compared with.
  var reference: Point?
  /// Other points with their names, drawn as the reference is.
  var named: [(point: Point, name: String)] = []
  /// A line across at this x, with its name.
  var limit: Double?
  /// What both axes show, above the points; without one it is the unit of the upward axis.
  var title = ""
  /// A remark above the points at the right: what the axes leave out.
  var remark = ""

  /// Columns of the labels at the left, the axis included.
  static let margin = 7

  /// Draws into an area of at least 16x5 cells; frontier points can be pointed at.
  func draw(_ canvas: inout Canvas, _ area: Rect) {
    guard area.width >= Scatter.margin + 8, area.height >= 5 else { return }
    let plot = Rect(
      x: area.x + Scatter.margin, y: area.y + 1, width: area.width - Scatter.margin, height: area.height - 3)
    canvas.inside(area) { canvas in
      let room = area.width - (remark.isEmpty ? 0 : remark.count + 2)
      canvas.put(title.isEmpty ? up.unit : title, x: area.x, y: area.y, .muted, width: max(0, room))
      if !remark.isEmpty, room >= up.unit.count {
        canvas.putRight(remark, end: area.maxX, y: area.y, .muted)
      }
      drawAxes(&canvas, plot)
      canvas.inside(plot) { canvas in
        drawDots(&canvas, plot)
        drawLimit(&canvas, plot)
        drawStairs(&canvas, plot)
        drawMarks(&canvas, plot)
      }
    }
  }

  /// The cell of a point, or nil where it lies outside of the axes.
  func cell(_ point: Point, in plot: Rect) -> (x: Int, y: Int)? {
    let right = across.share(point.x)
    let top = 1 - up.share(point.y)
    guard right >= 0, right <= 1, top >= 0, top <= 1, !plot.isEmpty else { return nil }
    return (
      plot.x + min(plot.width - 1, Int(bounded: right * Double(plot.width))),
      plot.y + min(plot.height - 1, Int(bounded: top * Double(plot.height)))
    )
  }

  private func drawAxes(_ canvas: inout Canvas, _ plot: Rect) {
    let bottom = plot.maxY
    let axis = plot.x - 1
    for y in plot.y..<bottom { canvas.put("│", x: axis, y: y, .muted) }
    canvas.put("└" + String(repeating: "─", count: plot.width), x: axis, y: bottom, .muted)
    for (value, label) in up.ticks(count: max(1, plot.height / 2)) {
      guard let place = cell(Point(x: across.low, y: value), in: plot) else { continue }
      canvas.putRight(label, end: axis - 1, y: place.y, .muted)
      canvas.put("┤", x: axis, y: place.y, .muted)
    }
    let unitStart = plot.maxX - across.unit.count
    var free = plot.x - Scatter.margin
    for (value, label) in across.ticks(count: max(1, plot.width / 8)) {
      guard let place = cell(Point(x: value, y: up.low), in: plot) else { continue }
      let start = max(plot.x - 2, place.x - label.count / 2)
      guard start > free, start + label.count < unitStart else { continue }
      canvas.put("┬", x: place.x, y: bottom, .muted)
      canvas.put(label, x: start, y: bottom + 1, .muted)
      free = start + label.count
    }
    canvas.put(across.unit, x: unitStart, y: bottom + 1, .muted)
  }

  private func drawLimit(_ canvas: inout Canvas, _ plot: Rect) {
    guard let limit, let place = cell(Point(x: limit, y: up.low), in: plot) else { return }
    for y in plot.y..<plot.maxY { canvas.put("▕", x: place.x, y: y, .headroom) }
  }

  private func drawDots(_ canvas: inout Canvas, _ plot: Rect) {
    var grid = DotGrid(size: Size(width: plot.width, height: plot.height), charset: canvas.look.charset)
    for dot in dots { grid.add(x: across.share(dot.x), y: 1 - up.share(dot.y)) }
    for row in 0..<plot.height {
      for column in 0..<plot.width {
        guard let character = grid.character(column: column, row: row) else { continue }
        canvas.put(String(character), x: plot.x + column, y: plot.y + row, .considered)
      }
    }
  }

  /// Between two frontier points the best is the left one: the line goes right first, then to the next.
  private func drawStairs(_ canvas: inout Canvas, _ plot: Rect) {
    for (from, to) in zip(frontier, frontier.dropFirst()) {
      guard let end = cell(to, in: plot) else { continue }
      guard let start = cell(from, in: plot) else {
        // It comes from above what the axis shows.
        if up.share(from.y) > 1 { for y in plot.y..<end.y { canvas.put("│", x: end.x, y: y, .frontier) } }
        continue
      }
      for x in stride(from: start.x + 1, to: end.x, by: 1) { canvas.put("─", x: x, y: start.y, .frontier) }
      guard start.y != end.y else { continue }
      let falls = end.y > start.y
      if end.x > start.x { canvas.put(falls ? "╮" : "╯", x: end.x, y: start.y, .frontier) }
      let rows = falls ? start.y + 1..<end.y : end.y + 1..<start.y
      for y in rows { canvas.put("│", x: end.x, y: y, .frontier) }
    }
    guard let last = frontier.last, let place = cell(last, in: plot) else { return }
    let end = limit.flatMap { cell(Point(x: $0, y: last.y), in: plot)?.x } ?? place.x
    for x in stride(from: place.x + 1, to: end, by: 1) { canvas.put("─", x: x, y: place.y, .frontier) }
  }

  private func drawMarks(_ canvas: inout Canvas, _ plot: Rect) {
    for (index, point) in frontier.enumerated() {
      guard let place = cell(point, in: plot) else { continue }
      canvas.put("●", x: place.x, y: place.y, .frontier)
      canvas.hit(Rect(x: place.x, y: place.y, width: 1, height: 1), .frontierPoint(index))
    }
    drawNamed(&canvas, plot)
    if let reference, let place = cell(reference, in: plot) { canvas.put("◇", x: place.x, y: place.y, .reference) }
    if let selected, let place = cell(selected, in: plot) { canvas.put("◆", x: place.x, y: place.y, .plan) }
  }

  /// Names stand to the right of their points, or to the left where there is no room; one that would cover another, or
  /// a point, is left out, its point never.
  private func drawNamed(_ canvas: inout Canvas, _ plot: Rect) {
    let points = frontier + named.map(\.point) + [reference].compactMap { $0 }
    var taken = points.compactMap { cell($0, in: plot) }.map { Rect(x: $0.x, y: $0.y, width: 1, height: 1) }
    for (point, name) in named {
      guard let place = cell(point, in: plot) else { continue }
      let width = CharacterWidth.of(name)
      let starts = [place.x + 2, place.x - 1 - width].map { Rect(x: $0, y: place.y, width: width, height: 1) }
      let free = starts.first { area in
        area.x >= plot.x && area.maxX <= plot.maxX
          && taken.allSatisfy { $0.intersection(area).width <= 0 || $0.y != area.y }
      }
      if let free {
        canvas.put(name, x: free.x, y: free.y, .reference)
        taken.append(free)
      }
      canvas.put("◇", x: place.x, y: place.y, .reference)
    }
  }
}
