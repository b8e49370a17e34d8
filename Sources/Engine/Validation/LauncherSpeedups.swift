/// How much faster the best plan of one space is than those of others, over many workloads (docs/published-plans.md).
public struct LauncherSpeedups: Sendable {
  /// The spaces: speed-ups are of the first over each.
  public static let spaces = ["mist", "megatron-lm", "deepspeed", "aceso"]

  /// What one space comes to on one workload.
  public struct Answer: Sendable, Equatable {
    /// The space.
    public var space: String
    /// Its best plan on its launcher's runtime, closed form, seconds; nil where none fits.
    public var ownSeconds: Double?
    /// Its best plan on the runtime of the first space, closed form, seconds; nil where none fits.
    public var sharedSeconds: Double?
  }

  /// One workload.
  public struct Row: Sendable {
    /// The question; its runtime is that of the first space.
    public var workload: Workload
    /// One for each space, in their order.
    public var answers: [Answer]

    /// Speed-up of the first space over another by `seconds`; nil where one of them has no plan.
    public func speedup(over index: Int, _ seconds: KeyPath<Answer, Double?>) -> Double? {
      guard let first = answers[0][keyPath: seconds], let other = answers[index][keyPath: seconds] else { return nil }
      return other / first
    }
  }

  /// The workloads, in the order of the table.
  public var rows: [Row]

  /// Searches the spaces on every workload of the table, each on its own runtime and all on that of the first.
  ///
  /// Complexity: two searches a workload and space.
  public init(
    _ table: PublishedPlanTable, threads: Int = 2, cancel: CancelToken = CancelToken(),
    onProgress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) {
    let spaces = Self.spaces.compactMap(SearchSpace.named)
    let shared = spaces.first?.runtime ?? "mist"
    var workloads: [Workload] = []
    for var workload in table.plans.map(\.workload) {
      workload.run.runtime = shared
      if !workloads.contains(workload) { workloads.append(workload) }
    }
    rows = []
    for (index, workload) in workloads.enumerated() {
      onProgress(index, workloads.count)
      var answers = SpaceAnswers(threads: threads, cancel: cancel)
      func seconds(_ space: SearchSpace, on runtime: String) -> Double? {
        var question = workload
        question.run.runtime = runtime
        return answers.best(question, in: space).best?.score.closedFormSeconds
      }
      rows.append(
        Row(
          workload: workload,
          answers: spaces.map { space in
            Answer(
              space: space.name, ownSeconds: seconds(space, on: space.runtime),
              sharedSeconds: seconds(space, on: shared))
          }))
    }
  }

  /// Mean and largest speed-up of the first space over another, on the rows that have one; nil without any.
  public static func summary(
    _ rows: [Row], over index: Int, _ seconds: KeyPath<Answer, Double?>
  ) -> (mean: Double, largest: Double)? {
    let values = rows.compactMap { $0.speedup(over: index, seconds) }
    guard let largest = values.max(), let mean = ErrorStatistics.mean(values) else { return nil }
    return (mean, largest)
  }
}
