/// A pin that cannot be read, or that no plan of the question can keep.
public enum PinError: Error, Sendable, Equatable {
  /// No `=`.
  case syntax(text: String)
  /// A stage number below 1.
  case stage(text: String)
  /// No knob of that name.
  case unknownKnob(name: String)
  /// A knob of the plan, pinned in one stage.
  case place(knob: PlanKnob)
  /// Not a value of the knob.
  case value(knob: PlanKnob, text: String)
  /// A range that ends before it begins.
  case range(knob: PlanKnob, text: String)
  /// A value that no plan of the space has for the workload.
  case outside(pin: Pin, possible: String, space: String)
  /// A pin on a stage that no plan has.
  case noStage(pin: Pin, most: Int)
  /// Pins of one knob that leave no value.
  case conflict(pins: [Pin], possible: String)
}

extension PinError {
  /// The pin is written wrongly, whatever the question.
  public var isSyntax: Bool {
    switch self {
    case .syntax, .stage, .unknownKnob, .place, .value, .range: true
    case .outside, .noStage, .conflict: false
    }
  }
}

extension PinError: CustomStringConvertible {
  /// What is wrong, and what would be right.
  public var description: String { PlainText.line(text) }

  private var text: String {
    switch self {
    case .syntax(let text):
      "'\(PlainText.line(text, most: 200))' is not a pin: write KNOB=V or N.KNOB=V, or != for what is forbidden"
    case .stage(let text): "'\(PlainText.line(text, most: 200))': stages count from 1; or write last"
    case .unknownKnob(let name): Self.unknown(name)
    case .place(let knob): "\(knob.rawValue) is of the whole plan: pin it without a stage"
    case .value(let knob, let text):
      "\(knob.rawValue): '\(PlainText.line(text, most: 200))' must be \(knob.expectation)"
    case .range(let knob, let text):
      "\(knob.rawValue): the range '\(PlainText.line(text, most: 200))' ends before it begins"
    case .outside(let pin, let possible, let space):
      "pin \(pin): no plan of space \(space) has it for this workload; possible: \(possible)"
    case .noStage(let pin, let most): "pin \(pin): plans here have at most \(most) stages"
    case .conflict(let pins, let possible):
      "pins \(pins.map(\.text).joined(separator: " and ")) leave no value; possible: \(possible)"
    }
  }

  private static func unknown(_ name: String) -> String {
    let names = PlanKnob.allCases.map(\.rawValue)
    let hint = Suggestion.nearest(to: name, in: names).map { "did you mean '\($0)'?" }
    return "no knob is called '\(PlainText.line(name, most: 200))'; "
      + (hint ?? "knobs: \(names.joined(separator: ", "))")
  }
}
