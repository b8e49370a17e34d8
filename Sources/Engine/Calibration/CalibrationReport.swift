/// What a calibration found: the cluster with its figures, and how surely each of them is known.
public struct CalibrationReport: Sendable, Equatable {
  /// How surely the points tell a figure.
  public enum Verdict: String, Sendable, CaseIterable {
    /// Within a tenth.
    case firm
    /// Within a third.
    case loose
    /// Hardly: the fit would be as good with another value.
    case open
    /// No point depends on it: it is the base's.
    case unseen

    /// Of a relative standard deviation; infinite where no point depends on the figure.
    public init(deviation: Double) {
      self = deviation <= 0.1 ? .firm : deviation <= 0.33 ? .loose : deviation.isFinite ? .open : .unseen
    }

    /// What a figure counts as that was fitted: what points hardly tell is no measurement.
    var provenance: Provenance { self == .open || self == .unseen ? .derived : .measured }
  }

  /// One figure of the hardware file.
  public struct Fitted: Sendable, Equatable {
    /// Name as in hardware files: `gpu gemm share`, `link 2x8`.
    public var name: String
    /// The value, in the file's unit.
    public var value: Double
    /// The unit: `GiB/s`, `s`, `B`, or nothing.
    public var unit: String
    /// What the base says; nil where it has none.
    public var before: Double?
    /// Points behind it.
    public var points: Int
    /// Mean absolute relative error of the curve that it belongs to over those points.
    public var meanError: Double
    /// How surely they tell it.
    public var verdict: Verdict
  }

  /// A fitted time beside the measured one.
  public struct Beside: Sendable, Equatable {
    /// The case: `gemm 4096 x 4096 x 4096`.
    public var name: String
    /// Measured seconds.
    public var measured: Double
    /// Seconds by the fit.
    public var fitted: Double
    /// Fitted over measured, less 1.
    public var error: Double { fitted / measured - 1 }
  }

  /// The base with what was fitted.
  public var cluster: Cluster
  /// What it started from, for people.
  public var base: String
  /// The fitted figures, in the order of hardware files.
  public var figures: [Fitted] = []
  /// All points, fitted beside measured, but those of overlap.
  public var points: [Beside] = []
  /// The fit of the interference factors, where overlap was measured.
  public var overlap: OverlapReport?
  /// What a person should know: what was left out, and why.
  public var warnings: [String] = []
}

/// How well interference factors explain measured overlap.
public struct OverlapReport: Sendable, Equatable {
  /// The points of one set of channels.
  public struct OfSet: Sendable, Equatable {
    /// The channels.
    public var channels: [Channel]
    /// Points.
    public var count: Int
    /// Mean absolute relative error of the fit.
    public var fit: Double
    /// Of "channels do not disturb each other".
    public var perfect: Double
    /// Of "one after the other".
    public var serial: Double
  }

  /// The points of so many channels.
  public struct OfSize: Sendable, Equatable {
    /// How many channels ran at once: 2 to 4.
    public var channelCount: Int
    /// The errors; they name no channels.
    public var errors: OfSet
  }

  /// The factors.
  public var fit: InterferenceFit
  /// By set, the set of four first.
  public var sets: [OfSet]
  /// By the number of channels, four first.
  public var sizes: [OfSize]
  /// Over all points.
  public var total: OfSet
  /// Mean absolute error over a fifth of the points, of a fit to the others; nil of too few points.
  public var heldOut: Double?
  /// Points left out because their repeats differ by more than a tenth.
  public var unsteady: Int
  /// Points left out because nothing says what one of their channels takes alone.
  public var unknown: Int
  /// The points, fitted beside measured.
  public var points: [CalibrationReport.Beside]

  /// A fit and its errors; nil of fewer points than there are factors.
  ///
  /// - Parameter cluster: whose curves tell the times alone, where that explains the points better than the times that
  ///   were measured alone.
  init?(_ points: [OverlapPoint], base: Interference?, cluster: Cluster? = nil) {
    var cases = OverlapCases(points)
    guard cases.all.count >= 28 else { return nil }
    (unsteady, unknown) = (cases.unsteady, cases.unknown)
    var best = InterferenceFit(cases.all, base: base)
    if let cluster {
      let smooth = cases.predicted(by: cluster)
      let fit = InterferenceFit(smooth.all, base: base)
      func error(_ fit: InterferenceFit, _ cases: OverlapCases) -> Double {
        OfSet(channels: [], cases.all, fit.interference ?? .none).fit
      }
      if error(fit, smooth) < error(best, cases) { (best, cases) = (fit, smooth) }
    }
    fit = best
    let interference = fit.interference ?? .none
    total = OfSet(channels: [], cases.all, interference)
    sets = Interference.publishedSets.compactMap { set in
      let own = cases.all.filter { $0.point.channels == set }
      return own.isEmpty ? nil : OfSet(channels: set, own, interference)
    }
    sizes = [4, 3, 2].compactMap { count in
      let own = cases.all.filter { $0.channelCount == count }
      return own.isEmpty ? nil : OfSize(channelCount: count, errors: OfSet(channels: [], own, interference))
    }
    self.points = cases.all.map {
      .init(name: $0.label, measured: $0.point.seconds, fitted: interference.elapsed($0.alone))
    }
    heldOut = Self.heldOut(cases.all, base: base)
  }

  /// Every fifth point is predicted from the others.
  private static func heldOut(_ cases: [OverlapCase], base: Interference?) -> Double? {
    guard cases.count >= 140 else { return nil }
    let numbered = cases.enumerated()
    let fit = InterferenceFit(numbered.filter { $0.offset % 5 != 2 }.map(\.element), base: base)
    guard let interference = fit.interference else { return nil }
    return OfSet(channels: [], numbered.filter { $0.offset % 5 == 2 }.map(\.element), interference).fit
  }
}

extension OverlapReport.OfSet {
  /// Mean errors over cases.
  init(channels: [Channel], _ cases: [OverlapCase], _ interference: Interference) {
    func mean(_ seconds: (OverlapCase) -> Double) -> Double {
      cases.reduce(0) { $0 + abs(seconds($1) / $1.point.seconds - 1) } / Double(max(1, cases.count))
    }
    self.init(
      channels: channels, count: cases.count, fit: mean { interference.elapsed($0.alone) }, perfect: mean(\.perfect),
      serial: mean(\.serial))
  }
}

extension OverlapCase {
  /// What ran: `overlap 2x8: 10832 rows, 24 MiB gathered, 40 MiB in, 24 MiB out`.
  var label: String {
    let words = ["rows", "MiB gathered", "MiB in", "MiB out"]
    let parts = point.channels.map { "\(Quantity.text(point.work[$0.rawValue])) \(words[$0.rawValue])" }
    return "overlap \(point.group.nodes)x\(point.group.gpusPerNode): \(parts.joined(separator: ", "))"
  }
}
