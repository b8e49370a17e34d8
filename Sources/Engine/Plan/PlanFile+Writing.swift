extension PlanFile {
  /// The file's text: a line for people, then YAML in the block style, the same for the same plan.
  public var text: String {
    // A name may hold anything; a comment ends with its line, and no YAML may hold a control character.
    let title = "A plan for \(workload.name): \(plan.stages.count) stages on \(workload.cluster.label)"
    return "# \(PlainText.line(title))\n" + node.yaml()
  }

  /// Writes the file as a whole or not at all; an existing one only where `overwrite` says so.
  public func write(to path: String, overwrite: Bool = false) throws(OutputError) {
    try AtomicFile.write(text, to: path, overwrite: overwrite)
  }

  private var node: ConfigNode {
    .object([
      ("brume", .number(ConfigNode.formatVersion)), ("kind", .word("plan")),
      ("workload", WorkloadWriter.node(of: workload)), ("plan", Self.node(of: plan)),
      ("pins", .list(pins.texts.map { .text($0) })),
      ("predicted", predicted?.node), ("computedWith", computedWith?.node),
    ])
  }

  /// The choices of a plan as a mapping.
  static func node(of plan: Plan) -> ConfigNode {
    .object(choices(of: plan) + [("stages", .list(plan.stages.map { node(of: $0) }))])
  }

  /// The choices of a plan that are none of its stages'.
  static func choices(of plan: Plan) -> [(String, ConfigNode?)] {
    [
      ("gradientAccumulation", .number(plan.gradientAccumulation)), ("schedule", .word(plan.schedule.rawValue)),
      ("interleave", .number(plan.interleave)), ("sequenceParallel", .flag(plan.sequenceParallel)),
      ("contextParallel", .number(plan.contextParallel)),
    ]
  }

  /// A stage as a mapping.
  static func node(of stage: StageChoice) -> ConfigNode {
    .object([
      ("layers", .number(stage.layers)), ("nodes", .number(stage.nodes)), ("gpusPerNode", .number(stage.gpusPerNode)),
      ("microBatch", .number(stage.microBatch)), ("dataParallel", .number(stage.dataParallel)),
      ("tensorParallel", .number(stage.tensorParallel)), ("zero", .number(stage.zero)),
      ("checkpointedLayers", .number(stage.checkpointedLayers)), ("recompute", .word(stage.recompute.rawValue)),
      (
        "offload",
        .object([
          ("weights", share(stage.offload.weights)), ("gradients", share(stage.offload.gradients)),
          ("optimizer", share(stage.offload.optimizer)), ("activations", share(stage.offload.activations)),
        ])
      ),
    ])
  }

  private static func share(_ eighths: Int) -> ConfigNode { .number(Double(eighths) / 8) }
}

extension PredictedFigures {
  /// In the order of `keys`.
  var values: [Double] {
    [iterationSeconds, closedFormSeconds, tokensPerSecond, mfu, peakReservedBytes, hostBytesPerNode]
  }

  /// The `predicted` mapping.
  var node: ConfigNode { .object(zip(Self.keys, values).map { ($0, .number($1)) }) }
}

extension ComputedWith {
  /// The `computedWith` mapping.
  var node: ConfigNode {
    .object([
      ("engine", .text(engine)), ("space", space.map { .text($0) }), ("status", status.map { .word($0.rawValue) }),
      ("hardware", .text(hardware)), ("figures", .word(figures.rawValue)),
    ])
  }
}
