/// The iteration that repeats where no barrier stands between iterations (docs/pipeline.md).
///
/// A stage is free again, for the side work of the next iteration, when its own last backward ends. The ends of one
/// iteration follow from those of the one before by additions and maxima alone, so after some iterations all stages
/// drift by the same period: the greatest mean over the circuits of (stage that is free, stage that is done), the
/// eigenvalue of a max-plus matrix whose entries are all finite. Howard's policy iteration finds it: the chain that
/// sets the end of each stage begins at one stage, these choices have circuits, and the best circuit says when each
/// stage would be free next. It is exact, and ends after two or three simulations where one stage sets the pace.
struct SteadyIteration {
  /// The iteration of which stage 0 is free at time 0.
  let simulation: ScheduleSimulation
  /// Seconds from one iteration to the next.
  let period: Double
  /// A stage (the first one) of the circuit that sets the period: the last of its chain from the end to where it is
  /// free, all of the circuit where no other stage is on it.
  let criticalStage: Int

  /// The steady iteration of a pipeline.
  ///
  /// - Complexity: O(rounds * S * G * v), at most `4 S + 16` rounds.
  init(
    stages: [StageScore], microBatches: Int, schedule: PipelineSchedule = .oneForwardOneBackward
  ) {
    var begins = stages.map { _ in 0.0 }
    var circuit = Circuit(mean: 0, stage: 0)
    var rounds = stages.count == 1 ? 0 : 4 * stages.count + 16
    while rounds > 0 {
      let simulation = ScheduleSimulation(
        stages: stages, microBatches: microBatches, schedule: schedule, begins: begins)
      let ends = simulation.stageEnds
      let origins = stages.indices.map(simulation.origin)
      circuit = Circuit.best(origins, seconds: zip(ends, origins).map { $0 - begins[$1] })
      let drift = zip(ends, begins).map { abs($0 - circuit.mean - $1) }.max() ?? 0
      if drift <= 1e-12 * circuit.mean {
        begins = ends.map { $0 - circuit.mean }
        break
      }
      begins = Self.nextBegins(circuit, origins, ends: ends, begins: begins)
      rounds -= 1
    }
    let zero = begins.first ?? 0
    simulation = ScheduleSimulation(
      stages: stages, microBatches: microBatches, schedule: schedule,
      begins: begins.map { $0.isFinite ? $0 - zero : 0 })
    period = stages.count == 1 ? simulation.stageEnds[0] : circuit.mean
    criticalStage = circuit.stage
  }

  /// When each stage is free if the circuit sets the period; never, so that others decide, where its chain does not
  /// lead there.
  private static func nextBegins(
    _ circuit: Circuit, _ origins: [Int], ends: [Double], begins: [Double]
  ) -> [Double] {
    var next = [Double](repeating: -.infinity, count: ends.count)
    next[circuit.stage] = 0
    for stage in ends.indices where next[stage] == -.infinity {
      // From the stage along its chain to one that is known, and back.
      var way: [Int] = []
      var place = stage
      while next[place] == -.infinity, way.count <= ends.count {
        way.append(place)
        place = origins[place]
      }
      guard way.count <= ends.count else { continue }
      for place in way.reversed() {
        next[place] = next[origins[place]] + ends[place] - begins[origins[place]] - circuit.mean
      }
    }
    return next
  }

  /// A circuit of stages, each followed by the one with which the chain to its end begins.
  private struct Circuit {
    /// Mean of the chains' seconds.
    var mean: Double
    /// The first of its stages.
    var stage: Int

    /// The circuit with the greatest mean; of equal ones that of the first stage.
    ///
    /// - Complexity: O(S).
    static func best(_ origins: [Int], seconds: [Double]) -> Circuit {
      var best = Circuit(mean: -.infinity, stage: 0)
      var walk = [Int](repeating: -1, count: origins.count)
      for start in origins.indices {
        var place = start
        while walk[place] < 0 {
          walk[place] = start
          place = origins[place]
        }
        guard walk[place] == start else { continue }
        var circuit = Circuit(mean: 0, stage: place)
        var count = 0.0
        let first = place
        repeat {
          circuit.mean += seconds[place]
          circuit.stage = min(circuit.stage, place)
          count += 1
          place = origins[place]
        } while place != first
        circuit.mean /= count
        if circuit.mean > best.mean { best = circuit }
      }
      return best
    }
  }
}
