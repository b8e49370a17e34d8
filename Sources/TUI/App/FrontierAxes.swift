import Engine

/// What the two axes of the frontier show.
struct FrontierAxes: Sendable, Equatable {
  /// What is traded.
  enum Across: Sendable, Equatable {
    /// Device memory: the plans of the question.
    case memory
    /// GPUs: the best plan of each size of the cluster.
    case gpus
  }

  /// What is gained.
  enum Up: Sendable, Equatable, CaseIterable {
    /// Seconds of an iteration.
    case seconds
    /// Tokens per second.
    case throughput
    /// US dollars for a million tokens.
    case tokenCost
    /// US dollars for the training.
    case trainingCost
  }

  /// To the right.
  var across = Across.memory
  /// Upwards, as it was asked for.
  var up = Up.seconds
}

extension FrontierAxes.Up {
  /// The unit of the axis.
  var unit: String {
    switch self {
    case .seconds: "s/iter"
    case .throughput: "k tokens/s"
    case .tokenCost: "$/M tokens"
    case .trainingCost: "k$ to train"
    }
  }

  /// What must be known for it and is not; nil where it can be shown.
  func missing(for workload: Workload) -> String? {
    guard self == .tokenCost || self == .trainingCost else { return nil }
    if workload.cluster.nodeType.dollarsPerGPUHour == nil { return "the rent of a GPU (dollarsPerGPUHour)" }
    guard self == .trainingCost, workload.run.trainingTokens == nil else { return nil }
    return "the tokens of the training (trainingTokens)"
  }

  /// The value, in the axis' unit, of an iteration of so many seconds; 0 where it is not known.
  func value(seconds: Double, of workload: Workload) -> Double {
    switch self {
    case .seconds: seconds
    case .throughput: seconds > 0 ? workload.iterationTokens / seconds / 1000 : 0
    case .tokenCost: workload.costPerMillionTokens(iterationSeconds: seconds) ?? 0
    case .trainingCost: (workload.trainingCost(iterationSeconds: seconds) ?? 0) / 1000
    }
  }

  /// The value in words, in columns of its own; empty for the seconds, which stand there anyway.
  func text(seconds: Double, of workload: Workload) -> String {
    let value = value(seconds: seconds, of: workload)
    switch self {
    case .seconds: return ""
    case .throughput: return "  " + Format.right(Format.count(value * 1000), 8) + " tok/s"
    case .tokenCost: return "  " + Format.right("$" + Format.fixed(value, decimals: 3), 7) + "/M tokens"
    case .trainingCost: return "  " + Format.right("$" + Format.count(value * 1000), 8) + " to train"
    }
  }
}
