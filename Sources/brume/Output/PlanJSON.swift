import Engine

/// Plans and scores as JSON members, with the keys of docs/formats.md in a fixed order.
///
/// Seconds, bytes and plain numbers; what is not known is null.
enum PlanJSON {
  /// What stands beside a plan in every place where one is printed.
  struct Context: Sendable, Equatable {
    /// Runtime that the prediction is for.
    var runtime: String
    /// Space in which the plan was found, where known.
    var space: String?
    /// Pins that held.
    var pins: [String] = []
  }

  /// The figures of a plan, or the same keys with null where there is no plan.
  ///
  /// - Parameter lowerBoundSeconds: no plan of the space is faster (closed form); nil where nothing was searched.
  static func figures(_ score: PlanScore?, lowerBoundSeconds: Double?) -> [JSONMember] {
    [
      JSONMember("iterationSeconds", .optional(score?.iterationSeconds)),
      JSONMember("closedFormSeconds", .optional(score?.closedFormSeconds)),
      JSONMember("tokensPerSecond", .optional(score?.tokensPerSecond)),
      JSONMember("tokensPerSecondPerGPU", .optional(score?.tokensPerSecondPerGPU)),
      JSONMember("tflopsPerGPU", .optional(score?.tflopsPerGPU)),
      JSONMember("trainingDays", .optional(score?.trainingDays)),
      JSONMember("trainingCost", .optional(score?.trainingCost)),
      JSONMember("mfu", .optional(score?.mfu)),
      JSONMember("bubbleShare", .optional(score?.bubbleShare)),
      JSONMember("lowerBoundSeconds", .optional(lowerBoundSeconds)),
    ]
  }

  /// The choices that hold for the whole plan, and the host memory that they take.
  static func choices(_ scored: ScoredPlan?, context: Context) -> [JSONMember] {
    let plan = scored?.plan
    return [
      JSONMember("gradientAccumulation", plan.map { .int($0.gradientAccumulation) } ?? nil),
      JSONMember("idleNodes", scored.map { .int($0.score.idleNodes) } ?? nil),
      JSONMember("runtime", .string(context.runtime)),
      JSONMember("space", context.space.map(JSONValue.string) ?? nil),
      JSONMember("schedule", plan.map { .string($0.scheduleName.rawValue) } ?? nil),
      JSONMember("interleave", plan.map { .int($0.interleave) } ?? nil),
      JSONMember("sequenceParallel", plan.map { .bool($0.sequenceParallel) } ?? nil),
      JSONMember("contextParallel", plan.map { .int($0.contextParallel) } ?? nil),
      JSONMember("hostBytesPerNode", .optional(scored?.score.hostBytesPerNode)),
      JSONMember("pins", .strings(context.pins)),
    ]
  }

  /// The stages, one object each; empty without a plan.
  static func stages(_ scored: ScoredPlan?) -> JSONValue {
    guard let scored else { return [] }
    return .array(zip(scored.plan.stages, scored.score.stages).map { stage($0, $1) })
  }

  /// A whole plan as one object: an alternative, or (with further members before it) a point of the frontier.
  static func plan(_ scored: ScoredPlan, context: Context, first: [JSONMember] = []) -> JSONValue {
    .object(
      first + [JSONMember("peakReservedBytes", .number(scored.score.peakReservedBytes))]
        + figures(scored.score, lowerBoundSeconds: nil).filter { $0.key != "lowerBoundSeconds" }
        + choices(scored, context: context) + [JSONMember("stages", stages(scored))])
  }

  private static func stage(_ choice: StageChoice, _ score: StageScore) -> JSONValue {
    [
      "layers": .int(choice.layers), "nodes": .int(choice.nodes), "gpusPerNode": .int(choice.gpusPerNode),
      "microBatch": .int(choice.microBatch), "dataParallel": .int(choice.dataParallel),
      "tensorParallel": .int(choice.tensorParallel), "zero": .int(choice.zero),
      "checkpointedLayers": .int(choice.checkpointedLayers), "recompute": .string(choice.recompute.rawValue),
      "offload": [
        "weights": share(choice.offload.weights), "gradients": share(choice.offload.gradients),
        "optimizer": share(choice.offload.optimizer), "activations": share(choice.offload.activations),
      ],
      "stableSeconds": .number(score.stableSeconds), "deltaSeconds": .number(score.deltaSeconds),
      "pointToPointSeconds": .number(2 * score.pointToPointSeconds),
      "memory": memory(score.memory),
    ]
  }

  private static func share(_ eighths: Int) -> JSONValue { .number(Double(eighths) / 8) }

  private static func memory(_ memory: MemoryBreakdown) -> JSONValue {
    [
      "weights": .number(memory.weights), "gradients": .number(memory.gradients),
      "optimizer": .number(memory.optimizer), "activations": .number(memory.activations),
      "transient": .number(memory.transient), "buffers": .number(memory.buffers),
      "allocated": .number(memory.allocated), "reserved": .number(memory.reserved),
      "capacity": .number(memory.capacity), "context": .number(memory.context),
      "headroom": .number(memory.headroom), "spare": .number(memory.spare),
      "peakIn": memory.peakInBackward ? "backward" : "forward",
    ]
  }
}
