import Foundation
import Testing

@testable import Engine

/// Fits of curves.
@Suite struct LeastSquaresTests {
  @Test("a line through transfers is found, and one wrong point in ten moves it little")
  func line() throws {
    var points: [(bytes: Double, seconds: Double)] = (1...10).map { step in
      let bytes = Double(step) * 1e8
      return (bytes, bytes / 5e9 + 2e-4)
    }
    let exact = try #require(LineFit(points))
    #expect(abs(exact.rate / 5e9 - 1) < 1e-4 && abs(exact.latency / 2e-4 - 1) < 0.01)
    points[6].seconds *= 8
    let robust = try #require(LineFit(points))
    #expect(abs(robust.rate / 5e9 - 1) < 0.03)
    #expect(LineFit([(1e6, 1e-3), (1e6, 2e-3)]) == nil)
  }

  @Test("a parameter that presses against its bound stays there, and one that nothing depends on is not told")
  func bounds() {
    let model = CurveModel(seconds: [1, 2, 3]) { parameters, index in Double(index + 1) - parameters[0] * 0.5 }
    let solver = LeastSquares(lower: [0, 0], upper: [1, 1], scale: 0.1)
    let solution = solver.solve(model, start: [0.5, 0.25])
    #expect(solution.parameters[0] < 1e-6 && solution.parameters[1] == 0.25)
    #expect(solution.deviations[1] == .infinity)
  }

  @Test("a factor of a matrix solves it, and of one that is not positive there is none")
  func cholesky() throws {
    let factor = try #require(Cholesky([[4, 2, 0], [2, 5, 1], [0, 1, 3]]))
    let found = factor.solve([8, 15, 11])
    for (value, expected) in zip(found, [1.0, 2.0, 3.0]) { #expect(abs(value - expected) < 1e-12) }
    #expect(Cholesky([[1, 2], [2, 1]]) == nil)
  }
}
