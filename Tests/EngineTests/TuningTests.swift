import Testing

@testable import Engine

/// Whole searches on workloads small enough to enumerate.
@Suite struct TuningTests {
  /// A space of few strategies, so that all plans can be written down.
  private let small = SearchSpace(
    name: "small", summary: "for tests", microBatches: nil, zeroLevels: [0, 1, 3], weightEighths: [0],
    gradientEighths: [0], optimizerEighths: [0, 8], activationEighths: [0, 4], weightsNeedGradients: false,
    layerSlack: nil, powerOfTwoMeshes: false)

  private func workload(layers: Int, gpus: Int, batch: Int, gibibytes: Double) -> Workload {
    TestMachines.tightWorkload(gpusPerNode: gpus, layers: layers, batch: batch, gibibytes: gibibytes)
  }

  /// Every plan of the space, scored one by one.
  private func bestByEnumeration(_ workload: Workload) throws -> Double? {
    let session = TuningSession(workload: workload, now: { 0 })
    var best: Double?
    for shape in PlanShape.all(workload: workload, space: small) {
      for layers in Enumeration.splits(workload.model.layers, shape.stages) {
        let strategies = StrategyGrid(space: small, runtime: .mist, dataParallel: shape.dataParallel).strategies
        let options = layers.map { count in
          strategies.flatMap { strategy in
            (0...count).map { checkpointed in
              StageChoice(
                layers: count, nodes: shape.nodes, gpusPerNode: shape.gpusPerNode, microBatch: shape.microBatch,
                dataParallel: shape.dataParallel, tensorParallel: shape.tensorParallel, zero: strategy.zero,
                checkpointedLayers: checkpointed, offload: strategy.offload)
            }
          }
        }
        try Enumeration.each(options) { stages in
          let score = try session.score(Plan(gradientAccumulation: shape.microBatches, stages: stages))
          if score.fits { best = min(best ?? .infinity, score.closedFormSeconds) }
        }
      }
    }
    return best
  }

  @Test("the optimum equals enumerating every plan", arguments: [2.0, 2.6, 8.0])
  func enumeration(gibibytes: Double) throws {
    let workload = workload(layers: 3, gpus: 2, batch: 4, gibibytes: gibibytes)
    let expected = try bestByEnumeration(workload)
    let result = TuningSession(workload: workload, now: { 0 }).tune(TuneRequest(space: small))
    if let expected {
      #expect(result.status == .optimal)
      let found = try #require(result.best?.score.closedFormSeconds)
      #expect(abs(found / expected - 1) < 1e-12)
      #expect(result.best?.score.fits == true)
    } else {
      #expect(result.status == .infeasible)
      #expect(result.best == nil)
    }
  }

  @Test("the answer is the same to the last bit on one and on three threads")
  func threads() throws {
    let workload = workload(layers: 6, gpus: 4, batch: 16, gibibytes: 4)
    let session = TuningSession(workload: workload, now: { 0 })
    let one = session.tune(TuneRequest(space: small, threads: 1))
    let three = session.tune(TuneRequest(space: small, threads: 3))
    #expect(one.best == three.best)
    #expect(one.best != nil)
    #expect(one.alternatives == three.alternatives)
  }

  @Test("a larger space is never slower, and GLPK proves the optimum")
  func containment() throws {
    let workload = workload(layers: 3, gpus: 2, batch: 2, gibibytes: 2.6)
    let session = TuningSession(workload: workload, now: { 0 })
    let paper = try #require(session.tune(TuneRequest(space: .mistPaper)).best)
    let whole = session.tune(TuneRequest(space: .mist, certify: true))
    let best = try #require(whole.best)
    #expect(best.score.closedFormSeconds <= paper.score.closedFormSeconds)
    let certificate = try #require(whole.certificate)
    #expect(abs(certificate.bound / best.score.closedFormSeconds - 1) < 1e-6)
  }

  @Test("where nothing fits, the answer names what is missing and what would fit")
  func infeasible() throws {
    let workload = workload(layers: 4, gpus: 1, batch: 4, gibibytes: 0.5)
    let result = TuningSession(workload: workload, now: { 0 }).tune(TuneRequest(space: small))
    #expect(result.status == .infeasible)
    let reason = try #require(result.infeasibility)
    #expect(reason.missingBytes > 0)
  }

  @Test("where stages of one node need more host memory than it has, what is missing is positive")
  func hostMemory() throws {
    var workload = workload(layers: 6, gpus: 2, batch: 4, gibibytes: 1.6)
    workload.cluster.nodeType.hostMemoryBytes.value = 2e9
    let result = TuningSession(workload: workload, now: { 0 }).tune(TuneRequest(space: small))
    #expect(result.status == .infeasible)
    let reason = try #require(result.infeasibility)
    #expect(reason.missingBytes > 0)
    // More headroom or a shorter sequence does not help where the host's memory binds; more nodes do.
    #expect(reason.part == .host)
    #expect(
      reason.suggestions.allSatisfy { !$0.text.contains("headroom") && !$0.text.contains("sequence") },
      "\(reason.suggestions)")
  }

  @Test("a cancelled search stops and keeps what it found")
  func cancel() {
    let workload = workload(layers: 6, gpus: 4, batch: 16, gibibytes: 4)
    let cancel = CancelToken()
    let session = TuningSession(workload: workload, now: { 0 })
    let result = session.tune(TuneRequest(space: .mist), cancel: cancel) { event in
      if case .improved = event { cancel.cancel() }
    }
    #expect(result.status == .feasible)
    #expect(result.best != nil)
    let nothing = session.tune(TuneRequest(space: .mist), cancel: cancel)
    #expect(nothing.status == .cancelled)
    #expect(nothing.best == nil)
  }

  @Test("the frontier falls in memory and never in time, and every point fits its budget")
  func frontier() throws {
    let workload = workload(layers: 4, gpus: 2, batch: 8, gibibytes: 4)
    let session = TuningSession(workload: workload, now: { 0 })
    let points = session.frontier(TuneRequest(space: small), steps: 8)
    #expect(points.count >= 2)
    // What is spare is told against the workload's limits, as for any other plan, not against the step's budget.
    for point in points { #expect(try session.score(point.best.plan) == point.best.score) }
    for (richer, poorer) in zip(points, points.dropFirst()) {
      #expect(poorer.memoryShare < richer.memoryShare)
      #expect(poorer.best.score.peakReservedBytes < richer.best.score.peakReservedBytes)
      #expect(poorer.best.score.closedFormSeconds >= richer.best.score.closedFormSeconds * (1 - 1e-12))
    }
    for point in points {
      #expect(point.best.score.stages.allSatisfy { $0.memory.reserved <= $0.memory.capacity * point.memoryShare })
    }
  }
}
