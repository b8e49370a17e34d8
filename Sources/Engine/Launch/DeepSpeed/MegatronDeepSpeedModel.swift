/// The model in the arguments of Megatron-DeepSpeed.
struct MegatronDeepSpeedModel {
  /// The arguments.
  let options: LaunchOptions

  /// The kernel of attention.
  var attention: AttentionKernel {
    get throws(InputError) {
      for name in [
        "use_flash_attn", "use_flash_attn_v1", "use_flash_attn_v2", "use_flash_attn_triton", "use_flash_attn_builder",
      ] where try options.flag(name) == true { return .flash }
      return .unfused
    }
  }

  /// Takes over the probability of dropout, 0.1 where nothing says it.
  func applyDropout(to run: inout LaunchAssembly) throws(InputError) {
    let attention = try options.double("attention_dropout", in: 0...0.99)
    let hidden = try options.double("hidden_dropout", in: 0...0.99)
    if attention == nil || hidden == nil { run.assumed.append("dropout 0.1: Megatron-DeepSpeed's default") }
    run.dropout = hidden ?? 0.1
    if attention ?? 0.1 != run.dropout {
      run.warnings.append("--attention-dropout and --hidden-dropout differ: predicted with \(run.dropout) for both")
    }
  }

  /// The shape; the vocabulary is padded as Megatron-DeepSpeed pads it.
  func shape(
    tensorParallel: Int, _ context: LaunchContext, assumed: inout [String]
  ) throws(InputError) -> ModelShape {
    let hidden = try required("hidden_size", ModelReader.maximumHidden)
    let heads = try required("num_attention_heads", 100_000)
    let gated = try options.flag("swiglu") == true
    // Megatron-DeepSpeed's defaults: 4h, of a gated MLP two thirds of that in whole 64s.
    let usual = gated ? 4 * hidden * 2 / 3 / 64 * 64 : 4 * hidden
    let width = try options.int("kv_channels", in: 1...100_000)
    guard width != nil || hidden.isMultiple(of: heads) else {
      throw .conflict(
        at: place("num_attention_heads"), problem: "hidden size \(hidden) is not a multiple of \(heads) heads",
        remedy: "change one of them, or give --kv-channels")
    }
    let biased = try options.flag("disable_bias_linear") != true
    var positions = PositionEncoding.learned
    if try options.flag("no_position_embedding") == true { positions = .none }
    if try options.flag("use_rotary_position_embeddings") == true { positions = .rotary }
    let shape = ModelShape(
      name: PlainText.name(context.model ?? "", or: "model"), hidden: hidden,
      feedForward: try options.int("ffn_hidden_size", in: 1...10_000_000) ?? max(1, usual),
      layers: try layers(), heads: heads,
      keyValueHeads: try options.int("num_key_value_heads", in: 1...100_000) ?? heads,
      headWidth: width ?? hidden / heads,
      vocabulary: try vocabulary(tensorParallel: tensorParallel, context, assumed: &assumed), gatedFeedForward: gated,
      normalization: try options.text("normalization") == "rmsnorm" ? .rmsNorm : .layerNorm,
      queryKeyValueBias: biased, linearBias: biased, positions: positions,
      tiedEmbeddings: try options.flag("untie_embeddings_and_output_weights") != true,
      source: "arguments of Megatron-DeepSpeed in \(PlainText.line(context.file, most: 400))")
    try ModelReader.checkHeads(shape, at: place("num_key_value_heads"))
    return shape
  }

  private func layers() throws(InputError) -> Int {
    if let layers = try options.int("num_layers", "encoder_num_layers", in: 1...ModelReader.maximumLayers) {
      return layers
    }
    return try required("num_layers", ModelReader.maximumLayers)
  }

  private func vocabulary(
    tensorParallel: Int, _ context: LaunchContext, assumed: inout [String]
  ) throws(InputError) -> Int {
    let divisor = (try options.int("make_vocab_size_divisible_by", in: 1...100_000_000) ?? 128) * tensorParallel
    var tokens: Int?
    if options["tokenizer_type"]?.values.first?.text == "GPT2BPETokenizer" {
      tokens = 50_257
      assumed.append("50,257 tokens: GPT2BPETokenizer")
    } else if let given = try options.int("vocab_size", in: 1...100_000_000) {
      // Its null tokenizer has one token more, for the end of documents.
      tokens = given + 1
    } else if let name = context.model {
      let node = ConfigNode(place: InputPlace(file: "--model"), content: .scalar(name, quoted: true))
      tokens = try WorkloadSource.model(node, folder: nil).vocabulary
      assumed.append("the vocabulary of \(name): --model")
    }
    guard let tokens else {
      throw .missing(
        at: InputPlace(file: options.file), key: "--vocab-size",
        expected: "the size of the vocabulary: the tokenizer is not read (--model may name the model instead)")
    }
    return (tokens + divisor - 1) / divisor * divisor
  }

  private func required(_ name: String, _ maximum: Int) throws(InputError) -> Int {
    guard let value = try options.int(name, in: 1...maximum) else {
      throw .missing(
        at: InputPlace(file: options.file), key: "--" + name.replacing("_", with: "-"),
        expected: "a whole number from 1 to \(maximum)")
    }
    return value
  }

  private func place(_ name: String) -> InputPlace { options[name]?.place ?? InputPlace(file: options.file) }
}
