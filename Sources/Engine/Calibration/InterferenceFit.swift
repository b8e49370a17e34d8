import Foundation

/// The 28 interference factors that explain measured overlap best (docs/model.md, section 4).
///
/// All points of all sets of channels are fitted at once, because a point of four channels passes through a set of three and
/// one of two. What is minimised are robust relative errors of the elapsed time; factors lie in 1...`largest`; and more work
/// on a channel must not shorten the elapsed time: the 48 conditions of `InterferenceOrders` are exact, so they are imposed
/// as they stand, with a growing weight.
public struct InterferenceFit: Sendable, Equatable {
  /// The factors in the published order.
  public var published: [Double]
  /// Standard deviation of each factor's logarithm; infinite where no point depends on it.
  public var deviations: [Double]
  /// Points that each factor's set is busy in.
  public var counts: [Int]
  /// Seconds that one more second of work costs at the worst: not below 0 but for rounding.
  public var worstResponse: Double
  /// The same without the conditions.
  public var freeWorstResponse: Double

  /// A factor beyond this stops its channel as good as wholly.
  public static let largest = 50.0
  /// Relative error beyond which a point counts as an outlier: the published fits are off by 2 to 10 %.
  private static let outlier = 0.05
  /// How much a factor that no point tells keeps to where it started, against one point's relative error.
  private static let ridge = 1e-3

  /// The factors as the cost model takes them.
  public var interference: Interference? { Interference(published: published.map { max(1, $0) }) }

  /// Fits factors to cases.
  ///
  /// - Parameter base: what factors that no point tells are taken from.
  ///
  /// Complexity: O(steps * cases); seconds for thousands of cases in a release build.
  public init(_ cases: [OverlapCase], base: Interference? = nil) {
    let given = base?.published.map { log(min(Self.largest, max(1, $0))) }
    let model = Model(
      cases: cases, anchor: given ?? [Double](repeating: log(1.5), count: 28),
      ridge: Self.ridge * Double(cases.count).squareRoot())
    var best = Self.constrained(model, start: log(Self.starts[0]))
    for start in Self.starts.dropFirst() {
      let other = Self.constrained(model, start: log(start))
      if other.solution.cost < best.solution.cost { best = other }
    }
    let solution = best.solution
    freeWorstResponse = best.freeWorst
    published = solution.parameters.map(exp)
    deviations = solution.deviations
    counts = [Int](repeating: 0, count: 28)
    worstResponse = Self.worst(solution.parameters)
    for one in cases {
      for index in Model.path(one.alone, model.factors(solution.parameters)).indices { counts[index] += 1 }
    }
  }

  /// Factors that a fit starts from, all alike: the least is local. Not 1: a factor at its bound has no slope to leave by.
  private static let starts = [1.5, 1.15, 3]

  /// A fit without the conditions on orders, then with them, ever more firmly.
  private static func constrained(
    _ free: Model, start: Double
  ) -> (solution: LeastSquares.Solution, freeWorst: Double) {
    var model = free
    let solver = LeastSquares(
      lower: [Double](repeating: 0, count: 28), upper: [Double](repeating: log(largest), count: 28), scale: outlier)
    var solution = solver.solve(model, start: [Double](repeating: start, count: 28))
    let freeWorst = worst(solution.parameters)
    for weight in [0.1, 1, 10, 100, 1_000] where worst(solution.parameters) < -1e-6 {
      model.orderWeight = weight * Double(model.cases.count).squareRoot()
      solution = solver.solve(model, start: solution.parameters)
    }
    return (solution, freeWorst)
  }

  private static func worst(_ logarithms: [Double]) -> Double {
    InterferenceOrders.worst(logarithms.map(exp))?.response ?? 0
  }
}

// MARK: the model

extension InterferenceFit {
  /// Relative errors of the elapsed times, and the conditions on orders, over the logarithms of the factors.
  private struct Model: ResidualModel {
    let cases: [OverlapCase]
    let anchor: [Double]
    let ridge: Double
    var orderWeight = 0.0

    /// Factors by set and channel, as `Interference.factors`.
    func factors(_ logarithms: [Double]) -> [Double] {
      InterferenceFactor.positions.indices.map { entry in
        (entry / 4).nonzeroBitCount > 1 && (entry / 4) & (1 << (entry % 4)) != 0
          ? exp(logarithms[InterferenceFactor.positions[entry]]) : 1
      }
    }

    func visit(
      _ parameters: [Double],
      _ add: (_ residual: Double, _ firm: Bool, _ indices: [Int], _ derivatives: [Double]) -> Void
    ) {
      var factors = factors(parameters)
      for one in cases {
        let path = Self.path(one.alone, factors)
        let scale = 1 / one.point.seconds
        var derivatives: [Double] = []
        for entry in path.entries {
          let kept = factors[entry]
          factors[entry] = kept * Self.stretch
          derivatives.append((Self.path(one.alone, factors).seconds - path.seconds) * scale / Self.step)
          factors[entry] = kept
        }
        add(path.seconds * scale - 1, false, path.indices, derivatives)
      }
      // A weight that is nothing against any point's, so that only what no point tells is held by it.
      for index in parameters.indices {
        add(ridge * (parameters[index] - anchor[index]) * 1e-2, true, [index], [ridge * 1e-2])
      }
      guard orderWeight > 0 else { return }
      visitOrders(parameters, add)
    }

    private func visitOrders(
      _ parameters: [Double],
      _ add: (_ residual: Double, _ firm: Bool, _ indices: [Int], _ derivatives: [Double]) -> Void
    ) {
      var published = parameters.map(exp)
      for order in InterferenceOrders.all {
        let response = InterferenceOrders.response(order, published)
        guard response < Self.margin else { continue }
        var derivatives: [Double] = []
        for index in order.factors {
          let kept = published[index]
          published[index] = kept * Self.stretch
          derivatives.append((InterferenceOrders.response(order, published) - response) * orderWeight / Self.step)
          published[index] = kept
        }
        add((response - Self.margin) * orderWeight, true, order.factors, derivatives)
      }
    }

    /// Conditions are asked to hold by this much, so that they hold after all.
    private static let margin = 1e-3
    /// Step of numeric derivatives, in logarithms, and what it does to a factor.
    private static let step = 1e-6
    private static let stretch = exp(step)

    /// What a case passes through.
    struct Path {
      /// Elapsed seconds.
      var seconds: Double
      /// Entries of the table of factors that it depends on.
      var entries: [Int]
      /// The same as indices into the 28.
      var indices: [Int] { entries.map { InterferenceFactor.positions[$0] } }
    }

    /// The elapsed time of four channels, as `Interference.elapsed`, with the factors on its way.
    static func path(_ alone: SIMD4<Double>, _ factors: [Double]) -> Path {
      var entries: [Int] = []
      let ends = Interference.ends(alone, factors) { mask in
        for channel in 0..<4 where mask & (1 << channel) != 0 { entries.append(mask * 4 + channel) }
      }
      return Path(seconds: ends.max(), entries: entries)
    }
  }
}
