@testable import Engine

/// All plans of a small space on one node, written down from the rules of plans alone: no shape, bound, frontier or
/// solver of the search is asked.
///
/// Ways to run a stage are scored once, however often they are asked for with less of the space or of the memory.
struct ShapeEnumeration {
  private let workload: Workload
  private let session: TuningSession
  private var known: [Key: [Option]] = [:]

  init(workload: Workload) {
    self.workload = workload
    session = TuningSession(workload: workload, now: { 0 })
  }

  /// Times of one way to run one stage.
  private struct Times: Hashable {
    var stable: Double
    var delta: Double
    var weightGradients: Double
  }

  /// One way to run one stage, and what it leaves of the device.
  private struct Option {
    var kind: RecomputeKind
    var times: Times
    var spareBytes: Double
  }

  private struct Degrees: Hashable {
    var stages, mesh, tensor, context: Int
    var sequence: Bool
    var count, chunks: Int
    var schedule = PipelineSchedule.oneForwardOneBackward
  }

  private struct Key: Hashable {
    var degrees: Degrees
    var layers: [Int]
    var stage: Int
  }

  /// The least closed form of all plans of a space that fit with `lessBytes` less device memory than the workload has;
  /// nil where none does. Needs host memory that never binds; all spaces asked for have the same levels and shares.
  mutating func best(_ space: SearchSpace, lessBytes: Double) -> Double? {
    var best: Double?
    let gpus = workload.cluster.gpuCount
    for stages in 1...min(gpus, workload.model.layers) where gpus.isMultiple(of: stages) {
      for tensor in 1...gpus / stages {
        for context in space.contextParallel where (gpus / stages).isMultiple(of: tensor * context) {
          for sequence in tensor > 1 ? space.sequenceParallel : [false] {
            for (count, chunks) in rounds(space) {
              let degrees = Degrees(
                stages: stages, mesh: gpus / stages, tensor: tensor, context: context, sequence: sequence,
                count: count, chunks: chunks, schedule: space.schedule)
              for layers in Enumeration.splits(workload.model.layers, stages) {
                if let found = least(degrees, layers, space, lessBytes) { best = min(best ?? .infinity, found) }
              }
            }
          }
        }
      }
    }
    return best
  }

  /// Micro-batches with chunks.
  private func rounds(_ space: SearchSpace) -> [(Int, Int)] {
    (1...workload.run.globalBatch).flatMap { count in space.interleave.map { (count, $0) } }
  }

  /// The least closed form with these layers; nil where the rules forbid them or nothing fits.
  private mutating func least(
    _ degrees: Degrees, _ layers: [Int], _ space: SearchSpace, _ lessBytes: Double
  ) -> Double? {
    var options: [[Times]] = []
    for stage in layers.indices {
      // What the other stages hold says only whether stages may be interleaved.
      let keys = layers.indices.map {
        Key(degrees: degrees, layers: degrees.chunks > 1 ? layers : [layers[$0]], stage: $0)
      }
      if known[keys[stage]] == nil {
        for (key, options) in zip(keys, self.options(degrees, layers, space)) { known[key] = options }
      }
      let all = known[keys[stage]] ?? []
      let found = Set(
        all.filter { $0.spareBytes >= lessBytes && space.recomputeKinds.contains($0.kind) }.map(\.times))
      if found.isEmpty { return nil }
      // One of several equal options is enough; hash order does not matter to a minimum.
      options.append(Array(found))
    }
    var best = Double.infinity
    func visit(_ stage: Int, _ stable: [Double], _ delta: [Double], _ apart: [Double]) {
      guard stage < options.count else {
        best = min(
          best,
          ClosedForm.closedFormSeconds(
            stable: stable, delta: delta, microBatches: degrees.count, interleave: degrees.chunks,
            weightGradients: degrees.schedule == .zeroBubble ? apart : []))
        return
      }
      for option in options[stage] {
        visit(
          stage + 1, stable + [option.stable], delta + [option.delta], apart + [option.weightGradients])
      }
    }
    visit(0, [], [], [])
    return best
  }

  /// All ways to run each stage that the rules allow; one plan in which all stages do alike tells the times of all.
  private func options(_ degrees: Degrees, _ layers: [Int], _ space: SearchSpace) -> [[Option]] {
    let ranks = degrees.mesh / (degrees.tensor * degrees.context)
    let micro = workload.run.globalBatch / max(1, degrees.count * ranks)
    let base = layers.map {
      StageChoice(
        layers: $0, nodes: 1, gpusPerNode: degrees.mesh, microBatch: micro, dataParallel: ranks,
        tensorParallel: degrees.tensor, zero: 0, checkpointedLayers: 0)
    }
    var found = [[Option]](repeating: [], count: layers.count)
    for zero in space.zeroLevels {
      for activations in space.activationEighths {
        for kind in RecomputeKind.allCases {
          for checkpointed in 0...(layers.max() ?? 0) {
            var plan = Plan(
              gradientAccumulation: degrees.count, stages: base, schedule: degrees.schedule,
              sequenceParallel: degrees.sequence,
              contextParallel: degrees.context, interleave: degrees.chunks)
            for stage in layers.indices {
              plan.stages[stage].zero = zero
              plan.stages[stage].offload.activations = activations
              plan.stages[stage].recompute = kind
              plan.stages[stage].checkpointedLayers = min(checkpointed, layers[stage])
            }
            guard let scores = try? session.score(plan).stages else { continue }
            for (stage, score) in scores.enumerated() where checkpointed <= layers[stage] {
              found[stage].append(
                Option(
                  kind: kind,
                  times: Times(
                    stable: score.stableSeconds, delta: score.deltaSeconds,
                    weightGradients: score.weightGradientSeconds),
                  spareBytes: score.memory.spare))
            }
          }
        }
      }
    }
    return found
  }
}
