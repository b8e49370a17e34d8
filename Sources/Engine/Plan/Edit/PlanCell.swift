/// A choice of a plan in one place: what a person edits.
///
/// The place is the whole plan, a stage, or a run of stages that have the choice alike and change it together.
public struct PlanCell: Sendable, Hashable {
  /// The choice.
  public var knob: PlanKnob
  /// The stages, from 0, never empty; nil for a choice of the whole plan.
  public var stages: Range<Int>?

  /// A cell of one stage; the stage of a knob of the plan is dropped.
  public init(_ knob: PlanKnob, stage: Int? = nil) {
    self.init(knob, stages: stage.map { $0..<$0 + 1 })
  }

  /// A cell of a run of stages, at least one; those of a knob of the plan are dropped.
  public init(_ knob: PlanKnob, stages: Range<Int>?) {
    self.knob = knob
    self.stages = knob.isOfPlan || stages?.isEmpty == true ? nil : stages
  }

  /// The first stage, from 0; nil for a choice of the whole plan.
  public var stage: Int? { stages?.lowerBound }

  /// Its value, of a run of stages that of the first; nil where the plan has no such stage.
  public func value(in plan: Plan) -> Int? {
    guard let stages else { return knob.value(of: plan) }
    guard stages.clamped(to: plan.stages.indices) == stages else { return nil }
    return knob.value(of: plan.stages[stages.lowerBound])
  }

  /// The pins that hold it at a value: one for each stage.
  public func pins(_ value: Int) -> [Pin] {
    guard let stages else { return [Pin(knob, PinValues(value))] }
    return stages.map { Pin(knob, PinValues(value), at: .stage($0 + 1)) }
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
