import Testing

@testable import Engine

/// Sweeps over cluster sizes, costs, batches and sequence lengths.
@Suite struct FrontierSweepTests {
  private let small = SearchSpace(
    name: "small", summary: "for tests", microBatches: nil, zeroLevels: [0, 3], weightEighths: [0],
    gradientEighths: [0], optimizerEighths: [0, 8], activationEighths: [0], weightsNeedGradients: false,
    layerSlack: nil, powerOfTwoMeshes: false)

  private func workload(nodes: Int, gpusPerNode: Int, layers: Int = 4, batch: Int = 8, gibibytes: Double = 4)
    -> Workload
  {
    var workload = TestMachines.tightWorkload(
      nodes: nodes, gpusPerNode: gpusPerNode, layers: layers, batch: batch, gibibytes: gibibytes, hidden: 1024)
    workload.cluster.nodeType.dollarsPerGPUHour = Figure(3.6, .assumed, source: "test")
    return workload
  }

  private func points(_ axis: FrontierAxis, _ workload: Workload) -> [SweepPoint] {
    FrontierSweep(workload: workload, request: TuneRequest(space: small), now: { 0 }).points(axis)
  }

  @Test("sizes are 1, 2, 4 ... nodes and the cluster's own; on one node its GPUs")
  func sizes() {
    let many = TestMachines.cluster(nodes: 12, gpusPerNode: 8)
    #expect(FrontierSweep.doublings(many).map(\.nodes) == [1, 2, 4, 8, 12])
    #expect(FrontierSweep.halfDoublings(many).map(\.nodes) == [1, 2, 3, 4, 6, 8, 12])
    let one = TestMachines.cluster(nodes: 1, gpusPerNode: 6)
    #expect(FrontierSweep.doublings(one).map(\.gpusPerNode) == [1, 2, 4, 6])
    #expect(FrontierSweep.doublings(TestMachines.cluster(nodes: 1, gpusPerNode: 1)).map(\.gpuCount) == [1])
  }

