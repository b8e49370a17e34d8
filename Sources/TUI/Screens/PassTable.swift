import Engine

/// What the passes of a stage spend their time on, as numbers: kernels, collectives, copies, and and by how much they are longer than those.
struct PassTable {
  /// A part of a pass.
  struct Part: Sendable {
    /// Its title in a list.
    var title: String
    /// Its title above a column.
    var short: String
    /// Seconds of it.
    var seconds: @Sendable (PassTimes) -> Double
    /// Seconds that it would take alone; it runs beside the kernels.
    var isBeside = false
  }

  /// The stage.
  let stage: StageScore

  /// The parts, those that add up to the whole first.
  static let parts: [Part] = [
    Part(title: "elapsed", short: "elapsed") { $0.elapsed },
    Part(title: "kernels", short: "kernels") { $0.compute },
    Part(title: "tp collectives", short: "tp comm") { $0.tensorParallel },
    // Collectives and copies that nothing hides, and what those that are hidden slow the kernels down by.
    Part(title: "exposed and slowed", short: "exp+slow") { $0.exposed },
    Part(title: "dp collectives", short: "dp comm", seconds: { $0.collective }, isBeside: true),
    Part(title: "host to device", short: "h→d", seconds: { $0.hostToDevice }, isBeside: true),
    Part(title: "device to host", short: "d→h", seconds: { $0.deviceToHost }, isBeside: true),
  ]

  private static let labelWidth = 11
  private static let columnWidth = 9

  /// Columns that a table takes.
  static let width = labelWidth + parts.count * columnWidth

  /// The passes, the steady ones first.
  var passes: [(label: String, times: PassTimes)] {
    [
      ("forward", stage.forward), ("backward", stage.backward), ("first F", stage.forwardFirst),
      ("last B", stage.backwardLast),
    ]
  }

  /// Draws titles and as many passes as fit, below a blank line where there is room for one.
  func draw(_ canvas: inout Canvas, _ area: Rect) {
    guard area.height >= 3, area.width >= PassTable.width else { return }
    let first = area.height > passes.count + 1 ? 2 : 1
    canvas.put(" ms", x: area.x, y: area.y + first - 1, .muted)
    for (row, pass) in passes.enumerated() where row + first < area.height {
      canvas.put(" " + pass.label, x: area.x, y: area.y + first + row, .muted)
    }
    let texts = passes.map { PassTable.texts($0.times) }
    for (index, part) in PassTable.parts.enumerated() {
      let end = area.x + PassTable.labelWidth + (index + 1) * PassTable.columnWidth
      canvas.putRight(part.short, end: end, y: area.y + first - 1, .muted)
      for (row, texts) in texts.enumerated() where row + first < area.height {
        canvas.putRight(texts[index], end: end, y: area.y + first + row)
      }
    }
  }

  /// Milliseconds of each part of a pass; those that add up to what is elapsed do so to the last digit.
  static func texts(_ times: PassTimes) -> [String] {
    let sum = parts.filter { !$0.isBeside }.count
    let decimals = Format.millisecondDecimals(times.elapsed)
    let seconds = parts.map { $0.seconds(times) }
    let shown = Apportion.rounded(
      seconds[1..<sum].map { $0 * 1000 }, total: times.elapsed * 1000, decimals: decimals)
    return [Format.milliseconds(times.elapsed)] + shown.map { Format.fixed($0, decimals: decimals) }
      + seconds[sum...].map(Format.milliseconds)
  }
}
