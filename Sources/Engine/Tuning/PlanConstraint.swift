/// Rules that couple the stages beyond the space's own (docs/spaces.md, "Side constraints").
public struct PlanConstraints: Sendable, Hashable {
  /// All stages have one tensor-parallel degree, where the space lets them differ.
  public var sameTensorParallel = false
  /// All stages but the first and the last have the same number of layers.
  public var sameLayers = false
  /// At most so many different configurations of stages; nil for any number.
  public var maximumKinds: Int?

  /// None.
  public init() {}

  /// Reads `same-tp`, `same-layers` and `max-kinds=K`.
  public init(texts: [String]) throws(ConstraintError) {
    for text in texts {
      switch text {
      case "same-tp": sameTensorParallel = true
      case "same-layers": sameLayers = true
      default:
        let parts = text.split(separator: "=", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0] == "max-kinds" else { throw .unknown(text) }
        guard let count = Int(parts[1]), (1...10_000).contains(count) else { throw .count(String(parts[1])) }
        maximumKinds = min(count, maximumKinds ?? count)
      }
    }
  }

  /// The constraints as a person writes them.
  public var texts: [String] {
    (sameTensorParallel ? ["same-tp"] : []) + (sameLayers ? ["same-layers"] : [])
      + (maximumKinds.map { ["max-kinds=\($0)"] } ?? [])
  }

  /// The constraints that a plan breaks.
  public func broken(by plan: Plan) -> [String] {
    let stages = plan.stages
    return texts.filter { text in
      switch text {
      case "same-tp": Set(stages.map(\.tensorParallel)).count > 1
      case "same-layers": Set(stages.dropFirst().dropLast().map(\.layers)).count > 1
      default: Set(stages.map { Self.kind($0, plan) }).count > maximumKinds ?? .max
      }
    }
  }

  /// A stage with what costs the same written alike.
  private static func kind(_ stage: StageChoice, _ plan: Plan) -> StageChoice {
    var stage = stage
    if stage.checkpointedLayers == 0 { stage.recompute = .full }
    if stage.dataParallel * plan.contextParallel == 1 { stage.zero = 0 }
    return stage
  }

  /// The part of a space that keeps what a space can say.
  func restricting(_ space: SearchSpace) -> SearchSpace {
    var space = space
    if sameTensorParallel { space.unlikeTensorParallel = false }
    if sameLayers, space.layerRule == .any { space.layerRule = .equalInner }
    return space
  }
}

/// A constraint that cannot be read.
public enum ConstraintError: Error, Sendable, Equatable {
  /// Not one of the constraints.
  case unknown(String)
  /// A number of kinds that is none.
  case count(String)
}

extension ConstraintError: CustomStringConvertible {
  /// What is wrong, and what would be right.
  public var description: String { PlainText.line(text) }

  private var text: String {
    switch self {
    case .unknown(let text):
      "no constraint is called '\(PlainText.line(text, most: 200))'; known: same-tp, same-layers, max-kinds=K"
    case .count(let text): "max-kinds: '\(PlainText.line(text, most: 200))' must be a whole number from 1"
    }
  }
}
