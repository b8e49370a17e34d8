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

  /// The same, of stages that have more as the slowest one than elsewhere, by what they and their layers are.
  static func randomWithExtra(_ noise: inout SyntheticPipelines.Sequence) -> PipelineProblem {
    var problem = random(&noise)
    problem.microBatches = max(2, problem.microBatches)
    problem.slowestExtra = problem.options.map { row in
      let head = 2 * noise.unit()
      return row.indices.map { Double($0) * 0.7 + head }
    }
    return problem
  }

  /// The least objective over all choices; infinity where there is none.
  static func bruteForce(_ problem: PipelineProblem) -> Double {
    var best = Double.infinity
    var chosen: [StagePoint] = []
    var extras: [Double] = []
    func visit(_ stage: Int, _ left: Int) {
      guard stage < problem.options.count else {
        if left == 0 { best = min(best, objective(chosen, problem.microBatches, extras)) }
        return
      }
      for count in 0...left where count > 0 {
        for point in problem.options[stage][count] {
          chosen.append(point)
          extras.append(problem.slowestExtra.isEmpty ? 0 : problem.slowestExtra[stage][count])
          visit(stage + 1, left - count)
          chosen.removeLast()
          extras.removeLast()
        }
      }
    }
    visit(0, problem.layers)
    return best
  }

  /// The objective as model.md section 5 writes it, term by term.
  static func objective(_ points: [StagePoint], _ microBatches: Int, _ extras: [Double]) -> Double {
    var exposed = 0.0
    for index in points.indices {
      let before = points[..<index].reduce(0) { $0 + $1.stable }
      exposed = max(exposed, points[index].firstLast - points[index].stable - before)
    }
    // A stage's own t is longer by its extra, G times; as the slowest it stands there once for the fill it does not have.
    let slowest =
      zip(points, extras).map { Double(microBatches) * ($0.stable + $1) - $0.stable }.max() ?? 0
    return points.reduce(0) { $0 + $1.stable } + slowest + exposed
  }
}
