/// A search space: a restriction of the one space, as data (docs/model.md, section 1).
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
  /// What recomputed layers may recompute, each stage on its own.
  public var recomputeKinds: [RecomputeKind] = [.full]
  /// Allowed context-parallel degrees [cp].
  public var contextParallel: [Int] = [1]
  /// Allowed numbers of model chunks on each GPU [v].
  public var interleave: [Int] = [1]

  /// The paper's published grid (model.md section 1).
  public static let mistPaper = SearchSpace(
    name: "mist-paper",
    summary: "the published grid of Mist: b 1, 2, 4; ZeRO 1-3; its offload shares; layers within 2 of N/S",
    microBatches: [1, 2, 4], zeroLevels: [1, 2, 3], weightEighths: [0, 2, 3, 4, 6, 8],
    gradientEighths: [0, 2, 3, 4, 6, 8], optimizerEighths: [0, 2, 3, 4, 5, 6, 7, 8],
    activationEighths: [0, 2, 3, 4, 5, 6, 7, 8], weightsNeedGradients: true, layerSlack: 2, powerOfTwoMeshes: true)

  /// The paper's space without its grid (model.md section 1).
  public static let mist = SearchSpace(
    name: "mist",
    summary: "equal meshes, one tp, ZeRO 0-3, offload in eighths, any micro-batch and any layers per stage",
    microBatches: nil, zeroLevels: [0, 1, 2, 3], weightEighths: Array(0...8), gradientEighths: Array(0...8),
    optimizerEighths: Array(0...8), activationEighths: Array(0...8), weightsNeedGradients: false, layerSlack: nil,
    powerOfTwoMeshes: false)

  /// All that the search knows (model.md section 1).
  public static let everything: SearchSpace = {
    var space = SearchSpace.mist
    space.name = "everything"
    space.summary =
      "mist with sequence and context parallelism, selective recomputation a stage, and interleaved 1F1B"
    space.sequenceParallel = [false, true]
    space.recomputeKinds = [.full, .selective, .selectiveOperators]
    space.contextParallel = [1, 2, 4, 8, 16, 32, 64]
    space.interleave = Array(1...16)
    return space
  }()

  /// All spaces that ship, in the order in which they are listed.
  public static let all: [SearchSpace] = [.mist, .mistPaper, .everything]

  /// The space of that name, or nil.
  public static func named(_ name: String) -> SearchSpace? { all.first { $0.name == name } }
}

extension SearchSpace {
  /// Schedules that the space searches, for people.
  var schedules: String {
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

  /// The part of the space that a runtime can run: its ZeRO levels, and nothing on the host where it offloads nothing.
  func restricted(to runtime: RuntimeProfile) -> SearchSpace {
    var space = self
    space.zeroLevels = zeroLevels.filter(runtime.zeroLevels.contains)
    guard !runtime.offloads else { return space }
    space.weightEighths = weightEighths.filter { $0 == 0 }
    space.gradientEighths = gradientEighths.filter { $0 == 0 }
    space.optimizerEighths = optimizerEighths.filter { $0 == 0 }
    space.activationEighths = activationEighths.filter { $0 == 0 }
    return space
  }
}
