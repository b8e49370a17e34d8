import Engine

/// The two lines on top of every screen: what it is about, and how good it is.
struct HeaderView {
  /// The state that it tells of.
  let state: ExplorerState

  /// A piece of a line; pieces of a higher rank leave first when there is no room, those of rank 0 never.
  struct Piece: Equatable, Sendable {
    /// What it says.
    var text: String
    /// When it leaves.
    var rank: Int
    /// How it looks.
    var role = Role.header
    /// What stands for it when nothing else can leave.
    var short: String?
  }

  /// Draws into an area of up to two rows.
  func draw(_ canvas: inout Canvas, _ area: Rect) {
    canvas.fill(area, .header)
    for (row, pieces) in [first, second].enumerated() where row < area.height {
      HeaderView.put(pieces, &canvas, area.splitRows(row).1)
    }
  }

  private static func put(_ pieces: [Piece], _ canvas: inout Canvas, _ area: Rect) {
    var column = area.x + 1
    for (index, piece) in fitting(pieces, width: area.width - 2).enumerated() {
      let text = index == 0 && piece.text.hasPrefix("│ ") ? String(piece.text.dropFirst(2)) : piece.text
      column = canvas.put(text, x: column, y: area.y, piece.role, width: max(0, area.maxX - column))
      column += 2
    }
  }

  /// Pieces of this rank and below are shortened before they leave.
  private static let lastingRank = 2

  /// The pieces that fit with two blanks between them; of one rank the last one leaves first.
  static func fitting(_ pieces: [Piece], width: Int) -> [Piece] {
    var kept = pieces.filter { !$0.text.isEmpty }
    func needed() -> Int { kept.reduce(-2) { $0 + CharacterWidth.of($1.text) + 2 } }
    while needed() > width {
      let highest = kept.map(\.rank).max() ?? 0
      if highest <= lastingRank, let index = kept.lastIndex(where: { $0.short != nil }) {
        kept[index].text = kept[index].short ?? ""
        kept[index].short = nil
      } else if highest > 0, let index = kept.lastIndex(where: { $0.rank == highest }) {
        kept.remove(at: index)
      } else {
        break
      }
    }
    return kept
  }

  // MARK: what it is about

  /// The first line.
  var first: [Piece] {
    let workload = state.workload
    return [
      Piece(text: "brume", rank: 6),
      Piece(text: workload.model.name, rank: 2, role: .headerStrong),
      Piece(text: "seq \(workload.run.sequenceLength)", rank: 5),
      Piece(text: "batch \(workload.run.globalBatch)", rank: 4),
      Piece(text: "│ " + cluster, rank: 3),
      Piece(text: workload.cluster.nodeType.links.measured.isEmpty ? "links derived" : "links measured", rank: 7),
    ] + reliance + [
      Piece(text: "│ " + launcher, rank: 0),
      Piece(text: pinned, rank: 3, role: .headerStrong),
    ] + keeping + statuses
  }

  /// A warning, once it is known that the choice hangs on figures that nobody measured.
  private var reliance: [Piece] {
    guard let reliance = state.judgement?.report?.reliances.first else { return [] }
    let kind = reliance.doubt.rawValue
    return [
      Piece(
        text: " hangs on \(kind): \(reliance.provenance.rawValue) ", rank: 5, role: .news,
        short: " \(kind) \(reliance.provenance.rawValue) ")
    ]
  }

  /// `4×8 A100-40`.
  var cluster: String {
    let cluster = state.workload.cluster
    return "\(cluster.nodes)×\(cluster.gpusPerNode) \(cluster.nodeType.gpu.name.uppercased())"
  }

  /// The launcher, or else the runtime that predictions are for, as its people write it.
  var launcher: String {
    if let launcher = state.workload.run.launcher { return launcher.title }
    let name = state.workload.run.runtime
    return name == "mist" ? "Mist" : name
  }

  /// How the keeping of the session goes, where that is not as it should.
  private var keeping: [Piece] {
    if state.sessionProblem != nil {
      return [Piece(text: " session not kept ", rank: 1, role: .news, short: " not kept ")]
    }
    return state.isSavingSession ? [Piece(text: "│ saving …", rank: 1)] : []
  }

  /// What the search is doing or has found, and whether that is another plan than the one on the screen.
  private var statuses: [Piece] {
    let word = String(status.prefix { $0 != "·" && $0 != "," }).trimmingSpaces
    if state.isPreview {
      let (take, leave) = (state.keyText("plan.take"), state.keyText("plan.return"))
      return [
        Piece(text: "│ " + status, rank: 1),
        Piece(text: " PREVIEW: \(take) takes it, \(leave) returns ", rank: 0, role: .news, short: " PREVIEW "),
      ]
    }
    guard let better = state.better else {
      return [Piece(text: "│ " + status, rank: 0, short: "│ " + word)] + WorkStatus(state: state).pieces
    }
    let (seconds, take) = (Format.stepSeconds(better.score.iterationSeconds), state.keyText("plan.take-better"))
    return [
      Piece(text: "│ " + status, rank: 1),
      Piece(
        text: " better: \(seconds), \(take) takes it ", rank: 0, role: .news, short: " better: \(seconds), \(take) "),
    ]
  }

