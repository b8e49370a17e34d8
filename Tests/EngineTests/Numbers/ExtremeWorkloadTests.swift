import Foundation
import Testing

@testable import Engine

/// Figures at the ends of what files may hold: no trap, and no number that is none.
@Suite struct ExtremeWorkloadTests {
  private static let trials = RandomWorkloads.isSlow ? 3_000 : 30

  /// A number of a range, often at one of its ends, else anywhere between by its logarithm.
  private func within(_ range: ClosedRange<Double>, _ workloads: inout RandomWorkloads) -> Double {
    switch workloads.random.below(4) {
    case 0: return range.lowerBound
    case 1: return range.upperBound
    default:
      let low = max(range.lowerBound, range.upperBound * 1e-18)
      let value = low * exp(Double.random(in: 0...1, using: &workloads.random) * log(range.upperBound / low))
      return min(range.upperBound, max(range.lowerBound, value))
    }
  }

  private func whole(_ range: ClosedRange<Int>, _ workloads: inout RandomWorkloads) -> Int {
    Int(within(Double(range.lowerBound)...Double(range.upperBound), &workloads))
  }

  /// A GPU and links of any figures that `HardwareReader` and `NodeTypeReader` take.
  private func distort(_ type: inout NodeType, _ workloads: inout RandomWorkloads) {
    func set(_ figure: inout Figure, _ range: ClosedRange<Double>) {
      if workloads.random.once(in: 2) { figure.value = within(range, &workloads) }
    }
    func set(_ link: inout Link) {
      guard workloads.random.once(in: 2) else { return }
      link.gibibytesPerSecond = within(1e-6...1e6, &workloads)
      link.latencySeconds = within(0...10, &workloads)
    }
    set(&type.gpu.memoryBytes, 1e6...1e14)
    set(&type.gpu.peakFlops, 1e9...1e18)
    set(&type.gpu.memoryBandwidth, 1e6...1e16)
    set(&type.gpu.gemm.share, 0.001...1)
    set(&type.gpu.gemm.halfDepth, 0...1e6)
    set(&type.gpu.gemm.waveElements, 0...1e9)
    set(&type.gpu.flashForwardShare, 0.001...1)
    set(&type.gpu.flashBackwardShare, 0.001...1)
    set(&type.gpu.flashHalfSequence, 0...1e6)
    set(&type.gpu.elementwiseShare, 0.001...1)
    set(&type.gpu.launchSeconds, 0...1)
    set(&type.gpu.contextBytes, 0...1e12)
    set(&type.gpu.communicatorBytes, 0...1e12)
    set(&type.hostMemoryBytes, 1e9...1e15)
    set(&type.links.insideBytesPerSecond, 1e6...1e15)
    set(&type.links.fabricBytesPerSecond, 1e6...1e15)
    set(&type.links.collectiveShare, 0.001...1)
    set(&type.links.insideLatencySeconds, 0...10)
    set(&type.links.fabricLatencySeconds, 0...10)
    set(&type.links.hostToDevice)
    set(&type.links.deviceToHost)
    if workloads.random.once(in: 2) { type.links.measured = [:] }
    if workloads.random.once(in: 2) { type.links.allReduce = [:] }
    for shape in type.links.measured.keys.sorted(by: LinkTable.inOrder) {
      if var link = type.links.measured[shape] {
        set(&link)
        type.links.measured[shape] = link
      }
    }
    if workloads.random.once(in: 3),
      let wild = Interference(published: (0..<28).map { _ in within(1...1_000, &workloads) })
    {
      type.interference = wild
    }
  }

  private func distort(_ workload: inout Workload, _ workloads: inout RandomWorkloads, layers: Int) {
    func set(_ count: inout Int, _ range: ClosedRange<Int>) {
      if workloads.random.once(in: 3) { count = whole(range, &workloads) }
    }
    set(&workload.model.hidden, 1...1_000_000)
    set(&workload.model.feedForward, 1...10_000_000)
    set(&workload.model.layers, 1...layers)
    set(&workload.model.headWidth, 1...100_000)
    set(&workload.model.vocabulary, 1...100_000_000)
    set(&workload.model.normsPerLayer, 0...8)
    if workloads.random.once(in: 3) {
      workload.model.heads = whole(1...100_000, &workloads)
      workload.model.keyValueHeads = workloads.pick([1, workload.model.heads])
    }
    set(&workload.run.sequenceLength, 1...100_000_000)
    set(&workload.run.globalBatch, 1...10_000_000)
    if workloads.random.once(in: 3) { workload.run.dropout = 0.99 }
    if workloads.random.once(in: 2) { workload.run.trainingTokens = within(1...1e18, &workloads) }
    if workloads.random.once(in: 3) { workload.limits.headroomBytes = within(0...1e13, &workloads) }
    distort(&workload.cluster.nodeType, &workloads)
  }

