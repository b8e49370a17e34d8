/// Megatron-DeepSpeed's `pretrain_gpt.py`, which runs plans that split or stage layers.
enum MegatronDeepSpeed {
  /// What it cannot do beyond what the space says.
  static func refusals(_ plan: Plan, of workload: Workload) -> [LaunchRefusal] {
    var found: [LaunchRefusal] = []
    func refuse(_ what: String, _ why: String, _ knobs: Set<PlanKnob> = []) {
      found.append(LaunchRefusal(what: what, why: why, knobs: knobs))
    }
    // Any of these may be right on a plain model, which has neither stages nor tensor parallelism.
    let plain: Set<PlanKnob> = [.stages, .tensorParallel, .recompute]
    let model = workload.model
    if model.keyValueHeads != model.heads {
      refuse(
        "grouped-query attention in Megatron-DeepSpeed's model",
        "it cuts the product of queries, keys and values into three equal parts", plain)
    }
    if model.parallelBlock || model.normsPerLayer != 2 {
      refuse(
        "a parallel block, or other than two norms a layer, in Megatron-DeepSpeed's model",
        "its layers have attention and MLP one after the other", plain)
    }
    if model.queryKeyValueBias != model.linearBias {
      refuse(
        "biases on some products alone in Megatron-DeepSpeed's model", "--disable-bias-linear holds for all", plain)
    }
    if plan.stages.contains(where: { $0.checkpointedLayers > 0 && $0.recompute == .selective }),
      workload.run.attention == .flash
    {
      refuse(
        "selective recomputation of flash attention",
        "Megatron-DeepSpeed recomputes the unfused kernels alone, and nothing with --use-flash-attn-v2", [.recompute])
    }
    return found
  }

  /// The script.
  static func script(_ job: LaunchJob, header: [String]) -> LaunchScript {
    var script = LaunchScript(
      header: header,
      command: LaunchScript.torchrun(
        nodes: job.nodes, gpusPerNode: job.gpusPerNode, program: [.code(#""$PROGRAM""#)]))
    script.marked = [
      .init("PROGRAM", "pretrain_gpt.py", why: "pretrain_gpt.py in the folder of Megatron-DeepSpeed"),
      .init("DATA_PATH", "data_text_document", why: "data, as tools/preprocess_data.py makes it"),
      .init(
        "TOKENIZER_TYPE", "HFTokenizer", why: "its kind of tokenizer; at most as many tokens as the model has rows"),
      .init("TOKENIZER_MODEL", "tokenizer", why: "name or folder of the tokenizer"),
      .init("CHECKPOINT_PATH", "checkpoints", why: "folder of checkpoints"),
      .init("LEARNING_RATE", "1e-4", why: "learning rate"), .init("TRAIN_ITERS", "1000", why: "optimizer steps"),
    ]
    script.environment = [
      .init(
        "CUDA_DEVICE_MAX_CONNECTIONS", "1", why: "Kernels start in the order in which they are launched, as predicted.")
    ]
    script.groups = [
      LaunchScript.Group("PARALLEL_ARGS", comment: "How the model is cut.", parallel(job.plan)),
      LaunchScript.Group(
        "BATCH_ARGS", comment: "Batches: \(DeepSpeedExporter.configuration) says them, too.", batch(job)),
      LaunchScript.Group(
        "MODEL_ARGS", comment: "The model: \(job.workload.model.name).", modelArguments(job)),
      LaunchScript.Group("RECOMPUTE_ARGS", comment: "What is recomputed in backward.", recompute(job.plan)),
      LaunchScript.Group(
        "DEEPSPEED_ARGS", comment: "ZeRO and offload stand in \(DeepSpeedExporter.configuration).",
        deepSpeed(job.plan)),
      LaunchScript.Group("DATA_ARGS", comment: "Data, tokenizer, checkpoints and steps.", own),
    ]
    return script
  }

  private static func parallel(_ plan: Plan) -> [[ShellWord]] {
    var lines: [[ShellWord]] = [
      ["--tensor-model-parallel-size", .text("\(plan.stages.first?.tensorParallel ?? 1)")],
      ["--pipeline-model-parallel-size", .text("\(plan.stages.count)")],
    ]
    // ZeRO 2 and 3 need its model without the pipeline engine.
    if plan.stages.count == 1 { lines.append(["--no-pipeline-parallel"]) }
    return lines
  }

  private static func batch(_ job: LaunchJob) -> [[ShellWord]] {
    [
      ["--micro-batch-size", .text("\(job.plan.stages.first?.microBatch ?? 1)")],
      ["--global-batch-size", .text("\(job.workload.run.globalBatch)")],
      ["--seq-length", .text("\(job.workload.run.sequenceLength)")],
      ["--max-position-embeddings", .text("\(job.workload.run.sequenceLength)")],
      [job.workload.run.precision == .fp16 ? "--fp16" : "--bf16"],
    ]
  }

  private static func recompute(_ plan: Plan) -> [[ShellWord]] {
    guard let kind = plan.stages.first(where: { $0.checkpointedLayers > 0 })?.recompute else { return [] }
    if kind == .selective { return [["--recompute-granularity", "selective"]] }
    return [
      ["--recompute-granularity", "full"], ["--recompute-method", "uniform"], ["--recompute-num-layers", "1"],
      ["--deepspeed-activation-checkpointing"],
    ]
  }

  private static func deepSpeed(_ plan: Plan) -> [[ShellWord]] {
    let stage = plan.stages.first
    var lines: [[ShellWord]] = [
      ["--deepspeed"], ["--deepspeed_config", .text(DeepSpeedExporter.configuration)],
      ["--zero-stage", .text("\(stage.map(DeepSpeedExporter.level) ?? 0)")],
    ]
    if (stage?.offload.optimizer ?? 0) > 0 { lines.append(["--cpu-optimizer"]) }
    return lines
  }

  private static let own: [[ShellWord]] = [
    ["--data-path", .code(#""$DATA_PATH""#)], ["--tokenizer-type", .code(#""$TOKENIZER_TYPE""#)],
    ["--tokenizer-model", .code(#""$TOKENIZER_MODEL""#)], ["--split", .code("'98,2,0'")],
    ["--save", .code(#""$CHECKPOINT_PATH""#)], ["--load", .code(#""$CHECKPOINT_PATH""#)],
    ["--save-interval", "1000"], ["--train-iters", .code(#""$TRAIN_ITERS""#)], ["--lr", .code(#""$LEARNING_RATE""#)],
    ["--clip-grad", "1.0"], ["--eval-iters", "0"], ["--log-interval", "10"],
  ]
}
