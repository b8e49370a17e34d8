/// What to search for.
public struct TuneRequest: Sendable {
  /// The space by name; the catalogue of spaces is data (`SearchSpace.named`).
  public var space: SearchSpace
  /// Seconds after which the best plan so far is returned as `feasible`; nil for no limit.
  public var timeLimitSeconds: Double?
  /// Ask GLPK for a certificate.
  public var certify: Bool
  /// ShapeWorker threads; the result does not depend on it.
  public var threads: Int
  /// How many alternatives to list beside the optimum.
  public var alternatives: Int
  /// What every plan must keep.
  public var pins: PlanPins
  /// What stages must have in common, beyond the space.
  public var constraints = PlanConstraints()

  /// A request.
  public init(
    space: SearchSpace = .mist, timeLimitSeconds: Double? = nil, certify: Bool = false, threads: Int = 2,
    alternatives: Int = 5, pins: PlanPins = PlanPins()
  ) {
    self.space = space
    self.timeLimitSeconds = timeLimitSeconds
    self.certify = certify
    self.threads = threads
    self.alternatives = alternatives
    self.pins = pins
  }
}

extension TuneRequest {
  /// Nothing beyond the space is asked of plans.
  var isFree: Bool { pins.isEmpty && constraints.texts.isEmpty }

  /// The request under one more pin: so many stages.
  func holding(stages: Int) -> TuneRequest {
    var held = self
    held.pins.pins.append(Pin(.stages, PinValues(stages)))
    return held
  }

  /// Whether plans of unlike stages are searched, where the space has them: not where choices of their stages hang
  /// together.
  var searchesUnlikeStages: Bool { !space.couplesStages && constraints.maximumKinds == nil }
}

/// How a search ended.
public enum SearchStatus: String, Sendable, CaseIterable {
  /// The best plan of the space, by the closed form.
  case optimal
  /// A plan that fits; the search ended before it was proved best.
  case feasible
  /// No plan fits.
  case infeasible
  /// Stopped before a plan was found.
  case cancelled
}

/// How far a search is.
public struct SearchProgress: Sendable, Equatable {
  /// (G, S, tp) problems that are solved or ruled out.
  public var done: Int = 0
  /// All of them.
  public var total: Int = 0
  /// Of `done`, those ruled out by their bound alone.
  public var ruledOut: Int = 0
  /// Stage configurations decided: evaluated, or left out with their block of strategies.
  public var configurations: Int = 0
  /// What is being tried: `G 64, S 4, tp 2`.
  public var current: String = ""
  /// Seconds since the start.
  public var seconds: Double = 0

  /// The start.
  public init() {}
}

/// A plan that the search looked at, as the frontier pane draws it.
public struct ConsideredPlan: Sendable, Equatable {
  /// Largest reserved memory of a stage, bytes.
  public var peakReservedBytes: Double
  /// The objective, seconds.
  public var closedFormSeconds: Double
  /// The simulated iteration time, seconds: what the screens show.
  public var iterationSeconds: Double
  /// Stages.
  public var stages: Int
  /// Micro-batches.
  public var gradientAccumulation: Int
  /// Tensor-parallel degree.
  public var tensorParallel: Int

  /// A considered plan.
  public init(
    peakReservedBytes: Double, closedFormSeconds: Double, iterationSeconds: Double, stages: Int,
    gradientAccumulation: Int, tensorParallel: Int
  ) {
    self.peakReservedBytes = peakReservedBytes
    self.closedFormSeconds = closedFormSeconds
    self.iterationSeconds = iterationSeconds
    self.stages = stages
    self.gradientAccumulation = gradientAccumulation
    self.tensorParallel = tensorParallel
  }
}

/// What a running search tells; events come in order, from one thread at a time.
public enum TuneEvent: Sendable {
  /// A better plan than all before.
  case improved(ScoredPlan)
  /// Plans looked at since the last such event.
  case considered([ConsideredPlan])
  /// Progress, at most 20 times a second.
  case progress(SearchProgress)
  /// A point of the memory-time frontier (from `frontier`, in falling order of memory).
  case frontierPoint(FrontierPoint)
}

/// The best plan at one memory budget.
public struct FrontierPoint: Sendable, Equatable {
  /// Share of the device memory that was allowed.
  public var memoryShare: Double
  /// The best plan within it.
  public var best: ScoredPlan

  /// A point.
  public init(memoryShare: Double, best: ScoredPlan) {
    self.memoryShare = memoryShare
    self.best = best
  }
}

/// The answer of a search.
public struct TuneResult: Sendable {
  /// How it ended.
  public var status: SearchStatus
  /// The best plan by the closed form, where one was found.
  public var best: ScoredPlan?
  /// The next best plans that differ in S, tp, G, or ZeRO, by their simulated time.
  public var alternatives: [ScoredPlan]
  /// No plan of the space is faster than this (closed form), seconds.
  public var lowerBoundSeconds: Double
  /// Stage configurations decided: evaluated, or left out with their block of strategies.
  public var configurations: Int
  /// Plans considered: solved (G, S, tp) problems and those ruled out.
  public var plans: Int
  /// Seconds to the first plan that fits.
  public var firstPlanSeconds: Double?
  /// Seconds in all.
  public var seconds: Double
  /// What was searched, in words.
  public var covers: String
  /// GLPK's proof, where asked for.
  public var certificate: Certificate?
  /// Set when nothing fits.
  public var infeasibility: Infeasibility?
  /// Remarks for people.
  public var notes: [String]
  /// What every plan keeps: the pins of the request, and the number of stages where one of them holds it.
  public var pins = PlanPins()
  /// What stages have in common, beyond the space.
  public var constraints = PlanConstraints()

  /// An answer without a plan.
  public init(status: SearchStatus) {
    self.status = status
    alternatives = []
    lowerBoundSeconds = 0
    configurations = 0
    plans = 0
    seconds = 0
    covers = ""
    notes = []
  }
}

extension TuneResult {
  /// Keeps the best `count` alternatives by the closed form, in the order in which they stand.
  public mutating func keepAlternatives(_ count: Int) {
    guard alternatives.count > count else { return }
    let order = alternatives.indices.sorted {
      (alternatives[$0].score.closedFormSeconds, $0) < (alternatives[$1].score.closedFormSeconds, $1)
    }
    alternatives = order.prefix(count).sorted().map { alternatives[$0] }
  }
}
