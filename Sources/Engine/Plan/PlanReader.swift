/// Reads the `plan` mapping of a plan file.
enum PlanReader {
  /// Keys of the plan.
  static let planKeys = [
    "gradientAccumulation", "schedule", "interleave", "sequenceParallel", "contextParallel", "stages",
  ]
  /// Keys of a stage.
  static let stageKeys = [
    "layers", "nodes", "gpusPerNode", "microBatch", "dataParallel", "tensorParallel", "zero", "checkpointedLayers",
    "recompute", "offload",
  ]
  /// Keys of the offload shares.
  static let offloadKeys = ["weights", "gradients", "optimizer", "activations"]
  /// Counts of anything: above what exists, and products of three of them do not overflow.
  private static let count = 1...1_000_000
  private static let stageCount = 1...10_000

  /// The choices; ranges are checked here, rules between values by `PlanRules`.
  static func plan(_ node: ConfigNode) throws(InputError) -> Plan {
    try plan(node) { node throws(InputError) in try stage(node) }
  }

  /// The choices, with stages read in another way.
  static func plan(
    _ node: ConfigNode, stage: (ConfigNode) throws(InputError) -> StageChoice
  ) throws(InputError) -> Plan {
    let mapping = try node.mapping(planKeys)
    var stages: [StageChoice] = []
    for item in try mapping.required("stages", "a list of stages in pipeline order").list(stageCount) {
      stages.append(try stage(item))
    }
    let schedule = try mapping.choice("schedule", or: PipelineSchedule.oneForwardOneBackward)
    let interleave = try mapping.int("interleave", count, or: 1)
    if schedule == .interleaved, interleave == 1, let node = mapping["schedule"] {
      throw node.wrong("1f1b, or interleaved with the chunks of each GPU as interleave")
    }
    return Plan(
      gradientAccumulation: try mapping.int("gradientAccumulation", count), stages: stages, schedule: schedule,
      sequenceParallel: try mapping.bool("sequenceParallel", or: false),
      contextParallel: try mapping.int("contextParallel", count, or: 1),
      interleave: interleave)
  }

  /// The error of a broken rule, at the place of the stage that breaks it.
  static func located(_ error: PlanError, in node: ConfigNode) -> InputError {
    let stages = (try? node.anyMapping())?["stages"]
    let items = stages.flatMap { try? $0.list() } ?? []
    var place = stages?.place ?? node.place
    switch error {
    case .batch(let stage, _, _), .mesh(let stage, _, _), .value(let stage, _, _, _):
      if stage < items.count { place = items[stage].place }
    case .planValue(let field, _, _):
      place = (try? node.anyMapping())?[field]?.place ?? node.place
    case .layers, .tiling: break
    }
    return .conflict(at: place, problem: "\(error)", remedy: "the plan does not belong to its workload as it stands")
  }

  /// One stage's choices; its shares are read as `offload` says, where they are not read by the rule of plan files.
  static func stage(_ node: ConfigNode, offload given: Offload? = nil) throws(InputError) -> StageChoice {
    let mapping = try node.mapping(stageKeys)
    var shares = given ?? .none
    if given == nil { shares = try offload(mapping["offload"]) }
    return StageChoice(
      layers: try mapping.int("layers", count), nodes: try mapping.int("nodes", count),
      gpusPerNode: try mapping.int("gpusPerNode", count), microBatch: try mapping.int("microBatch", count),
      dataParallel: try mapping.int("dataParallel", count), tensorParallel: try mapping.int("tensorParallel", count),
      zero: try mapping.int("zero", 0...3),
      checkpointedLayers: try mapping.int("checkpointedLayers", 0...count.upperBound, or: 0),
      recompute: try mapping.choice("recompute", or: .full), offload: shares)
  }

  private static func offload(_ node: ConfigNode?) throws(InputError) -> Offload {
    guard let mapping = try node?.mapping(offloadKeys) else { return .none }
    return Offload(
      weights: try eighths(mapping["weights"]), gradients: try eighths(mapping["gradients"]),
      optimizer: try eighths(mapping["optimizer"]), activations: try eighths(mapping["activations"]))
  }

  private static func eighths(_ node: ConfigNode?) throws(InputError) -> Int {
    guard let node else { return 0 }
    let share = try node.double(0...1)
    let eighths = share * 8
    guard eighths == eighths.rounded() else {
      throw node.wrong("a multiple of 0.125 from 0 to 1 (shares are eighths in this version)")
    }
    return Int(eighths)
  }

  /// A key whose only value for now is `value`.
  private static func only(_ value: String, _ node: ConfigNode?, _ what: String) throws(InputError) {
    guard let node else { return }
    guard try node.string() == value else {
      throw .unsupported(at: node.place, what: "\(what) are not read by this version", remedy: "write \(value)")
    }
  }
}
