/// What pins leave of the places of a group of plans of unlike stages (docs/spaces.md, "Pins").
///
/// A place knows how many stages are behind it: that tells the last one. Which one has a number is known where the group
/// has a number of stages.
struct MeshPins {
  /// The pins of all plans.
  let pins: PlanPins
  /// The number of stages of all plans of the group; nil for any that pins allow.
  let stages: Int?

  /// The most stages, up to `most`, that a plan may have; 0 where none is allowed.
  func mostStages(upTo most: Int) -> Int {
    if let stages { return stages <= most ? stages : 0 }
    return (2...max(2, most)).last { $0 <= most && pins.allows(stages: $0) } ?? 0
  }

  /// What stages with 0, 1, ... others behind them are held to, each not first and first; nil where none is there.
  func roles(stages: Int) -> [[StagePins?]] {
    (0..<stages).map { behind in
      [false, true].map { has(behind: behind, isFirst: $0) ? stage(behind: behind, isFirst: $0) : nil }
    }
  }

  /// Whether a stage of some plan that may be has so many behind it; a single stage has one mesh: the search over equal
  /// ones has it.
  private func has(behind: Int, isFirst: Bool) -> Bool {
    if let stages { return behind < stages && isFirst == (behind == stages - 1) && stages > 1 }
    return !isFirst || (behind > 0 && pins.allows(stages: behind + 1))
  }

  /// What a stage is held to.
  func stage(behind: Int, isFirst: Bool) -> StagePins {
    // Without a number of stages no pin names one by its number: any that is neither first nor last is the same.
    let count = stages ?? behind + (isFirst ? 1 : 2)
    return pins.stage(count - 1 - behind, of: count)
  }

  /// Whether a stage held to `held` may have a mesh and a number of layers.
  static func allows(_ held: StagePins, mesh: PlanShape, layers: Int) -> Bool {
    held.allows(.layers, layers)
      && held.values.allSatisfy { knob, values in
        mesh.value(of: knob).map { value in values.allSatisfy { $0.allows(value) } } ?? true
      }
  }
}
