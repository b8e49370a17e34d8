/// A predicted value between the ends of its error bar, as a bar across: `├────◆──────┤`.
struct ErrorBarChart: Equatable {
  /// Lower end.
  var low: Double
  /// What is predicted.
  var value: Double
  /// Upper end.
  var high: Double
  /// A line that must not be passed; nil where there is none.
  var limit: Double?

  /// Draws over the whole width of a row; the scale ends a little beyond all values.
  func draw(_ canvas: inout Canvas, _ area: Rect) {
    guard area.width >= 5, area.height > 0, low <= value, value <= high, high.isFinite else { return }
    let top = max(high, limit ?? high)
    let span = max(top - low, abs(top) * 1e-9, 1e-12)
    func column(_ value: Double) -> Int {
      area.x + max(0, min(area.width - 1, Int(bounded: ((value - low) / span * Double(area.width - 1)).rounded())))
    }
    let (start, end) = (column(low), column(high))
    for x in start...end { canvas.put("─", x: x, y: area.y, .muted) }
    canvas.put("├", x: start, y: area.y, .text)
    canvas.put("┤", x: end, y: area.y, .text)
    if let limit { canvas.put("▕", x: column(limit), y: area.y, high > limit ? .warning : .headroom) }
    canvas.put("◆", x: column(value), y: area.y, .plan)
  }
}
