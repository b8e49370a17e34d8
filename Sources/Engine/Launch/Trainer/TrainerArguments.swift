/// What the arguments of Hugging Face's Trainer say, and those that training programs have beside them.
struct TrainerArguments {
  /// The options, with nested ones flattened.
  let options: LaunchOptions

  /// The arguments of a program; JSON values (`--accelerator_config '{...}'`) are taken apart.
  init(_ options: LaunchOptions) {
    let all = options.all.flatMap { option -> [LaunchOption] in
      guard Self.nested.contains(option.name), let text = option.values.first?.value, text.hasPrefix("{"),
        let node = try? ConfigNode.parse(text, file: options.file), let mapping = try? node.anyMapping()
      else { return [option] }
      return LaunchOption.all(in: mapping, prefix: option.name + ".").map { inner in
        var inner = inner
        inner.written = option.written
        inner.place = option.place
        return inner
      }
    }
    self.options = LaunchOptions(file: options.file, all: all)
  }

  /// The arguments in a JSON file, as `HfArgumentParser.parse_json_file` reads it.
  init(json text: String, file: String) throws(InputError) {
    let mapping = try ConfigNode.parse(text, file: file).anyMapping()
    options = LaunchOptions(file: file, all: LaunchOption.all(in: mapping))
  }

  /// Takes over what these arguments say of the run.
  func apply(to run: inout LaunchAssembly) throws(InputError) {
    if let value = try microBatch { run.microBatch = value }
    if let value = try accumulation { run.accumulation = value }
    if let value = try sequence { run.sequence = value }
    if let value = try precision { run.precision = value }
    if let value = try recomputes { run.recompute = value ? .full : nil }
    try applyAttention(to: &run)
    try applyModel(to: &run)
  }

  /// `--per_device_train_batch_size`.
  var microBatch: Int? {
    get throws(InputError) {
      try options.int("per_device_train_batch_size", "train_micro_batch_size_per_gpu", in: 1...1_000_000)
    }
  }

  /// `--gradient_accumulation_steps`.
  var accumulation: Int? {
    get throws(InputError) { try options.int("gradient_accumulation_steps", in: 1...1_000_000) }
  }

  /// Tokens of a sample, under the names that programs give it.
  var sequence: Int? {
    get throws(InputError) {
      try options.int(
        "max_length", "max_seq_length", "block_size", "model_max_length", "cutoff_len", "max_seq_len", "seq_length",
        in: 1...100_000_000)
    }
  }

  /// `--bf16` or `--fp16`.
  var precision: Precision? {
    get throws(InputError) {
      if try options.flag("bf16") == true { return .bf16 }
      if try options.flag("fp16") == true { return .fp16 }
      switch try options.text("mixed_precision") {
      case "bf16": return .bf16
      case "fp16": return .fp16
      default: return nil
      }
    }
  }

  /// `--gradient_checkpointing`, or its newer name.
  var recomputes: Bool? {
    get throws(InputError) { try options.flag("gradient_checkpointing", "activation_checkpointing") }
  }

  private func applyAttention(to run: inout LaunchAssembly) throws(InputError) {
    guard let option = options["attn_implementation"], let text = option.values.first?.value else {
      run.assumed.append("flash attention: nothing says --attn_implementation eager")
      return
    }
    switch text {
    case "eager": run.attention = .unfused
    case "flash_attention_2", "flash_attention_3", "sdpa": run.attention = .flash
    default: run.warnings.append("\(option.text): predicted as flash attention")
    }
  }

  /// The model by the name behind `--model_name_or_path`, where it is one that ships; no path is opened.
  private func applyModel(to run: inout LaunchAssembly) throws(InputError) {
    guard run.context.model == nil, let name = options["model_name_or_path", "model_name"]?.values.first?.value,
      let shape = Self.model(named: name)
    else { return }
    run.model = shape
    run.assumed.append("model \(shape.name), by the name \(name)")
  }

  /// The shipped model that a name of a hub means: `meta-llama/Llama-2-7b-hf` is `llama-2-7b`.
  static func model(named name: String) -> ModelShape? {
    let last = (name.split(separator: "/").last.map(String.init) ?? name).lowercased()
    var names = [last]
    for prefix in ["meta-", ""] where last.hasPrefix(prefix) {
      let bare = last.dropFirst(prefix.count)
      names.append(String(bare))
      for suffix in ["-hf", "-v0.1"] where bare.hasSuffix(suffix) { names.append(String(bare.dropLast(suffix.count))) }
    }
    for name in names {
      if let shape = try? Catalogue.model(named: name, at: InputPlace(file: "--model_name_or_path")) { return shape }
    }
    return nil
  }

  private static let nested: Set<String> = [
    "accelerator_config", "gradient_checkpointing_kwargs", "activation_checkpointing_kwargs", "fsdp_config",
    "lr_scheduler_kwargs", "liger_kernel_config", "model_init_kwargs", "optim_args",
  ]
}
