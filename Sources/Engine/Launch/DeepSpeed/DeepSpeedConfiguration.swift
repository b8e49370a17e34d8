/// The text of `ds_config.json`: what a plan decides, and DeepSpeed's defaults that its prediction assumes, written out.
struct DeepSpeedConfiguration: Sendable {
  /// A value of JSON, keys in order.
  private indirect enum Value {
    case int(Int)
    case double(Double)
    case bool(Bool)
    case text(String)
    case object([(String, Value)])
  }

  private let root: Value

  /// All of it, indented.
  var text: String { Self.text(root, indent: 0) + "\n" }

  /// The configuration of a job; stages are alike in states.
  init(_ job: LaunchJob, isMegatron: Bool) {
    let run = job.workload.run
    let isHalf = run.precision == .fp16
    var entries: [(String, Value)] = [
      ("train_batch_size", .int(run.globalBatch)),
      ("train_micro_batch_size_per_gpu", .int(job.plan.stages.first?.microBatch ?? 1)),
      ("gradient_accumulation_steps", .int(job.plan.gradientAccumulation)), ("gradient_clipping", .double(1)),
      ("fp16", .object(isHalf ? [("enabled", .bool(true)), ("loss_scale", .int(0))] : [("enabled", .bool(false))])),
      ("bf16", .object([("enabled", .bool(!isHalf))])),
      ("data_types", .object([("grad_accum_dtype", .text(isHalf ? "fp16" : "bf16"))])),
    ]
    if let stage = job.plan.stages.first {
      entries.append(("zero_optimization", .object(Self.zero(stage, of: job.workload))))
    }
    entries.append(
      (
        "activation_checkpointing",
        .object([
          ("partition_activations", .bool(false)), ("contiguous_memory_optimization", .bool(false)),
          ("cpu_checkpointing", .bool(false)),
        ])
      ))
    if !isMegatron { entries.append(("optimizer", Self.optimizer)) }
    root = .object(entries)
  }

  /// AdamW of DeepSpeed's own, on the host where states lie there; its figures are those of Trainer.
  private static let optimizer = Value.object([
    ("type", .text("AdamW")),
    (
      "params",
      .object([
        ("lr", .text("auto")), ("betas", .text("auto")), ("eps", .text("auto")), ("weight_decay", .text("auto")),
      ])
    ),
  ])

  private static func zero(_ stage: StageChoice, of workload: Workload) -> [(String, Value)] {
    let level = DeepSpeedExporter.level(stage)
    let assumed = DeepSpeedAssumption.self
    var entries: [(String, Value)] = [
      ("stage", .int(level)), ("overlap_comm", .bool(assumed.overlaps(level))), ("contiguous_gradients", .bool(true)),
      ("reduce_scatter", .bool(true)), ("reduce_bucket_size", .int(assumed.bucket)),
      ("allgather_partitions", .bool(true)),
      ("allgather_bucket_size", .int(assumed.bucket)),
    ]
    if level == 3 {
      entries += [
        ("stage3_max_live_parameters", .int(assumed.live)), ("stage3_max_reuse_distance", .int(assumed.live)),
        ("stage3_prefetch_bucket_size", .int(assumed.prefetch)),
        ("stage3_param_persistence_threshold", .int(assumed.persistent)),
      ]
    }
    if stage.offload.optimizer > 0 {
      var offload: [(String, Value)] = [("device", .text("cpu")), ("pin_memory", .bool(true))]
      if stage.offload.optimizer < 8 {
        offload.append(("ratio", .double(Double(stage.offload.optimizer) / 8)))
        entries.append(("sub_group_size", .int(assumed.subGroup(workload.model, dataParallel: stage.dataParallel))))
      }
      entries.append(("offload_optimizer", .object(offload)))
    }
    if stage.offload.weights > 0 {
      entries.append(("offload_param", .object([("device", .text("cpu")), ("pin_memory", .bool(true))])))
    }
    return entries
  }

  private static func text(_ value: Value, indent: Int) -> String {
    switch value {
    case .int(let value): return "\(value)"
    case .double(let value): return "\(value)"
    case .bool(let value): return value ? "true" : "false"
    case .text(let text): return JSONText.quoted(text)
    case .object(let entries):
      let margin = String(repeating: " ", count: indent + 2)
      let lines = entries.map { "\(margin)\(JSONText.quoted($0.0)): \(text($0.1, indent: indent + 2))" }
      return "{\n" + lines.joined(separator: ",\n") + "\n" + String(repeating: " ", count: indent) + "}"
    }
  }
}
