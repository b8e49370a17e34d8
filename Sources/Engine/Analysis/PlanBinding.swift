/// What keeps a plan from being faster: where its memory is fullest, which stage the others wait for, and whether a small
/// step to a faster plan fails for want of memory.
public struct PlanBinding: Sendable, Equatable {
  /// What binds.
  public enum Limit: Sendable, Equatable {
    /// Device memory of a stage (from 0).
    case device(stage: Int)
    /// Host memory of a node.
    case host
    /// No step that was tried is faster and does not fit.
    case nothing
  }

  /// What binds; where the plan itself does not fit, what it lacks.
  public var limit: Limit
  /// The plan fits.
  public var fits: Bool
  /// The stage with the least spare device memory, from 0.
  public var fullest: Int
  /// When that is fullest.
  public var moment: MemoryMoment
  /// What takes the most there then.
  public var part: MemoryPart
  /// What is left there, bytes; negative where it does not fit.
  public var spareBytes: Double
  /// What is left of a node's RAM, bytes; negative where it does not fit.
  public var spareHostBytes: Double
  /// The stage with the most work in an iteration, from 0.
  public var slowest: Int
  /// Seconds that it works more than the others in the mean.
  public var imbalanceSeconds: Double
  /// The step that would gain the most, were there memory for it; nil where there is none.
  public var blocked: Neighbour?

  /// Without amounts, for people: `device memory of stage 1 binds: checkpointedLayers 9 -> 8 would be faster, but ...`.
  public var text: String {
    let full =
      "stage \(fullest + 1) is the fullest, in \(moment.label), most of it \(part.label)"
    switch limit {
    case .device(let stage) where fits: return "device memory of stage \(stage + 1) binds: " + reason
    case .device(let stage): return "it does not fit: device memory of stage \(stage + 1); " + full
    case .host where fits: return "host memory binds: " + reason
    case .host: return "it does not fit: host memory of a node"
    case .nothing: return "memory does not bind: no small step that lacks memory is faster; " + full
    }
  }

  private var reason: String {
    guard let blocked else { return "" }
    let change = blocked.changes.map(\.text).joined(separator: ", ")
    return "\(change) would be faster, but \(blocked.verdict.text)"
  }
}

extension TuningSession {
  /// What binds a plan: its fullest and its slowest stage, and the best step that only memory forbids.
  ///
  /// Steps are those that take memory: a value less of what saves it in a stage (recomputed layers, ZeRO, offloads),
  /// larger micro-batches, fewer tensor-parallel ranks, a layer over a border between stages. Nil where the plan breaks
  /// a rule. Complexity: some ten scores a stage. `cancel` leaves out the rest of the steps.
  public func binding(
    of plan: Plan, space: SearchSpace, pins: PlanPins = PlanPins(), cancel: CancelToken = CancelToken()
  ) -> PlanBinding? {
    guard let score = try? score(plan), !score.stages.isEmpty else { return nil }
    let terms = TimeTerms(ScoredPlan(plan: plan, score: score))
    let stages = score.stages
    let fullest = stages.indices.min { (stages[$0].memory.spare, $0) < (stages[$1].memory.spare, $1) } ?? 0
    let memory = stages[fullest].memory
    var binding = PlanBinding(
      limit: .nothing, fits: score.fits, fullest: fullest, moment: memory.moment, part: memory.largestPart,
      spareBytes: memory.spare, spareHostBytes: score.hostCapacityBytes - score.hostBytesPerNode,
      slowest: terms.slowest, imbalanceSeconds: terms.seconds[.imbalance, default: 0], blocked: nil)
    guard score.fits else {
      binding.limit = memory.spare < 0 ? .device(stage: fullest) : .host
      return binding
    }
    for step in steps(takingMemoryFrom: plan, space, pins, cancel) {
      guard let scored = step.scored, !scored.score.fits, let seconds = step.seconds,
        seconds < -PlanVerdict.rounding * score.iterationSeconds, seconds < binding.blocked?.seconds ?? 0
      else { continue }
      binding.blocked = step
    }
    switch binding.blocked?.verdict {
    case .overflow(let stage, _, _, _): binding.limit = .device(stage: stage)
    case .hostOverflow: binding.limit = .host
    default: break
    }
    return binding
  }

  private func steps(
    takingMemoryFrom plan: Plan, _ space: SearchSpace, _ pins: PlanPins, _ cancel: CancelToken
  ) -> [Neighbour] {
    func around(_ cell: PlanCell) -> Neighbours? {
      neighbours(of: cell, in: plan, space: space, pins: pins, cancel: cancel)
    }
    var found: [Neighbour?] = [around(PlanCell(.microBatch, stage: 0))?.above]
    let saving: [PlanKnob] = [
      .checkpointedLayers, .zero, .weightOffload, .gradientOffload, .optimizerOffload, .activationOffload,
      .tensorParallel,
    ]
    for stage in plan.stages.indices {
      found += saving.map { around(PlanCell($0, stage: stage))?.below }
    }
    return found.compactMap { $0 } + (around(PlanCell(.layers, stage: 0))?.all ?? [])
  }
}