  @Test("a search at the ends of the ranges ends, and what it says of a plan are numbers")
  func searches() throws {
    var workloads = try RandomWorkloads(seed: 831)
    var (found, infeasible) = (0, 0)
    for _ in 0..<Self.trials {
      var question = workloads.next()
      distort(&question.workload, &workloads, layers: 24)
      let result = question.answer(alternatives: 2, explains: workloads.random.once(in: 20))
      let label = "\(question.label), \(question.workload)"
      #expect([SearchStatus.optimal, .infeasible].contains(result.status), "\(label)")
      #expect(result.lowerBoundSeconds.isFinite, "\(label)")
      infeasible += result.best == nil ? 1 : 0
      if let reason = result.infeasibility { #expect(NonFinite.paths(in: reason).isEmpty, "\(label)") }
      for plan in [result.best].compactMap(\.self) + result.alternatives {
        found += 1
        #expect(NonFinite.paths(in: plan.score).isEmpty, "\(NonFinite.paths(in: plan.score)) \(label)")
        #expect(plan.score.iterationSeconds > 0 && plan.score.closedFormSeconds > 0, "\(label)")
      }
    }
    #expect(found > Self.trials / 10 && infeasible > Self.trials / 10)
    if RandomWorkloads.isSlow {
      print(
        "reliability: extreme figures: \(Self.trials) searches, \(found) plans, \(infeasible) questions without one")
    }
  }

  @Test("scores, timelines, terms and explanations of any plan at the ends of the ranges are numbers")
  func scores() throws {
    var workloads = try RandomWorkloads(seed: 832)
    var scored = 0
    for _ in 0..<Self.trials {
      var workload = workloads.next().workload
      distort(&workload, &workloads, layers: 10_000)
      // Micro-batches are simulated one by one.
      let rounds = PlanShape.divisors(of: workload.run.globalBatch).filter { $0 <= 256 }
      let count = workloads.pick(rounds)
      let gpus = workload.cluster.gpuCount
      let data = PlanShape.divisors(of: workload.run.globalBatch / count).filter { gpus.isMultiple(of: $0) }
      let degree = workloads.pick(data)
      let runtime = RuntimeProfile.of(workload.run)
      let stage = StageChoice(
        layers: workload.model.layers, nodes: workload.cluster.nodes, gpusPerNode: workload.cluster.gpusPerNode,
        microBatch: workload.run.globalBatch / count / degree, dataParallel: degree, tensorParallel: gpus / degree,
        zero: runtime.zeroLevels.last ?? 0, checkpointedLayers: workloads.pick([0, 1, workload.model.layers]))
      let plan = Plan(gradientAccumulation: count, stages: [stage])
      let session = TuningSession(workload: workload, now: { 0 })
      guard let (score, timeline) = try? session.evaluate(plan, withLayers: workload.model.layers < 64) else {
        continue
      }
      scored += 1
      let label = "\(workload)"
      #expect(NonFinite.paths(in: score).isEmpty, "\(NonFinite.paths(in: score)) \(label)")
      #expect(timeline.period.isFinite && timeline.makespan.isFinite, "\(label)")
      let terms = TimeTerms(ScoredPlan(plan: plan, score: score))
      #expect(terms.seconds.values.allSatisfy { $0.isFinite }, "\(label)")
      let explanation = try PlanExplanation(workload: workload, plan: plan)
      for node in explanation.time.all + explanation.memory.all {
        #expect(node.value.isFinite, "\(node.name) \(label)")
      }
    }
    #expect(scored > Self.trials / 4)
    if RandomWorkloads.isSlow { print("reliability: extreme figures: \(scored) plans scored and explained") }
  }
}
