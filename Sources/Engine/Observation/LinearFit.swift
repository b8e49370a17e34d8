import Foundation

/// The posterior of kinds of figures where logarithms of seconds are straight lines in how far the kinds are off.
///
/// `residual_r = sum_k slope_rk z_k + e_r`, `z_k` normal with deviation 1, `e_r` Student's t of 4 degrees of freedom with
/// that variance, which is twice the square of its scale (docs/observe.md).
struct LinearFit: Sendable {
  /// ln(measured / predicted) of each witness.
  var residuals: [Double]
  /// d ln seconds / d z of each witness, by kind.
  var slopes: [[Double]]
  /// Squares of the deviations of the noise.
  var variances: [Double]

  /// Squares of the scales of Student's distributions with these variances.
  private var scales: [Double] { variances.map { $0 * (FigureFit.freedom - 2) / FigureFit.freedom } }

  /// The maximum of the posterior of some kinds.
  struct Solution: Sendable {
    /// How far each of them is off, in its own deviations.
    var shifts: [Double]
    /// Posterior deviations.
    var deviations: [Double]
    /// Weights of the witnesses: near 1 for those that the shifts explain.
    var weights: [Double]
    /// Logarithm of how likely the witnesses are, but for a constant that no choice of kinds changes.
    var evidence: Double
  }

  private static let mostRounds = 100

  /// The solution with these kinds free and the others as told.
  ///
  /// Least squares, each witness weighted by what it is off after the last round: the way to the maximum of a posterior
  /// with Student's noise. Complexity: O(rounds * witnesses * kinds^2).
  func solution(of set: [Int]) -> Solution {
    var weights = [Double](repeating: 1, count: residuals.count)
    var shifts = [Double](repeating: 0, count: set.count)
    for _ in 0..<Self.mostRounds {
      let (matrix, right) = normal(set, weights)
      let next = matrix.solved(right)
      let change = zip(next, shifts).map { abs($0 - $1) }.max() ?? 0
      shifts = next
      weights = self.weights(set, shifts)
      if change < 1e-10 { break }
    }
    let matrix = normal(set, weights).matrix
    let freedom = FigureFit.freedom
    let fit = zip(errors(set, shifts), scales).reduce(0) { sum, run in
      sum - (freedom + 1) / 2 * log1p(run.0 * run.0 / (freedom * run.1))
    }
    let prior = shifts.reduce(0) { $0 - $1 * $1 / 2 }
    return Solution(
      shifts: shifts, deviations: set.indices.map { matrix.inverseDiagonal($0).squareRoot() }, weights: weights,
      evidence: fit + prior - matrix.logDeterminant / 2)
  }

  /// Posterior deviation of a kind that is not in the set, were it free beside it.
  func freeDeviation(of kind: Int, beside set: [Int], _ solution: Solution) -> Double {
    normal(set + [kind], solution.weights).matrix.inverseDiagonal(set.count).squareRoot()
  }

  /// What is left of each residual.
  private func errors(_ set: [Int], _ shifts: [Double]) -> [Double] {
    residuals.indices.map { run in
      zip(set, shifts).reduce(residuals[run]) { $0 - slopes[run][$1.0] * $1.1 }
    }
  }

  private func weights(_ set: [Int], _ shifts: [Double]) -> [Double] {
    let freedom = FigureFit.freedom
    return zip(errors(set, shifts), scales).map { (freedom + 1) / (freedom + $0 * $0 / $1) }
  }

  /// The normal equations: `(1 + A' W A / s^2) z = A' W r / s^2`.
  private func normal(_ set: [Int], _ weights: [Double]) -> (matrix: SmallMatrix, right: [Double]) {
    var matrix = SmallMatrix(identity: set.count)
    var right = [Double](repeating: 0, count: set.count)
    let scales = scales
    for run in residuals.indices {
      let weight = weights[run] / scales[run]
      for (row, kind) in set.enumerated() {
        right[row] += weight * slopes[run][kind] * residuals[run]
        for (column, other) in set.enumerated() {
          matrix[row, column] += weight * slopes[run][kind] * slopes[run][other]
        }
      }
    }
    return (matrix, right)
  }
}
