import Foundation
import Testing

@testable import Engine

/// What more of a scarce resource buys, against searches that are asked by hand.
@Suite struct MarginalValueTests {
  /// Two nodes of two GPUs with so much memory that it binds.
  private static func workload() -> Workload {
    TestMachines.tightWorkload(nodes: 2, gpusPerNode: 2, layers: 4, batch: 8, gibibytes: 2.6, hostBytes: 40e9)
  }

  private static func request(_ pins: String...) throws -> TuneRequest {
    TuneRequest(space: PinTests.space, threads: 1, pins: try PlanPins(texts: pins))
  }

  /// The answer of a new session for a workload that is read as a command line gives it.
  private func headless(_ workload: Workload, set: [String], _ request: TuneRequest) throws -> ScoredPlan? {
    let node = try ConfigNode.parse(WorkloadWriter.yaml(of: workload), file: "small.yaml").applying(set)
    let changed = try InputDocument.load("-", set: [], standardInput: node.yaml()).workload
    return TuningSession(workload: changed, now: { 0 }).tune(request).best
  }

  @Test("each marginal value is the difference of two searches that are given the workload and the assignments")
  func differences() throws {
    let workload = Self.workload()
    for request in [try Self.request(), try Self.request("1.offload.optimizer=1")] {
      let session = TuningSession(workload: workload, now: { 0 })
      var streamed: [MarginalValue] = []
      let values = session.marginalValues(request) { streamed.append($0) }
      #expect(values == streamed)
      #expect(values.map(\.step) == ResourceStep.all(of: workload.cluster))
      let before = try #require(try headless(workload, set: [], request))
      for value in values {
        let after = try #require(try headless(workload, set: value.set, request), "\(value.set)")
        #expect(value.seconds == after.score.iterationSeconds - before.score.iterationSeconds, "\(value.step.text)")
        #expect(value.after == after && value.before == before)
        #expect(value.isProved)
        #expect(value.secondsPerUnit == value.seconds.map { $0 / value.step.amount })
      }
    }
  }