  @Test("no size is slower than a smaller one, and each is its own optimum", arguments: [(3, 2), (3, 1), (1, 3)])
  func gpus(nodes: Int, gpusPerNode: Int) throws {
    let workload = workload(nodes: nodes, gpusPerNode: gpusPerNode, gibibytes: 16)
    let points = points(.gpus, workload)
    #expect(points.last?.workload.cluster == workload.cluster)
    for (smaller, larger) in zip(points, points.dropFirst()) {
      let (before, after) = (try #require(smaller.best), try #require(larger.best))
      #expect(after.score.iterationSeconds <= before.score.iterationSeconds)
      #expect(after.score.closedFormSeconds <= before.score.closedFormSeconds * (1 + 1e-12))
    }
    for point in points {
      let best = try #require(point.best)
      let own = TuningSession(workload: point.workload, now: { 0 }).tune(TuneRequest(space: small, alternatives: 0))
      if let own = own.best, own.score.iterationSeconds <= best.score.iterationSeconds { #expect(own == best) }
      let tokens = Double(point.workload.run.globalBatch * point.workload.run.sequenceLength)
      let rate = tokens / best.score.iterationSeconds / Double(point.gpus)
      #expect(abs(best.score.tokensPerSecondPerGPU / rate - 1) < 1e-12, "idle GPUs count")
    }
  }

  @Test("points on the cost axis are those that no size beats in both time and cost")
  func cost() throws {
    let workload = workload(nodes: 4, gpusPerNode: 2)
    let all = FrontierSweep.halfDoublings(workload.cluster)
    let points = points(.cost, workload)
    #expect(!points.isEmpty && points.count <= all.count)
    for point in points {
      let best = try #require(point.best)
      // 3.6 dollars an hour are a thousandth of a dollar a second.
      #expect(abs((point.iterationCost ?? 0) / (best.score.iterationSeconds * Double(point.gpus) * 0.001) - 1) < 1e-12)
    }
    for (smaller, larger) in zip(points, points.dropFirst()) {
      #expect(larger.iterationCost ?? 0 > smaller.iterationCost ?? .infinity)
      #expect(larger.best?.score.iterationSeconds ?? .infinity < smaller.best?.score.iterationSeconds ?? 0)
    }
  }

  @Test("a summary finds the cheapest, the fastest and the last step that is worth it")
  func summary() throws {
    func point(_ nodes: Int, _ seconds: Double?) -> SweepPoint {
      let workload = workload(nodes: nodes, gpusPerNode: 1)
      guard let seconds else { return SweepPoint(workload: workload, best: nil) }
      var score = PlanScore()
      score.iterationSeconds = seconds
      score.tokensPerSecondPerGPU = 1 / seconds / Double(nodes)
      return SweepPoint(
        workload: workload, best: ScoredPlan(plan: Plan(gradientAccumulation: 1, stages: []), score: score))
    }
    // Too small; then 1.6, 2.2, 1.4 and 1 times as fast with each doubling.
    let seconds = [100, 62.5, 28.4, 20.3, 20.3]
    let points = [point(1, nil)] + zip([2, 4, 8, 16, 32], seconds).map { point($0, $1) }
    let summary = try #require(ScalingSummary(points))
    #expect((summary.cheapest, summary.knee, summary.fastest) == (1, 3, 4))
    #expect(summary.speedups[0] == nil && summary.speedups[1] == 1)
    #expect(abs((summary.efficiencies[2] ?? 0) - 0.8) < 1e-12)
    #expect(ScalingSummary([point(1, nil)]) == nil)
  }

  @Test("a range of batches is tuned at each, and the one with the most tokens per second is taken")
  func batches() throws {
    var workload = workload(nodes: 1, gpusPerNode: 2)
    #expect(points(.batch, workload).map(\.workload.run.globalBatch) == [2, 4, 8, 16, 32])
    workload.run.batchChoices = [6, 12, 16]
    let found = points(.batch, workload)
    #expect(found.map(\.workload.run.globalBatch) == [6, 12, 16])
    let best = try #require(
      found.max { ($0.best?.score.tokensPerSecond ?? 0) < ($1.best?.score.tokensPerSecond ?? 0) })
    let chosen = FrontierSweep(workload: workload, request: TuneRequest(space: small), now: { 0 }).bestBatch()
    #expect(chosen == best.workload)
    #expect(chosen?.run.batchChoices == [])
    workload.run.batchChoices = []
    #expect(FrontierSweep(workload: workload, request: TuneRequest(space: small), now: { 0 }).bestBatch() == nil)
  }

  @Test("the longest sequence has a plan, and 1024 tokens more have none")
  func sequences() throws {
    let workload = workload(nodes: 1, gpusPerNode: 1, layers: 2, batch: 2, gibibytes: 3)
    let found = points(.sequence, workload)
    let lengths = found.map(\.workload.run.sequenceLength)
    #expect(lengths.prefix(2) == [1024, 2048])
    #expect(lengths == lengths.sorted() && Set(lengths).count == lengths.count)
    var longer = workload
    longer.run.sequenceLength = (try #require(lengths.last) / 1024 + 1) * 1024
    let answer = TuningSession(workload: longer, now: { 0 }).tune(TuneRequest(space: small))
    #expect(answer.status == .infeasible)
  }

  @Test("a cancelled sweep returns the points that it has")
  func cancel() {
    let cancel = CancelToken()
    let sweep = FrontierSweep(
      workload: workload(nodes: 4, gpusPerNode: 2), request: TuneRequest(space: small), cancel: cancel, now: { 0 },
      onPoint: { _ in cancel.cancel() })
    #expect(sweep.points(.gpus).count == 1)
  }

  @Test("a batch is a number, a range in doublings, or a list; anything else says what would be right")
  func reading() throws {
    func batches(_ text: String) throws -> [Int] {
      let root = try ConfigNode.parse("batch: \(text)", file: "w.yaml").anyMapping()
      return try BatchReader.batches(try root.required("batch", BatchReader.expected))
    }
    #expect(try batches("512") == [512])
    #expect(try batches("512..2048") == [512, 1024, 2048])
    #expect(try batches("500..1200") == [500, 1000, 1200])
    #expect(try batches("64..64") == [64])
    #expect(try batches("[768, 512, 512]") == [512, 768])
    for wrong in ["2048..512", "0..8", "a..b", "[]", "[0]", "{from: 1}", "512.."] {
      #expect(throws: InputError.self, "\(wrong)") { try batches(wrong) }
    }
  }

  @Test("a workload with several batches is written and read again")
  func writing() throws {
    var workload = workload(nodes: 1, gpusPerNode: 2)
    workload.run.batchChoices = [2, 4, 8]
    let root = try ConfigNode.parse(WorkloadWriter.yaml(of: workload), file: "w.yaml")
    let entries = try root.anyMapping().entries.filter { $0.key != "brume" }
    let read = try WorkloadSource.workload(
      ConfigNode(place: root.place, content: .mapping(entries)), folder: nil, defaultName: nil)
    #expect(read == workload)
  }
}
