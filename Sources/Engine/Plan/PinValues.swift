/// The values that a pin allows, or forbids: `4,8`, `0..4`, `!=3`.
public struct PinValues: Sendable, Hashable {
  /// Single values and ranges, as they were written.
  public var ranges: [ClosedRange<Int>]
  /// The values are forbidden, all others allowed.
  public var isForbidden: Bool

  /// Allowed or forbidden values, in the units of `PlanKnob`.
  public init(_ ranges: [ClosedRange<Int>], isForbidden: Bool = false) {
    self.ranges = ranges
    self.isForbidden = isForbidden
  }

  /// One allowed value.
  public init(_ value: Int) { self.init([value...value]) }

  /// Whether a value is allowed; complexity: O(ranges).
  public func allows(_ value: Int) -> Bool { ranges.contains { $0.contains(value) } != isForbidden }

  /// Reads what stands behind `=` or `!=`.
  init(_ text: some StringProtocol, of knob: PlanKnob, isForbidden: Bool) throws(PinError) {
    var found: [ClosedRange<Int>] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.split(separator: "..", omittingEmptySubsequences: false)
      guard ends.count <= 2, let first = ends.first.flatMap({ knob.value($0) }),
        let last = ends.last.flatMap({ knob.value($0) })
      else { throw .value(knob: knob, text: String(part)) }
      guard first <= last else { throw .range(knob: knob, text: String(part)) }
      found.append(first...last)
    }
    self.init(found, isForbidden: isForbidden)
  }

  /// As a person writes it, with the sign: `=4,8`.
  func text(of knob: PlanKnob) -> String {
    (isForbidden ? "!=" : "=")
      + ranges.map { range in
        range.count == 1
          ? knob.text(range.lowerBound) : "\(knob.text(range.lowerBound))..\(knob.text(range.upperBound))"
      }.joined(separator: ",")
  }
}
