/// What the time of an iteration goes into.
public enum TimeTerm: String, Sendable, Hashable, CaseIterable {
  /// Kernels of forward and backward, without what recomputation repeats.
  case kernels
  /// Kernels that recomputation repeats.
  case recomputation
  /// Tensor-parallel collectives, which nothing hides.
  case tensorParallel
  /// Other collectives, where not hidden.
  case collectives
  /// Copies from and to the host, where not hidden.
  case copies
  /// What passes take beyond that: the optimizer's step, and kernels that transfers slow down.
  case step
  /// Transfers between stages.
  case transfers
  /// Stages wait for the slowest one.
  case imbalance
  /// The slowest stage itself waits: the pipeline fills and drains.
  case bubble

  /// For people: `recomputation`.
  public var label: String {
    switch self {
    case .kernels: "kernels, forward and backward"
    case .recomputation: "recomputation"
    case .tensorParallel: "tensor-parallel collectives"
    case .collectives: "collectives that are not hidden"
    case .copies: "copies from and to the host that are not hidden"
    case .step: "the optimizer's step and what transfers slow down"
    case .transfers: "transfers between stages"
    case .imbalance: "waiting for the slowest stage"
    case .bubble: "the pipeline that fills and drains"
    }
  }

  /// Terms of what a stage does; the others are of how stages wait.
  static let work: [TimeTerm] = [.kernels, .recomputation, .tensorParallel, .collectives, .copies, .step, .transfers]
}

/// The time of an iteration as terms that add up to it: a mean over the stages, each of which works or waits.
public struct TimeTerms: Sendable, Equatable {
  /// Seconds of each term in an iteration, work as the mean over the stages.
  public private(set) var seconds: [TimeTerm: Double] = [:]
  /// Seconds of each term of work in an iteration, of each stage.
  public private(set) var stages: [[TimeTerm: Double]]
  /// The stage with the most work, from 0.
  public private(set) var slowest = 0

  /// The terms of a plan's score. Complexity: O(stages).
  public init(_ scored: ScoredPlan) {
    let rounds = scored.plan.gradientAccumulation
    stages = scored.score.stages.map { Self.terms($0, rounds: rounds) }
    let busy = stages.map { stage in TimeTerm.work.reduce(0) { $0 + stage[$1, default: 0] } }
    let count = Double(max(1, stages.count))
    for term in TimeTerm.work { seconds[term] = stages.reduce(0) { $0 + $1[term, default: 0] } / count }
    for index in busy.indices where busy[index] > busy[slowest] { slowest = index }
    let most = busy.isEmpty ? 0 : busy[slowest]
    seconds[.imbalance] = most - busy.reduce(0, +) / count
    seconds[.bubble] = scored.score.iterationSeconds - most
  }

  private static func terms(_ stage: StageScore, rounds: Int) -> [TimeTerm: Double] {
    var found: [TimeTerm: Double] = [:]
    let later = Double(rounds - 1)
    for (pass, count) in [
      (stage.forwardFirst, 1), (stage.backwardLast, 1), (stage.forward, later), (stage.backward, later),
    ] {
      found[.kernels, default: 0] += count * (pass.compute - pass.recomputed)
      found[.recomputation, default: 0] += count * pass.recomputed
      found[.tensorParallel, default: 0] += count * pass.tensorParallel
      let exposed = pass.elapsed - pass.compute - pass.tensorParallel
      let copies = pass.hostToDevice + pass.deviceToHost
      guard exposed > 0, pass.collective + copies > 0 else {
        found[.step, default: 0] += count * exposed
        continue
      }
      // Which of them is not hidden nobody can say: each has its part of what they take alone.
      let part = copies / (pass.collective + copies)
      found[.collectives, default: 0] += count * exposed * (1 - part)
      found[.copies, default: 0] += count * exposed * part
    }
    found[.transfers] = 2 * Double(rounds) * stage.pointToPointSeconds
    return found
  }

  /// The term of which there is most more than in other terms, and how much, seconds; of several the first.
  public func grown(from other: TimeTerms) -> (term: TimeTerm, seconds: Double) {
    Self.largest(TimeTerm.allCases) { seconds[$0, default: 0] - other.seconds[$0, default: 0] }
  }

  /// The work of a stage of which there is most more than in the same or the last stage of another plan, seconds.
  public func grown(in stage: Int, from other: TimeTerms) -> (term: TimeTerm, seconds: Double) {
    let before = other.stages.indices.contains(stage) ? other.stages[stage] : other.stages.last ?? [:]
    return Self.largest(TimeTerm.work) { stages[stage][$0, default: 0] - before[$0, default: 0] }
  }

  private static func largest(
    _ terms: [TimeTerm], _ value: (TimeTerm) -> Double
  ) -> (term: TimeTerm, seconds: Double) {
    var best = (term: terms[0], seconds: value(terms[0]))
    for term in terms.dropFirst() where value(term) > best.seconds { best = (term, value(term)) }
    return best
  }
}
