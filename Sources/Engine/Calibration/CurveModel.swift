import Foundation

/// A curve with a few parameters through measured times, by relative errors.
struct CurveModel: ResidualModel {
  /// Measured seconds.
  let seconds: [Double]
  /// Seconds of the point of that number at some parameters.
  let predict: (_ parameters: [Double], _ index: Int) -> Double

  /// Relative error beyond which a point counts as an outlier.
  static let outlier = 0.1

  func visit(
    _ parameters: [Double],
    _ add: (_ residual: Double, _ firm: Bool, _ indices: [Int], _ derivatives: [Double]) -> Void
  ) {
    let all = Array(parameters.indices)
    for index in seconds.indices {
      let value = predict(parameters, index)
      var derivatives: [Double] = []
      for parameter in all {
        var moved = parameters
        let step = 1e-6 * max(1, abs(moved[parameter]))
        moved[parameter] += step
        derivatives.append((predict(moved, index) - value) / step / seconds[index])
      }
      add(value / seconds[index] - 1, false, all, derivatives)
    }
  }

  /// The best parameters between bounds.
  func fitted(from start: [Double], _ bounds: [ClosedRange<Double>]) -> LeastSquares.Solution {
    LeastSquares(lower: bounds.map(\.lowerBound), upper: bounds.map(\.upperBound), scale: Self.outlier)
      .solve(self, start: start)
  }
}

/// A straight line through times of transfers: `seconds = bytes / rate + latency` (docs/model.md, section 3).
struct LineFit {
  /// Bytes a second.
  var rate: Double
  /// Seconds of a transfer of nothing.
  var latency: Double
  /// Relative standard deviation of the rate.
  var deviation: Double
  /// Standard deviation of the latency, against the shortest transfer.
  var latencyDeviation: Double

  /// Through points of one kind; nil of fewer than two amounts.
  init?(_ points: [(bytes: Double, seconds: Double)]) {
    guard let least = points.map(\.bytes).min(), let most = points.map(\.bytes).max(), most > 1.5 * least else {
      return nil
    }
    let slowest = points.map { $0.seconds / $0.bytes }.max() ?? 1
    let shortest = points.map(\.seconds).min() ?? 1
    // Both in their own scale, so that steps are alike.
    let model = CurveModel(seconds: points.map(\.seconds)) { parameters, index in
      points[index].bytes * exp(parameters[0]) * slowest + parameters[1] * shortest
    }
    let solution = model.fitted(from: [-0.5, 0.1], [-12...2, 0...2])
    rate = 1 / (exp(solution.parameters[0]) * slowest)
    latency = solution.parameters[1] * shortest
    deviation = solution.deviations[0]
    latencyDeviation = solution.deviations[1]
  }

  /// Measured; derived where the points hardly tell the rate.
  var provenance: Provenance { CalibrationReport.Verdict(deviation: deviation).provenance }

  /// Seconds of a transfer.
  func seconds(_ bytes: Double) -> Double { bytes / rate + latency }
}
