/// A question about a workload that one key asks: what would the best plan be if this were otherwise?
public enum WhatIf: String, Sendable, Hashable, CaseIterable {
  /// Twice the nodes; on one node twice the GPUs, as far as it has them.
  case twiceTheGPUs
  /// Half the nodes; on one node half the GPUs.
  case halfTheGPUs
  /// Twice the global batch.
  case twiceTheBatch
  /// Half the global batch.
  case halfTheBatch
  /// Samples of twice the length.
  case twiceTheSequence
  /// Samples of half the length.
  case halfTheSequence
  /// fp8 products instead of 16-bit ones, or 16-bit ones instead of fp8.
  case otherPrecision
  /// The next kind of GPU among the machines that ship: as many nodes.
  case otherGPU
  /// Everything on the device.
  case noOffload
  /// All of the device memory: no limit and no headroom.
  case allTheMemory
}

/// A question in full: what is tuned to answer it.
public struct WhatIfQuestion: Sendable {
  /// Which one.
  public var kind: WhatIf
  /// What it changes, for people: `8 nodes instead of 4`.
  public var title: String
  /// The workload to tune.
  public var workload: Workload
  /// What to search for.
  public var request: TuneRequest
}

/// Why a question cannot be asked of a workload.
public enum WhatIfError: Error, Sendable, Equatable {
  /// The number is odd, or is 1: what is counted.
  case noHalf(Int, of: String)
  /// No space or runtime here offloads anything.
  case noOffload(space: String)
  /// The GPU multiplies no fp8 numbers any faster.
  case noFasterFormat(gpu: String)
  /// All of the memory may be used already.
  case noLimit
  /// No other kind of GPU ships.
  case noOtherGPU
  /// The changed value is not one that a workload may have.
  case value(InputError)
}

extension WhatIfError: CustomStringConvertible {
  /// What is in the way.
  public var description: String {
    switch self {
    case .noHalf(let count, let what): "\(count) \(what) cannot be halved"
    case .noOffload(let space): "no plan of the space \(space) offloads anything on this runtime"
    case .noFasterFormat(let gpu): "the \(gpu) has no fp8 units"
    case .noLimit: "all of the device memory may be used already"
    case .noOtherGPU: "no other kind of GPU is known; give a cluster of its own"
    case .value(let error): "\(error)"
    }
  }
}

extension WhatIf {
  /// The question in full, of a workload and of what is searched for it.
  ///
  /// The answer is one plan: there are no alternatives and no certificate. Throws why the question makes no sense here.
  public func question(_ workload: Workload, _ request: TuneRequest) throws(WhatIfError) -> WhatIfQuestion {
    var request = request
    (request.alternatives, request.certify) = (0, false)
    var question = WhatIfQuestion(kind: self, title: "", workload: workload, request: request)
    switch self {
    case .twiceTheGPUs, .halfTheGPUs: try scaleGPUs(&question)
    case .twiceTheBatch, .halfTheBatch: try scale(.batch, workload.run.globalBatch, "samples", &question)
    case .twiceTheSequence, .halfTheSequence: try scale(.sequence, workload.run.sequenceLength, "tokens", &question)
    case .otherPrecision: try changePrecision(&question)
    case .otherGPU: try changeGPU(&question)
    case .noOffload:
      let space = request.space.restricted(to: RuntimeProfile.of(workload.run))
      guard space.withoutOffload != space else { throw .noOffload(space: space.name) }
      question.request.space = request.space.withoutOffload
      question.title = "nothing on the host"
    case .allTheMemory:
      guard workload.limits != Limits(memoryShare: 1, headroomBytes: 0) else { throw .noLimit }
      question.workload.limits = Limits(memoryShare: 1, headroomBytes: 0)
      question.title = "all of the device memory, no headroom"
    }
    return question
  }

  private var isHalf: Bool { [.halfTheGPUs, .halfTheBatch, .halfTheSequence].contains(self) }

  private func scaleGPUs(_ question: inout WhatIfQuestion) throws(WhatIfError) {
    let cluster = question.workload.cluster
    let fillsNode = cluster.gpusPerNode * 2 > cluster.nodeType.gpusPerNode
    let isInside = cluster.nodes == 1 && (isHalf || !fillsNode)
    try scale(
      isInside ? .gpusPerNode : .nodes, isInside ? cluster.gpusPerNode : cluster.nodes, isInside ? "GPUs" : "nodes",
      &question)
  }

  /// Doubles a number, or halves it.
  private func scale(
    _ knob: WorkloadKnob, _ now: Int, _ what: String, _ question: inout WhatIfQuestion
  ) throws(WhatIfError) {
    guard !isHalf || now.isMultiple(of: 2) else { throw .noHalf(now, of: what) }
    let then = isHalf ? now / 2 : now * 2
    try set(knob, "\(then)", &question)
    question.title = "\(then) \(what) instead of \(now)"
  }

  private func changePrecision(_ question: inout WhatIfQuestion) throws(WhatIfError) {
    let now = question.workload.run.precision
    let gpu = question.workload.cluster.nodeType.gpu
    guard now == .fp8 || gpu.fp8Flops != nil else { throw .noFasterFormat(gpu: gpu.title) }
    let then = now == .fp8 ? Precision.bf16 : .fp8
    try set(.precision, then.rawValue, &question)
    question.title = "\(then.rawValue) instead of \(now.rawValue)"
  }

  /// The first kind with the next GPU, in the order in which kinds ship and round; several kinds may have one GPU.
  private func changeGPU(_ question: inout WhatIfQuestion) throws(WhatIfError) {
    let now = question.workload.cluster
    let types = (try? Catalogue.nodeTypes) ?? []
    var firsts: [NodeType] = []
    for type in types where !firsts.contains(where: { $0.gpu.name == type.gpu.name }) { firsts.append(type) }
    let index = firsts.firstIndex { $0.gpu.name == now.nodeType.gpu.name } ?? -1
    guard !firsts.isEmpty else { throw .noOtherGPU }
    let next = firsts[(index + 1) % firsts.count]
    guard next.gpu.name != now.nodeType.gpu.name else { throw .noOtherGPU }
    try set(.cluster, next.name, &question)
    question.title = "\(question.workload.cluster.label) instead of \(now.label)"
  }

  private func set(_ knob: WorkloadKnob, _ text: String, _ question: inout WhatIfQuestion) throws(WhatIfError) {
    do {
      question.workload = try WorkloadEditor(question.workload).setting(knob, to: text)
    } catch {
      throw .value(error)
    }
  }
}
