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
    /// The largest amounts of memory.
    var memory = LargestMemory()
  }

  /// Seconds that an iteration may take.
  static let seconds = 1e-6...1e7

  /// Reads a log that is at hand whole, by what stands in it; errors as `RunLogReader.log(file:)`.
  ///
  /// Complexity: O(length).
  public static func read(_ text: String, file: String, workload: Workload, plan: Plan) throws(InputError) -> RunLog {
    var reader = RunLogReader(workload: workload, plan: plan)
    var text = text
    text.withUTF8 { reader.take($0) }
    return try reader.log(file: file)
  }
}

/// The largest amount of each kind and stage: peaks of all ranks of a stage.
struct LargestMemory: Sendable, Equatable {
  private var amounts: [MeasuredMemory] = []

  /// Takes an amount; none that is not above zero and finite.
  mutating func take(_ amount: MeasuredMemory) {
    guard amount.bytes > 0, amount.bytes.isFinite else { return }
    if let index = amounts.firstIndex(where: { $0.kind == amount.kind && $0.stage == amount.stage }) {
      amounts[index].bytes = max(amounts[index].bytes, amount.bytes)
    } else {
      amounts.append(amount)
    }
  }

  /// Kinds in their order, then stages.
  var sorted: [MeasuredMemory] {
    func place(_ amount: MeasuredMemory) -> (Int, Int) {
      (MeasuredMemory.Kind.allCases.firstIndex(of: amount.kind) ?? 0, amount.stage ?? -1)
    }
    return amounts.sorted { place($0) < place($1) }
  }
}
