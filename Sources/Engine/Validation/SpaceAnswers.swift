/// The best plans of spaces for workloads, each searched once (closed form).
struct SpaceAnswers {
  /// Worker threads of a search; answers do not depend on it.
  let threads: Int
  /// Stops all searches.
  let cancel: CancelToken
  private var known: [(workload: Workload, space: String, result: TuneResult)] = []

  /// No answers yet.
  init(threads: Int, cancel: CancelToken) {
    self.threads = threads
    self.cancel = cancel
  }

  /// The answer of a search in the space, on the workload's own runtime and limits.
  ///
  /// Complexity: a search where the question is new, else O(answers).
  mutating func best(_ workload: Workload, in space: SearchSpace) -> TuneResult {
    if let found = known.first(where: { $0.space == space.name && $0.workload == workload }) { return found.result }
    let request = TuneRequest(space: space, threads: threads, alternatives: 0)
    let result = TuningSession(workload: workload, now: { 0 }).tune(request, cancel: cancel)
    known.append((workload, space.name, result))
    return result
  }
}
