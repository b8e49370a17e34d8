import Dispatch
import Synchronization

/// The search over plans of unlike stages: every group that could beat the best plan of equal meshes is solved exactly.
///
/// What it finds does not depend on the number of threads: a group is left out only where no plan of it is as good as one
/// that is known, and of equal plans that of the first group counts.
final class UnlikeSearch: Sendable {
  /// What is known of the groups.
  struct Outcome {
    /// The best plan that beats all of equal meshes.
    var best: ScoredPlan?
    /// The group of it, in their order.
    var bestGroup = Int.max
    /// Groups in all, of which so many were solved.
    var groups = 0
    /// Groups that were not ruled out at once.
    var solved = 0
    /// No plan of unlike stages is faster than this, seconds.
    var lowerBound = Double.infinity
    /// Stage configurations decided.
    var configurations = 0
    /// Groups done.
    var done = 0
  }

  private let workload: Workload
  private let space: SearchSpace
  private let memory: SessionMemory
  private let pins: PlanPins
  private let cancel: CancelToken
  private let isStopped: @Sendable () -> Bool
  private let outcome: Mutex<Outcome>

  /// A search of the plans of a space that keep pins; `isStopped` is asked between groups, beside the flag.
  init(
    workload: Workload, space: SearchSpace, pins: PlanPins, memory: SessionMemory, cancel: CancelToken,
    isStopped: @escaping @Sendable () -> Bool
  ) {
    self.workload = workload
    self.space = space
    self.memory = memory
    self.pins = pins
    self.cancel = cancel
    self.isStopped = isStopped
    outcome = Mutex(Outcome())
  }

  /// Plans as good as another to this share are not better: sums of the same terms in another order.
  private static let tolerance = 1e-9

  /// Searches for plans faster than `known` seconds; `likely` orders the groups, the least first.
  ///
  /// `onPlan` is told of every plan that is better than all before.
  func run(
    known: Double, threads: Int, likely: (MeshGroup) -> Double,
    onPlan: @escaping @Sendable (ScoredPlan, Outcome) -> Void
  ) -> Outcome {
    let groups = MeshGroup.all(workload: workload, space: space, pins: pins)
    let ranks = groups.map(likely)
    let order = groups.indices.sorted { (ranks[$0], $0) < (ranks[$1], $1) }
    outcome.withLock { $0.groups = groups.count }
    let next = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: max(1, threads)) { _ in
      var worker: ShapeWorker?
      defer { if let worker { memory.giveBack(worker) } }
      while !isStopped() {
        let turn = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard turn < order.count else { return }
        if worker == nil { worker = memory.worker(workload, space) }
        guard var own = worker else { return }
        solve(order[turn], groups[order[turn]], known: known, worker: &own, onPlan)
        worker = own
      }
    }
    return outcome.withLock { state in
      if state.done < state.groups { state.lowerBound = 0 }
      return state
    }
  }

  private func solve(
    _ number: Int, _ group: MeshGroup, known: Double, worker: inout ShapeWorker,
    _ onPlan: (ScoredPlan, Outcome) -> Void
  ) {
    let best = outcome.withLock { $0.best?.score.closedFormSeconds ?? .infinity }
    let upperBound = min(known * (1 - Self.tolerance), best * (1 + Self.tolerance))
    var solver = MeshSolver(group: group, model: worker.model, space: space, pins: pins)
    var (plan, evaluated) = Self.solve(solver, upperBound: upperBound, worker: &worker, cancel)
    var bound = plan?.score.closedFormSeconds ?? upperBound
    if let first = plan, first.score.hostBytesPerNode > first.score.hostCapacityBytes {
      // Stages share a node's RAM: give each GPU its equal part; what that costs stays visible as the bound.
      solver.shareHost()
      let more: Int
      (plan, more) = Self.solve(solver, upperBound: upperBound, worker: &worker, cancel)
      evaluated += more
      bound = first.score.closedFormSeconds
    }
    guard !cancel.isCancelled else { return }
    let found = plan
    let news = outcome.withLock { state -> Outcome? in
      state.done += 1
      state.configurations += evaluated
      if evaluated > 0 { state.solved += 1 }
      state.lowerBound = min(state.lowerBound, bound)
      guard let found else { return nil }
      let seconds = found.score.closedFormSeconds
      let before = state.best?.score.closedFormSeconds ?? .infinity
      guard (seconds, number) < (before, state.bestGroup) else { return nil }
      state.best = found
      state.bestGroup = number
      return seconds < before ? state : nil
    }
    if let news, let found { onPlan(found, news) }
  }

  private static func solve(
    _ solver: MeshSolver, upperBound: Double, worker: inout ShapeWorker, _ cancel: CancelToken
  ) -> (plan: ScoredPlan?, evaluated: Int) {
    var evaluated = 0
    let problem = solver.problem(upperBound: upperBound, worker: worker, cancel: cancel, evaluated: &evaluated)
    guard let problem,
      let solution = MeshPipelineSolver.solve(
        problem, upperBound: upperBound, isCancelled: { cancel.isCancelled })
    else { return (nil, evaluated) }
    let plan = solver.plan(solution, of: problem, worker: worker)
    guard let score = try? worker.scorer.score(plan) else { return (nil, evaluated) }
    return (ScoredPlan(plan: plan, score: score), evaluated)
  }
}
