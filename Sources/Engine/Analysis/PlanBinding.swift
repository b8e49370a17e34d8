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
  public var text: String { fits ? whatBinds : whatLacks }

  private var whatBinds: String {
    switch limit {
    case .device(let stage): "device memory of stage \(stage + 1) binds: " + whatIsBlocked
    case .host: "host memory binds: " + whatIsBlocked
    case .nothing: "memory does not bind: no small step that lacks memory is faster; " + whereItIsFull
    }
  }

  private var whatLacks: String {
    switch limit {
    case .device(let stage): "it does not fit: device memory of stage \(stage + 1); " + whereItIsFull
    case .host, .nothing: "it does not fit: host memory of a node"
    }
  }

  private var whereItIsFull: String {
    "stage \(fullest + 1) is the fullest, in \(moment.label), most of it \(part.label)"
  }

  private var whatIsBlocked: String {
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
  /// a rule. Complexity: the stages of some ten plans for each stage, and the schedules of those of them that are faster
  /// and do not fit. `cancel` leaves out the rest of the steps.
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
    let steps = PlanSteps(around: plan, workload: workload, space: space, pins: pins, cancel: cancel)
    let current = ScoredPlan(plan: plan, score: score)
    binding.blocked = fastestThatLacksMemory(steps.takingMemory(), than: current, cancel).map {
      neighbour($0, of: current)
    }
    switch binding.blocked?.verdict {
    case .overflow(let stage, _, _, _): binding.limit = .device(stage: stage)
    case .hostOverflow: binding.limit = .host
    default: break
    }
    return binding
  }

  /// The fastest of some steps that do not fit, if it is faster than the plan; of equal ones the first.
  ///
  /// A schedule is simulated only where a step does not fit and its bound does not say that another one is faster: all
  /// else is known from the stages alone.
  private func fastestThatLacksMemory(
    _ steps: [PlanSteps.Step], than current: ScoredPlan, _ cancel: CancelToken
  ) -> PlanSteps.Step? {
    let now = current.score.iterationSeconds
    let gain = -PlanVerdict.rounding * now
    var open: [(least: Double, index: Int, plan: Plan)] = []
    for (index, step) in steps.enumerated() where !cancel.isCancelled {
      guard let plan = step.plan, let least = leastSecondsWithoutMemory(plan), least - now < gain else { continue }
      open.append((least - now, index, plan))
    }
    open.sort { ($0.least, $0.index) < ($1.least, $1.index) }
    var best: (seconds: Double, index: Int)?
    for step in open where !cancel.isCancelled {
      if let best, step.least > best.seconds { break }
      guard let score = try? score(step.plan), score.iterationSeconds - now < gain else { continue }
      let found = (seconds: score.iterationSeconds - now, index: step.index)
      if best.map({ found < $0 }) ?? true { best = found }
    }
    return best.map { steps[$0.index] }
  }

  /// Seconds that a plan without enough memory takes at least; nil where it fits, or is none.
  private func leastSecondsWithoutMemory(_ plan: Plan) -> Double? {
    let least = try? withScorer { scorer throws(PlanError) -> Double? in
      let score = try scorer.untimed(plan)
      return score.fits ? nil : scorer.leastSeconds(score.stages, of: plan)
    }
    return least ?? nil
  }
}

extension PlanSteps {
  /// Steps that take memory: larger micro-batches, a value less of what saves it in each stage, layers that move.
  func takingMemory() -> [Step] {
    var found: [Step?] = [above(PlanCell(.microBatch, stage: 0))]
    let saving: [PlanKnob] = [
      .checkpointedLayers, .zero, .weightOffload, .gradientOffload, .optimizerOffload, .activationOffload,
      .tensorParallel,
    ]
    for stage in plan.stages.indices { found += saving.map { below(PlanCell($0, stage: stage)) } }
    let layers = PlanCell(.layers, stage: 0)
    return (found + [below(layers), above(layers)]).compactMap { $0 } + moves()
  }
}
