/// What a fit minimises: residuals that depend on a few of the parameters each.
protocol ResidualModel {
  /// Calls `add` for each residual, with the parameters that it depends on and its derivatives by them.
  ///
  /// A `firm` residual counts by its square however large it is: a constraint, not a measurement.
  func visit(
    _ parameters: [Double],
    _ add: (_ residual: Double, _ firm: Bool, _ indices: [Int], _ derivatives: [Double]) -> Void)
}

/// Robust, bounded least squares by Levenberg and Marquardt's method.
///
/// A residual r costs `2 * scale^2 * (sqrt(1 + (r / scale)^2) - 1)`: like its square while it is small against `scale`, like
/// its amount beyond, so that a few wrong points move little. Parameters that press against a bound stay there. It finds a
/// local minimum; it does not search for the best of several.
struct LeastSquares {
  /// Smallest values of the parameters.
  var lower: [Double]
  /// Largest values of the parameters.
  var upper: [Double]
  /// Residual beyond which a point counts as an outlier.
  var scale: Double
  /// Most steps.
  var mostSteps = 200

  /// Where a fit has ended.
  struct Solution: Equatable {
    /// The parameters.
    var parameters: [Double]
    /// What they cost, in squares of residuals.
    var cost: Double
    /// Standard deviations of the parameters, in the others' uncertainty too; infinite of one that no residual depends on, or that is
    /// held by its bounds.
    var deviations: [Double]
  }

  /// The normal equations at some parameters.
  private struct Equations {
    var cost = 0.0
    var matrix: [[Double]]
    var gradient: [Double]
    var count = 0
    var squares = 0.0
  }

  /// The minimum that is reached from `start`.
  ///
  /// Complexity: O(steps * (residuals * k^2 + n^3)) for n parameters of which a residual has k.
  func solve(_ model: some ResidualModel, start: [Double]) -> Solution {
    var parameters = clamped(start)
    var equations = self.equations(model, parameters)
    var damping = 1e-3
    for _ in 0..<mostSteps {
      let free = freeParameters(parameters, equations.gradient)
      guard let step = step(equations, free, damping: damping) else { break }
      var next = parameters
      for (index, change) in zip(free, step) { next[index] += change }
      next = clamped(next)
      let trial = cost(model, next)
      if trial < equations.cost {
        let gain = equations.cost - trial
        parameters = next
        equations = self.equations(model, parameters)
        damping = max(1e-9, damping / 4)
        if gain <= 1e-10 * equations.cost { break }
      } else {
        damping *= 5
        if damping > 1e9 { break }
      }
    }
    return Solution(
      parameters: parameters, cost: equations.cost, deviations: deviations(equations, parameters.count))
  }

  private func clamped(_ values: [Double]) -> [Double] {
    values.indices.map { min(max(values[$0], lower[$0]), upper[$0]) }
  }

  /// Those that do not press against a bound.
  private func freeParameters(_ values: [Double], _ gradient: [Double]) -> [Int] {
    values.indices.filter { index in
      !(values[index] <= lower[index] && gradient[index] > 0 || values[index] >= upper[index] && gradient[index] < 0)
    }
  }

  private func loss(_ residual: Double, _ firm: Bool) -> (cost: Double, weight: Double) {
    guard !firm else { return (residual * residual, 1) }
    let root = (1 + residual * residual / (scale * scale)).squareRoot()
    return (2 * scale * scale * (root - 1), 1 / root)
  }

  private func cost(_ model: some ResidualModel, _ parameters: [Double]) -> Double {
    var sum = 0.0
    model.visit(parameters) { residual, firm, _, _ in sum += loss(residual, firm).cost }
    return sum
  }

  private func equations(_ model: some ResidualModel, _ parameters: [Double]) -> Equations {
    let empty = [Double](repeating: 0, count: parameters.count)
    var equations = Equations(matrix: empty.map { _ in empty }, gradient: empty)
    model.visit(parameters) { residual, firm, indices, derivatives in
      let (cost, weight) = loss(residual, firm)
      equations.cost += cost
      if !firm {
        equations.count += 1
        equations.squares += weight * residual * residual
      }
      for (row, left) in zip(indices, derivatives) {
        equations.gradient[row] += weight * left * residual
        for (column, right) in zip(indices, derivatives) { equations.matrix[row][column] += weight * left * right }
      }
    }
    return equations
  }

  private func step(_ equations: Equations, _ free: [Int], damping: Double) -> [Double]? {
    guard !free.isEmpty else { return nil }
    let matrix = free.map { row in
      free.map { column in
        let value = equations.matrix[row][column]
        // Where nothing depends on a parameter, its row is that of a parameter that stays.
        return row == column ? value * (1 + damping) + 1e-12 : value
      }
    }
    return Cholesky(matrix)?.solve(free.map { -equations.gradient[$0] })
  }

  private func deviations(_ equations: Equations, _ count: Int) -> [Double] {
    let seen = (0..<count).filter { equations.matrix[$0][$0] > 1e-9 && lower[$0] < upper[$0] }
    var found = [Double](repeating: .infinity, count: count)
    let matrix = seen.map { row in
      seen.map { equations.matrix[row][$0] + (row == $0 ? 1e-9 : 0) }
    }
    guard let factor = Cholesky(matrix), equations.count > seen.count else { return found }
    let variance = equations.squares / Double(equations.count - seen.count)
    for (position, index) in seen.enumerated() {
      let unit = seen.indices.map { $0 == position ? 1.0 : 0.0 }
      found[index] = (variance * factor.solve(unit)[position]).squareRoot()
    }
    return found
  }
}

/// The Cholesky factor of a symmetric positive definite matrix.
struct Cholesky {
  private let rows: [[Double]]

  /// Factors a matrix; nil where it is not positive definite. Complexity: O(n^3).
  init?(_ matrix: [[Double]]) {
    var rows = matrix
    for row in rows.indices {
      for column in 0...row {
        var sum = matrix[row][column]
        for inner in 0..<column { sum -= rows[row][inner] * rows[column][inner] }
        if row == column {
          guard sum > 0 else { return nil }
          rows[row][row] = sum.squareRoot()
        } else {
          rows[row][column] = sum / rows[column][column]
        }
      }
    }
    self.rows = rows
  }

  /// The solution for a right-hand side. Complexity: O(n^2).
  func solve(_ right: [Double]) -> [Double] {
    var values = right
    for row in rows.indices {
      for column in 0..<row { values[row] -= rows[row][column] * values[column] }
      values[row] /= rows[row][row]
    }
    for row in rows.indices.reversed() {
      for below in rows.indices.dropFirst(row + 1) { values[row] -= rows[below][row] * values[below] }
      values[row] /= rows[row][row]
    }
    return values
  }
}
