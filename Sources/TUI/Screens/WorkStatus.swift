import Engine

/// What the header says of work that takes long: the time left, what is being tried, the best so far.
struct WorkStatus {
  /// The state that it tells of.
  let state: ExplorerState

  /// The pieces, in columns of their own, so that none moves another.
  var pieces: [HeaderView.Piece] {
    switch state.search.phase {
    case .searching where !state.search.isStopping:
      return [
        HeaderView.Piece(text: Format.left(left, 10), rank: 1),
        HeaderView.Piece(text: bestSoFar, rank: 5),
        HeaderView.Piece(text: Format.left(trying, 24), rank: 6),
      ]
    case .sweeping: return [HeaderView.Piece(text: sweep, rank: 5), HeaderView.Piece(text: sizes, rank: 5)]
    case .idle, .searching, .done: return [HeaderView.Piece(text: sizes, rank: 5)]
    }
  }

  /// `12 s left`: by the share that is done; nothing before that says something.
  var left: String {
    let progress = state.search.progress
    guard progress.seconds >= 1, progress.done > 0, progress.total > progress.done else { return "" }
    let share = Double(progress.done) / Double(progress.total)
    guard share >= 0.05 else { return "" }
    let seconds = progress.seconds * (1 - share) / share
    let text =
      switch seconds {
      case ..<60: "\(Int(bounded: seconds.rounded(.up))) s"
      case ..<5940: "\(Int(bounded: (seconds / 60).rounded(.up))) min"
      default: "\(Int(bounded: (seconds / 3600).rounded(.up))) h"
      }
    return text + " left"
  }

  /// The best so far, where another plan is on the screen.
  private var bestSoFar: String {
    guard let best = state.plans.best, state.shown != best else { return "" }
    return "best " + Format.right(Format.stepSeconds(best.score.iterationSeconds), 8)
  }

  private var trying: String {
    let current = state.search.progress.current
    return current.isEmpty ? "" : "· " + current
  }

  /// `· frontier 12 …` while the sweep fills the frontier in.
  private var sweep: String { "· frontier \(Format.right("\(state.search.sweptPoints)", 2)) …" }

  /// `· sizes 3 …` while the sizes of the cluster are tried.
  private var sizes: String {
    guard state.sizes.isRunning else { return "" }
    return "· sizes \(Format.right("\(state.sizes.points.count)", 2)) …"
  }
}
