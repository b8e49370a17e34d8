/// How the layers of the stages hang together (docs/spaces.md).
public enum LayerRule: String, Sendable, Equatable, CaseIterable {
  /// Each stage has any number.
  case any
  /// All stages but the first and the last have the same number.
  case equalInner = "equal-inner"
  /// All stages have the same number.
  case equal
}

/// How many layers of a stage may recompute (docs/spaces.md).
public enum CheckpointRule: String, Sendable, Equatable, CaseIterable {
  /// Any number in each stage.
  case any
  /// The same number in each stage, all of a stage that has fewer layers; of kinds other than `full` all layers or none.
  case sameCount = "same-count"
  /// All layers or none, alike in all stages.
  case allOrNoneAlike = "all-or-none-alike"
  /// None.
  case none

  /// Whether one stage alone may recompute so many of its layers in this way.
  func allows(_ checkpointed: Int, of layers: Int, _ kind: RecomputeKind) -> Bool {
    switch self {
    case .any: true
    case .sameCount where kind == .full: true
    case .allOrNoneAlike, .sameCount: checkpointed == 0 || checkpointed == layers
    case .none: checkpointed == 0
    }
  }
}
