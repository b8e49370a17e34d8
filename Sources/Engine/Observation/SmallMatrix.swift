import Foundation

/// A symmetric matrix of a few rows whose eigenvalues are at least 1.
struct SmallMatrix: Sendable {
  private let count: Int
  private var values: [Double]

  /// Ones on the diagonal.
  init(identity count: Int) {
    self.count = count
    values = (0..<count * count).map { $0 % (count + 1) == 0 ? 1 : 0 }
  }

  /// An element.
  subscript(_ row: Int, _ column: Int) -> Double {
    get { values[row * count + column] }
    set { values[row * count + column] = newValue }
  }

  /// The lower triangle whose product with its mirror image is this matrix (Cholesky).
  private var factor: SmallMatrix {
    var lower = SmallMatrix(identity: count)
    for row in 0..<count {
      for column in 0...row {
        var sum = self[row, column]
        for index in 0..<column { sum -= lower[row, index] * lower[column, index] }
        lower[row, column] = row == column ? max(1e-300, sum).squareRoot() : sum / lower[column, column]
      }
    }
    return lower
  }

  /// Logarithm of the determinant.
  var logDeterminant: Double {
    let lower = factor
    return (0..<count).reduce(0) { $0 + 2 * log(lower[$1, $1]) }
  }

  /// The solution of `self * x = right`.
  func solved(_ right: [Double]) -> [Double] {
    let lower = factor
    var found = right
    for row in 0..<count {
      for index in 0..<row { found[row] -= lower[row, index] * found[index] }
      found[row] /= lower[row, row]
    }
    for row in (0..<count).reversed() {
      for index in (row + 1)..<max(row + 1, count) { found[row] -= lower[index, row] * found[index] }
      found[row] /= lower[row, row]
    }
    return found
  }

  /// An element of the diagonal of the inverse.
  func inverseDiagonal(_ index: Int) -> Double {
    var unit = [Double](repeating: 0, count: count)
    unit[index] = 1
    return solved(unit)[index]
  }
}
