import Engine

/// Draws rows of a schedule: letters for what runs, blanks where a stage waits.
struct TimelineChart {
  /// Which moments the columns show.
  let scale: TimelineScale
  /// Chunks of a stage: from 2 on each pass says which one it is of, where there is room.
  var chunks = 1
  /// The last micro-batch, from 0: its passes and those of the first one are marked; nil marks none.
  var lastMicroBatch: Int?

  /// A cell whose moments hold more intervals than this is judged by the first ones.
  private static let mostPerCell = 256

  /// The letter of a kind.
  static func letter(_ kind: TimelineKind) -> Character {
    switch kind {
    case .forward: "F"
    case .backward: "B"
    case .weightGradient: "W"
    case .pointToPoint: "·"
    case .collective: "n"
    case .hostToDevice: "h"
    case .deviceToHost: "d"
    }
  }

  /// The colours of a kind.
  static func role(_ kind: TimelineKind) -> Role {
    switch kind {
    case .forward: .forward
    case .backward: .backward
    case .weightGradient: .gradients
    case .pointToPoint: .transfer
    case .collective: .collective
    case .hostToDevice, .deviceToHost: .copy
    }
  }

  /// Index of the interval with the largest share of each column; nil where waiting has it.
  ///
  /// A pass, collective or copy that nowhere has the largest share gets the column of its middle from a neighbour with
  /// at least two, or from waiting, so that none vanishes where there is room. `intervals` are in time order and do not
  /// overlap. Complexity: O(columns * log + intervals in sight).
  func owners(_ intervals: [TimelineInterval]) -> [Int?] {
    var owners = (0..<scale.width).map { column in
      scale.moments(column: column).flatMap { owner(intervals, of: $0) }
    }
    let columns = Dictionary(grouping: owners.compactMap { $0 }) { $0 }.mapValues(\.count)
    var left = columns
    for (index, interval) in intervals.enumerated() where columns[index] == nil && interval.kind != .pointToPoint {
      let middle = (interval.start + interval.end) / 2
      let column = scale.column(of: middle)
      guard interval.end > interval.start, owners.indices.contains(column),
        scale.moments(column: column)?.contains(middle) == true
      else { continue }
      if let owner = owners[column] {
        guard let count = left[owner], count >= 2 else { continue }
        left[owner] = count - 1
      }
      owners[column] = index
      left[index] = 1
    }
    return owners
  }

  private func owner(_ intervals: [TimelineInterval], of moments: Range<Double>) -> Int? {
    var low = 0
    var high = intervals.count
    while low < high {
      let middle = (low + high) / 2
      if intervals[middle].end <= moments.lowerBound { low = middle + 1 } else { high = middle }
    }
    var best: Int?
    var bestShare = 0.0
    var busy = 0.0
    var index = low
    while index < intervals.count, index - low < TimelineChart.mostPerCell,
      intervals[index].start < moments.upperBound
    {
      let interval = intervals[index]
      let share = min(interval.end, moments.upperBound) - max(interval.start, moments.lowerBound)
      busy += share
      if share > bestShare {
        best = index
        bestShare = share
      }
      index += 1
    }
    return bestShare >= moments.upperBound - moments.lowerBound - busy ? best : nil
  }

  /// Draws one row from (x, y) and returns where each pass stands, columns from `x`.
  ///
  /// `critical` marks the intervals of the critical path: a double line, underlined. The first and the last micro-batch
  /// have a heavy line, in bold.
  @discardableResult
  func draw(
    _ canvas: inout Canvas, x: Int, y: Int, intervals: [TimelineInterval], critical: (Int) -> Bool = { _ in false }
  ) -> [(interval: Int, columns: Range<Int>)] {
    let owners = owners(intervals)
    var found: [(interval: Int, columns: Range<Int>)] = []
    var column = 0
    while column < owners.count {
      var end = column + 1
      while end < owners.count, owners[end] == owners[column] { end += 1 }
      if let index = owners[column] {
        let interval = intervals[index]
        let isCritical = critical(index)
        let isEnd = isEnd(interval)
        let text = TimelineChart.text(
          interval, columns: end - column, isCritical: isCritical, chunks: chunks, isEnd: isEnd)
        var style = canvas.look.style(TimelineChart.role(interval.kind))
        if isCritical { style.underline = true }
        if isEnd { style.bold = true }
        canvas.put(text, x: x + column, y: y, style: style)
        found.append((index, column..<end))
      }
      column = end
    }
    TimelineChart.drawGap(&canvas, scale, x: x, y: y)
    return found
  }

  /// True of passes of the first and the last micro-batch.
  private func isEnd(_ interval: TimelineInterval) -> Bool {
    guard let lastMicroBatch, interval.kind != .pointToPoint else { return false }
    return interval.microBatch == 0 || interval.microBatch == lastMicroBatch
  }

  /// `F`, `F─`, `F7─`: the letter, the micro-batch from 1 where a line to the end still fits, and that line.
  ///
  /// Interleaved (`chunks` over 1) the chunk from 1 follows where it fits too: `F7.2─`. Of the first and the last
  /// micro-batch (`isEnd`) the line is heavy, and the number stands where it just fits.
  static func text(
    _ interval: TimelineInterval, columns: Int, isCritical: Bool, chunks: Int = 1, isEnd: Bool = false
  ) -> String {
    let head = String(letter(interval.kind))
    if interval.kind == .pointToPoint { return String(repeating: head, count: columns) }
    let number = "\(interval.microBatch + 1)"
    let both = "\(number).\(interval.chunk + 1)"
    let room = columns - (isEnd ? 0 : 1)
    let label = chunks > 1 && room > both.count ? head + both : room > number.count ? head + number : head
    let line = isCritical ? "═" : isEnd ? "━" : "─"
    return label + String(repeating: line, count: max(0, columns - label.count))
  }

  /// Draws what stands for the part that is left out.
  static func drawGap(_ canvas: inout Canvas, _ scale: TimelineScale, x: Int, y: Int) {
    guard let gap = scale.gapColumns else { return }
    canvas.put(String(repeating: " ", count: gap.count), x: x + gap.lowerBound, y: y, .muted)
    if gap.count >= 3 {
      canvas.put("⋯", x: x + gap.lowerBound + 1, y: y, .muted)
      canvas.put("⋯", x: x + gap.upperBound - 2, y: y, .muted)
    }
  }

  /// Draws the axis: marks at 1-2-5 steps, on both sides of the gap.
  func drawAxis(_ canvas: inout Canvas, x: Int, y: Int) {
    let step = Ticks.step(for: scale.secondsPerColumn * 10)
    guard scale.time.makespan > 0, step > 0 else { return }
    var decimals = 0
    var unit = step
    while unit < 0.999_999, decimals < 6 {
      unit *= 10
      decimals += 1
    }
    var free = 0
    let gap = scale.gapColumns
    for column in 0..<scale.width {
      guard let moments = scale.moments(column: column) else { continue }
      let mark = (moments.lowerBound / step - 1e-6).rounded(.up) * step
      guard mark < moments.upperBound - 1e-9 * step || mark == 0 && column == 0 else { continue }
      let label = Format.fixed(mark, decimals: decimals) + (mark == 0 ? " s" : "")
      let end = column + label.count + 1
      let overlapsGap = gap.map { column < $0.upperBound && end + 1 > $0.lowerBound } ?? false
      guard column >= free, end <= scale.width, !overlapsGap else { continue }
      canvas.put(label, x: x + column, y: y, .muted)
      free = end + 2
    }
  }
}
