@testable import Engine

extension Samples {
  /// Sizes of 1 to `most` nodes: too small, then less than twice as fast with each doubling.
  static func scaling(most: Int = 16) -> [SweepPoint] {
    var seconds = 480.0
    var points: [SweepPoint] = []
    var nodes = 1
    while nodes <= most {
      var workload = workload(nodes: nodes)
      workload.cluster.nodeType.dollarsPerGPUHour = Figure(2, .assumed, source: "test")
      var scored = plan(stages: 4)
      scored.score.iterationSeconds = seconds
      scored.score.tokensPerSecond = 512 * 4096 / seconds
      scored.score.tokensPerSecondPerGPU = scored.score.tokensPerSecond / Double(8 * nodes)
      points.append(SweepPoint(workload: workload, best: nodes == 1 ? nil : scored))
      seconds /= nodes < 4 ? 1.95 : 1.4
      nodes *= 2
    }
    return points
  }

  /// Five plans, of which the second is never lost.
  static func robust(hangs: Bool = false) -> RobustReport {
    let names = ["as told", "links between nodes slower", "reserved memory more", "all off, draw 1"]
    let scenarios = names.enumerated().map { index, name in
      RobustReport.Scenario(
        name: name,
        shares: [[0, 0, 0, 0, 0, 0], [0, -1, 0, 0, 0, 0], [0, 0, 0, 0, 0, -1], [1, 1, 1, 1, 1, 1]][index],
        bestSeconds: 60, chosenSeconds: 60 + Double(index) * 2,
        chosenFits: index != 2, chosenRegret: index == 2 ? 1 : Double(index) / 30)
    }
    let candidates = (0..<5).map { index in
      RobustReport.Candidate(
        scored: plan(stages: [4, 2, 8, 1, 16][index]), worstRegret: [1, 0.034, 1, 0.3, 1.4][index],
        worstScenario: [2, 1, 2, 3, 3][index], lost: [1, 0, 2, 0, 1][index])
    }
    return RobustReport(
      candidates: candidates, mostRobust: 1, scenarios: scenarios, measuredError: 1.086, derivedError: 1.202,
      reservedError: 1.08, unmeasured: hangs ? [.init(doubt: .linksBetween, provenance: .derived)] : [])
  }
}
