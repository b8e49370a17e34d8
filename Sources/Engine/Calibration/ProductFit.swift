import Foundation

/// The rate curve of matrix products through measured ones (docs/model.md, section 2).
///
/// Where the points hardly tell the offset of depth or output (all of one depth, all large), the base's stays.
struct ProductFit {
  /// Share of the peak, half depth, output elements of a wave.
  private(set) var curve: (share: Double, halfDepth: Double, waveElements: Double)
  /// Their relative standard deviations, those of the offsets against a typical depth and output; infinite where the
  /// base's stays.
  private(set) var deviations: (share: Double, halfDepth: Double, waveElements: Double)

  private let gpu: GPU

  /// Scales of the parameters, so that steps are alike.
  private static let halfUnit = 100.0
  private static let waveUnit = 1e5
  /// A typical depth, and the side of a typical output.
  private static let typical = 2_048.0
  /// Beyond this a parameter is not told.
  private static let mostDeviation = 0.33

  /// A fit over points of one GPU, of which all but products are known.
  init(_ points: [ProductPoint], gpu: GPU) {
    self.gpu = gpu
    curve = (gpu.gemm.share.value, gpu.gemm.halfDepth.value, gpu.gemm.waveElements.value)
    deviations = (.infinity, .infinity, .infinity)
    let base = [curve.halfDepth / Self.halfUnit, curve.waveElements / Self.waveUnit]
    var held = [false, false]
    var solution = fit(points, base: base, held: held)
    for _ in 0..<2 {
      let unsure = offsets(solution)
      guard zip(held, unsure).contains(where: { !$0 && $1 > Self.mostDeviation }) else { break }
      held = zip(held, unsure).map { $0 || $1 > Self.mostDeviation }
      solution = fit(points, base: base, held: held)
    }
    let unsure = offsets(solution)
    curve = (
      exp(solution.parameters[0]), solution.parameters[1] * Self.halfUnit, solution.parameters[2] * Self.waveUnit
    )
    deviations = (
      solution.deviations[0], held[0] ? .infinity : unsure[0], held[1] ? .infinity : unsure[1]
    )
  }

  /// Seconds of a product by the fit.
  func seconds(_ point: ProductPoint) -> Double {
    seconds(point, curve.share, curve.halfDepth, curve.waveElements)
  }

  private func seconds(_ point: ProductPoint, _ share: Double, _ half: Double, _ wave: Double) -> Double {
    var gpu = gpu
    gpu.gemm.share.value = share
    gpu.gemm.halfDepth.value = half
    gpu.gemm.waveElements.value = wave
    return KernelRates(gpu: gpu).product(point.m, point.n, depth: point.k)
  }

  private func fit(_ points: [ProductPoint], base: [Double], held: [Bool]) -> LeastSquares.Solution {
    let model = CurveModel(seconds: points.map(\.seconds)) { parameters, index in
      seconds(
        points[index], exp(parameters[0]), parameters[1] * Self.halfUnit, parameters[2] * Self.waveUnit)
    }
    func bounds(_ offset: Int) -> ClosedRange<Double> { held[offset] ? base[offset]...base[offset] : 0...100 }
    return model.fitted(from: [log(0.6), 1, 1], [log(1e-7)...log(10), bounds(0), bounds(1)])
  }

  private func offsets(_ solution: LeastSquares.Solution) -> [Double] {
    [
      solution.deviations[1] * Self.halfUnit / Self.typical,
      solution.deviations[2] * Self.waveUnit / (Self.typical * Self.typical),
    ]
  }
}
