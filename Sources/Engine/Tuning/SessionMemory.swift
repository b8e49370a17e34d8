import Synchronization

/// What a session keeps between its searches of one workload: workers with their traced models, frontiers of stages, and
/// what is known of shapes without pins. From any thread.
///
/// Nothing in it changes an answer: it only says sooner what a search would find out itself.
final class SessionMemory: Sendable {
  /// Frontiers, shared with sessions whose stages cost the same.
  let frontiers: FrontierMemory

  /// What is known of one shape of a space when nothing is pinned.
  struct Known {
    /// No plan is faster, seconds.
    var lowerBound: Double
    /// Its optimum, where it was found.
    var optimum: ScoredPlan?
  }

  /// A worker that nobody uses.
  ///
  /// Workers trace and compile, which is not safe from two threads. `@unchecked` is sound because a worker is either in
  /// this list, where nobody can reach it, or in the hands of the one thread that took it out under the lock.
  private struct Idle: @unchecked Sendable {
    let worker: ShapeWorker
  }

  private struct State {
    var workers: [Idle] = []
    var shapes: [(space: SearchSpace, known: [PlanShape: Known])] = []
  }

  private let state = Mutex(State())

  /// An empty memory that shares frontiers.
  init(frontiers: FrontierMemory = FrontierMemory()) { self.frontiers = frontiers }

  /// A worker for a workload (always the same one) and a space.
  func worker(_ workload: Workload, _ space: SearchSpace) -> ShapeWorker {
    let idle = state.withLock { state -> Idle? in
      guard let index = state.workers.lastIndex(where: { $0.worker.space == space }) else { return nil }
      return state.workers.remove(at: index)
    }
    return idle?.worker ?? ShapeWorker(workload: workload, space: space, frontiers: frontiers)
  }

  /// Takes a worker back.
  func giveBack(_ worker: ShapeWorker) {
    let idle = Idle(worker: worker)
    state.withLock { state in
      if state.workers.count >= Self.mostWorkers { state.workers.removeFirst() }
      state.workers.append(idle)
    }
  }

  /// Idle workers that are kept.
  private static let mostWorkers = 4

  /// What is known of the shapes of a space without pins.
  func known(_ space: SearchSpace) -> [PlanShape: Known] {
    state.withLock { state in state.shapes.first { $0.space == space }?.known ?? [:] }
  }

  /// Adds what a search without pins proved of the shapes of a space.
  func learn(_ space: SearchSpace, _ shapes: [ShapeState]) {
    state.withLock { state in
      var known = state.shapes.first { $0.space == space }?.known ?? [:]
      for shape in shapes {
        let before = known[shape.solver.shape]
        known[shape.solver.shape] = Known(
          lowerBound: max(shape.lowerBound, before?.lowerBound ?? 0), optimum: before?.optimum ?? shape.optimum)
      }
      state.shapes.removeAll { $0.space == space }
      state.shapes.append((space, known))
    }
  }
}
