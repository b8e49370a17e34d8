/// Which moments each column of a timeline shows: zoom, pan, and a gap where the steady part is left out.
///
/// Columns are counted from the start of the iteration at this zoom: those before the fold, the gap, those after it.
struct TimelineScale: Equatable, Sendable {
  /// What is shown of the iteration.
  let time: VisibleTime
  /// Columns in sight.
  let width: Int
  /// Columns of the gap; 0 without a fold.
  let gap: Int
  /// Seconds of one column.
  let secondsPerColumn: Double
  /// The first column in sight.
  let first: Int
  /// Columns before the gap; all of them without a fold.
  private let before: Int

  /// A scale of `width` columns around `centre` (seconds of the iteration); zoom 1 shows everything.
  init(time: VisibleTime, width: Int, zoom: Double, centre: Double) {
    self.time = time
    self.width = max(1, width)
    let label = time.fold.map { $0.label.count + 6 } ?? 0
    gap = time.fold == nil ? 0 : label <= width / 4 ? label : min(3, width / 4)
    // The fold starts in the middle of a column, so that one more is needed.
    let columns = max(1, (Double(self.width - gap) * max(1, zoom)).rounded() - (time.fold == nil ? 0 : 1))
    secondsPerColumn = time.total > 0 ? time.total / columns : 1
    before = Int(bounded: ((time.fold?.start ?? time.total) / secondsPerColumn - 1e-9).rounded(.up))
    let rest = time.fold.map { time.makespan - $0.end } ?? 0
    let after = Int(bounded: (rest / secondsPerColumn - 1e-9).rounded(.up))
    let middle = TimelineScale.place(
      centre, time: time, before: before, gap: gap, secondsPerColumn: secondsPerColumn)
    first = max(0, min(before + gap + after - self.width, middle - self.width / 2))
  }

  /// The moments that a column in sight shows, or nil in the gap or after the end.
  func moments(column: Int) -> Range<Double>? {
    let place = first + column
    guard place >= 0 else { return nil }
    let from: Double
    let end: Double
    if place < before {
      from = Double(place) * secondsPerColumn
      end = time.fold?.start ?? time.makespan
    } else {
      guard let fold = time.fold, place >= before + gap else { return nil }
      from = fold.end + Double(place - before - gap) * secondsPerColumn
      end = time.makespan
    }
    let to = min(end, from + secondsPerColumn)
    return from < to ? from..<to : nil
  }

  /// The moment that stands in the middle if it is asked for as the centre and `column` (counted from the first one in
  /// sight) shall come there; in the gap a moment of what is left out.
  func centre(column: Int) -> Double {
    // The middle of a column, so that rounding does not leave it.
    let place = Double(first + column) + 0.5
    guard let fold = time.fold, place >= Double(before) else {
      return max(0, min(time.fold?.start ?? time.makespan, place * secondsPerColumn))
    }
    let after = place - Double(before + gap)
    guard after < 0 else { return min(time.makespan, fold.end + after * secondsPerColumn) }
    return fold.start + (place - Double(before)) / Double(max(1, gap)) * (fold.end - fold.start)
  }

  /// The column of a moment, counted from the first one in sight; it may lie outside of 0..<width.
  func column(of seconds: Double) -> Int {
    TimelineScale.place(seconds, time: time, before: before, gap: gap, secondsPerColumn: secondsPerColumn) - first
  }

  /// The columns of the gap in sight, or nil.
  var gapColumns: Range<Int>? {
    guard time.fold != nil else { return nil }
    let start = max(0, before - first)
    let end = min(width, before - first + gap)
    return start < end ? start..<end : nil
  }

  private static func place(
    _ seconds: Double, time: VisibleTime, before: Int, gap: Int, secondsPerColumn: Double
  ) -> Int {
    let bounded = max(0, min(seconds, time.makespan))
    guard let fold = time.fold, bounded > fold.start else {
      return min(max(0, before - 1), Int(bounded: bounded / secondsPerColumn))
    }
    if bounded < fold.end {
      return before + Int(bounded: (bounded - fold.start) / (fold.end - fold.start) * Double(gap))
    }
    return before + gap + Int(bounded: (bounded - fold.end) / secondsPerColumn)
  }
}
