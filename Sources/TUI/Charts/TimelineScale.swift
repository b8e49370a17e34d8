/// Which moments each column of a timeline shows: zoom, pan, and a gap where the steady part is left out.
struct TimelineScale: Equatable, Sendable {
  /// What is shown of the iteration.
  let time: VisibleTime
  /// Columns.
  let width: Int
  /// Columns of the gap; 0 without a fold.
  let gap: Int
  /// Seconds of one column.
  let secondsPerColumn: Double
  /// The first column shown, counted from the start of the iteration at this zoom.
  let first: Int

  /// A scale of `width` columns around `centre` (seconds of the iteration); zoom 1 shows everything.
  init(time: VisibleTime, width: Int, zoom: Double, centre: Double) {
    self.time = time
    self.width = max(1, width)
    let label = time.fold.map { $0.label.count + 6 } ?? 0
    gap = time.fold == nil ? 0 : label <= width / 4 ? label : min(3, width / 4)
    let columns = max(1, (Double(self.width - gap) * max(1, zoom)).rounded())
    secondsPerColumn = time.total > 0 ? time.total / columns : 1
    let all = Int(columns) + gap
    let middle = TimelineScale.place(centre, time: time, gap: gap, secondsPerColumn: secondsPerColumn)
    first = max(0, min(all - self.width, middle - self.width / 2))
  }

  /// The moments that a column shows, or nil in the gap or after the end.
  func moments(column: Int) -> Range<Double>? {
    var place = first + column
    if let fold = time.fold {
      let start = gapPlace(fold)
      if place >= start, place < start + gap { return nil }
      if place >= start { place -= gap }
    }
    let from = Double(place) * secondsPerColumn
    guard from < time.total - 1e-12, from >= 0 else { return nil }
    var low = time.moment(from)
    let high = time.moment(min(time.total, from + secondsPerColumn))
    // A column that straddles the fold shows its right side.
    if let fold = time.fold, low < fold.start, high > fold.end { low = fold.end }
    return low < high ? low..<high : nil
  }

  /// The column of a moment; it may lie outside of 0..<width.
  func column(of seconds: Double) -> Int {
    TimelineScale.place(seconds, time: time, gap: gap, secondsPerColumn: secondsPerColumn) - first
  }

  /// The columns of the gap, or nil where it is not in sight.
  var gapColumns: Range<Int>? {
    guard let fold = time.fold else { return nil }
    let start = gapPlace(fold) - first
    let visible = max(0, start)..<max(max(0, start), min(width, start + gap))
    return visible.isEmpty ? nil : visible
  }

  private func gapPlace(_ fold: TimelineFold) -> Int { Int((fold.start / secondsPerColumn).rounded(.up)) }

  private static func place(_ seconds: Double, time: VisibleTime, gap: Int, secondsPerColumn: Double) -> Int {
    let column = Int(min(1e9, max(0, time.shown(seconds) / secondsPerColumn)))
    guard let fold = time.fold, seconds > fold.start else { return column }
    if seconds < fold.end { return Int((fold.start / secondsPerColumn).rounded(.up)) + gap / 2 }
    return max(column, Int((fold.start / secondsPerColumn).rounded(.up))) + gap
  }
}
