import Engine

@testable import TUI

/// Workloads and scored plans built by hand, consistent in themselves: parts add up, times follow the closed form.
enum Samples {
  static let gib = 1_073_741_824.0

  /// GPT 22B on 4 nodes of 8 A100-40, or another number of nodes.
  static func workload(nodes: Int = 4, name: String = "gpt-22b-32xa100-40") -> Workload {
    func figure(_ value: Double) -> Figure { Figure(value, .assumed, source: "test") }
    let gpu = GPU(
      name: "a100-40", title: "NVIDIA A100 SXM 40 GB", memoryBytes: figure(39.6 * gib), peakFlops: figure(312e12),
      memoryBandwidth: figure(1.5e12), gemm: GEMMCurve(share: figure(0.6), halfDepth: figure(64)),
      flashForwardShare: figure(0.5), flashBackwardShare: figure(0.4), elementwiseShare: figure(0.8),
      launchSeconds: figure(4e-6), contextBytes: figure(gib))
    let copy = Link(gibibytesPerSecond: 20, latencySeconds: 1e-5, provenance: .measured)
    let links = LinkTable(
      measured: [GroupShape(nodes: 1, gpusPerNode: 8): copy], measuredSource: "test",
      insideBytesPerSecond: figure(3e11),
      fabricBytesPerSecond: figure(1e11), collectiveShare: figure(0.8), insideLatencySeconds: figure(1e-5),
      fabricLatencySeconds: figure(2e-5), hostToDevice: copy, deviceToHost: copy, hostSource: "test")
    let node = NodeType(
      name: "a100-40-sxm", title: "8 A100 40 GB", gpu: gpu, gpusPerNode: 8, links: links, interference: .none,
      interferenceOrigin: figure(28), hostMemoryBytes: figure(800 * gib))
    let model = ModelShape(
      name: "gpt-22b", hidden: 6144, feedForward: 24576, layers: 48, heads: 64, vocabulary: 50304, source: "test")
    return Workload(
      name: name, model: model, cluster: Cluster(nodes: nodes, gpusPerNode: 8, nodeType: node),
      run: TrainingRun(sequenceLength: 4096, globalBatch: 512))
  }

  /// Three measured runs of something like it.
  static let records = RunRecords(
    text: """
      id,source,gpu,runtime,attention,gpus,parameters,sequence,microBatch,microBatches,tensorParallel,stages,recomputed,\
      offloads,time,memory
      a-1,a,a100-40,mist,flash,32,22000000000,4096,1,128,2,4,0.1,1,1.05,reserved=1.01 reserved=0.99
      a-2,a,a100-40,mist,flash,16,13000000000,4096,1,64,2,4,0.1,1,1.02,reserved=1.02
      b-1,b,a100-40,mist,none,8,7000000000,4096,1,32,1,2,0.5,0,0.97,reserved=0.98
      """)

  /// A plan of so many stages on 32 GPUs; `saving` (0...1) trades time for memory.
  ///
  /// With `alike` the inner stages have the same choices, with `unlike` no two neighbours do; `slack` GiB are added to
  /// what is spare.
  static func plan(
    stages: Int, saving: Double = 0, alike: Bool = false, unlike: Bool = false, slack: Double = 0
  ) -> ScoredPlan {
    let gpus = max(1, 32 / stages)
    let tensorParallel = min(gpus, stages == 1 ? 8 : 2)
    let dataParallel = max(1, gpus / tensorParallel)
    let batches = 512 / dataParallel
    var layers = [Int](repeating: 48 / stages, count: stages)
    if stages > 2 {
      layers[0] -= 1
      layers[stages - 1] += 1
    }
    var choices: [StageChoice] = []
    var score = PlanScore()
    for index in 0..<stages {
      let steps = Int((saving * 8).rounded())
      let extra = unlike ? index % 3 : index == 0 && !alike ? 2 : 0
      let checkpointed = min(layers[index], Int(saving * Double(layers[index])) + extra)
      choices.append(
        StageChoice(
          layers: layers[index], nodes: max(1, gpus / 8), gpusPerNode: min(8, gpus), microBatch: 1,
          dataParallel: dataParallel, tensorParallel: tensorParallel, zero: saving > 0.5 ? 2 : 1,
          checkpointedLayers: checkpointed,
          offload: Offload(optimizer: steps, activations: index == 0 && !alike ? min(8, steps + 1) : steps / 2)))
      score.stages.append(
        stage(choices[index], inFlight: min(batches, stages - index), isLast: index == stages - 1, saving: saving))
      score.stages[index].memory.spare += slack * gib
    }
    let plan = Plan(gradientAccumulation: batches, stages: choices)
    score.closedFormSeconds = closedForm(score.stages, batches: batches)
    let timeline = TimelineBuilder(plan: plan, stages: score.stages).build(withPath: false)
    score.iterationSeconds = timeline.makespan
    score.bubbleShare = timeline.bubbleShare
    score.tokensPerSecond = 512 * 4096 / score.iterationSeconds
    score.tokensPerSecondPerGPU = score.tokensPerSecond / 32
    score.tflopsPerGPU = 6 * 22e9 * score.tokensPerSecondPerGPU / 1e12
    score.mfu = score.tflopsPerGPU / 312
    score.hostBytesPerNode = (40 + 400 * saving) * gib
    score.hostCapacityBytes = 800 * gib
    return ScoredPlan(plan: plan, score: score)
  }

