/// Something about a plan that a person insists on: `tensorParallel=4`, `2.zero!=3`, `last.layers=8..10`
/// (docs/formats.md, "Pins").
public struct Pin: Sendable, Hashable {
  /// Where a pin holds.
  public enum Place: Sendable, Hashable {
    /// For the plan, or in all of its stages.
    case everywhere
    /// In one stage, from 1.
    case stage(Int)
    /// In the last stage, however many there are.
    case last
  }

  /// What is pinned.
  public var knob: PlanKnob
  /// Where.
  public var place: Place
  /// To what.
  public var values: PinValues

  /// A pin; one on a knob of the plan holds everywhere.
  public init(_ knob: PlanKnob, _ values: PinValues, at place: Place = .everywhere) {
    self.knob = knob
    self.place = place
    self.values = values
  }

  /// Reads `KNOB=V`, `N.KNOB=V` or `last.KNOB=V`, with `!=` for values that are forbidden; V is a value, a list `4,8`
  /// or a range `0..4`.
  public init(_ text: String) throws(PinError) {
    guard let sign = text.firstIndex(of: "=") else { throw .syntax(text: text) }
    var name = text[..<sign]
    let isForbidden = name.last == "!"
    if isForbidden { name.removeLast() }
    place = .everywhere
    if let dot = name.firstIndex(of: ".") {
      let head = name[..<dot]
      if head == "last" {
        place = .last
      } else if let stage = Int(head) {
        guard stage >= 1, stage <= 10_000 else { throw .stage(text: text) }
        place = .stage(stage)
      }
      if place != .everywhere { name = name[name.index(after: dot)...] }
    }
    guard let knob = PlanKnob(rawValue: String(name)) else { throw .unknownKnob(name: String(name)) }
    guard place == .everywhere || !knob.isOfPlan else { throw .place(knob: knob) }
    self.knob = knob
    values = try PinValues(text[text.index(after: sign)...], of: knob, isForbidden: isForbidden)
  }

  /// As a person writes it; reading it gives the same pin.
  public var text: String {
    let prefix =
      switch place {
      case .everywhere: ""
      case .stage(let number): "\(number)."
      case .last: "last."
      }
    return prefix + knob.rawValue + values.text(of: knob)
  }

  /// Whether it holds in stage `index` (from 0) of `count`.
  func applies(to index: Int, of count: Int) -> Bool {
    switch place {
    case .everywhere: true
    case .stage(let number): number == index + 1
    case .last: index == count - 1
    }
  }
}

extension Pin: CustomStringConvertible {
  /// `text`.
  public var description: String { text }
}