  /// What the search is doing or has found.
  var status: String {
    let search = state.search
    switch search.phase {
    case .idle: return "not searched"
    case .searching where search.isStopping: return "stopping"
    case .searching:
      let progress = search.progress
      let share = progress.total > 0 ? Double(progress.done) / Double(progress.total) : 0
      return "searching \(Format.right(Format.percent(min(1, share), decimals: 0), 5))"
    case .sweeping, .done:
      guard let result = search.result else { return "stopped" }
      switch result.status {
      // Of a plan that is not the search's own, it does not say that it is optimal.
      case .optimal where isBest: return (search.pins.isEmpty ? "optimal" : "optimal as pinned") + elapsed
      case .optimal: return elapsed.isEmpty ? "optimum known" : "optimum in" + elapsed.dropFirst(2)
      case .feasible: return "feasible, not proved" + elapsed
      case .infeasible: return "no plan fits"
      case .cancelled: return "stopped" + elapsed
      }
    }
  }

  /// The plan on the screen is the best of the search.
  private var isBest: Bool { state.shown?.plan == state.plans.best?.plan }

  /// ` · 1.4 s`; nothing on a clock that stands still, as under `brume render`.
  private var elapsed: String {
    guard let seconds = state.search.result?.seconds, seconds > 0 else { return "" }
    return " · " + Format.elapsed(seconds)
  }

  /// `3 pinned`; nothing where nothing is.
  private var pinned: String {
    let count = state.request.pins.pins.count
    return count == 0 ? "" : "│ *\(count) pinned"
  }

  // MARK: how good it is

  /// The second line; every figure stands in columns of its own, so that none moves another.
  var second: [Piece] {
    guard let shown = state.shown else {
      // A search that was stopped has proved nothing.
      let text = state.search.result?.status == .infeasible ? "no plan fits" : "no plan yet"
      return [
        Piece(text: text, rank: 0, role: .headerStrong),
        Piece(text: state.isSearching ? state.search.progress.current : "", rank: 1),
      ]
    }
    let score = shown.score
    let confidence = state.confidence(in: shown)
    let spare = score.stages.map(\.memory.spare).min() ?? 0
    let fits = score.fits ? "fits: \(confidence.fit.rawValue)" : confidence.fit == .tight ? "OVER: tight" : "OVER"
    let hostIsOver = score.hostBytesPerNode > score.hostCapacityBytes && spare >= 0
    let spareText =
      hostIsOver ? "in host memory " : "\(Format.right(Format.spareGibibytes(spare), 5)) GiB spare"
    return [
      Piece(text: Format.right(Format.stepSeconds(score.iterationSeconds), 8) + "/iter", rank: 0, role: .headerStrong),
      Self.bar(confidence.seconds, of: score.iterationSeconds),
      Piece(text: difference(shown).long, rank: 0, short: difference(shown).short),
      Piece(text: Format.left(fits, 12), rank: 0, role: score.fits ? .headerStrong : .bad),
      Piece(text: spareText, rank: 1),
      Piece(text: Format.right(Format.count(score.tokensPerSecond), 7) + " tok/s", rank: 4),
      Piece(text: "MFU " + Format.right(Format.percent(score.mfu), 6), rank: 3),
      Piece(text: Self.schedule(shown.plan), rank: 6),
      Piece(text: "bubble " + Format.right(Format.percent(score.bubbleShare), 6), rank: 5),
    ]
  }

  /// The schedule, where it is another one than 1F1B.
  private static func schedule(_ plan: Plan) -> String {
    switch plan.scheduleName {
    case .oneForwardOneBackward: ""
    case .interleaved: "interleaved \(plan.interleave)"
    case .gpipe, .zeroBubble: plan.schedule.rawValue.uppercased()
    }
  }

  /// `-4 +12 % (9 runs)`: how far measured runs like this one may be from its prediction.
  private static func bar(_ range: PlanConfidence.Range, of seconds: Double) -> Piece {
    guard let low = range.low, let high = range.high, seconds > 0 else {
      return Piece(text: Format.left("no such run measured", 20), rank: 2, short: Format.left("untested", 10))
    }
    func part(_ share: Double) -> String { Format.fixed(abs(share) * 100, decimals: 0) }
    let below = part(low / seconds - 1)
    // Nothing below has no sign: there is no negative zero.
    let text = Format.right("\(below == "0" ? "" : "-")\(below) +\(part(high / seconds - 1)) %", 10)
    return Piece(
      text: Format.left("\(text) (\(range.runs) \(range.runs == 1 ? "run" : "runs"))", 20), rank: 2, short: text)
  }

  private func difference(_ shown: ScoredPlan) -> (long: String, short: String) {
    guard let reference = state.plans.reference else { return ("", "") }
    let isChosen = state.plans.chosenReference != nil
    if reference == shown {
      let best = state.search.phase == .searching ? "best so far" : "the \(state.bestName)"
      let words = isChosen ? "is the reference" : best
      return (Format.left(words, 22), isChosen ? "reference" : state.bestName)
    }
    let seconds = shown.score.iterationSeconds - reference.score.iterationSeconds
    let text = Format.stepDifference(seconds, reference: reference.score.iterationSeconds)
    let name = Format.left(isChosen ? " to reference" : " to \(state.bestName)", 13)
    return (Format.right(text, 9) + name, Format.right(text, 9))
  }
}