  /// The same plan, slower by a share: for lists of which only the figures matter.
  static func slower(_ plan: ScoredPlan, by share: Double) -> ScoredPlan {
    var slower = plan
    slower.score.iterationSeconds *= 1 + share
    slower.score.closedFormSeconds *= 1 + share
    return slower
  }

  /// Schedule of a plan by a 1F1B simulation of its own.
  static func timeline(_ plan: ScoredPlan) -> Timeline {
    TimelineBuilder(plan: plan.plan, stages: plan.score.stages).build()
  }

  private static func closedForm(_ stages: [StageScore], batches: Int) -> Double {
    let slowest = stages.map(\.stableSeconds).max() ?? 0
    var sum = 0.0
    var worst = 0.0
    for stage in stages {
      worst = max(worst, stage.deltaSeconds - sum)
      sum += stage.stableSeconds
    }
    return Double(batches - 1) * slowest + sum + worst
  }

  private static func stage(_ choice: StageChoice, inFlight: Int, isLast: Bool, saving: Double) -> StageScore {
    var score = StageScore()
    let layer = 0.024 / Double(choice.tensorParallel)
    let compute = Double(choice.layers) * layer + (isLast ? 0.006 : 0)
    func pass(_ compute: Double, tensor: Double, other: Double, hidden: Double) -> PassTimes {
      var times = PassTimes()
      times.compute = compute
      times.tensorParallel = tensor
      times.collective = other
      times.hostToDevice = other * 0.7
      times.deviceToHost = other * 0.5
      times.elapsed = compute + tensor + max(0, other - hidden)
      return times
    }
    let recompute = Double(choice.checkpointedLayers) * layer
    let slow = 1 + 0.2 * saving
    score.forward = pass(compute * slow, tensor: compute * 0.1, other: 0.004 + 0.03 * saving, hidden: 0.003)
    score.forwardFirst = pass(compute * slow, tensor: compute * 0.1, other: 0.16, hidden: 0.06)
    score.backward = pass(
      (2 * compute + recompute) * slow, tensor: compute * 0.2, other: 0.004 + 0.04 * saving, hidden: 0.003)
    score.backwardLast = pass(
      (2 * compute + recompute) * slow, tensor: compute * 0.2, other: 0.25, hidden: 0.1)
    score.pointToPointSeconds = isLast ? 0 : 0.003
    score.stableSeconds = score.forward.elapsed + score.backward.elapsed + 2 * score.pointToPointSeconds
    score.deltaSeconds =
      score.forwardFirst.elapsed - score.forward.elapsed + score.backwardLast.elapsed - score.backward.elapsed
    score.memory = memory(choice, inFlight: inFlight, isLast: isLast)
    score.hostBytesPerGPU = Double(choice.offload.optimizer) * 0.7 * gib
    return score
  }

  private static func memory(_ choice: StageChoice, inFlight: Int, isLast: Bool) -> MemoryBreakdown {
    var memory = MemoryBreakdown()
    let parameters = Double(choice.layers) * 453e6 / Double(choice.tensorParallel)
    let shards = Double(choice.dataParallel)
    memory.weights = 2 * parameters
    memory.gradients = 2 * parameters / (choice.zero >= 2 ? shards : 1)
    memory.optimizer = 12 * parameters / shards * Double(8 - choice.offload.optimizer) / 8
    let kept = Double(choice.layers) - 0.9 * Double(choice.checkpointedLayers)
    memory.activations = kept * Double(inFlight) * 0.19 * gib * Double(8 - choice.offload.activations) / 8
    memory.transient = (isLast ? 1.6 : 0.7) * gib
    memory.buffers = 0.3 * gib
    memory.allocated =
      memory.weights + memory.gradients + memory.optimizer + memory.activations + memory.transient + memory.buffers
    memory.reserved = memory.allocated * 1.04 + 0.9 * gib
    memory.context = 0.9 * gib
    memory.capacity = 39.6 * gib
    memory.headroom = 1.1 * gib
    memory.peakInBackward = !isLast
    memory.spare = memory.capacity - memory.headroom - memory.reserved - memory.context
    return memory
  }

  /// Plans that a search could have looked at, from a fixed seed.
  static func considered(_ count: Int, around best: ScoredPlan) -> [ConsideredPlan] {
    var random = SeededRandom(seed: 7)
    return (0..<count).map { _ in
      let memory = 14 + 24 * random.unit()
      let floor = best.score.closedFormSeconds * (1 + 0.9 * max(0, 36 - memory) / 22)
      let seconds = floor * (1.01 + 1.4 * random.unit() * random.unit())
      return ConsideredPlan(
        peakReservedBytes: memory * gib, closedFormSeconds: seconds, iterationSeconds: seconds, stages: 4,
        gradientAccumulation: 128,
        tensorParallel: 2)
    }
  }
}

/// Numbers from a seed, the same on every machine (SplitMix64).
struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// 0..<1.
  mutating func unit() -> Double { Double(next() >> 11) / 9_007_199_254_740_992 }
}
