/// A plan that breaks a rule.
public enum PlanError: Error, Sendable, Equatable {
  /// Layers of the stages do not add up to the model's.
  case layers(sum: Int, expected: Int)
  /// `b * dp * G` is not the global batch in a stage (from 0).
  case batch(stage: Int, product: Int, expected: Int)
  /// `dp * tp * cp` is not the number of GPUs of the stage's mesh.
  case mesh(stage: Int, ranks: Int, gpus: Int)
  /// The meshes do not tile the cluster, nor whole nodes of it.
  case tiling(gpus: Int, available: Int)
  /// A value of one stage is out of its range; the text says what would be right.
  case value(stage: Int, field: String, found: String, allowed: String)
  /// A value of the plan is out of its range.
  case planValue(field: String, found: String, allowed: String)
}

extension PlanError: CustomStringConvertible {
  /// What is wrong, where, and what would be right.
  public var description: String {
    switch self {
    case .layers(let sum, let expected): "the stages hold \(sum) layers, the model has \(expected)"
    case .batch(let stage, let product, let expected):
      "stage \(stage + 1): microBatch x dataParallel x gradientAccumulation is \(product), the global batch is \(expected)"
    case .mesh(let stage, let ranks, let gpus):
      "stage \(stage + 1): dataParallel x tensorParallel x contextParallel is \(ranks), its mesh has \(gpus) GPUs"
    case .tiling(let gpus, let available):
      "the stages' meshes hold \(gpus) GPUs, the cluster has \(available); only whole nodes may stay idle"
    case .value(let stage, let field, let found, let allowed):
      "stage \(stage + 1): \(field) is \(found), must be \(allowed)"
    case .planValue(let field, let found, let allowed): "\(field) is \(found), must be \(allowed)"
    }
  }
}
