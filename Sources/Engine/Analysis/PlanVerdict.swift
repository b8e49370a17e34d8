/// When a stage's device memory is fullest.
public enum MemoryMoment: String, Sendable, Hashable, CaseIterable {
  /// In a forward pass.
  case forward
  /// In a backward pass, or the reduction of gradients after it.
  case backward
  /// In the optimizer's step after the last backward.
  case step

  /// For people: `the backward pass`.
  public var label: String {
    switch self {
    case .forward: "the forward pass"
    case .backward: "the backward pass"
    case .step: "the optimizer's step"
    }
  }
}

extension MemoryBreakdown {
  /// When it is fullest.
  public var moment: MemoryMoment { peakInStep ? .step : peakInBackward ? .backward : .forward }
}

/// How one plan stands against another, and for which reason most of all.
public enum PlanVerdict: Sendable, Equatable {
  /// It is none: why.
  case refused(PlanEditError)
  /// A stage (from 0) does not fit its device: what grew most there, when it is fullest, and what is missing, bytes.
  case overflow(stage: Int, part: MemoryPart, moment: MemoryMoment, missingBytes: Double)
  /// A node's RAM does not hold what is pinned there.
  case hostOverflow(missingBytes: Double)
  /// It fits and is slower: the term that grew most, by how much, and (where stages wait for it) the stage from 0 with
  /// the work that grew most in it.
  case slower(term: TimeTerm, seconds: Double, stage: Int?, work: TimeTerm?)
  /// It fits and is faster: the term that shrank most, and by how much.
  case faster(term: TimeTerm, seconds: Double)
  /// It fits and takes as long.
  case equal

  /// The verdict of a plan against another one that a person looks at.
  ///
  /// What does not fit is told first; of several stages the one that misses the most.
  public init(_ plan: ScoredPlan, against current: ScoredPlan) {
    if let overflow = Self.overflow(plan, against: current) {
      self = overflow
      return
    }
    let seconds = plan.score.iterationSeconds - current.score.iterationSeconds
    guard abs(seconds) > Self.rounding * current.score.iterationSeconds else {
      self = .equal
      return
    }
    let (new, old) = (TimeTerms(plan), TimeTerms(current))
    guard seconds > 0 else {
      let shrunk = old.grown(from: new)
      self = .faster(term: shrunk.term, seconds: shrunk.seconds)
      return
    }
    let grown = new.grown(from: old)
    let work = grown.term == .imbalance ? new.grown(in: new.slowest, from: old).term : nil
    self = .slower(
      term: grown.term, seconds: grown.seconds, stage: grown.term == .imbalance ? new.slowest : nil, work: work)
  }

  private static func overflow(_ plan: ScoredPlan, against current: ScoredPlan) -> PlanVerdict? {
    let stages = plan.score.stages
    let tightest = stages.indices.min { (stages[$0].memory.spare, $0) < (stages[$1].memory.spare, $1) }
    if let stage = tightest, stages[stage].memory.spare < 0 {
      let memory = stages[stage].memory
      let before = current.score.stages.count == stages.count ? current.score.stages[stage].memory : MemoryBreakdown()
      return .overflow(
        stage: stage, part: memory.mostGrown(from: before), moment: memory.moment, missingBytes: -memory.spare)
    }
    let missing = plan.score.hostBytesPerNode - plan.score.hostCapacityBytes
    return missing > 0 ? .hostOverflow(missingBytes: missing) : nil
  }

  /// Differences of times below this share are rounding.
  static let rounding = 1e-9

  /// The reason in words, without amounts, which are the reader's to write: `memory of stage 2 overflows in the backward
  /// pass: activations`.
  public var text: String {
    switch self {
    case .refused(let error): return "\(error)"
    case .overflow(let stage, let part, let moment, _):
      return "device memory of stage \(stage + 1) overflows in \(moment.label), most of it \(part.label)"
    case .hostOverflow: return "host memory of a node overflows"
    case .slower(let term, _, let stage, let work):
      guard let stage, let work else { return "slower, most of it \(term.label)" }
      return "slower: the others wait for stage \(stage + 1), which has more \(work.label)"
    case .faster(let term, _): return "faster, most of it less \(term.label)"
    case .equal: return "as fast"
    }
  }
}

extension MemoryBreakdown {
  /// The part that grew most from another breakdown; the largest part where none grew.
  func mostGrown(from other: MemoryBreakdown) -> MemoryPart {
    var grown = self
    grown.weights -= other.weights
    grown.gradients -= other.gradients
    grown.optimizer -= other.optimizer
    grown.activations -= other.activations
    grown.transient -= other.transient
    grown.buffers -= other.buffers
    let parts = [grown.weights, grown.gradients, grown.optimizer, grown.activations, grown.transient, grown.buffers]
    return parts.contains { $0 > 0 } ? grown.largestPart : largestPart
  }
}
