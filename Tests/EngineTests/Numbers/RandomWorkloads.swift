import Foundation

@testable import Engine

/// Random questions small enough to be solved exactly within milliseconds: models of a few layers on up to twelve GPUs of
/// the kinds that ship, with so little memory that it often binds.
struct RandomWorkloads {
  /// Thousands instead of dozens.
  static let isSlow = ProcessInfo.processInfo.environment["BRUME_SLOW"] == "1"

  /// Where all that is random comes from.
  var random: SymbolicRandom

  private let types: [NodeType]

  /// The sequence of a seed.
  init(seed: UInt64) throws {
    random = SymbolicRandom(seed: seed)
    types = try Catalogue.nodeTypes
  }

  /// A question.
  struct Question {
    /// The workload.
    var workload: Workload
    /// The plans to search.
    var space: SearchSpace

    /// The request, on one thread unless told otherwise.
    func request(threads: Int = 1, alternatives: Int = 0) -> TuneRequest {
      TuneRequest(space: space, threads: threads, alternatives: alternatives)
    }

    /// The answer of a session of its own; only where asked for with the reasons why nothing fits, which take many times
    /// as long as to know that.
    func answer(threads: Int = 1, alternatives: Int = 0, explains: Bool = false) -> TuneResult {
      TuningSession(workload: workload, now: { 0 }).answer(
        request(threads: threads, alternatives: alternatives), cancel: CancelToken(), explains: explains)
    }

    /// By how much `factor` times as much of a resource may lengthen the optimum, as a share, beside what interference
    /// does of itself (docs/model.md, section 4): what kernels hide in series with their slot shows when they are faster,
    /// and a pass that waits for its host shortens with its serial collectives, but its kernels' part grows.
    func allowance(_ resource: Workload.Resource, _ factor: Double) -> Double {
      let runtime = RuntimeProfile.of(workload.run)
      let saved = 1 - 1 / factor
      if resource.channels == [.compute] {
        let hides = runtime.gathersInputsAgain && space.sequenceParallel.contains(true)
        return hides || space.contextParallel.contains { $0 > 1 } ? saved : 0
      }
      guard resource.channels.contains(.collective), runtime.hostForwardSeconds.value > 0 else { return 0 }
      let interference = workload.cluster.nodeType.interference
      let responses = InterferenceOrders.all.filter { $0.channels[0] == .compute }.map {
        InterferenceOrders.response($0, interference.published)
      }
      return max(0, (responses.max() ?? 1) - 1) * saved
    }

    /// The question in a line, for messages.
    var label: String {
      let (model, run) = (workload.model, workload.run)
      return "\(workload.cluster.label), \(run.runtime), h \(model.hidden) x \(model.layers), heads \(model.heads)/"
        + "\(model.keyValueHeads), s \(run.sequenceLength), B \(run.globalBatch), \(run.attention), sp "
        + "\(space.sequenceParallel), cp \(space.contextParallel), v \(space.interleave), unlike \(space.unlikeMeshes)"
    }
  }

  /// One of some values.
  mutating func pick<Value>(_ values: [Value]) -> Value { values[random.below(values.count)] }

  /// The next question; on a runtime of those named, or on any that ships.
  mutating func next(runtimes: [String]? = nil) -> Question {
    let run = run(runtimes ?? RuntimeProfile.all.map(\.name))
    var limits = Limits()
    if random.once(in: 2) { limits.headroomBytes = 0 }
    if random.once(in: 3) { limits.memoryShare = pick([0.5, 0.9]) }
    let runtime = RuntimeProfile.of(run)
    let workload = Workload(
      name: "random", model: model(), cluster: cluster(limits, runtime), run: run, limits: limits)
    return Question(workload: workload, space: space())
  }

  private mutating func model() -> ModelShape {
    let heads = pick([4, 8, 16])
    let hidden = heads * pick([32, 64, 128])
    let parallel = random.once(in: 4)
    return ModelShape(
      name: "random", hidden: hidden, feedForward: 16 * ((hidden * (2 + random.below(3)) + 15) / 16),
      layers: 1 + random.below(5), heads: heads, keyValueHeads: random.once(in: 3) ? heads / 4 : heads,
      vocabulary: pick([1_024, 16_384, 50_304]), gatedFeedForward: random.once(in: 2), parallelBlock: parallel,
      normalization: pick(Normalization.allCases), queryKeyValueBias: random.once(in: 3),
      linearBias: random.once(in: 3), positions: pick(PositionEncoding.allCases),
      tiedEmbeddings: random.once(in: 3), source: "random")
  }

  private mutating func run(_ runtimes: [String]) -> TrainingRun {
    TrainingRun(
      sequenceLength: pick([128, 256, 1_024, 2_048]), globalBatch: pick([1, 2, 4, 4, 6, 8]),
      precision: pick(Precision.allCases), attention: pick([.flash, .flash, .unfused]), runtime: pick(runtimes),
      dropout: random.once(in: 4) ? 0.1 : 0)
  }

