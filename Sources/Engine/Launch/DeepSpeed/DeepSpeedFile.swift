/// What a JSON of DeepSpeed says.
struct DeepSpeedFile {
  /// The number format of a run.
  enum Format: Equatable {
    /// The JSON says it.
    case known(Precision)
    /// `auto`: the arguments of the program say it, and this where they are not known.
    case auto(Precision)
  }

  /// Its keys, nested ones joined by dots.
  let options: LaunchOptions

  /// Reads a text.
  init(_ text: String, file: String) throws(InputError) {
    // Tabs may indent JSON, but not YAML, of which it is read as a part.
    let plain = text.replacing("\t", with: " ")
    options = LaunchOptions(file: file, all: LaunchOption.all(in: try ConfigNode.parse(plain, file: file).anyMapping()))
  }

  /// The ZeRO level; the old `"zero_optimization": true` is level 1.
  var level: Int {
    get throws(InputError) {
      if options["zero_optimization"] != nil { return try options.flag("zero_optimization") == true ? 1 : 0 }
      return try options.int("zero_optimization.stage", in: 0...3) ?? 0
    }
  }

  /// Takes over batches, ZeRO level and offload; throws where the run is of a kind that is not modelled.
  func apply(to run: inout LaunchAssembly, isMegatron: Bool) throws(InputError) {
    try refuseOthers()
    run.batch = try options.int("train_batch_size", in: 1...1_000_000_000)
    run.microBatch = try options.int("train_micro_batch_size_per_gpu", in: 1...1_000_000)
    run.accumulation = try options.int("gradient_accumulation_steps", in: 1...1_000_000)
    for name in ["train_batch_size", "train_micro_batch_size_per_gpu", "gradient_accumulation_steps"]
    where options.isAuto(name) {
      run.assumed.append("\"\(name)\": \"auto\": \(Self.sources[name] ?? "the program's arguments") says it")
    }
    run.zero = try level
    try applyOffload(to: &run)
    guard !isMegatron else { return }
    if let degree = try options.int("tensor_parallel.autotp_size", in: 1...1_024), degree > 1 {
      run.tensorParallel = degree
      run.warnings.append("tensor_parallel.autotp_size \(degree): AutoTP is predicted as Megatron's tensor parallelism")
    }
    if let interval = try options.int("pipeline.activation_checkpoint_interval", in: 0...10_000), interval > 0 {
      run.recompute = .full
    }
  }

  private static let sources = [
    "train_batch_size": "the product of the other two and the ranks",
    "train_micro_batch_size_per_gpu": "--per_device_train_batch_size (or --micro-batch)",
    "gradient_accumulation_steps": "--gradient_accumulation_steps",
  ]

  private func refuseOthers() throws(InputError) {
    func refuse(_ name: String, _ what: String, _ remedy: String) -> InputError {
      .unsupported(at: options[name]?.place ?? InputPlace(file: options.file), what: what, remedy: remedy)
    }
    if try options.flag("amp.enabled") == true {
      throw refuse("amp.enabled", "apex amp keeps fp32 weights, which is not modelled", "enable bf16 or fp16")
    }
    if let degree = try options.int("sequence_parallel_size", in: 1...100_000), degree > 1 {
      throw refuse(
        "sequence_parallel_size", "DeepSpeed's sequence parallelism (Ulysses) is not modelled",
        "import the run without it")
    }
    if let degree = try options.int("expert_parallel.autoep_size", "expert_parallel_size", in: 1...100_000), degree > 1
    {
      throw refuse("expert_parallel_size", "a mixture of experts is not modelled", "import a run of a dense model")
    }
    if let option = options["pipeline.stages"], let stages = Int(option.values.first?.text ?? ""), stages > 1 {
      throw refuse(
        "pipeline.stages", "\(stages) stages of a program that is not known",
        "import the script of Megatron-DeepSpeed with its arguments")
    }
  }

  /// The number format that is enabled.
  func precision() throws(InputError) -> Format {
    let bf16 = try options.flag("bf16.enabled", "bfloat16.enabled") == true
    let fp16 = try options.flag("fp16.enabled") == true
    let place = options["bf16.enabled", "fp16.enabled"]?.place ?? InputPlace(file: options.file)
    guard !(bf16 && fp16) else {
      throw .conflict(at: place, problem: "both bf16 and fp16 are enabled", remedy: "disable one of them")
    }
    if bf16 { return .known(.bf16) }
    if fp16 { return .known(.fp16) }
    let isAuto = { (name: String) in options.isAuto(name + ".enabled") }
    if isAuto("bf16") || isAuto("bfloat16") { return .auto(.bf16) }
    if isAuto("fp16") { return .auto(.fp16) }
    throw .unsupported(
      at: place, what: "neither bf16 nor fp16 is enabled: DeepSpeed trains in fp32, which is not modelled",
      remedy: "enable one of them: \"bf16\": {\"enabled\": true}")
  }

  private func applyOffload(to run: inout LaunchAssembly) throws(InputError) {
    let prefix = "zero_optimization."
    let optimizer = try device("offload_optimizer", older: "cpu_offload", to: &run)
    let weights = try device("offload_param", older: "cpu_offload_params", to: &run)
    if optimizer {
      let ratio = try options.double(prefix + "offload_optimizer.ratio", in: 0...1) ?? 1
      let eighths = Int((ratio * 8).rounded())
      if Double(eighths) != ratio * 8 {
        run.warnings.append("\(prefix)offload_optimizer.ratio \(ratio): predicted as \(eighths)/8")
      }
      if run.zero == 0 {
        run.warnings.append("\(prefix)offload_optimizer: without effect at ZeRO 0")
      } else {
        if run.zero == 1 {
          run.zero = 2
          run.warnings.append("\(prefix)offload_optimizer at ZeRO 1: predicted as ZeRO 2, which is offloaded alike")
        }
        run.offload.optimizer = eighths
      }
    }
    guard weights else { return }
    if run.zero == 3 {
      run.offload.weights = 8
    } else {
      run.warnings.append("\(prefix)offload_param: without effect below ZeRO 3")
    }
  }

  /// Whether a state is offloaded; to a disk is warned about.
  private func device(_ key: String, older: String, to run: inout LaunchAssembly) throws(InputError) -> Bool {
    let name = "zero_optimization.\(key).device"
    guard let option = options[name], let device = option.values.first?.text else {
      return try options.flag("zero_optimization." + older) == true
    }
    switch device {
    case "cpu": return true
    case "none", "null": return false
    case "nvme":
      run.warnings.append("\(name) nvme: disks are not modelled, predicted as host memory: it is slower")
      return true
    default: throw .value(at: option.place, found: "'\(device)'", expected: "none, cpu or nvme")
    }
  }
}
