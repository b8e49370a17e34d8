/// A search space: a restriction of the one space, as data (docs/spaces.md).
///
/// Spaces ship in `samples/spaces/` and are read by `SpaceReader`; defaults of properties restrict nothing that stages of
/// equal meshes can have.
public struct SearchSpace: Sendable, Equatable {
  /// Name for flags.
  public var name: String
  /// A sentence for people.
  public var summary: String
  /// Allowed micro-batch sizes [b]; nil for any.
  public var microBatches: [Int]?
  /// Allowed ZeRO levels.
  public var zeroLevels: [Int]
  /// Allowed eighths of offloaded weights [WO].
  public var weightEighths: [Int]
  /// Allowed eighths of offloaded gradients [GO].
  public var gradientEighths: [Int]
  /// Allowed eighths of offloaded optimizer states [OO].
  public var optimizerEighths: [Int]
  /// Allowed eighths of offloaded activations [AO].
  public var activationEighths: [Int]
  /// Weights may be offloaded only where gradients are.
  public var weightsNeedGradients: Bool
  /// How far a stage's layers may be from N/S; nil for any number.
  public var layerSlack: Int?
  /// Meshes only of 2^j GPUs or 2^j nodes.
  public var powerOfTwoMeshes: Bool
  /// Sequence parallelism with tensor parallelism: the choices that may be tried; without it, off.
  public var sequenceParallel: [Bool] = [false]
  /// What recomputed layers may recompute: each stage on its own where `checkpointing` is any, else alike.
  public var recomputeKinds: [RecomputeKind] = [.full]
  /// Allowed context-parallel degrees [cp].
  public var contextParallel: [Int] = [1]
  /// Allowed numbers of model chunks on each GPU [v].
  public var interleave: [Int] = [1]
  /// The schedule of its plans, 1F1B where they may be interleaved; not in files, but asked for beside the space.
  public var schedule = PipelineSchedule.oneForwardOneBackward
  /// Sentences about the launcher or the publication behind it.
  public var about: [String] = []
  /// The runtime of its launcher, on which comparisons tune it.
  public var runtime = "mist"
  /// The most pipeline stages; nil for any number.
  public var maximumStages: Int?
  /// Stages may have meshes of unlike sizes.
  public var unlikeMeshes = false
  /// Stages may have unlike tensor-parallel degrees.
  public var unlikeTensorParallel = false
  /// Allowed tensor-parallel degrees [tp]; nil for any.
  public var tensorParallel: [Int]?
  /// How the stages' layers hang together, beside `layerSlack`.
  public var layerRule = LayerRule.any
  /// Allowed ZeRO levels with more than one stage; nil for `zeroLevels`.
  public var stagedZeroLevels: [Int]?
  /// Offload is allowed with more than one stage.
  public var stagedOffload = true
  /// ZeRO level and offload shares are the same in all stages.
  public var statesAlike = false
  /// How many layers of a stage may recompute.
  public var checkpointing = CheckpointRule.any

  /// All spaces that ship, in the order in which they are listed; empty where a shipped file cannot be read.
  public static let all: [SearchSpace] = (try? Catalogue.spaces) ?? []

  /// The space of that name, or nil.
  public static func named(_ name: String) -> SearchSpace? { all.first { $0.name == name } }

  /// The paper's space without its grid: the default of a search.
  public static let mist = named("mist") ?? blank

  /// The paper's published grid.
  public static let mistPaper = named("mist-paper") ?? blank

  /// The one space that all others restrict.
  public static let everything = named("everything") ?? blank

  /// A space of one strategy: what a reader fills in.
  static let blank = SearchSpace(
    name: "", summary: "", microBatches: nil, zeroLevels: [0], weightEighths: [0], gradientEighths: [0],
    optimizerEighths: [0], activationEighths: [0], weightsNeedGradients: false, layerSlack: nil, powerOfTwoMeshes: false
  )
}

extension SearchSpace {
  /// The space with plans of one schedule alone; nil where it has none of them (interleaved stages).
  ///
  /// Stages of unlike meshes and degrees are for 1F1B: under the others they are alike.
  public func restricted(to schedule: PipelineSchedule) -> SearchSpace? {
    var space = self
    if schedule != .oneForwardOneBackward { (space.unlikeMeshes, space.unlikeTensorParallel) = (false, false) }
    switch schedule {
    case .oneForwardOneBackward: space.interleave = [1]
    case .interleaved: space.interleave = interleave.filter { $0 > 1 }
    case .gpipe, .zeroBubble:
      space.interleave = [1]
      space.schedule = schedule
    }
    return space.interleave.isEmpty ? nil : space
  }

  /// Schedules that the space searches, for people.
  var schedules: String {
    guard schedule == .oneForwardOneBackward else { return "schedule \(schedule.rawValue)" }
    guard interleave.contains(where: { $0 > 1 }) else { return "schedule 1f1b" }
    return interleave.contains(1) ? "schedules 1f1b and interleaved 1f1b" : "schedule interleaved 1f1b"
  }

  /// What tells its shapes apart, for people: `G, S and tp`.
  var shapeDimensions: String {
    var names = ["G", "S", "tp"]
    if sequenceParallel.contains(true) { names.append("sequence parallelism") }
    if contextParallel.contains(where: { $0 > 1 }) { names.append("cp") }
    if interleave.contains(where: { $0 > 1 }) { names.append("v") }
    return names.dropLast().joined(separator: ", ") + " and " + (names.last ?? "")
  }
}
