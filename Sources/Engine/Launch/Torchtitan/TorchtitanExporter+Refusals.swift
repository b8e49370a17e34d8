extension TorchtitanExporter {
  /// Tokens of a block of PyTorch's FlexAttention: context-parallel ranks get whole ones.
  static let attentionBlock = 128

  func refusals(_ plan: Plan, of workload: Workload) -> [LaunchRefusal] {
    model(workload.model) + run(workload.run) + degrees(plan, of: workload) + pipeline(plan, of: workload)
  }

  /// What torchtitan's blocks are not.
  private func model(_ model: ModelShape) -> [LaunchRefusal] {
    var unlike: [String] = []
    if model.normalization != .rmsNorm { unlike.append("LayerNorm") }
    if !model.gatedFeedForward { unlike.append("an MLP without a gate") }
    if model.parallelBlock { unlike.append("attention and MLP side by side") }
    if model.normsPerLayer != 2, !model.parallelBlock { unlike.append("\(model.normsPerLayer) norms a layer") }
    switch model.positions {
    case .rotary: break
    case .learned: unlike.append("learned positions")
    case .none: unlike.append("no rotary positions")
    }
    if model.linearBias { unlike.append("biases on the output of attention and the MLP") }
    guard !unlike.isEmpty else { return [] }
    return [
      LaunchRefusal(
        what: "a model with \(unlike.joined(separator: ", "))",
        why: "torchtitan's blocks are Llama's: RMSNorm, a gated MLP, rotary positions, no biases but on q, k, v")
    ]
  }

  private func run(_ run: TrainingRun) -> [LaunchRefusal] {
    var found: [LaunchRefusal] = []
    if run.precision == .fp16 {
      found.append(
        LaunchRefusal(
          what: "precision fp16", why: "torchtitan trains in bfloat16, with no loss scaling: --set run.precision=bf16"))
    }
    if run.attention != .flash {
      found.append(
        LaunchRefusal(what: "attention without flash attention", why: "torchtitan's language models have FlexAttention")
      )
    }
    if run.dropout > 0 { found.append(LaunchRefusal(what: "dropout", why: "torchtitan's models have none")) }
    return found
  }

  private func degrees(_ plan: Plan, of workload: Workload) -> [LaunchRefusal] {
    var found: [LaunchRefusal] = []
    let groups = workload.model.keyValueHeads
    let tensor = plan.stages.map(\.tensorParallel).max() ?? 1
    if plan.stages.contains(where: { !groups.isMultiple(of: $0.tensorParallel) }) {
      found.append(
        .unreplicatedHeads("torchtitan", degree: tensor, heads: groups, rule: "the degree divides their number"))
    }
    let length = workload.run.sequenceLength
    let context = plan.contextParallel
    if context > 1,
      !length.isMultiple(of: context * Self.attentionBlock) || !length.isMultiple(of: 2 * context * tensor)
    {
      found.append(
        LaunchRefusal(
          what: "context parallelism \(context) of sequences of \(length)",
          why: "torchtitan wants a multiple of \(Self.attentionBlock) times its degree, and of twice it times the "
            + "tensor-parallel degree",
          knobs: [.contextParallel, .dataParallel, .microBatch]))
    }
    return found
  }

  private func pipeline(_ plan: Plan, of workload: Workload) -> [LaunchRefusal] {
    let (stages, batches) = (plan.stages.count, plan.gradientAccumulation)
    guard stages > 1 else { return [] }
    var found: [LaunchRefusal] = []
    if workload.model.tiedEmbeddings {
      found.append(
        LaunchRefusal(
          what: "several stages of a model with tied embeddings", why: "torchtitan ties no weights across stages",
          knobs: [.stages, .layers, .nodes, .gpusPerNode, .dataParallel]))
    }
    if plan.schedule == .oneForwardOneBackward, plan.interleave == 1, batches < stages {
      found.append(
        LaunchRefusal(
          what: "\(batches) micro-batches in \(stages) stages", why: "PyTorch's 1F1B wants one for each stage",
          knobs: [.gradientAccumulation, .microBatch, .stages]))
    }
    guard plan.schedule == .zeroBubble else { return found }
    if workload.run.runtime != Launcher.torchtitan.runtimes[0] {
      found.append(
        LaunchRefusal(
          what: "the schedule zb-h1 with torch.compile",
          why: "PyTorch cannot take weight gradients apart in compiled "
            + "layers", knobs: [.schedule]))
    }
    if !batches.isMultiple(of: max(1, batches / stages)) {
      found.append(
        LaunchRefusal(
          what: "the schedule zb-h1 of \(batches) micro-batches in \(stages) stages",
          why: "PyTorch's InterleavedZeroBubble wants them in equal rounds of at least the stages",
          knobs: [.gradientAccumulation, .microBatch, .schedule]))
    }
    return found
  }
}
