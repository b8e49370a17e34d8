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

  /// One value where all are alike; else all, of more than six those in a row together: `1 x15, 2 x16, 1`.
  private static func runs(_ values: [Int], _ knob: PlanKnob) -> String {
    var found: [(value: Int, count: Int)] = []
    for value in values {
      if let last = found.last, last.value == value {
        found[found.count - 1].count += 1
      } else {
        found.append((value, 1))
      }
    }
    if found.count == 1 { return knob.text(found[0].value) }
    guard values.count > 6 else { return values.map(knob.text).joined(separator: ", ") }
    return found.map { knob.text($0.value) + ($0.count > 1 ? " x\($0.count)" : "") }.joined(separator: ", ")
  }

  private static func ofStages(_ knob: PlanKnob, _ old: Plan, _ new: Plan) -> [PlanChange] {
    func values(_ plan: Plan) -> [Int] { plan.stages.compactMap { knob.value(of: $0) } }
    if knob == .recompute, !(old.recomputes && new.recomputes) { return [] }
    // One rank has nothing to shard.
    if knob == .zero, old.isWhole || new.isWhole { return [] }
    let (before, after) = (values(old), values(new))
    if let first = before.first, let next = after.first, before.allSatisfy({ $0 == first }),
      after.allSatisfy({ $0 == next })
    {
      return first == next
        ? [] : [PlanChange(knob: knob, stages: [], before: knob.text(first), after: knob.text(next))]
    }
    func list(_ values: [Int]) -> String { runs(values, knob) }
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

  /// Every stage has one data-parallel rank.
  var isWhole: Bool { contextParallel == 1 && stages.allSatisfy { $0.dataParallel == 1 } }

  /// Some layer recomputes.
  var recomputes: Bool { stages.contains { $0.checkpointedLayers > 0 } }
}
