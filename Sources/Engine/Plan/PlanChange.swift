/// One choice that two plans of a workload do not have alike.
public struct PlanChange: Sendable, Hashable {
  /// The choice.
  public var knob: PlanKnob
  /// The stages in which it differs, from 1; empty where it is the plan's, or where all stages have it alike in each plan.
  public var stages: [Int]
  /// The value before, as a person writes it.
  public var before: String
  /// The value after.
  public var after: String

  /// `tensorParallel 2 -> 4`, `layers 12 -> 13, 11 in stages 1, 2`, `zero 1, 3, 3, 3 -> 2 in stages 1, 4-6`.
  public var text: String {
    let place: String
    switch stages.count {
    case 0: place = ""
    case 1: place = " in stage \(stages[0])"
    default: place = " in stages " + Self.ranges(stages)
    }
    return "\(knob.rawValue) \(before) -> \(after)\(place)"
  }

  /// All that differs between two plans, the plan's own choices first, in the order of `PlanKnob`.
  ///
  /// Where the number of stages differs, choices of stages are told only where both plans have them alike in all stages.
  /// What has no effect (the kind of recomputation where nothing is recomputed) is left out. Complexity: O(stages).
  public static func all(from old: Plan, to new: Plan) -> [PlanChange] {
    var found: [PlanChange] = []
    for knob in PlanKnob.allCases {
      if knob == .sequenceParallel, !(old.isSliced && new.isSliced) { continue }
      if let before = knob.value(of: old), let after = knob.value(of: new) {
        if before != after {
          found.append(PlanChange(knob: knob, stages: [], before: knob.text(before), after: knob.text(after)))
        }
      } else {
        found += ofStages(knob, old, new)
      }
    }
    // The number of chunks says which schedule it is.
    if found.contains(where: { $0.knob == .interleave }) { found.removeAll { $0.knob == .schedule } }
    return found
  }

  /// Rising numbers, with three and more in a row as a range: `1, 2, 4-8`.
  private static func ranges(_ numbers: [Int]) -> String {
    var runs: [ClosedRange<Int>] = []
    for number in numbers {
      if let last = runs.last, last.upperBound == number - 1 {
        runs[runs.count - 1] = last.lowerBound...number
      } else {
        runs.append(number...number)
      }
    }
    return runs.flatMap { $0.count > 2 ? ["\($0.lowerBound)-\($0.upperBound)"] : $0.map(String.init) }
      .joined(separator: ", ")
  }

  private static func ofStages(_ knob: PlanKnob, _ old: Plan, _ new: Plan) -> [PlanChange] {
    func values(_ plan: Plan) -> [Int] { plan.stages.compactMap { knob.value(of: $0) } }
    if knob == .recompute, !(old.recomputes && new.recomputes) { return [] }
    let (before, after) = (values(old), values(new))
    if let first = before.first, let next = after.first, before.allSatisfy({ $0 == first }),
      after.allSatisfy({ $0 == next })
    {
      return first == next
        ? [] : [PlanChange(knob: knob, stages: [], before: knob.text(first), after: knob.text(next))]
    }
    func list(_ values: [Int]) -> String {
      let isOne = values.allSatisfy { $0 == values[0] }
      return (isOne ? Array(values.prefix(1)) : values).map(knob.text).joined(separator: ", ")
    }
    guard before.count == after.count else {
      return [PlanChange(knob: knob, stages: [], before: list(before), after: list(after))]
    }
    let places = before.indices.filter { before[$0] != after[$0] }
    guard !places.isEmpty else { return [] }
    return [
      PlanChange(
        knob: knob, stages: places.map { $0 + 1 }, before: list(places.map { before[$0] }),
        after: list(places.map { after[$0] }))
    ]
  }
}

extension Plan {
  /// Some stage splits its tensors.
  var isSliced: Bool { stages.contains { $0.tensorParallel > 1 } }

  /// Some layer recomputes.
  var recomputes: Bool { stages.contains { $0.checkpointedLayers > 0 } }
}
