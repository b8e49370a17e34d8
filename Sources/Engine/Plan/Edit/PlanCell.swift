/// A choice of a plan in one place: what a person edits.
public struct PlanCell: Sendable, Hashable {
  /// The choice.
  public var knob: PlanKnob
  /// The stage, from 0; nil for a choice of the whole plan.
  public var stage: Int?

  /// A cell; the stage of a knob of the plan is dropped.
  public init(_ knob: PlanKnob, stage: Int? = nil) {
    self.knob = knob
    self.stage = knob.isOfPlan ? nil : stage
  }

  /// Its value; nil where the plan has no such stage.
  public func value(in plan: Plan) -> Int? {
    guard let stage else { return knob.value(of: plan) }
    return plan.stages.indices.contains(stage) ? knob.value(of: plan.stages[stage]) : nil
  }

  /// The pin that holds it at a value.
  public func pin(_ value: Int) -> Pin {
    Pin(knob, PinValues(value), at: stage.map { .stage($0 + 1) } ?? .everywhere)
  }
}

/// Why a value cannot stand in a cell.
public enum PlanEditError: Error, Sendable, Equatable {
  /// A rule of plans that the least repair cannot keep.
  case rule(PlanError)
  /// Something that would have to move is pinned.
  case pinned([Pin])
  /// The numbers do not divide: what does not, for people.
  case indivisible(String)
  /// There is no such stage, or the choice is not edited by itself.
  case notHere
}

extension PlanEditError: CustomStringConvertible {
  /// What is wrong.
  public var description: String {
    switch self {
    case .rule(let error): "\(error)"
    case .pinned(let pins): "pinned: \(pins.map(\.text).joined(separator: ", "))"
    case .indivisible(let what): what
    case .notHere: "there is no such choice here"
    }
  }
}
