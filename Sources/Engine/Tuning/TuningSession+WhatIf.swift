/// The answer to a question of `WhatIf`: the best plan, beside that of the workload as it is.
///
/// Days and dollars of the whole training are in the score, where its tokens and the rent of a GPU are known.
public struct WhatIfAnswer: Sendable {
  /// The question.
  public var question: WhatIfQuestion
  /// How its search ended.
  public var status: SearchStatus
  /// The best plan; nil where none fits, and when cancelled before one was found.
  public var best: ScoredPlan?
}

extension WhatIfAnswer {
  /// How many times the tokens a second of another plan it trains; nil without a plan.
  public func speedup(over other: PlanScore) -> Double? {
    best.flatMap { other.tokensPerSecond > 0 ? $0.score.tokensPerSecond / other.tokensPerSecond : nil }
  }

  /// Days of the whole training that it takes more than another plan, less where negative; nil where not known.
  public func moreDays(than other: PlanScore) -> Double? { Self.difference(best?.score, other, \.trainingDays) }

  /// US dollars of the whole training that it costs more than another plan; nil where not known.
  public func moreDollars(than other: PlanScore) -> Double? { Self.difference(best?.score, other, \.trainingCost) }

  private static func difference(
    _ score: PlanScore?, _ other: PlanScore, _ figure: (PlanScore) -> Double?
  ) -> Double? {
    guard let score, let then = figure(score), let now = figure(other) else { return nil }
    return then - now
  }
}

extension TuningSession {
  /// Answers a question: the optimum of its workload in its space, with what this session has found as far as it holds.
  public func answer(
    _ question: WhatIfQuestion, cancel: CancelToken = CancelToken(),
    onEvent: @escaping @Sendable (TuneEvent) -> Void = { _ in }
  ) -> WhatIfAnswer {
    let result = edited(question.workload).tune(question.request, cancel: cancel, onEvent: onEvent)
    return WhatIfAnswer(question: question, status: result.status, best: result.best)
  }
}
