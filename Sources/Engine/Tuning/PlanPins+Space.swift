extension PlanPins {
  /// Throws the first pin that no plan of a space has for a workload, and pins that contradict each other.
  ///
  /// What memory allows is not asked: pins that pass can still leave nothing that fits. Complexity: that of listing the
  /// shapes of the space.
  public func check(_ workload: Workload, space: SearchSpace) throws(PinError) {
    guard !isEmpty else { return }
    let domains = PinDomains(workload: workload, space: space)
    for pin in pins {
      if case .stage(let number) = pin.place, number > domains.mostStages {
        throw .noStage(pin: pin, most: domains.mostStages)
      }
      let possible = domains.values(of: pin.knob)
      // A range may reach beyond what there is; a value that is asked for by itself must be one.
      let singles = pin.values.isForbidden ? [] : pin.values.ranges.filter { $0.count == 1 }.map(\.lowerBound)
      guard singles.allSatisfy(possible.contains), possible.contains(where: pin.values.allows) else {
        throw .outside(pin: pin, possible: Self.list(possible, of: pin.knob), space: space.name)
      }
    }
    for pin in pins { try checkConflict(of: pin, domains) }
  }

  /// Throws where this pin and others that hold in the same place leave no value.
  private func checkConflict(of pin: Pin, _ domains: PinDomains) throws(PinError) {
    var same = pins.filter { other in
      other.knob == pin.knob
        && (other.place == pin.place || other.place == .everywhere || !domains.choosesByStage(pin.knob))
    }
    let possible = domains.values(of: pin.knob)
    func leaveNothing(_ some: [Pin]) -> Bool {
      !possible.contains { value in some.allSatisfy { $0.values.allows(value) } }
    }
    guard leaveNothing(same) else { return try checkNamedStage(of: pin) }
    for other in same {
      let fewer = same.filter { $0 != other }
      if leaveNothing(fewer) { same = fewer }
    }
    throw .conflict(pins: same, possible: Self.list(possible, of: pin.knob))
  }

  /// Throws where a pin on stage N stands beside one on fewer stages.
  private func checkNamedStage(of pin: Pin) throws(PinError) {
    guard case .stage(let number) = pin.place else { return }
    for other in pins where other.knob == .stages && !other.values.isForbidden {
      let most = other.values.ranges.map(\.upperBound).max() ?? 0
      if number > most { throw .conflict(pins: [other, pin], possible: "stage 1 to \(most)") }
    }
  }

  /// `1, 2, 4`, `1..48`: values for people.
  private static func list(_ values: [Int], of knob: PlanKnob) -> String {
    guard let first = values.first, let last = values.last else { return "none" }
    if values.count > 3, knob.words == nil, !knob.isShare, last - first == values.count - 1 {
      return "\(first)..\(last)"
    }
    return values.map(knob.text).joined(separator: ", ")
  }
}

/// The values that the plans of a space can have for a workload, knob by knob, memory aside.
struct PinDomains {
  private let space: SearchSpace
  private let layers: Int
  private let ofShapes: [PlanKnob: Set<Int>]
  private let hasUnlikeStages: Bool
  /// The most stages of a plan.
  var mostStages: Int { ofShapes[.stages]?.max() ?? 0 }

  /// Lists the shapes of the space, and the meshes of its unlike stages.
  init(workload: Workload, space: SearchSpace) {
    self.space = space.restricted(to: RuntimeProfile.of(workload.run))
    layers = workload.model.layers
    let shapes =
      PlanShape.all(workload: workload, space: space)
      // Of large clusters there are very many; only values that need idle nodes are refused there.
      + (workload.cluster.nodes > 64
        ? [] : PlanShape.idle(workload: workload, space: space, limit: .infinity) { _ in 0 })
    var found: [PlanKnob: Set<Int>] = [:]
    func note(_ shapes: [PlanShape]) {
      for knob in PlanKnob.allCases { found[knob, default: []].formUnion(shapes.compactMap { $0.value(of: knob) }) }
    }
    note(shapes)
    var leastGPUs: Int?
    for group in MeshGroup.all(workload: workload, space: space) {
      let meshes = group.meshes(workload: workload, space: space)
      note(meshes)
      leastGPUs = (meshes.map(\.gpusPerStage) + [leastGPUs].compactMap { $0 }).min()
    }
    if let leastGPUs {
      let most = min(space.maximumStages ?? .max, layers, workload.cluster.gpuCount / leastGPUs)
      found[.stages, default: []].formUnion(2...max(2, most))
    }
    hasUnlikeStages = leastGPUs != nil
    ofShapes = found
  }

  /// Whether stages of one plan can have different values of a knob.
  func choosesByStage(_ knob: PlanKnob) -> Bool {
    StagePins.inner.contains(knob) || (hasUnlikeStages && !knob.isOfPlan)
  }

  /// The values of a knob, in rising order.
  func values(of knob: PlanKnob) -> [Int] {
    switch knob {
    case .layers: Array(1...max(1, layers))
    case .zero: space.zeroLevels.sorted()
    case .checkpointedLayers: space.checkpointing == .none ? [0] : Array(0...layers)
    case .recompute: space.recomputeKinds.compactMap(RecomputeKind.allCases.firstIndex).sorted()
    case .weightOffload: space.weightEighths.sorted()
    case .gradientOffload: space.gradientEighths.sorted()
    case .optimizerOffload: space.optimizerEighths.sorted()
    case .activationOffload: space.activationEighths.sorted()
    default: ofShapes[knob, default: []].sorted()
    }
  }
}
