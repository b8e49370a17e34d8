extension PlanFile {
  /// The keys at the top of a plan file.
  static let keys = ["brume", "kind", "workload", "plan", "pins", "predicted", "computedWith"]

  /// True for a file that says `kind: plan`; workload files do not.
  public static func isPlan(_ root: ConfigNode) -> Bool {
    guard let mapping = try? root.anyMapping(), let kind = mapping["kind"] else { return false }
    return (try? kind.string()) == "plan"
  }

  /// Reads a parsed plan file.
  ///
  /// Checks every key, every range, and the rules of `PlanRules`: errors name file, line and field.
  public init(_ root: ConfigNode, folder: String? = nil) throws(InputError) {
    let mapping = try root.mapping(Self.keys)
    try mapping.checkFormat()
    let kind = try mapping.required("kind", "plan")
    guard try kind.string() == "plan" else { throw kind.wrong("plan") }
    workload = try WorkloadSource.workload(
      mapping.required("workload", "the workload that the plan is for"), folder: folder, defaultName: nil)
    let planNode = try mapping.required("plan", "the choices of the plan")
    plan = try PlanReader.plan(planNode)
    pins = try Self.pins(mapping["pins"])
    predicted = try mapping["predicted"].map { node throws(InputError) in try PredictedFigures(node) }
    computedWith = try mapping["computedWith"].map { node throws(InputError) in try ComputedWith(node) }
    do {
      try PlanRules(workload: workload).check(plan)
    } catch {
      throw PlanReader.located(error, in: planNode)
    }
  }

  /// The pins of a list of texts, each as for `--pin`; none where there is no list.
  static func pins(_ node: ConfigNode?) throws(InputError) -> PlanPins {
    guard let node else { return PlanPins() }
    var pins: [Pin] = []
    for item in try node.list(0...10_000) {
      do {
        pins.append(try Pin(try item.string("a pin: KNOB=V or N.KNOB=V")))
      } catch let error as PinError {
        throw .conflict(at: item.place, problem: "\(error)", remedy: "write it as for --pin")
      } catch let error as InputError {
        throw error
      } catch {
        throw item.wrong("a pin: KNOB=V or N.KNOB=V")
      }
    }
    return PlanPins(pins)
  }
}

extension PredictedFigures {
  /// Keys in the order in which they are written.
  static let keys = [
    "iterationSeconds", "closedFormSeconds", "tokensPerSecond", "mfu", "peakReservedBytes", "hostBytesPerNode",
  ]

  /// Reads the `predicted` mapping.
  init(_ node: ConfigNode) throws(InputError) {
    let mapping = try node.mapping(Self.keys)
    let anything = -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude
    iterationSeconds = try mapping.double("iterationSeconds", anything)
    closedFormSeconds = try mapping.double("closedFormSeconds", anything)
    tokensPerSecond = try mapping.double("tokensPerSecond", anything)
    mfu = try mapping.double("mfu", anything)
    peakReservedBytes = try mapping.double("peakReservedBytes", anything)
    hostBytesPerNode = try mapping.double("hostBytesPerNode", anything)
  }
}

extension ComputedWith {
  /// Keys in the order in which they are written.
  static let keys = ["engine", "space", "status", "hardware", "figures"]

  /// Reads the `computedWith` mapping.
  init(_ node: ConfigNode) throws(InputError) {
    let mapping = try node.mapping(Self.keys)
    engine = try mapping.string("engine")
    space = try mapping["space"].map { node throws(InputError) in try node.string() }
    status = try mapping["status"].map { node throws(InputError) in try node.choice(SearchStatus.self) }
    hardware = try mapping.string("hardware")
    figures = try mapping.required("figures", "how sure the hardware's figures are").choice(Provenance.self)
  }
}
