import Foundation
import Testing

@testable import Engine

/// The same question has the same answer, to the last bit.
@Suite struct SameBitsTests {
  private static let trials = RandomWorkloads.isSlow ? 300 : 5

  @Test("a search has the same answer on 1, 2, 4 and 8 threads, again, and in a used session")
  func threads() throws {
    var workloads = try RandomWorkloads(seed: 821)
    var plans = 0
    for _ in 0..<Self.trials {
      let question = workloads.next()
      let first = question.answer(threads: 1, alternatives: 4)
      plans += first.best == nil ? 0 : 1
      let session = TuningSession(workload: question.workload, now: { 0 })
      for threads in [2, 4, 8, 1, 8] {
        for result in [
          question.answer(threads: threads, alternatives: 4),
          session.answer(
            question.request(threads: threads, alternatives: 4), cancel: CancelToken(), explains: false),
        ] {
          #expect(result.status == first.status, "\(threads): \(question.label)")
          #expect(result.best == first.best, "\(threads): \(question.label)")
          #expect(result.alternatives == first.alternatives, "\(threads): \(question.label)")
          #expect(result.lowerBoundSeconds == first.lowerBoundSeconds, "\(threads): \(question.label)")
        }
      }
    }
    #expect(plans > Self.trials / 3)
    if RandomWorkloads.isSlow {
      print("reliability: threads: \(Self.trials) questions, each searched 11 times, \(plans) plans")
    }
  }

  @Test("a plan has the same score from eight threads at once, from a used scorer and a new one")
  func scores() async throws {
    var workloads = try RandomWorkloads(seed: 822)
    var checked = 0
    for _ in 0..<Self.trials {
      let question = workloads.next()
      let result = question.answer(alternatives: 4)
      let plans = ([result.best].compactMap(\.self) + result.alternatives)
      guard !plans.isEmpty else { continue }
      let session = TuningSession(workload: question.workload, now: { 0 })
      let scores = await withTaskGroup(of: [PlanScore?].self) { group in
        for shift in 0..<8 {
          group.addTask { [plans] in
            let order = plans.indices.map { ($0 + shift) % plans.count }
            let found = order.map { try? session.score(plans[$0].plan) }
            return plans.indices.map { index in order.firstIndex(of: index).flatMap { found[$0] } }
          }
        }
        return await group.reduce(into: [[PlanScore?]]()) { $0.append($1) }
      }
      for (index, plan) in plans.enumerated() {
        #expect(scores.allSatisfy { $0[index] == plan.score }, "\(question.label)")
        #expect(try question.workload.score(plan.plan) == plan.score, "\(question.label)")
        checked += 1
      }
    }
    #expect(checked > Self.trials / 2)
  }

  @Test(
    "a strategy has the same figures alone and anywhere in a block, on all columns of the search's and the score's tape"
  )
  func blocks() throws {
    var workloads = try RandomWorkloads(seed: 823)
    for _ in 0..<Self.trials {
      let question = workloads.next()
      let model = StageModel(workload: question.workload)
      let shapes = PlanShape.all(workload: question.workload, space: question.space)
      guard !shapes.isEmpty else { continue }
      let setting = workloads.pick(shapes).setting(workloads.pick(RecomputeKind.allCases))
      for tape in [model.searchTape(for: setting), model.scoreTape(for: setting)] {
        let rows = 8 * (1 + workloads.random.below(20)) - workloads.random.below(8)
        let (inputs, outputs) = (
          Columns(rows: rows, columns: tape.inputCount), Columns(rows: rows, columns: tape.outputCount)
        )
        let strategies = (0..<rows).map { _ in strategy(&workloads) }
        for (row, strategy) in strategies.enumerated() {
          for (column, value) in strategy.inputs.enumerated() { inputs[row, column] = value }
        }
        tape.evaluate(inputs, into: outputs)
        for row in stride(from: workloads.random.below(3), to: rows, by: 3) {
          let alone = tape.evaluate(strategies[row].inputs)
          let inBlock = (0..<tape.outputCount).map { outputs[row, $0] }
          #expect(alone.map(\.bitPattern) == inBlock.map(\.bitPattern), "row \(row) of \(rows): \(question.label)")
          #expect(alone.allSatisfy { $0.isFinite }, "\(question.label)")
        }
      }
    }
  }

  private func strategy(_ workloads: inout RandomWorkloads) -> Strategy {
    func eighths() -> Int { workloads.random.once(in: 2) ? 0 : workloads.random.below(9) }
    return Strategy(
      zero: workloads.random.below(4),
      offload: Offload(weights: eighths(), gradients: eighths(), optimizer: eighths(), activations: eighths()))
  }
}
