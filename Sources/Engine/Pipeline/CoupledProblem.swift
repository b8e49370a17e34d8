/// The problem between stages that hang together by more than their layers: a limit on how many kinds of stages there
/// are, or on the host memory of the stages of one node (docs/pipeline.md, "Stages that hang together").
struct CoupledProblem: Sendable {
  /// One way to run one stage.
  struct Option: Sendable {
    /// Stage, from 0.
    var stage: Int
    /// Layers that it gives the stage.
    var layers: Int
    /// Stable micro-batch [t], seconds.
    var stable: Double
    /// First and last micro-batch [t + d], seconds.
    var firstLast: Double
    /// Options of the same number are stages of one kind.
    var kind = 0
    /// Host memory of the stage on each node that it shares, bytes.
    var hostBytes = 0.0
    /// What the caller needs to find the configuration again.
    var tag: Int
  }

  /// Micro-batches per iteration [G].
  var microBatches: Int
  /// Layers to distribute [N].
  var layers: Int
  /// Stages [S].
  var stages: Int
  /// All ways to run the stages.
  var options: [Option]
  /// The most kinds of stages; nil for any number.
  var maximumKinds: Int?
  /// Stages of each node whose host memory they share; empty where it never binds.
  var nodes: [[Int]] = []
  /// Host memory of a node, bytes.
  var hostBytes = Double.infinity

  /// The objective of a choice of one option a stage (positions in `options`, in order of stages); nil where it breaks
  /// a limit.
  func objective(_ chosen: [Int]) -> Double? {
    let picked = chosen.map { options[$0] }
    guard picked.map(\.stage) == Array(0..<stages), picked.reduce(0, { $0 + $1.layers }) == layers else { return nil }
    if let maximumKinds, Set(picked.map(\.kind)).count > maximumKinds { return nil }
    guard nodes.allSatisfy({ $0.reduce(0) { $0 + picked[$1].hostBytes } <= hostBytes }) else { return nil }
    return ClosedForm.closedFormSeconds(
      stable: picked.map(\.stable), delta: picked.map { $0.firstLast - $0.stable }, microBatches: microBatches)
  }

  /// The problem without its limits; tags are positions in `options`.
  var free: PipelineProblem {
    let empty = [[StagePoint]](repeating: [], count: layers + 1)
    var points = [[[StagePoint]]](repeating: empty, count: stages)
    for (index, option) in options.enumerated() where option.layers <= layers {
      points[option.stage][option.layers].append(
        StagePoint(stable: option.stable, firstLast: option.firstLast, tag: index))
    }
    return PipelineProblem(microBatches: microBatches, layers: layers, options: points)
  }
}

/// What is known of a coupled problem.
struct CoupledAnswer: Sendable, Equatable {
  /// Positions of the best choice in `options`, one a stage; nil where none was found.
  var chosen: [Int]?
  /// Its objective, seconds; infinity without one.
  var objective = Double.infinity
  /// No choice is faster, seconds.
  var bound: Double
}
