@testable import Engine

/// All plans of a small space on one node, written down from the rules of plans alone: no shape, bound, frontier or
/// solver of the search is asked.
struct ShapeEnumeration {
  let workload: Workload
  let space: SearchSpace
  let session: TuningSession

  init(workload: Workload, space: SearchSpace) {
    self.workload = workload
    self.space = space
    session = TuningSession(workload: workload, now: { 0 })
  }

  /// One way to run one stage: its scored times.
  private struct Option: Hashable {
    var stable: Double
    var delta: Double
  }

  /// The least closed form of all plans that fit; nil where none does. Needs host memory that never binds.
  func best() -> Double? {
    var best: Double?
    let gpus = workload.cluster.gpuCount
    for stages in 1...min(gpus, workload.model.layers) where gpus.isMultiple(of: stages) {
      for tensor in 1...gpus / stages {
        for context in space.contextParallel where (gpus / stages).isMultiple(of: tensor * context) {
          for sequence in space.sequenceParallel where tensor > 1 || !sequence {
            for (count, chunks) in rounds {
              let degrees = Degrees(
                stages: stages, mesh: gpus / stages, tensor: tensor, context: context, sequence: sequence,
                count: count, chunks: chunks)
              for layers in splits(workload.model.layers, stages) {
                if let found = least(degrees, layers) { best = min(best ?? .infinity, found) }
              }
            }
          }
        }
      }
    }
    return best
  }

  /// Micro-batches with chunks.
  private var rounds: [(Int, Int)] {
    (1...workload.run.globalBatch).flatMap { count in space.interleave.map { (count, $0) } }
  }

  private struct Degrees {
    var stages, mesh, tensor, context: Int
    var sequence: Bool
    var count, chunks: Int
  }

  /// The least closed form with these layers; nil where the rules forbid them or nothing fits.
  private func least(_ degrees: Degrees, _ layers: [Int]) -> Double? {
    var options: [[Option]] = []
    for stage in layers.indices {
      let found = self.options(degrees, layers, stage)
      if found.isEmpty { return nil }
      options.append(found)
    }
    var best = Double.infinity
    func visit(_ stage: Int, _ stable: [Double], _ delta: [Double]) {
      guard stage < options.count else {
        best = min(
          best,
          ClosedForm.closedFormSeconds(
            stable: stable, delta: delta, microBatches: degrees.count, interleave: degrees.chunks))
        return
      }
      for option in options[stage] { visit(stage + 1, stable + [option.stable], delta + [option.delta]) }
    }
    visit(0, [], [])
    return best
  }

  /// All ways to run one stage that fit, scored in plans whose other stages recompute and shard nothing.
  private func options(_ degrees: Degrees, _ layers: [Int], _ stage: Int) -> [Option] {
    let ranks = degrees.mesh / (degrees.tensor * degrees.context)
    let micro = workload.run.globalBatch / max(1, degrees.count * ranks)
    let base = layers.map {
      StageChoice(
        layers: $0, nodes: 1, gpusPerNode: degrees.mesh, microBatch: micro, dataParallel: ranks,
        tensorParallel: degrees.tensor, zero: 0, checkpointedLayers: 0)
    }
    var found: Set<Option> = []
    for zero in space.zeroLevels {
      for activations in space.activationEighths {
        for kind in space.recomputeKinds {
          for checkpointed in 0...layers[stage] {
            var plan = Plan(
              gradientAccumulation: degrees.count, stages: base, sequenceParallel: degrees.sequence,
              contextParallel: degrees.context, interleave: degrees.chunks)
            plan.stages[stage].zero = zero
            plan.stages[stage].offload.activations = activations
            plan.stages[stage].recompute = kind
            plan.stages[stage].checkpointedLayers = checkpointed
            guard let score = try? session.score(plan).stages[stage], score.memory.spare >= 0 else { continue }
            found.insert(Option(stable: score.stableSeconds, delta: score.deltaSeconds))
          }
        }
      }
    }
    // One of several equal options is enough; hash order does not matter to a minimum.
    return Array(found)
  }

  private func splits(_ layers: Int, _ stages: Int) -> [[Int]] {
    if stages == 1 { return [[layers]] }
    guard layers >= stages else { return [] }
    return (1...(layers - stages + 1)).flatMap { first in
      splits(layers - first, stages - 1).map { [first] + $0 }
    }
  }
}
