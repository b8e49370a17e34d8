/// All that a person insists on; a search keeps every pin (docs/spaces.md, "Pins").
///
/// Pins only take plans away: what a search proves under them is the best plan that keeps them all.
public struct PlanPins: Sendable, Hashable {
  /// The pins, in the order in which they were given.
  public var pins: [Pin]

  /// Some pins, or none.
  public init(_ pins: [Pin] = []) { self.pins = pins }

  /// Reads one pin of each text.
  public init(texts: [String]) throws(PinError) {
    var found: [Pin] = []
    for text in texts { found.append(try Pin(text)) }
    self.init(found)
  }

  /// No pins.
  public var isEmpty: Bool { pins.isEmpty }

  /// The pins as a person writes them.
  public var texts: [String] { pins.map(\.text) }

  /// The pins that a plan breaks. Where values are alike (a ZeRO level of one rank, what no layer recomputes) none does.
  public func broken(by plan: Plan) -> [Pin] { pins.filter { !Self.keeps(plan, $0) } }

  private static func keeps(_ plan: Plan, _ pin: Pin) -> Bool {
    if let value = pin.knob.value(of: plan) { return pin.values.allows(value) }
    if case .stage(let number) = pin.place, number > plan.stages.count { return false }
    return plan.stages.indices.allSatisfy { index in
      let stage = plan.stages[index]
      guard pin.applies(to: index, of: plan.stages.count) else { return true }
      if pin.knob == .recompute, stage.checkpointedLayers == 0 { return true }
      if pin.knob == .zero, stage.dataParallel * plan.contextParallel == 1 { return true }
      return pin.knob.value(of: stage).map(pin.values.allows) ?? true
    }
  }

  /// The number of the last stage that a pin names; 0 where none does.
  var lastNamedStage: Int {
    pins.map { pin in
      if case .stage(let number) = pin.place { return number }
      return 0
    }.max() ?? 0
  }

  /// A pin names a stage by its number and none says how many stages there are: the number must be held.
  public var holdsStageCount: Bool { lastNamedStage > 0 && !pins.contains { $0.knob == .stages } }

  /// The pins that name no stage by its number.
  var withoutNamedStages: PlanPins {
    PlanPins(
      pins.filter { pin in
        if case .stage = pin.place { return false }
        return true
      })
  }

  /// Whether plans of so many stages are allowed: as many as a pin asks for, and no fewer than a pin names.
  func allows(stages: Int) -> Bool {
    lastNamedStage <= stages && pins.allSatisfy { $0.knob != .stages || $0.values.allows(stages) }
  }

  /// What stage `index` (from 0) of `count` is held to.
  func stage(_ index: Int, of count: Int) -> StagePins {
    var found = StagePins()
    for pin in pins where !pin.knob.isOfPlan && pin.applies(to: index, of: count) {
      found.values[pin.knob, default: []].append(pin.values)
    }
    return found
  }
}

/// What one stage is held to.
struct StagePins: Hashable {
  /// Values that must all allow the stage's; a knob without any is free.
  var values: [PlanKnob: [PinValues]] = [:]

  /// Whether a value of a knob is allowed.
  func allows(_ knob: PlanKnob, _ value: Int) -> Bool { values[knob]?.allSatisfy { $0.allows(value) } ?? true }

  /// What is held of these knobs alone.
  func only(_ knobs: [PlanKnob]) -> StagePins { StagePins(values: values.filter { knobs.contains($0.key) }) }

  /// Whether something holds one of these knobs.
  func holds(_ knobs: [PlanKnob]) -> Bool { knobs.contains { values[$0] != nil } }
}
