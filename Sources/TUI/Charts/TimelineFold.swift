import Engine

/// The steady part of a schedule, which repeats and is left out so that warm-up and cool-down can be seen.
struct TimelineFold: Equatable, Sendable {
  /// Where the hidden part starts, seconds.
  var start: Double
  /// Where it ends, seconds.
  var end: Double
  /// Micro-batches in it.
  var count: Int

  /// Seconds of one of them.
  var periodSeconds: Double { count > 0 ? (end - start) / Double(count) : 0 }

  /// `steady 124 × 433 ms`.
  var label: String { "steady \(count) × \(Format.milliseconds(periodSeconds)) ms" }

  /// Fewer hidden micro-batches than this are not worth a fold.
  private static let leastCount = 4

  /// The fold of a schedule, or nil where it has no long steady part.
  ///
  /// It reaches from the first forward of stage 1 after its second backward to its last forward but one, so that both
  /// ends show two full turns. Interleaved, what repeats is a group of micro-batches, one for each stage, that passes
  /// all chunks: it reaches from the first group after the second backward to the last one. Of one stage alone, whose
  /// micro-batches follow each other, the first and the last one are left, so that their layers have room.
  /// Complexity: O(passes of the first stage).
  init?(_ timeline: Timeline) {
    guard let first = timeline.passes.first else { return nil }
    let forwards = first.filter { $0.kind == .forward }
    let backwards = first.filter { $0.kind == .backward }
    guard forwards.count > TimelineFold.leastCount + 2, backwards.count > 2 else { return nil }
    if timeline.passes.count == 1, forwards[1].start >= backwards[0].end {
      (start, end) = (forwards[1].start, forwards[forwards.count - 1].start)
      count = forwards.count - 2
      return
    }
    let turned = backwards[1].end
    let chunks = timeline.chunkCount
    let turn = chunks > 1 ? timeline.passes.count * chunks : 1
    let last = chunks > 1 ? forwards.count - turn : forwards.count - 2
    let starts = stride(from: 0, through: last, by: turn)
    guard let from = starts.first(where: { forwards[$0].start >= turned }),
      (last - from) / chunks >= TimelineFold.leastCount
    else { return nil }
    start = forwards[from].start
    end = forwards[last].start
    count = (last - from) / chunks
    guard end > start else { return nil }
  }
}

/// Seconds of an iteration against seconds on the screen, where the fold takes no time.
struct VisibleTime: Equatable, Sendable {
  /// Seconds of the iteration.
  var makespan: Double
  /// The part that is left out.
  var fold: TimelineFold?

  /// Seconds that are shown in all.
  var total: Double { makespan - hidden }
  private var hidden: Double { fold.map { $0.end - $0.start } ?? 0 }

  /// Where a moment of the iteration stands in what is shown.
  func shown(_ seconds: Double) -> Double {
    guard let fold, seconds > fold.start else { return seconds }
    return seconds < fold.end ? fold.start : seconds - hidden
  }

  /// The moment of the iteration at a place of what is shown.
  func moment(_ shown: Double) -> Double {
    guard let fold, shown >= fold.start else { return shown }
    return shown + hidden
  }

  /// True when the moment is left out.
  func hides(_ seconds: Double) -> Bool {
    fold.map { seconds > $0.start && seconds < $0.end } ?? false
  }
}
