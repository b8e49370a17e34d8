import Engine
import Foundation
import Synchronization

/// One rewritten line on standard error while a search runs; silent where that is not a terminal, or while the terminal
/// takes nothing (Ctrl-S, a line that stalls): no search waits for its progress to be read.
final class ProgressLine: Sendable {
  private struct State {
    var shownAt = -1.0
    var best: Double?
    var progress = SearchProgress()
    var visible = false
  }

  private let enabled: Bool
  private let columns: Int
  private let clock: MonotonicClock
  private let state = Mutex(State())

  /// A line for standard error as it is now.
  init(clock: MonotonicClock) {
    enabled = Console.errorIsTerminal
    columns = Console.errorColumns
    self.clock = clock
  }

  /// Takes an event and shows the line at most 10 times a second; from any thread.
  func show(_ event: TuneEvent) {
    guard enabled else { return }
    let now = clock.seconds
    state.withLock { state in
      switch event {
      case .improved(let scored): state.best = scored.score.iterationSeconds
      case .progress(let progress): state.progress = progress
      case .considered, .frontierPoint: break
      }
      guard now - state.shownAt >= 0.1 else { return }
      state.shownAt = now
      guard Console.mayShowProgress else { return }
      state.visible = true
      Self.put(
        "\r" + PlainText.line(Self.line(state.progress, best: state.best)).prefix(max(0, columns - 1)) + "\u{1b}[K")
    }
  }

  /// Takes the line away.
  func clear() {
    state.withLock { state in
      guard state.visible, Console.mayShowProgress else { return }
      state.visible = false
      Self.put("\r\u{1b}[K")
    }
  }

  /// What the line says.
  static func line(_ progress: SearchProgress, best: Double?) -> String {
    let share = progress.total > 0 ? Double(progress.done) / Double(progress.total) : 0
    var line = "\(Decimals.percent(share, 0)) %  \(progress.done) of \(progress.total)"
    if let best { line += "  best \(Decimals.significant(best, 4)) s" }
    line += "  \(Decimals.count(Double(progress.configurations))) configurations"
    if !progress.current.isEmpty { line += "  \(progress.current)" }
    return line
  }

  private static func put(_ text: String) {
    Console.warn(styled: text)
  }
}
