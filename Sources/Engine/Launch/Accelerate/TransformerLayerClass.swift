/// The class of a model's layers in Hugging Face's transformers, which FSDP shards one by one.
enum TransformerLayerClass {
  /// The class, where the model's family is known by its config.json or its name; nil for others.
  ///
  /// The shapes of the paper's evaluation are no models of transformers, though some are called after their families.
  static func name(of model: ModelShape) -> String? {
    let family = families.first { model.source.hasPrefix("config.json (\($0.type))") }
    if let family { return family.layer }
    guard model.source.hasPrefix("config.json of ") else { return nil }
    return families.first { family in family.names.contains(where: model.name.hasPrefix) }?.layer
  }

  private static let families: [(type: String, names: [String], layer: String)] = [
    ("llama", ["llama"], "LlamaDecoderLayer"), ("mistral", ["mistral"], "MistralDecoderLayer"),
    ("qwen2", ["qwen"], "Qwen2DecoderLayer"), ("gpt2", ["gpt2"], "GPT2Block"),
    ("gpt_neox", ["gpt-neox", "pythia"], "GPTNeoXLayer"), ("falcon", ["falcon", "tii-falcon"], "FalconDecoderLayer"),
    ("mpt", ["mpt"], "MptBlock"), ("opt", ["opt"], "OPTDecoderLayer"),
  ]
}
