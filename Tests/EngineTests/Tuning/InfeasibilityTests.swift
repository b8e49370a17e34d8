import Foundation
import Testing

@testable import Engine

/// Questions that nothing fits: what binds, and changes that do fit.
@Suite struct InfeasibilityTests {
  private static let small = SearchSpace(
    name: "small", summary: "for tests", microBatches: nil, zeroLevels: [0, 1], weightEighths: [0],
    gradientEighths: [0], optimizerEighths: [0, 8], activationEighths: [0], weightsNeedGradients: false,
    layerSlack: nil, powerOfTwoMeshes: false)

  /// Twenty questions with too little device or host memory, on one to three nodes.
  private static let cases: [(nodes: Int, gpus: Int, layers: Int, gibibytes: Double, host: Double)] = {
    var found: [(nodes: Int, gpus: Int, layers: Int, gibibytes: Double, host: Double)] = []
    for (nodes, gpus) in [(1, 1), (1, 2), (2, 1), (3, 1), (2, 2)] {
      for (layers, share) in [(4, 0.30), (5, 0.24)] {
        for host in found.count / 4 % 2 == 0 ? [1e9, 1e13] : [1e13, 1e9] {
          found.append((nodes, gpus, layers, share * Double(layers), host))
        }
      }
    }
    return found
  }()

  private func workload(_ index: Int) -> Workload {
    let question = Self.cases[index]
    var cluster = TestMachines.cluster(nodes: question.nodes, gpusPerNode: question.gpus)
    // Small enough that no number of GPUs in the question suffices.
    cluster.nodeType.gpu.memoryBytes.value =
      question.gibibytes / Double(question.nodes * question.gpus) * 1_073_741_824
    cluster.nodeType.gpu.contextBytes.value = 0
    cluster.nodeType.hostMemoryBytes.value = question.host
    return Workload(
      name: "small", model: TestMachines.gpt(hidden: 2048, layers: question.layers, heads: 2), cluster: cluster,
      run: TrainingRun(sequenceLength: 2048, globalBatch: 2, precision: .fp16), limits: Limits())
  }

  /// The question with a change, applied as the command line applies it.
  private func apply(_ change: FittingChange, to workload: Workload) throws -> (Workload, SearchSpace) {
    let root = try ConfigNode.parse(WorkloadWriter.yaml(of: workload), file: "question").applying(change.set)
    var changed = try WorkloadSource.workload(
      ConfigNode(
        place: root.place,
        content: .mapping(try root.anyMapping().entries.filter { $0.key != "brume" })), folder: nil, defaultName: "x")
    var space = Self.small
    var flags = change.flags[...]
    while let flag = flags.popFirst() {
      let value = flags.popFirst() ?? ""
      switch flag {
      case "--space": space = try #require(SearchSpace.named(value))
      case "--headroom": changed.limits.headroomBytes = Quantity.number(value) ?? -1
      case "--memory-limit": changed.limits.memoryShare = Quantity.number(value) ?? -1
      case "--runtime": changed.run.runtime = value
      default: Issue.record("unknown flag \(flag)")
      }
    }
    return (changed, space)
  }

  /// All twenty with BRUME_SLOW=1, else two.
  private static let isSlow = ProcessInfo.processInfo.environment["BRUME_SLOW"] == "1"

  @Test("questions that nothing fits name stage and part, and each change that they offer finds a plan")
  func twenty() throws {
    #expect(Self.cases.count == 20)
    var parts: Set<MemoryPart> = []
    for index in stride(from: 0, to: 20, by: Self.isSlow ? 1 : 11) {
      let workload = workload(index)
      let request = TuneRequest(space: Self.small)
      let result = TuningSession(workload: workload, now: { 0 }).tune(request)
      #expect(result.status == .infeasible, "\(Self.cases[index])")
      let reason = try #require(result.infeasibility)
      #expect(reason.missingBytes > 0, "\(Self.cases[index])")
      #expect((0..<workload.model.layers).contains(reason.stage))
      parts.insert(reason.part)
      #expect(!reason.suggestions.isEmpty, "\(Self.cases[index])")
      for change in reason.suggestions {
        let (changed, space) = try apply(change, to: workload)
        let cancel = CancelToken()
        let answer = TuningSession(workload: changed, now: { 0 }).tune(TuneRequest(space: space), cancel: cancel) {
          if case .improved = $0 { cancel.cancel() }
        }
        #expect(answer.best != nil, "\(Self.cases[index]): \(change.text)")
      }
    }
    if Self.isSlow { #expect(parts.count > 1, "\(parts)") }
  }

  @Test("a change says how it is applied")
  func arguments() {
    let change = FittingChange("x", set: ["cluster.nodes=4"], flags: ["--space", "mist"])
    #expect(change.arguments == ["--set", "cluster.nodes=4", "--space", "mist"])
  }

  @Test("the largest part of a moment is what binds")
  func part() {
    var memory = MemoryBreakdown()
    memory.optimizer = 3
    memory.activations = 5
    #expect(memory.largestPart == .activations)
    memory.weights = 5
    #expect(memory.largestPart == .weights)
  }
}
