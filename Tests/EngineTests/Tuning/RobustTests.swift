import Foundation
import Testing

@testable import Engine

/// Plans on hardware that is off by its error bars.
@Suite struct RobustTests {
  private let small = SearchSpace(
    name: "small", summary: "for tests", microBatches: nil, zeroLevels: [0, 1, 3], weightEighths: [0],
    gradientEighths: [0], optimizerEighths: [0, 4, 8], activationEighths: [0], weightsNeedGradients: false,
    layerSlack: nil, powerOfTwoMeshes: false)

  private func workload(gibibytes: Double) -> Workload {
    TestMachines.tightWorkload(nodes: 2, gpusPerNode: 2, layers: 4, batch: 16, gibibytes: gibibytes)
  }

  @Test("the most robust plan never loses more than the chosen one, which is lost where its memory is tight")
  func regrets() throws {
    let session = TuningSession(workload: workload(gibibytes: 3), now: { 0 })
    let request = TuneRequest(space: small, alternatives: 2)
    let result = session.tune(request)
    let report = try #require(session.robust(result, request: request))
    #expect(report.worstRegret <= report.chosenRegret)
    #expect(report.candidates.allSatisfy { $0.worstRegret >= report.worstRegret })
    #expect(report.candidates[0].scored == result.best)
    #expect(report.candidates[0].worstRegret == report.scenarios.map(\.chosenRegret).max())
    #expect(report.scenarios.count == 1 + 2 * HardwareDoubt.allCases.count + RobustAnalysis.jointScenarios)
    for scenario in report.scenarios {
      guard scenario.chosenFits else {
        #expect(scenario.chosenRegret >= RobustReport.lostRegret)
        continue
      }
      let best = try #require(scenario.bestSeconds)
      #expect(abs(scenario.chosenRegret - (scenario.chosenSeconds / best - 1)) < 1e-12)
    }
    let more = try #require(report.scenarios.first { $0.name == "reserved memory more" })
    #expect(!more.chosenFits)
    #expect(report.mostRobust != 0)
    #expect(report.candidates[report.mostRobust].lost < report.candidates[0].lost)
  }

  @Test("with memory to spare no plan is lost")
  func roomy() throws {
    let session = TuningSession(workload: workload(gibibytes: 30), now: { 0 })
    let best = try #require(session.tune(TuneRequest(space: small, alternatives: 0)).best)
    let report = try #require(RobustAnalysis(workload: session.workload).report([best, best]))
    #expect(report.candidates.count == 1 && report.mostRobust == 0)
    #expect(report.candidates[0].lost == 0 && report.chosenRegret == 0)
    #expect(RobustAnalysis(workload: session.workload).report([best]) == report, "nothing is left to chance")
  }

  @Test("a shift moves each kind of figure by its own error and no other")
  func shift() {
    let cluster = workload(gibibytes: 3).cluster
    let errors = FigureErrors(records: .shipped)
    #expect(errors.measured >= ErrorBar.ninety * 0.05)
    #expect(errors.derived > errors.measured)
    let shape = GroupShape(nodes: 1, gpusPerNode: 2)
    let far = GroupShape(nodes: 2, gpusPerNode: 2)
    let slow = cluster.shifted([.linksInside: -1], errors: errors).nodeType
    let told = cluster.nodeType.links
    // Measured links by the measured error, assumed figures by the other.
    #expect(
      abs(
        (slow.links.measured[shape]?.gibibytesPerSecond ?? 0)
          / ((told.measured[shape]?.gibibytesPerSecond ?? 1) * exp(-errors.measured)) - 1) < 1e-12)
    #expect(slow.links.measured[far] == told.measured[far])
    #expect(slow.gpu == cluster.nodeType.gpu)
    let fast = cluster.shifted([.products: 0.5], errors: errors).nodeType
    #expect(
      abs(fast.gpu.gemm.share.value / (cluster.nodeType.gpu.gemm.share.value * exp(0.5 * errors.derived)) - 1) < 1e-12)
    #expect(fast.links == told)
    #expect(cluster.shifted([:], errors: errors) == cluster)
  }

  @Test("a cancelled analysis gives nothing")
  func cancel() {
    let session = TuningSession(workload: workload(gibibytes: 3), now: { 0 })
    let request = TuneRequest(space: small)
    let result = session.tune(request)
    let cancel = CancelToken()
    cancel.cancel()
    #expect(session.robust(result, request: request, cancel: cancel) == nil)
    #expect(session.robust(TuneResult(status: .infeasible), request: request) == nil)
  }
}
