import Engine
import Testing

@testable import TUI

extension Scenes {
  /// The Compare pane over a finished search: the baselines are solved, a question is searched, others wait.
  static func compared(stages: Int, size: Size, charset: Charset = .braille) throws -> ExplorerState {
    var state = try finished(stages: stages, size: size, charset: charset, alike: stages == 16)
    type("c", &state)
    let best = try #require(state.shown)
    for (index, share) in [0.31, 0.18, 0.12].enumerated() {
      let running = try #require(state.compare.running)
      var plan = Samples.slower(Samples.plan(stages: [2, 1, 4][index], saving: 0.25 * Double(index)), by: share)
      plan.score.tokensPerSecond /= 1 + share
      answer(.solved(running.id, index == 2 ? .feasible : .optimal, plan), &state)
    }
    let running = try #require(state.compare.running)
    answer(.progress(running.id, 0.37), &state)
    press([.home, .right, .right], &state)
    let column = try #require(state.comparedColumn)
    let other = try #require(column.plan)
    var difference = PlanDifference(old: best, new: other)
    difference.isOfOneWorkload = true
    difference.steps = steps(best, other, seconds: other.score.iterationSeconds - best.score.iterationSeconds - 3)
    let runtime = PlanComparison.RuntimeShare(name: "megatron-lm-2023", seconds: 3, peakBytes: 0)
    let comparison = PlanComparison(difference: difference, runtime: runtime, other: other)
    _ = update(&state, .compare(.explained(column.id, comparison), ticket: state.compare.explanationTicket))
    return state
  }

  /// Two steps of equal worth.
  private static func steps(_ old: ScoredPlan, _ new: ScoredPlan, seconds: Double) -> [PlanDifference.Step] {
    let changes = PlanChange.all(from: old.plan, to: new.plan)
    let bytes = new.score.peakReservedBytes - old.score.peakReservedBytes
    return [ChoiceGroup.pipeline, .checkpointing].map { group in
      PlanDifference.Step(
        groups: [group], changes: changes.filter { group.knobs.contains($0.knob) }, forwardSeconds: seconds / 2,
        backwardSeconds: seconds / 2, forwardPeakBytes: bytes / 2, backwardPeakBytes: bytes / 2, fits: true)
    }
  }

  /// An answer to what runs for the pane.
  private static func answer(_ message: CompareMessage, _ state: inout ExplorerState) {
    _ = update(&state, .compare(message, ticket: state.compare.running?.ticket ?? -1))
  }

  /// Judges the shown plan, with an answer made by hand.
  static func judge(_ state: inout ExplorerState) {
    type("r", &state)
    let ticket = state.compare.judgement?.ticket ?? -1
    _ = update(&state, .compare(.judged(Samples.robust()), ticket: ticket))
  }
}