  @Test("of 4 random questions (40 with BRUME_SLOW=1) each value is that difference, also where nothing fits")
  func randomDifferences() throws {
    let isSlow = ProcessInfo.processInfo.environment["BRUME_SLOW"] == "1"
    var random = SymbolicRandom(seed: 125)
    var (known, unknown) = (0, 0)
    for _ in 0..<(isSlow ? 40 : 4) {
      let workload = TestMachines.tightWorkload(
        nodes: 1 + random.below(2), gpusPerNode: 1 << random.below(2), layers: 2 + random.below(3),
        batch: 4 << random.below(2), gibibytes: 1.4 + 0.2 * Double(random.below(12)), hostBytes: 40e9)
      let pins = (0..<random.below(3)).map { _ in PinTests.randomPin(&random, stages: 2) }
      let request = TuneRequest(space: PinTests.space, threads: 1, pins: PlanPins(pins))
      let before = try headless(workload, set: [], request)
      for value in TuningSession(workload: workload, now: { 0 }).marginalValues(request) {
        let after = try headless(workload, set: value.set, request)
        #expect(value.before == before && value.after == after, "\(value.set) \(pins)")
        let seconds = after.flatMap { after in
          before.map { after.score.iterationSeconds - $0.score.iterationSeconds }
        }
        #expect(value.seconds == seconds, "\(value.set) \(pins)")
        if seconds == nil { unknown += 1 } else { known += 1 }
      }
    }
    #expect(known > 0, "\(known) values, and \(unknown) where nothing fits")
    if isSlow { #expect(known > 50 && unknown > 0, "\(known) values, and \(unknown) where nothing fits") }
  }

  @Test("where a resource is not scarce its value is 0, and where it is the plan changes with it")
  func binding() throws {
    let values = TuningSession(workload: Self.workload(), now: { 0 }).marginalValues(try Self.request())
    func value(_ resource: ScarceResource) throws -> MarginalValue {
      try #require(values.first { $0.step.resource == resource })
    }
    let memory = try value(.deviceMemory)
    #expect(memory.binds && !memory.changes.isEmpty && (memory.seconds ?? 0) < 0)
    // More memory alone makes no plan faster: all of its value is in another plan.
    #expect(memory.samePlanSeconds == memory.before?.score.iterationSeconds)
    let compute = try value(.compute)
    #expect(compute.binds && (compute.samePlanSeconds ?? .infinity) < (compute.before?.score.iterationSeconds ?? 0))

    var roomy = Self.workload()
    roomy.cluster.nodeType.gpu.memoryBytes.value = 80 * 1_073_741_824
    roomy.cluster.nodeType.hostMemoryBytes.value = 1e13
    let steps = [ResourceStep(.deviceMemory, 1), ResourceStep(.hostMemory, 1)]
    for value in TuningSession(workload: roomy, now: { 0 }).marginalValues(try Self.request(), steps: steps) {
      #expect(value.seconds == 0 && !value.binds && value.changes.isEmpty, "\(value.step.text)")
    }
  }

  @Test("a step on the links makes every group as much faster as the bound of its ring, and no other")
  func links() throws {
    let cluster = TestMachines.cluster(nodes: 4, gpusPerNode: 8)
    var workload = Self.workload()
    workload.cluster = cluster
    workload.cluster.nodeType.links.pairs = PairLinks(
      inside: Link(gibibytesPerSecond: 6, latencySeconds: 5e-5, provenance: .measured),
      between: Link(gibibytesPerSecond: 2, latencySeconds: 2e-4, provenance: .measured), source: "a \"pair\", measured")
    let fabric = try ResourceStep(.fabric, 12.5).changed(workload).cluster
    let inside = try ResourceStep(.insideLink, 8).changed(workload).cluster
    #expect(fabric.nodeType.links.fabricBytesPerSecond.value == 25e9)
    #expect(inside.nodeType.links.insideBytesPerSecond.value == 16e9)
    for nodes in [1, 2, 3, 4] {
      for gpus in [1, 2, 3, 4, 8] where nodes * gpus > 1 {
        let group = GroupShape(nodes: nodes, gpusPerNode: gpus)
        let old = workload.cluster.nodeType.links.ringBound(group, of: 8)
        for changed in [fabric, inside] {
          let ratio = changed.nodeType.links.ringBound(group, of: 8) / old
          let link = changed.collectiveLink(group)
          let before = workload.cluster.collectiveLink(group)
          #expect(abs(link.gibibytesPerSecond / before.gibibytesPerSecond / ratio - 1) < 1e-12, "\(group)")
          #expect(link.latencySeconds == before.latencySeconds)
        }
      }
    }
    // Eight GPUs share 12.5 GB/s between nodes, and reach 8 GB/s each inside: up to 5 of them are bound by the fabric.
    #expect(fabric.nodeType.links.pairs?.inside == workload.cluster.nodeType.links.pairs?.inside)
    #expect(fabric.nodeType.links.pairs?.source == "a \"pair\", measured")
    #expect(inside.nodeType.links.pairs?.inside?.gibibytesPerSecond == 12)
  }

  @Test("a cancelled call returns the values that it had, each of them whole")
  func cancelled() throws {
    let cancel = CancelToken()
    let session = TuningSession(workload: Self.workload(), now: { 0 })
    var count = 0
    let values = session.marginalValues(try Self.request(), cancel: cancel) { _ in
      count += 1
      if count == 2 { cancel.cancel() }
    }
    #expect(values.count == 2)
    let whole = session.marginalValues(try Self.request(), steps: values.map(\.step))
    #expect(values == whole)
  }

  @Test("every sample and shipped plan has a value for each step, with assignments that its file accepts")
  func samples() throws {
    for name in ["gpt-1.3b-2xl4", "gpt-22b-32xl4", "llama-13b-16xa100-40", "llama-70b-512xh100"] {
      let workload = try WorkloadSource.load(name)
      for step in ResourceStep.all(of: workload.cluster) {
        let set = step.assignments(for: workload.cluster)
        let changed = try WorkloadSource.load(name, set: set)
        let same = try step.changed(workload)
        #expect(changed.cluster != workload.cluster, "\(name): \(step.text)")
        #expect(changed == same, "\(name): \(set)")
      }
    }
  }
}
