@testable import Engine

/// Small random problems and their optimum by enumeration.
enum SmallPipelines {
  /// A problem of at most 8 layers, 4 stages and 4 points, with holes, dominated points and negative extras.
  static func random(_ noise: inout SyntheticPipelines.Sequence) -> PipelineProblem {
    let layers = Int.random(in: 1...8, using: &noise)
    let stages = Int.random(in: 1...min(4, layers), using: &noise)
    let microBatches = Int.random(in: 1...16, using: &noise)
    // Coarse times in half of the problems, so that equal times and equal objectives come up.
    let grain = Bool.random(using: &noise) ? 4.0 : 4096.0
    let holes = [0.0, 0.3, 0.7][Int.random(in: 0...2, using: &noise)]
    let options = (0..<stages).map { _ in
      (0...layers).map { count -> [StagePoint] in
        guard count > 0, noise.unit() >= holes else { return [] }
        return (0..<Int.random(in: 1...4, using: &noise)).map { tag in
          let stable = ((0.2 + Double(count) * (0.5 + noise.unit())) * grain).rounded() / grain
          let extra = ((noise.unit() * 3 - 1) * grain).rounded() / grain
          let delta = microBatches == 1 ? 0 : max(extra, -stable)
          return StagePoint(stable: stable, firstLast: stable + delta, tag: tag)
        }
      }
    }
    return PipelineProblem(microBatches: microBatches, layers: layers, options: options)
  }

  /// The least objective over all choices; infinity where there is none.
  static func bruteForce(_ problem: PipelineProblem) -> Double {
    var best = Double.infinity
    var chosen: [StagePoint] = []
    func visit(_ stage: Int, _ left: Int) {
      guard stage < problem.options.count else {
        if left == 0 { best = min(best, objective(chosen, problem.microBatches)) }
        return
      }
      for count in 0...left where count > 0 {
        for point in problem.options[stage][count] {
          chosen.append(point)
          visit(stage + 1, left - count)
          chosen.removeLast()
        }
      }
    }
    visit(0, problem.layers)
    return best
  }

  /// The objective as model.md section 5 writes it, term by term.
  static func objective(_ points: [StagePoint], _ microBatches: Int) -> Double {
    var exposed = 0.0
    for index in points.indices {
      let before = points[..<index].reduce(0) { $0 + $1.stable }
      exposed = max(exposed, points[index].firstLast - points[index].stable - before)
    }
    let slowest = points.map(\.stable).max() ?? 0
    return points.reduce(0) { $0 + $1.stable } + Double(microBatches - 1) * slowest + exposed
  }
}
