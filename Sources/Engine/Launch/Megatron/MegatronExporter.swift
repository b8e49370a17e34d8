/// Writes `train.sh` (torchrun and pretrain_gpt.py) and `train.slurm` for Megatron-LM, core_v0.19.0.
struct MegatronExporter: LaunchExporter {
  /// GPUs since which tensor and context parallelism overlap without a single hardware queue (arguments.py,
  /// validate_args: the requirement ends with the Blackwell architecture).
  static let blackwell = ["b100", "b200", "b300", "gb200", "gb300"]

  func refusals(_ plan: Plan, of workload: Workload) -> [LaunchRefusal] {
    Self.modelRefusals(workload.model) + Self.precisionRefusals(plan, workload) + Self.overlapRefusals(plan, workload)
  }

  func files(_ job: LaunchJob) -> [LaunchFile] {
    let header = LaunchHeader.lines(job, launcher: .megatronLM)
    let name = "train.sh"
    let slurm = SlurmScript(
      header: header, name: job.workload.name, nodes: job.nodes, gpusPerNode: job.gpusPerNode, script: name)
    return [
      LaunchFile(name: name, text: script(job, header: header).text, isExecutable: true),
      LaunchFile(name: "train.slurm", text: slurm.text),
    ]
  }

  private func script(_ job: LaunchJob, header: [String]) -> LaunchScript {
    let (workload, plan) = (job.workload, job.plan)
    var script = LaunchScript(
      header: header + ["Options are those of Megatron-LM core_v0.19.0."],
      command: LaunchScript.torchrun(
        nodes: job.nodes, gpusPerNode: job.gpusPerNode, program: [.code(#""$MEGATRON_PATH/pretrain_gpt.py""#)]))
    script.marked = marked(workload)
    script.environment = environment(plan, workload)
    script.groups = [
      .init("MODEL", comment: "The model.", MegatronModelArguments.lines(workload)),
      .init("PARALLELISM", comment: "How it is divided.", parallelism(plan)),
      .init("MEMORY", comment: "Sharding, recomputation and offload.", memory(plan)),
      .init("BATCH", comment: "Batches, and how long to train.", batch(plan, workload)),
      .init("PRECISION", comment: "Number formats.", precision(workload)),
      .init("OVERLAP", comment: "What the prediction overlaps.", overlap(plan, workload)),
      .init("DATA", comment: "Data, tokenizer, learning rate and checkpoints.", data()),
    ]
    return script
  }

  private func marked(_ workload: Workload) -> [LaunchScript.Variable] {
    var variables: [LaunchScript.Variable] = [
      .init(
        "MEGATRON_PATH", "/path/to/Megatron-LM", why: "Folder of Megatron-LM, in the container where there is one."),
      .init("DATA_PATH", "/path/to/data_text_document", why: "Prefix of the data that tools/preprocess_data.py made."),
      .init("TOKENIZER_TYPE", "HuggingFaceTokenizer", why: "Kind of tokenizer (--tokenizer-type)."),
      .init("TOKENIZER_MODEL", "/path/to/tokenizer", why: "Folder or file of the tokenizer."),
      .init("CHECKPOINT_PATH", "/path/to/checkpoints", why: "Folder that checkpoints are written to and read from."),
      .init("LEARNING_RATE", "1e-4", why: "Learning rate: the prediction does not depend on it."),
    ]
    if workload.run.trainingTokens == nil {
      variables.append(.init("TRAIN_STEPS", "1000", why: "Optimizer steps to train."))
    }
    return variables
  }

  private func environment(_ plan: Plan, _ workload: Workload) -> [LaunchScript.Variable] {
    var variables: [LaunchScript.Variable] = []
    let splits = plan.contextParallel > 1 || plan.stages.contains { $0.tensorParallel > 1 }
    if splits, !Self.blackwell.contains(workload.cluster.nodeType.gpu.name) {
      variables.append(
        .init(
          "CUDA_DEVICE_MAX_CONNECTIONS", "1",
          why: "Starts communication before the products beside it; required with tensor and context parallelism."))
    }
    variables.append(
      .init(
        "PYTORCH_CUDA_ALLOC_CONF", "expandable_segments:True",
        why: "Keeps fragmentation within what is predicted of reserved memory."))
    return variables
  }

  private func batch(_ plan: Plan, _ workload: Workload) -> [[ShellWord]] {
    let run = workload.run
    var lines = [
      MegatronOption.microBatch.line(plan.stages.first?.microBatch ?? 1), MegatronOption.batch.line(run.globalBatch),
    ]
    if let tokens = run.trainingTokens {
      let samples = (tokens / Double(run.sequenceLength)).rounded(.up)
      lines.append(MegatronOption.samples.line(Int(min(max(samples, 1), 9e15))))
    } else {
      lines.append([.text(MegatronOption.steps.flag), .code(#""$TRAIN_STEPS""#)])
    }
    return lines
  }

  private func precision(_ workload: Workload) -> [[ShellWord]] {
    switch workload.run.precision {
    // Gradients in fp32, as the runtime keeps them; with bf16 that is the default.
    case .fp16: [MegatronOption.fp16.line(), MegatronOption.gradientsInFP32.line()]
    case .bf16: [MegatronOption.bf16.line()]
    case .fp8: [MegatronOption.bf16.line(), MegatronOption.fp8.line("hybrid")]
    }
  }

  private func data() -> [[ShellWord]] {
    [
      ["--data-path", .code(#""$DATA_PATH""#)], ["--split", "949,50,1"],
      ["--tokenizer-type", .code(#""$TOKENIZER_TYPE""#)], ["--tokenizer-model", .code(#""$TOKENIZER_MODEL""#)],
      ["--no-create-attention-mask-in-dataloader"], ["--lr", .code(#""$LEARNING_RATE""#)],
      ["--save", .code(#""$CHECKPOINT_PATH""#)], ["--load", .code(#""$CHECKPOINT_PATH""#)],
      ["--save-interval", "1000"], ["--eval-interval", "1000"], ["--log-interval", "10"], ["--log-throughput"],
    ]
  }
}