  private mutating func cluster(_ limits: Limits, _ runtime: RuntimeProfile) -> Cluster {
    var type = pick(types)
    let width = pick([1, 2, 2, 2, 4].filter { $0 <= type.gpusPerNode })
    let nodes = pick([1, 1, 1, 2, 3])
    let fixed = type.gpu.contextBytes.value + (limits.headroomBytes ?? runtime.reservedErrorBytes)
    let gibibytes = exp2(Double.random(in: -3...1.5, using: &random))
    type.gpu.memoryBytes.value = (fixed + gibibytes * 1_073_741_824) / limits.memoryShare
    type.hostMemoryBytes.value = pick([4e9, 3e10, 4e11])
    return Cluster(nodes: nodes, gpusPerNode: width, nodeType: type)
  }

  /// A few levels and shares; sequence and context parallelism, chunks and unlike stages now and then.
  private mutating func space() -> SearchSpace {
    var space = SearchSpace.blank
    space.name = "random"
    space.zeroLevels = pick([[0, 1, 2, 3], [0, 1, 3], [1, 2]])
    space.optimizerEighths = pick([[0], [0, 8], [0, 3, 8]])
    space.activationEighths = pick([[0], [0, 4]])
    space.gradientEighths = pick([[0], [0, 4]])
    space.weightEighths = random.once(in: 4) ? [0, 8] : [0]
    if random.once(in: 2) { space.recomputeKinds = pick([[.full, .selective], [.full, .selectiveOperators]]) }
    if random.once(in: 2) { space.sequenceParallel = [false, true] }
    if random.once(in: 3) { space.contextParallel = [1, 2] }
    if random.once(in: 4) { space.interleave = [1, 2] }
    if random.once(in: 4) { (space.unlikeMeshes, space.unlikeTensorParallel) = (true, true) }
    return space
  }
}

extension Workload {
  /// A resource of which a workload can have more.
  enum Resource: String, CaseIterable {
    /// Memory of a GPU, bytes.
    case deviceMemory
    /// Share of it that may be used.
    case memoryShare
    /// Memory that is not kept free.
    case headroom
    /// RAM of a node.
    case hostMemory
    /// Rates of products: 16 and 8 bits.
    case products
    /// Memory bandwidth of a GPU.
    case memoryBandwidth
    /// Links inside a node, measured and not.
    case insideLinks
    /// Links between nodes, measured and not.
    case fabric
    /// Copies to the GPU.
    case hostToDevice
    /// Copies from the GPU.
    case deviceToHost
    /// All of a GPU's rates.
    case wholeGPU
    /// All links.
    case allLinks

    /// It holds more, and makes nothing faster.
    var isMemory: Bool { [.deviceMemory, .memoryShare, .headroom, .hostMemory].contains(self) }

    /// The channels whose times it shortens.
    var channels: [Channel] {
      switch self {
      case .deviceMemory, .memoryShare, .headroom, .hostMemory: []
      case .products, .memoryBandwidth, .wholeGPU: [.compute]
      case .insideLinks, .fabric: [.collective]
      case .hostToDevice: [.hostToDevice]
      case .deviceToHost: [.deviceToHost]
      case .allLinks: [.collective, .hostToDevice, .deviceToHost]
      }
    }
  }

  /// The workload with `factor` (above 1) times as much of a resource.
  func with(_ factor: Double, of resource: Resource) -> Workload {
    var more = self
    func faster(_ links: inout LinkTable, where isMeant: (GroupShape) -> Bool) {
      for shape in links.measured.keys where isMeant(shape) { links.measured[shape]?.gibibytesPerSecond *= factor }
      for shape in links.allReduce.keys where isMeant(shape) { links.allReduce[shape]?.gibibytesPerSecond *= factor }
    }
    switch resource {
    case .deviceMemory: more.cluster.nodeType.gpu.memoryBytes.value *= factor
    case .memoryShare: more.limits.memoryShare = min(1, limits.memoryShare * factor)
    case .headroom:
      let kept = limits.headroomBytes ?? RuntimeProfile.of(run).reservedErrorBytes
      more.limits.headroomBytes = kept / factor
    case .hostMemory: more.cluster.nodeType.hostMemoryBytes.value *= factor
    case .products:
      more.cluster.nodeType.gpu.peakFlops.value *= factor
      more.cluster.nodeType.gpu.fp8Flops?.value *= factor
    case .memoryBandwidth: more.cluster.nodeType.gpu.memoryBandwidth.value *= factor
    case .insideLinks:
      more.cluster.nodeType.links.insideBytesPerSecond.value *= factor
      more.cluster.nodeType.links.pairs?.inside?.gibibytesPerSecond *= factor
      faster(&more.cluster.nodeType.links) { $0.nodes == 1 }
    case .fabric:
      more.cluster.nodeType.links.fabricBytesPerSecond.value *= factor
      more.cluster.nodeType.links.pairs?.between?.gibibytesPerSecond *= factor
      faster(&more.cluster.nodeType.links) { $0.nodes > 1 }
    case .hostToDevice: more.cluster.nodeType.links.hostToDevice.gibibytesPerSecond *= factor
    case .deviceToHost: more.cluster.nodeType.links.deviceToHost.gibibytesPerSecond *= factor
    case .wholeGPU: more = with(factor, of: .products).with(factor, of: .memoryBandwidth)
    case .allLinks:
      for each in [Resource.insideLinks, .fabric, .hostToDevice, .deviceToHost] { more = more.with(factor, of: each) }
    }
    return more
  }
}
