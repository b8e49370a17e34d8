import Foundation
import Testing

@testable import Engine

/// What must not change a number, or change it by a factor that is known.
@Suite struct ScaleTests {
  private static let trials = RandomWorkloads.isSlow ? 1_000 : 10

  /// The workload on a machine on which everything goes `factor` times as fast, latencies and launches too.
  private func faster(_ workload: Workload, by factor: Double) -> Workload {
    var new = workload.with(factor, of: .wholeGPU).with(factor, of: .allLinks)
    var links = new.cluster.nodeType.links
    links.insideLatencySeconds.value /= factor
    links.fabricLatencySeconds.value /= factor
    for shape in links.measured.keys { links.measured[shape]?.latencySeconds /= factor }
    for shape in links.allReduce.keys { links.allReduce[shape]?.latencySeconds /= factor }
    links.pairs?.inside?.latencySeconds /= factor
    links.pairs?.between?.latencySeconds /= factor
    links.hostToDevice.latencySeconds /= factor
    links.deviceToHost.latencySeconds /= factor
    new.cluster.nodeType.links = links
    new.cluster.nodeType.gpu.launchSeconds.value /= factor
    return new
  }

  /// Runtimes without seconds of their own: those of the host are a figure of the runtime, not of the machine.
  private var runtimes: [String] {
    RuntimeProfile.all.filter { !$0.stepsOnHost && $0.hostForwardSeconds.value == 0 }.map(\.name)
  }

  @Test(
    "on a machine that is 4 or 1/8 times as fast in everything the plan is the same and all times scale, to the last bit"
  )
  func speed() throws {
    var workloads = try RandomWorkloads(seed: 811)
    var found = 0
    for _ in 0..<Self.trials {
      let question = workloads.next(runtimes: runtimes)
      let factor = workloads.pick([4, 0.125])
      var scaled = question
      scaled.workload = faster(question.workload, by: factor)
      let (before, after) = (question.answer(alternatives: 3), scaled.answer(alternatives: 3))
      #expect(before.status == after.status, "\(question.label)")
      #expect(before.best?.plan == after.best?.plan, "\(question.label)")
      #expect(before.lowerBoundSeconds == after.lowerBoundSeconds * factor, "\(question.label)")
      #expect(before.alternatives.map(\.plan) == after.alternatives.map(\.plan), "\(question.label)")
      for (old, new) in zip(
        [before.best].compactMap(\.self) + before.alternatives, [after.best].compactMap(\.self) + after.alternatives)
      {
        found += 1
        #expect(old.score.closedFormSeconds == new.score.closedFormSeconds * factor, "\(question.label)")
        #expect(old.score.iterationSeconds == new.score.iterationSeconds * factor, "\(question.label)")
        #expect(old.score.bubbleShare == new.score.bubbleShare && old.score.mfu == new.score.mfu, "\(question.label)")
        #expect(old.score.stages.map(\.memory) == new.score.stages.map(\.memory), "\(question.label)")
        for (one, other) in zip(old.score.stages, new.score.stages) {
          #expect(one.stableSeconds == other.stableSeconds * factor)
          #expect(one.deltaSeconds == other.deltaSeconds * factor)
        }
      }
    }
    #expect(found > Self.trials / 2)
    if RandomWorkloads.isSlow {
      print("reliability: scaled machines: \(Self.trials) pairs of searches, \(found) plans")
    }
  }

  @Test(
    "memory does not depend on how fast anything is, nor on what things are called; times neither on names nor limits")
  func memoryAndNames() throws {
    var workloads = try RandomWorkloads(seed: 812)
    var found = 0
    for _ in 0..<Self.trials {
      let question = workloads.next()
      guard let best = question.answer().best else { continue }
      found += 1
      for resource in Workload.Resource.allCases where !resource.isMemory {
        let score = try question.workload.with(1.7, of: resource).score(best.plan)
        #expect(score.stages.map(\.memory) == best.score.stages.map(\.memory), "\(resource): \(question.label)")
        #expect(score.hostBytesPerNode == best.score.hostBytesPerNode)
      }
      for resource in Workload.Resource.allCases where resource.isMemory {
        let score = try question.workload.with(1.7, of: resource).score(best.plan)
        #expect(score.closedFormSeconds == best.score.closedFormSeconds, "\(resource): \(question.label)")
        #expect(score.iterationSeconds == best.score.iterationSeconds)
        #expect(score.stages.map(\.memory.allocated) == best.score.stages.map(\.memory.allocated))
      }
      var renamed = question
      renamed.workload.name = "z"
      renamed.workload.model.name = "a"
      renamed.workload.model.source = ""
      renamed.workload.cluster.nodeType.name = "m"
      renamed.workload.cluster.nodeType.title = "k"
      renamed.workload.cluster.nodeType.gpu.name = ""
      renamed.workload.cluster.nodeType.gpu.title = "0"
      renamed.space.name = "other"
      #expect(renamed.answer().best == best, "\(question.label)")
    }
    #expect(found > Self.trials / 3)
  }
}
