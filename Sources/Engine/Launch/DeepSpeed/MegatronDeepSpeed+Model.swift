extension MegatronDeepSpeed {
  /// Arguments that give the model's shape.
  ///
  /// The vocabulary is padded to a multiple of `--make-vocab-size-divisible-by` times the tensor-parallel degree: with
  /// that product the model's own rows, a tokenizer of at most as many tokens gives exactly them.
  static func modelArguments(_ job: LaunchJob) -> [[ShellWord]] {
    let model = job.workload.model
    let tensorParallel = max(1, job.plan.stages.first?.tensorParallel ?? 1)
    func number(_ option: String, _ value: Int) -> [ShellWord] { [.text(option), .text("\(value)")] }
    var lines = [
      number("--num-layers", model.layers), number("--hidden-size", model.hidden),
      number("--ffn-hidden-size", model.feedForward), number("--num-attention-heads", model.heads),
    ]
    if model.headWidth * model.heads != model.hidden { lines.append(number("--kv-channels", model.headWidth)) }
    lines.append(number("--vocab-size", model.vocabulary - 1))
    lines.append(number("--make-vocab-size-divisible-by", max(1, model.vocabulary / tensorParallel)))
    lines.append(["--normalization", .text(model.normalization == .rmsNorm ? "rmsnorm" : "layernorm")])
    if model.gatedFeedForward { lines.append(["--swiglu"]) }
    if !model.linearBias { lines.append(["--disable-bias-linear"]) }
    switch model.positions {
    case .rotary: lines.append(["--use-rotary-position-embeddings"])
    case .none: lines.append(["--no-position-embedding"])
    case .learned: break
    }
    if !model.tiedEmbeddings { lines.append(["--untie-embeddings-and-output-weights"]) }
    let dropout = "\(job.workload.run.dropout)"
    lines += [["--attention-dropout", .text(dropout)], ["--hidden-dropout", .text(dropout)]]
    if job.workload.run.attention == .flash { lines.append(["--use-flash-attn-v2"]) }
    return lines
  }
}
