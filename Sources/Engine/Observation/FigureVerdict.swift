import Foundation

/// What the runs of a kind of node say of one kind of its figures.
public struct FigureVerdict: Sendable, Equatable {
  /// What the verdict is.
  public enum Word: String, Sendable {
    /// The runs say that the figures are off: they moved by more than what is left unsure of them.
    case told
    /// They moved with others: the runs do not tell which of them it is.
    case notToldApart = "not told apart"
    /// The runs are as predicted, or what they are off by is no evidence against these figures.
    case asTold = "as told"
    /// The times of the runs do not depend on the figures.
    case notSeen = "not seen"
  }

  /// A figure that moved.
  public struct Figure: Sendable, Equatable {
    /// Its name in hardware files.
    public var name: String
    /// True over told: below 1 the hardware is slower than told.
    public var factor: Double
  }

  /// The kind.
  public var kind: HardwareDoubt
  /// The verdict.
  public var word: Word
  /// Most likely true over told, of the kind's first figure; 1 where nothing moved.
  public var factor: Double
  /// Posterior deviation of the logarithm of `factor`.
  public var deviation: Double
  /// Deviation of the logarithm of `factor` before any run.
  public var priorDeviation: Double
  /// The largest |d ln seconds / d ln factor| of a run.
  public var sensitivity: Double
  /// The figures that moved.
  public var figures: [Figure]
}

extension ObservedRuns.Group {
  /// A verdict for each kind that times depend on, in a fixed order.
  public var verdicts: [FigureVerdict] {
    let errors = FigureErrors(records: .shipped)
    return FigureFit.kinds.compactMap { kind in
      let all = MovableFigure.all(of: base).filter { $0.kind == kind && ($0.value(in: base) ?? 0) > 0 }
      // Of links the measured ones say more than the ports' rates.
      guard let first = all.first(where: \.isMeasuredLink) ?? all.first, let told = first.value(in: base) else {
        return nil
      }
      func factor(_ deviations: Double) -> Double {
        (first.value(in: base.shifted([kind: deviations], errors: errors)) ?? told) / told
      }
      let shift = fit.shifts[kind] ?? 0
      let prior = -log(factor(-1))
      let sensitivity = (fit.sensitivities.compactMap { $0[kind] }.map { abs($0) }.max() ?? 0) / max(1e-9, prior)
      let isMoved = fit.chosen.contains(kind)
      let isSeen = fit.sensitivities.contains { abs($0[kind] ?? 0) > FigureFit.leastSlope }
      let isTold = abs(shift) > (fit.deviations[kind] ?? 1)
      let word: FigureVerdict.Word = isMoved ? (isTold ? .told : .notToldApart) : isSeen ? .asTold : .notSeen
      let figures = isMoved ? all : []
      return FigureVerdict(
        kind: kind, word: word, factor: isMoved ? factor(shift) : 1, deviation: (fit.deviations[kind] ?? 1) * prior,
        priorDeviation: prior, sensitivity: sensitivity,
        figures: figures.compactMap { figure in
          guard let old = figure.value(in: base), let new = figure.value(in: moved), old > 0 else { return nil }
          return FigureVerdict.Figure(name: figure.name, factor: new / old)
        })
    }
  }

  /// Logarithm of how many times likelier the runs are with the figures moved; 0 where none moved.
  public var evidence: Double { fit.gain }

  /// ln(measured / predicted) of each plan, before and after, with its weight in the fit and the runs of it.
  public var residuals: [(runs: [String], before: Double, after: Double, weight: Double)] {
    fit.ids.indices.map { (fit.ids[$0], fit.before[$0], fit.after[$0], fit.weights[$0]) }
  }
}

extension MovableFigure {
  /// A link whose rate was measured, or derived, for a shape.
  fileprivate var isMeasuredLink: Bool {
    if case .measured = self { return true }
    return false
  }
}

extension HardwareDoubt {
  /// What a run must be like to tell this kind of figure from others: its time hangs more, or less, on it.
  public var tellingRun: String {
    switch self {
    case .products: "with a larger micro-batch or flash attention the other way, where products take another share"
    case .bandwidth: "without recomputation, or with other micro-batches, where memory-bound kernels take another share"
    case .linksInside: "at another tensor-parallel degree inside a node"
    case .linksBetween: "on another number of nodes, or with another data-parallel degree over them"
    case .hostCopies: "with nothing offloaded, or with more of it"
    case .reserved: "with reserved memory measured in every stage"
    }
  }
}
