/// One way to run one stage: a point of its frontier.
public struct StagePoint: Sendable, Equatable {
  /// Stable micro-batch [t], seconds, point-to-point included.
  public var stable: Double
  /// First and last micro-batch together [t + d], seconds.
  public var firstLast: Double
  /// What the caller needs to find the configuration again.
  public var tag: Int

  /// A point.
  public init(stable: Double, firstLast: Double, tag: Int) {
    self.stable = stable
    self.firstLast = firstLast
    self.tag = tag
  }
}

/// The problem between the stages for one (G, S, mesh, tp): give each stage layers and a frontier point.
///
/// Minimise `(G-1) * max t_i + V`, `V = max(sum t, max_i(d_i + sum_{j>=i} t_j))` with `d = firstLast - stable`
/// (docs/model.md section 5), such that the layers add up to `layers`.
public struct PipelineProblem: Sendable {
  /// Micro-batches per iteration [G].
  public var microBatches: Int
  /// Layers to distribute [N].
  public var layers: Int
  /// `options[stage][layerCount]`: mutually non-dominated points on (stable, firstLast); empty where nothing fits.
  ///
  /// Shape: stages x (layers + 1); index 0 is unused and empty.
  public var options: [[[StagePoint]]]

  /// `slowestExtra[stage][layerCount]`: what a stage's t is more than its `stable`, seconds; empty where it is nothing.
  ///
  /// With weight gradients apart (ZB-H1) `stable` is `t - 2W`, by which a stage counts that is not the slowest, and this
  /// is 2W: the first term is then `max_i ((G-1) stable_i + G extra_i)`. For two micro-batches or more.
  public var slowestExtra: [[Double]]

  /// A problem.
  public init(microBatches: Int, layers: Int, options: [[[StagePoint]]], slowestExtra: [[Double]] = []) {
    self.microBatches = microBatches
    self.layers = layers
    self.options = options
    self.slowestExtra = slowestExtra
  }
}

/// A solution of a `PipelineProblem`.
public struct PipelineSolution: Sendable, Equatable {
  /// The objective, seconds.
  public var objective: Double
  /// Per stage, its layers.
  public var layers: [Int]
  /// Per stage, the index into `options[stage][layers[stage]]`.
  public var points: [Int]

  /// A solution.
  public init(objective: Double, layers: [Int], points: [Int]) {
    self.objective = objective
    self.layers = layers
    self.points = points
  }
}

/// A proof of a solution's quality by an independent solver.
public struct Certificate: Sendable, Equatable {
  /// The solver that gave it: `glpk`.
  public var solver: String
  /// Best objective that it found or was given, seconds.
  public var objective: Double
  /// Its lower bound, seconds.
  public var bound: Double
  /// `(objective - bound) / objective`.
  public var gap: Double
  /// What it covers, in words.
  public var covers: String

  /// A certificate.
  public init(solver: String, objective: Double, bound: Double, gap: Double, covers: String) {
    self.solver = solver
    self.objective = objective
    self.bound = bound
    self.gap = gap
    self.covers = covers
  }
}
