/// What a training run's log tells of its time and its memory (docs/observe.md says which lines are read).
public struct RunLog: Sendable, Equatable {
  /// Who wrote it: `Megatron-LM`, `DeepSpeed`, `torchtitan`, `Hugging Face Trainer`.
  public var writer: String
  /// Seconds of an iteration: the median after the warm-up.
  public var iterationSeconds: Double
  /// Figures that the median is of.
  public var used: Int
  /// Figures of the warm-up, which were left out.
  public var warmUp: Int
  /// The largest amounts of memory, at most one of a kind and stage.
  public var memory: [MeasuredMemory]

  /// What a log's words are read against: the plan says how many tokens a rate is of, and which stage a rank holds.
  struct Context: Sendable {
    /// The question.
    var workload: Workload
    /// The plan that ran.
    var plan: Plan

    /// The stage of a rank, from 0, where stages lie on the ranks in their order; nil of a rank that holds none.
    func stage(ofRank rank: Int) -> Int? {
      var end = 0
      for (index, stage) in plan.stages.enumerated() {
        end += stage.nodes * stage.gpusPerNode
        if rank >= 0, rank < end { return index }
      }
      return nil
    }
  }

  /// What a reader of one launcher's lines found.
  struct Findings: Sendable, Equatable {
    /// Seconds of iterations, in the order of the lines.
    var seconds: [Double] = []
    /// Samples of an iteration, where the lines tell.
    var globalBatch: Double?
    /// The one figure is the mean of a whole run.
    var isMean = false
    /// Amounts of memory, in the order of the lines.
    var memory: [MeasuredMemory] = []
  }

  /// A kind of log: who writes it, what it looks like, and how it is read.
  private struct Format {
    var writer: String
    var looksLike: String
    var read: ([LogLine], Context) -> Findings
  }

  private static var formats: [Format] {
    [
      Format(
        writer: "Megatron-LM", looksLike: "'elapsed time per iteration (ms): ...' (Megatron-LM)", read: MegatronLog.read
      ),
      Format(
        writer: "torchtitan", looksLike: "'step: ... tps: ...' (torchtitan)", read: TorchtitanLog.read),
      Format(
        writer: "DeepSpeed", looksLike: "'iter time (s): ...', 'CurrSamplesPerSec=...' or timers in ms (DeepSpeed)",
        read: DeepSpeedLog.read),
      Format(
        writer: "Hugging Face Trainer", looksLike: "progress with 's/it' or 'train_runtime' (Hugging Face Trainer)",
        read: TrainerLog.read),
    ]
  }

  /// Shares and least number of iterations that count as warm-up.
  private static let warmUpShare = 0.1
  private static let leastWarmUp = 2
  /// Seconds that an iteration may take.
  static let seconds = 1e-6...1e7

  /// Reads a log, by what stands in it; an error says what was looked for, or that all of it is warm-up.
  ///
  /// Complexity: O(length).
  public static func read(_ text: String, file: String, workload: Workload, plan: Plan) throws(InputError) -> RunLog {
    let lines = LogLine.lines(of: text)
    let context = Context(workload: workload, plan: plan)
    for format in formats {
      let found = format.read(lines, context)
      let seconds = found.seconds.filter { Self.seconds.contains($0) }
      guard !seconds.isEmpty else { continue }
      if let batch = found.globalBatch, batch != Double(workload.run.globalBatch) {
        throw .conflict(
          at: InputPlace(file: file),
          problem: "its global batch size is \(Quantity.text(batch)), that of the plan \(workload.run.globalBatch)",
          remedy: "name the plan that ran")
      }
      let warmUp =
        found.isMean
        ? 0 : max(leastWarmUp, Int((Double(seconds.count) * warmUpShare).rounded(.up)))
      let rest = seconds.dropFirst(warmUp)
      guard !rest.isEmpty else {
        throw .unreadable(
          file: file, problem: "a log of \(format.writer) with \(seconds.count) timed iterations: all of it is warm-up",
          remedy: "let it run for \(leastWarmUp + 3) iterations or more")
      }
      return RunLog(
        writer: format.writer, iterationSeconds: rest.median ?? 0, used: rest.count, warmUp: warmUp,
        memory: largest(found.memory))
    }
    throw .unreadable(
      file: file, problem: "no times of iterations are in this log",
      remedy: "looked for \(formats.map(\.looksLike).joined(separator: ", ")); or give --iteration-seconds")
  }

  /// The middle value; of an even number the mean of the two in the middle.

  /// The largest amount of each kind and stage: peaks of all ranks of a stage; kinds in their order, then stages.
  private static func largest(_ memory: [MeasuredMemory]) -> [MeasuredMemory] {
    var found: [MeasuredMemory] = []
    for amount in memory where amount.bytes > 0 && amount.bytes.isFinite {
      if let index = found.firstIndex(where: { $0.kind == amount.kind && $0.stage == amount.stage }) {
        found[index].bytes = max(found[index].bytes, amount.bytes)
      } else {
        found.append(amount)
      }
    }
    func place(_ amount: MeasuredMemory) -> (Int, Int) {
      (MeasuredMemory.Kind.allCases.firstIndex(of: amount.kind) ?? 0, amount.stage ?? -1)
    }
    return found.sorted { place($0) < place($1) }
  }
}
