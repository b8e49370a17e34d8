@testable import Engine

/// A workload with a plan for it.
struct LaunchCase: Sendable {
  /// The workload, on a runtime of the launcher.
  var workload: Workload
  /// A plan that keeps the rules and lies in the launcher's space.
  var plan: Plan
}

/// Random plans in a launcher's space, on several models and clusters: always the same for a seed.
///
///     var plans = try RandomLaunchPlans(.megatronLM, seed: 1)
///     if let found = plans.next() { check(found.workload, found.plan) }
struct RandomLaunchPlans {
  /// What runs may be like; a launcher that cannot do one of them takes it away.
  struct Choices {
    /// Names of shipped models.
    var models = ["gpt-1.3b", "gpt-3-175b", "llama-2-7b", "llama-3-8b", "qwen-2.5-1.5b", "gpt2", "falcon-7b"]
    /// Clusters.
    var clusters = ["8xl4", "2x8xh100", "4x8xa100-80", "6x4xl4"]
    /// Tokens of a sample.
    var sequences = [1024, 2048, 4096]
    /// Number formats.
    var precisions = Precision.allCases
    /// Attention kernels.
    var attentions = AttentionKernel.allCases
    /// Probabilities of dropout.
    var dropouts = [0, 0, 0.1]
  }

  private let launcher: Launcher
  private let models: [ModelShape]
  private let clusters: [Cluster]
  private let choices: Choices
  private var state: UInt64

  /// A generator; equal seeds give equal plans.
  init(_ launcher: Launcher, seed: UInt64, choices: Choices = Choices()) throws {
    self.launcher = launcher
    self.choices = choices
    let place = InputPlace(file: "RandomLaunchPlans.swift")
    models = try choices.models.map { try Catalogue.model(named: $0, at: place) }
    clusters = try choices.clusters.map { try WorkloadSource.cluster($0, at: place) }
    state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
  }

  /// The next plan; nil where 10,000 tries found none.
  mutating func next() -> LaunchCase? {
    for _ in 0..<10_000 {
      guard let found = attempt() else { continue }
      let space = launcher.space.restricted(to: RuntimeProfile.of(found.workload.run))
      guard SpaceMembership(space: space, layers: found.workload.model.layers).holds(found.plan),
        (try? PlanRules(workload: found.workload).check(found.plan)) != nil
      else { continue }
      return found
    }
    return nil
  }

  /// A whole number below `bound`.
  private mutating func below(_ bound: Int) -> Int {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Int(state >> 33) % max(1, bound)
  }

  private mutating func pick<Value>(_ values: [Value]) -> Value? { values.isEmpty ? nil : values[below(values.count)] }

  private mutating func run() -> TrainingRun? {
    guard let sequence = pick(choices.sequences), let precision = pick(choices.precisions),
      let attention = pick(choices.attentions), let dropout = pick(choices.dropouts),
      let runtime = pick(launcher.runtimes)
    else { return nil }
    return TrainingRun(
      sequenceLength: sequence, globalBatch: 1, precision: precision, attention: attention, runtime: runtime,
      dropout: dropout)
  }

  private mutating func attempt() -> LaunchCase? {
    guard let model = pick(models), let cluster = pick(clusters), var run = run() else { return nil }
    let space = launcher.space.restricted(to: RuntimeProfile.of(run))
    let width = cluster.gpusPerNode
    // Now and then the last nodes stay idle.
    let gpus = width * (below(6) == 0 ? 1 + below(cluster.nodes) : cluster.nodes)
    let counts = (1...min(gpus, model.layers)).filter { stages in
      guard gpus.isMultiple(of: stages), stages <= space.maximumStages ?? stages else { return false }
      let own = gpus / stages
      return own <= width ? width.isMultiple(of: own) : own.isMultiple(of: width)
    }
    guard let stages = pick(counts) else { return nil }
    let own = gpus / stages
    guard
      let tensor = pick((space.tensorParallel ?? [1, 2, 3, 4, 6, 8, 12, 16]).filter { own.isMultiple(of: $0) }),
      let context = pick(space.contextParallel.filter { (own / tensor).isMultiple(of: $0) }),
      let micro = pick(space.microBatches ?? [1, 1, 2, 3, 4]), let steps = pick([1, 2, 3, stages, 2 * stages, 16]),
      let chunks = pick(
        space.interleave.filter { $0 == 1 || stages > 1 && model.layers.isMultiple(of: stages * $0) })
    else { return nil }
    let data = own / tensor / context
    run.globalBatch = data * micro * steps
    guard let layers = layers(model.layers, stages, space, even: chunks > 1) else { return nil }
    var choices = layers.map { count in
      StageChoice(
        layers: count, nodes: max(1, own / width), gpusPerNode: min(own, width), microBatch: micro, dataParallel: data,
        tensorParallel: tensor, zero: 0, checkpointedLayers: 0)
    }
    fillStates(&choices, space)
    fillRecompute(&choices, space, chunks: chunks)
    let plan = Plan(
      gradientAccumulation: steps, stages: choices,
      sequenceParallel: tensor > 1 && pick(space.sequenceParallel) == true, contextParallel: context,
      interleave: chunks)
    return LaunchCase(workload: Workload(name: "random", model: model, cluster: cluster, run: run), plan: plan)
  }

  private mutating func layers(_ total: Int, _ stages: Int, _ space: SearchSpace, even: Bool) -> [Int]? {
    if even || space.layerRule == .equal || below(2) == 0 {
      if total.isMultiple(of: stages) { return Array(repeating: total / stages, count: stages) }
      if even { return nil }
    }
    var counts = Array(repeating: total / stages, count: stages)
    for index in 0..<total % stages { counts[index] += 1 }
    for _ in 0..<below(2 * stages + 1) {
      let (from, to) = (below(stages), below(stages))
      guard counts[from] > 1 else { continue }
      counts[from] -= 1
      counts[to] += 1
    }
    return counts
  }

  private mutating func fillStates(_ stages: inout [StageChoice], _ space: SearchSpace) {
    let levels = stages.count > 1 ? space.stagedZeroLevels ?? space.zeroLevels : space.zeroLevels
    let offloads = (stages.count == 1 || space.stagedOffload) && below(2) == 0
    for index in stages.indices {
      guard index == 0 || !space.statesAlike else {
        (stages[index].zero, stages[index].offload) = (stages[0].zero, stages[0].offload)
        continue
      }
      stages[index].zero = pick(levels) ?? 0
      guard offloads else { continue }
      stages[index].offload = Offload(
        weights: pick(space.weightEighths) ?? 0, gradients: pick(space.gradientEighths) ?? 0,
        optimizer: pick(space.optimizerEighths) ?? 0, activations: pick(space.activationEighths) ?? 0)
    }
  }

  private mutating func fillRecompute(_ stages: inout [StageChoice], _ space: SearchSpace, chunks: Int) {
    guard let kind = pick(space.recomputeKinds) else { return }
    let most = stages.map(\.layers).max() ?? 1
    let (mode, common) = (below(3), chunks * below(most / chunks + 1))
    for index in stages.indices {
      let layers = stages[index].layers
      let own = chunks * below(layers / chunks + 1)
      let count =
        switch (space.checkpointing, mode) {
        case (.none, _), (_, 0): 0
        case (.allOrNoneAlike, _), (_, 1): layers
        case (.sameCount, _): kind == .full ? min(common, layers) : layers
        case (.any, _): own
        }
      stages[index].checkpointedLayers = count
      stages[index].recompute = space.checkpointing == .any ? pick(space.recomputeKinds) ?? kind : kind
    }
  }
}
