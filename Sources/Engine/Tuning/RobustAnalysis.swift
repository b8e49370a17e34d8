import Foundation

/// Scores the best plans again on hardware that is off by its error bars, and finds the one that loses the least.
public struct RobustAnalysis: Sendable {
  /// The question.
  public let workload: Workload
  /// Ends the analysis; it then gives nothing.
  public let cancel: CancelToken
  private let records: RunRecords

  /// Plans that are compared at most.
  public static let mostCandidates = 20
  /// Scenarios in which everything is off at once.
  static let jointScenarios = 16
  private static let seed: UInt64 = 0x62_72_75_6D_65

  /// An analysis against the errors of measured runs.
  public init(workload: Workload, records: RunRecords = .shipped, cancel: CancelToken = CancelToken()) {
    self.workload = workload
    self.records = records
    self.cancel = cancel
  }

  /// Judges plans, the chosen one first; nil of none, and when cancelled.
  ///
  /// Each kind of figure is off alone, both ways, and all of them at once in fixed random draws. Complexity: a plan's
  /// score for each plan and scenario.
  public func report(_ plans: [ScoredPlan]) -> RobustReport? {
    var distinct: [ScoredPlan] = []
    for plan in plans where distinct.count < Self.mostCandidates && !distinct.contains(where: { $0.plan == plan.plan })
    {
      distinct.append(plan)
    }
    guard let chosen = distinct.first else { return nil }
    let errors = FigureErrors(records: records)
    let reserved = reservedError(chosen)
    let shares = Self.scenarios()
    var regrets = [[Double]](repeating: [], count: distinct.count)
    var lost = [Int](repeating: 0, count: distinct.count)
    var scenarios: [RobustReport.Scenario] = []
    for (name, shares) in shares {
      if cancel.isCancelled { return nil }
      let seconds = self.seconds(distinct, shares, errors: errors, reservedError: reserved)
      let best = zip(seconds, seconds.indices).filter { $0.0.fits }.map(\.0.seconds).min()
      for (index, plan) in seconds.enumerated() {
        if !plan.fits { lost[index] += 1 }
        let own = best.map { plan.seconds / $0 - 1 } ?? 0
        regrets[index].append(plan.fits ? max(0, own) : max(RobustReport.lostRegret, own))
      }
      scenarios.append(
        RobustReport.Scenario(
          name: name, shares: HardwareDoubt.allCases.map { shares[$0] ?? 0 }, bestSeconds: best,
          chosenSeconds: seconds[0].seconds, chosenFits: seconds[0].fits, chosenRegret: regrets[0].last ?? 0))
    }
    let candidates = distinct.indices.map { index in
      let worst = regrets[index].indices.max { (regrets[index][$0], -$0) < (regrets[index][$1], -$1) } ?? 0
      return RobustReport.Candidate(
        scored: distinct[index], worstRegret: regrets[index][worst], worstScenario: worst, lost: lost[index])
    }
    let robust =
      candidates.indices.min {
        (candidates[$0].worstRegret, candidates[$0].scored.score.iterationSeconds, $0)
          < (candidates[$1].worstRegret, candidates[$1].scored.score.iterationSeconds, $1)
      } ?? 0
    return RobustReport(
      candidates: candidates, mostRobust: robust, scenarios: scenarios, measuredError: exp(errors.measured),
      derivedError: exp(errors.derived), reservedError: reserved, unmeasured: workload.cluster.unmeasured)
  }

  /// The question that leaves free what reserved memory may be off by: its best plan still fits where it is.
  public func roomier(than chosen: ScoredPlan) -> Workload {
    var question = workload
    guard let memory = chosen.score.stages.first?.memory else { return question }
    let context = chosen.score.stages.map(\.memory.context).max() ?? 0
    let limit = memory.capacity * workload.limits.memoryShare - context
    question.limits.headroomBytes = max(0, limit * (1 - 1 / reservedError(chosen)))
    return question
  }

  /// The ratio by which reserved memory may be more than predicted: the upper end of the plan's memory error bar.
  private func reservedError(_ plan: ScoredPlan) -> Double {
    let peak = plan.score.peakReservedBytes
    let bar = PlanConfidence(workload: workload, plan: plan.plan, score: plan.score, records: records).reservedBytes
    guard let high = bar.high, peak > 0, high.isFinite else { return 1 }
    return max(1, high / peak)
  }

  /// Seconds of each plan on shifted hardware, and whether it fits there. The headroom is there to be used.
  private func seconds(
    _ plans: [ScoredPlan], _ shares: [HardwareDoubt: Double], errors: FigureErrors, reservedError: Double
  ) -> [(seconds: Double, fits: Bool)] {
    var question = workload
    question.cluster = workload.cluster.shifted(shares, errors: errors)
    var scorer = PlanScorer(model: StageModel(workload: question))
    let growth = exp(-(shares[.reserved] ?? 0) * log(reservedError))
    return plans.map { plan in
      guard let score = try? scorer.score(plan.plan) else { return (.infinity, false) }
      let fits =
        score.hostBytesPerNode <= score.hostCapacityBytes
        && score.stages.allSatisfy {
          $0.memory.reserved * growth + $0.memory.context <= $0.memory.capacity * workload.limits.memoryShare
        }
      return (score.iterationSeconds, fits)
    }
  }

  /// The hardware as told; each kind off alone, both ways; all kinds off at once.
  private static func scenarios() -> [(String, [HardwareDoubt: Double])] {
    var found: [(String, [HardwareDoubt: Double])] = [("as told", [:])]
    for doubt in HardwareDoubt.allCases {
      let words = doubt == .reserved ? ("more", "less") : ("slower", "faster")
      found.append(("\(doubt.rawValue) \(words.0)", [doubt: -1]))
      found.append(("\(doubt.rawValue) \(words.1)", [doubt: 1]))
    }
    var state = seed
    func next() -> Double {
      // SplitMix64: the same numbers on every machine.
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return Double((mixed ^ (mixed >> 31)) >> 11) / Double(1 << 53) * 2 - 1
    }
    for index in 1...jointScenarios {
      var shares: [HardwareDoubt: Double] = [:]
      for doubt in HardwareDoubt.allCases { shares[doubt] = next() }
      found.append(("all off, draw \(index)", shares))
    }
    return found
  }
}
