/// One knob of a space in words, for `brume spaces` and its screens.
public struct SpaceKnob: Sendable, Equatable {
  /// The key of space files.
  public var key: String
  /// What it restricts.
  public var meaning: String
  /// The values that the space allows, as space files write them.
  public var allowed: String
}

extension SearchSpace {
  /// All knobs, in the order of the documentation.
  public var knobs: [SpaceKnob] {
    shapeKnobs + stateKnobs + [
      SpaceKnob(key: "checkpointed", meaning: "layers of a stage that recompute", allowed: checkpointing.rawValue),
      SpaceKnob(
        key: "recompute", meaning: "what they recompute", allowed: Self.list(recomputeKinds.map(\.rawValue))),
      SpaceKnob(
        key: "sequenceParallel", meaning: "sequence parallelism, with tp above 1",
        allowed: Self.list(sequenceParallel.map { $0 ? "on" : "off" })),
      SpaceKnob(key: "contextParallel", meaning: "context-parallel degree [cp]", allowed: Self.list(contextParallel)),
      SpaceKnob(key: "interleave", meaning: "model chunks on each GPU [v]", allowed: Self.list(interleave)),
    ]
  }

  private var shapeKnobs: [SpaceKnob] {
    [
      SpaceKnob(key: "microBatch", meaning: "micro-batch [b]", allowed: microBatches.map(Self.list) ?? "any"),
      SpaceKnob(
        key: "stages", meaning: "pipeline stages [S], at most", allowed: maximumStages.map(String.init) ?? "any"),
      SpaceKnob(
        key: "meshes", meaning: "nodes x GPUs of each stage",
        allowed: unlikeMeshes ? "unlike" : powerOfTwoMeshes ? "powers-of-two" : "alike"),
      SpaceKnob(
        key: "tensorParallel", meaning: "tensor-parallel degree [tp]",
        allowed: (tensorParallel.map(Self.list) ?? "any") + (unlikeTensorParallel ? ", of each stage" : ", one for all")
      ),
      SpaceKnob(
        key: "layers", meaning: "layers of each stage [L]",
        allowed: layerSlack.map { "within \($0) of N/S" } ?? layerRule.rawValue),
    ]
  }

  private var stateKnobs: [SpaceKnob] {
    func shares(_ eighths: [Int]) -> String {
      switch eighths {
      case [0]: return "none"
      case Array(0...8): return "any eighth"
      case [0, 8]: return "all or none"
      default: return Self.list(eighths) + " eighths"
      }
    }
    let staged = stagedZeroLevels.map { "; with several stages " + Self.list($0) } ?? ""
    var knobs = [
      SpaceKnob(
        key: "zero", meaning: "ZeRO level",
        allowed: Self.list(zeroLevels) + staged + (statesAlike ? ", one for all" : ", of each stage"))
    ]
    let only = stagedOffload ? "" : ", in one stage alone"
    for (name, eighths) in [
      ("weights", weightEighths), ("gradients", gradientEighths), ("optimizer", optimizerEighths),
      ("activations", activationEighths),
    ] {
      let rule = name == "weights" && weightsNeedGradients ? ", only with gradients" : ""
      knobs.append(
        SpaceKnob(
          key: "offload.\(name)", meaning: "\(name) on the host",
          allowed: shares(eighths) + (eighths == [0] ? "" : rule + only)))
    }
    return knobs
  }

  private static func list(_ numbers: [Int]) -> String { list(numbers.map(String.init)) }

  private static func list(_ values: [String]) -> String { values.joined(separator: ", ") }
}
