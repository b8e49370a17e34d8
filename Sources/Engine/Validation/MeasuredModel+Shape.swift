extension MeasuredModel {
  /// The shape; what the row leaves open is what GPT has in that publication (Llama has no biases and is not tied).
  ///
  /// `tensorParallel` is the largest degree of the run: the vocabulary is padded for it.
  func shape(_ setting: RunConventions.Setting?, tensorParallel: Int, source: String) -> ModelShape {
    let isLlama = family == "llama"
    let biases = noBias.map { !$0 } ?? (!isLlama && setting?.hasBiases ?? false)
    let tied = tiedEmbeddings ?? (!isLlama && setting?.isTied ?? false)
    let given = setting?.vocabularyMultiple ?? 1
    let multiple = given > 1 ? given * tensorParallel : 1
    return ModelShape(
      name: name, hidden: hidden, feedForward: feedForward, layers: layers, heads: heads,
      keyValueHeads: keyValueHeads, vocabulary: (vocabulary + multiple - 1) / multiple * multiple,
      gatedFeedForward: isLlama, normalization: isLlama ? .rmsNorm : .layerNorm, queryKeyValueBias: biases,
      linearBias: biases, positions: isLlama ? .rotary : learnedPositions == false ? .none : .learned,
      tiedEmbeddings: tied, source: source)
  }
}
