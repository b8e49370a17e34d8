/// A way to lay a stage on the cluster: so many GPUs, and what goes with them (tensor parallel degree and the like).
public struct MeshKind: Sendable, Equatable {
  /// GPUs of the mesh.
  public var devices: Int
  /// Point-to-point to the next stage, both directions, where it starts on the node that this one ends on, seconds.
  public var insideSeconds: Double
  /// The same where it starts on another node, seconds.
  public var acrossSeconds: Double

  /// A kind.
  public init(devices: Int, insideSeconds: Double, acrossSeconds: Double) {
    self.devices = devices
    self.insideSeconds = insideSeconds
    self.acrossSeconds = acrossSeconds
  }
}

/// A place that a stage can have in a pipeline, with the layers that it holds there.
public struct MeshPlace: Hashable, Sendable {
  /// Stages behind it: 0 for the last.
  public var behind: Int
  /// True for the stage that holds the embedding; with `behind` 0 it is the only one.
  public var isFirst: Bool
  /// Index of its `MeshKind`.
  public var kind: Int
  /// Its layers, 1 or more.
  public var layers: Int

  /// A place.
  public init(behind: Int, isFirst: Bool, kind: Int, layers: Int) {
    self.behind = behind
    self.isFirst = isFirst
    self.kind = kind
    self.layers = layers
  }
}

/// The problem between stages of unlike meshes for one G (docs/pipeline.md): how many stages, and for each a mesh, layers
/// and a point.
///
/// Stages stand one after another on the GPUs of the cluster, the first at GPU 0. A mesh smaller than a node lies inside
/// one; a larger one is whole nodes. Minimise `(G-1) * max t_i + V` as in `PipelineProblem`, with the point-to-point of a
/// stage added to both times of its point: by where its last GPU and the first of the next stage are; none for the last.
public struct MeshPipelineProblem: Sendable {
  /// Micro-batches per iteration [G].
  public var microBatches: Int
  /// Layers to distribute [N].
  public var layers: Int
  /// GPUs of the cluster.
  public var devices: Int
  /// GPUs of each node.
  public var devicesPerNode: Int
  /// The meshes with their degrees.
  public var kinds: [MeshKind]
  /// Most stages [S].
  public var maximumStages: Int
  /// True where whole nodes may be left over, at the end of the line.
  public var mayIdle: Bool
  /// Points of each place, without point-to-point; made for these layers, kinds and stages.
  public var options: MeshOptions

  /// A problem.
  public init(
    microBatches: Int, layers: Int, devices: Int, devicesPerNode: Int, kinds: [MeshKind], maximumStages: Int,
    mayIdle: Bool, options: MeshOptions
  ) {
    self.microBatches = microBatches
    self.layers = layers
    self.devices = devices
    self.devicesPerNode = devicesPerNode
    self.kinds = kinds
    self.maximumStages = maximumStages
    self.mayIdle = mayIdle
    self.options = options
  }

  /// `G - 1`: how often the slowest stage counts.
  var rounds: Double { Double(microBatches - 1) }

  /// True where a search can begin: the sizes are positive and the options were made for them.
  var isWellFormed: Bool {
    microBatches >= 1 && layers >= 1 && devices >= 1 && devicesPerNode >= 1 && maximumStages >= 1 && !kinds.isEmpty
      && options.stages == maximumStages && options.kinds == kinds.count && options.layers == layers
  }
}

/// A solution of a `MeshPipelineProblem`.
public struct MeshPipelineSolution: Sendable, Equatable {
  /// One stage.
  public struct Stage: Sendable, Equatable {
    /// Index of its `MeshKind`.
    public var kind: Int
    /// Its layers.
    public var layers: Int
    /// Index of its point among those of its place.
    public var point: Int

    /// A stage.
    public init(kind: Int, layers: Int, point: Int) {
      self.kind = kind
      self.layers = layers
      self.point = point
    }
  }

  /// The objective, seconds.
  public var objective: Double
  /// The stages in pipeline order.
  public var stages: [Stage]

  /// A solution.
  public init(objective: Double, stages: [Stage]) {
    self.objective = objective
    self.stages = stages
  }
}
