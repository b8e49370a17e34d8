/// Arguments that say a model and its kernels.
enum MegatronModelArguments {
  /// The lines of the array `MODEL`.
  static func lines(_ workload: Workload) -> [[ShellWord]] {
    let (model, run) = (workload.model, workload.run)
    var lines = [
      MegatronOption.layers.line(model.layers), MegatronOption.hidden.line(model.hidden),
      MegatronOption.feedForward.line(model.feedForward), MegatronOption.heads.line(model.heads),
      MegatronOption.headWidth.line(model.headWidth),
    ]
    if model.keyValueHeads != model.heads {
      lines.append(MegatronOption.groupQuery.line())
      lines.append(MegatronOption.queryGroups.line(model.keyValueHeads))
    }
    lines += [
      MegatronOption.sequence.line(run.sequenceLength), MegatronOption.maximumPositions.line(run.sequenceLength),
      MegatronOption.positions.line(model.positions == .rotary ? "rope" : "learned_absolute"),
      MegatronOption.normalization.line(model.normalization == .rmsNorm ? "RMSNorm" : "LayerNorm"),
    ]
    if model.gatedFeedForward { lines.append(MegatronOption.swiglu.line()) }
    if !model.linearBias {
      lines.append(MegatronOption.noLinearBias.line())
      if model.queryKeyValueBias { lines.append(MegatronOption.queryKeyValueBias.line()) }
    }
    if !model.tiedEmbeddings { lines.append(MegatronOption.untied.line()) }
    lines += [
      // The rows of the embedding as they are: nothing is padded, whatever the tokenizer has.
      MegatronOption.paddedVocabulary.line(model.vocabulary), MegatronOption.attentionDropout.line(run.dropout),
      MegatronOption.hiddenDropout.line(run.dropout),
      // Of fused kernels Transformer Engine takes the fastest of the machine, as the runtime is priced.
      MegatronOption.attention.line(run.attention == .flash ? "auto" : "unfused"),
    ]
    return lines
  }
}
