/// The arguments of Megatron-DeepSpeed's `pretrain_gpt.py`, beside its JSON.
struct MegatronDeepSpeedArguments {
  /// The program.
  let program: LaunchedProgram
  /// The JSON that it names.
  let configuration: DeepSpeedFile

  private var options: LaunchOptions { program.options }

  /// Whether arguments are Megatron-DeepSpeed's: they give layers or degrees.
  static func describe(_ options: LaunchOptions) -> Bool {
    options["num_layers", "encoder_num_layers", "tensor_model_parallel_size", "pipeline_model_parallel_size"] != nil
  }

  /// The run that they describe.
  func read(_ context: LaunchContext) throws(InputError) -> LaunchImport {
    try refuseOthers()
    var run = LaunchAssembly(context: context, runtime: Launcher.deepspeed.runtimes[0])
    try configuration.apply(to: &run, isMegatron: true)
    run.place = LaunchPlace.read(program)
    try applyBatch(to: &run)
    try applyPrecision(to: &run)
    try applyDegrees(to: &run)
    let model = MegatronDeepSpeedModel(options: options)
    run.attention = try model.attention
    try model.applyDropout(to: &run)
    try applyRecompute(to: &run)
    run.model = try model.shape(tensorParallel: run.tensorParallel, context, assumed: &run.assumed)
    run.sequence = try options.int("seq_length", "encoder_seq_length", in: 1...100_000_000)
    var found = try run.result()
    Self.table.judge(options.all, for: &found)
    DeepSpeedFile.table.judge(configuration.options.all, for: &found)
    DeepSpeedImporter.launcherTable.judge(program.launcher.all, for: &found)
    found.warnings += try configuration.deviations(for: found)
    return found
  }

  private func refuseOthers() throws(InputError) {
    func refuse(_ name: String, _ what: String, _ remedy: String) -> InputError {
      .unsupported(at: options[name]?.place ?? InputPlace(file: options.file), what: what, remedy: remedy)
    }
    for name in ["num_experts", "num_experts_switch"] {
      let counts = options[name]?.values.compactMap { Int($0.text) } ?? []
      if counts.contains(where: { $0 > 1 }) {
        throw refuse(name, "a mixture of experts is not modelled", "import a run of a dense model")
      }
    }
    if let degree = try options.int("ds_sequence_parallel_size", in: 1...100_000), degree > 1 {
      throw refuse(
        "ds_sequence_parallel_size", "DeepSpeed's sequence parallelism (Ulysses) is not modelled",
        "import the run with --sequence-parallel, or without")
    }
    if try options.flag("fp8_e4m3", "fp8_hybrid") == true {
      throw refuse("fp8_hybrid", "fp8 under DeepSpeed is not modelled", "import the run with --bf16")
    }
  }

  private func applyBatch(to run: inout LaunchAssembly) throws(InputError) {
    if let micro = try options.int("micro_batch_size", in: 1...1_000_000) {
      try agree("micro_batch_size", micro, "train_micro_batch_size_per_gpu", run.microBatch)
      run.microBatch = micro
    }
    if let batch = try options.int("global_batch_size", in: 1...1_000_000_000) {
      try agree("global_batch_size", batch, "train_batch_size", run.batch)
      run.batch = batch
    }
  }

  private func applyPrecision(to run: inout LaunchAssembly) throws(InputError) {
    var own: Precision?
    if try options.flag("bf16") == true { own = .bf16 }
    if try options.flag("fp16") == true { own = .fp16 }
    switch try configuration.precision() {
    case .known(let told):
      if let own, own != told {
        throw .conflict(
          at: options[own.rawValue]?.place ?? run.file,
          problem: "--\(own.rawValue) is set, DeepSpeed's JSON enables \(told.rawValue)", remedy: "make them equal")
      }
      run.precision = told
    case .auto(let likely): run.precision = own ?? likely
    }
  }

  private func applyDegrees(to run: inout LaunchAssembly) throws(InputError) {
    run.tensorParallel = try options.int("tensor_model_parallel_size", in: 1...100_000) ?? 1
    run.stages = try options.int("pipeline_model_parallel_size", in: 1...100_000) ?? 1
    run.sequenceParallel = try options.flag("sequence_parallel") == true && run.tensorParallel > 1
    if let level = try options.int("zero_stage", in: 0...3) {
      try agree("zero_stage", level, "zero_optimization.stage", try configuration.level)
    }
    if run.stages > 1, run.zero >= 2 {
      throw .conflict(
        at: options["pipeline_model_parallel_size"]?.place ?? run.file,
        problem: "\(run.stages) stages with ZeRO \(run.zero): DeepSpeed's pipeline engine takes ZeRO 0 and 1 alone",
        remedy: "lower one of them")
    }
    if try options.flag("enable_zbh1_pipeline") == true, run.stages > 1 { run.schedule = .zeroBubble }
  }

  /// The pipeline engine recomputes all layers or none; Megatron's own loop may recompute some.
  private func applyRecompute(to run: inout LaunchAssembly) throws(InputError) {
    let isStaged = try options.flag("no_pipeline_parallel") != true
    if try options.flag("checkpoint_activations") == true {
      run.recompute = .full
    } else if try options.flag("recompute_activations") == true {
      run.recompute = .selective
    } else {
      try applyGranularity(to: &run, isStaged: isStaged)
    }
    if run.recompute == .selective, run.attention == .flash {
      run.recompute = nil
      run.warnings.append("selective recomputation has no effect with flash attention: predicted without")
    }
    if try options.flag("checkpoint_in_cpu") == true, run.recompute == .full { run.offload.activations = 8 }
  }

  private func applyGranularity(to run: inout LaunchAssembly, isStaged: Bool) throws(InputError) {
    guard let granularity = try options.text("recompute_granularity") else { return }
    if granularity == "selective" { run.recompute = .selective }
    guard granularity == "full" else { return }
    run.recompute = .full
    let own = try options.flag("deepspeed_activation_checkpointing") == true
    switch (try options.text("recompute_method"), isStaged) {
    case ("uniform", _): break
    case (_, true):
      run.recompute = nil
      run.warnings.append(
        "--recompute-granularity full without --recompute-method uniform: the pipeline engine recomputes nothing")
    case ("block", false) where !own:
      run.recomputedLayers = try options.int("recompute_num_layers", in: 1...100_000) ?? 1
    default: break
    }
  }

  private func agree(_ name: String, _ own: Int, _ key: String, _ told: Int?) throws(InputError) {
    guard let told, told != own else { return }
    throw .conflict(
      at: options[name]?.place ?? InputPlace(file: options.file),
      problem: "it is \(own), \(key) in DeepSpeed's JSON is \(told)",
      remedy: "make them equal")
  }
}
