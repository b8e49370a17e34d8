/// Reads DeepSpeed's JSON, or a script or command line that names it: of a plain model, or of Megatron-DeepSpeed's.
struct DeepSpeedImporter: LaunchImporter {
  func read(_ text: String, _ context: LaunchContext) throws(InputError) -> LaunchImport {
    let isConfiguration = text.first { !$0.isWhitespace } == "{"
    if isConfiguration {
      let configuration = try DeepSpeedFile(text, file: context.file)
      return try plain(configuration, .none, context)
    }
    let script = try ShellScript.read(text, file: context.file)
    let program = try LaunchedProgram.read(script)
    let configuration = try Self.configuration(of: program, script: script, context)
    if MegatronDeepSpeedArguments.describe(program.options) {
      return try MegatronDeepSpeedArguments(program: program, configuration: configuration).read(context)
    }
    return try plain(configuration, program, context)
  }

  /// A run of a plain PyTorch or Hugging Face model: one stage, data parallelism (or AutoTP) alone.
  private func plain(
    _ configuration: DeepSpeedFile, _ program: LaunchedProgram?, _ context: LaunchContext
  ) throws(InputError) -> LaunchImport {
    var run = LaunchAssembly(context: context, runtime: Launcher.deepspeed.runtimes[0])
    try configuration.apply(to: &run, isMegatron: false)
    let precision = try configuration.precision()
    if let program {
      run.place = LaunchPlace.read(program)
      try Self.apply(TrainerArguments(program.options), to: &run, precision: precision)
    } else {
      run.assumed.append("flash attention")
    }
    run.precision = try Self.precision(precision, run, isTold: program != nil)
    if run.recompute == nil {
      run.assumed.append("no layer recomputes: --gradient_checkpointing of the program decides, and nothing says it")
    }
    run.assumed.append("no dropout: it stands in the model's own configuration")
    var found = try run.result()
    DeepSpeedFile.table.judge(configuration.options.all, for: &found)
    if let program {
      Self.launcherTable.judge(program.launcher.all, for: &found)
      TrainerArguments.table.judge(TrainerArguments(program.options).options.all, for: &found)
    }
    found.warnings += try configuration.deviations(for: found)
    return found
  }

  /// Trainer's arguments beside the JSON: both must say the same, or Trainer refuses them.
  private static func apply(
    _ trainer: TrainerArguments, to run: inout LaunchAssembly, precision: DeepSpeedFile.Format
  ) throws(InputError) {
    let before = run
    run.precision = .fp8
    try trainer.apply(to: &run)
    for (name, told, own) in [
      ("per_device_train_batch_size", before.microBatch, try trainer.microBatch),
      ("gradient_accumulation_steps", before.accumulation, try trainer.accumulation),
    ] {
      if let told, let own, told != own {
        throw .conflict(
          at: trainer.options[name]?.place ?? run.file, problem: "it is \(own), DeepSpeed's JSON has \(told)",
          remedy: "make them equal, or write \"auto\" into the JSON")
      }
    }
    if case .known(let told) = precision, let own = try trainer.precision, told != own {
      throw .conflict(
        at: trainer.options["bf16", "fp16"]?.place ?? run.file,
        problem: "--\(own.rawValue) is set, DeepSpeed's JSON enables \(told.rawValue)", remedy: "make them equal")
    }
  }

  /// The number format: the JSON's, where it is `auto` that of the program's arguments.
  private static func precision(
    _ format: DeepSpeedFile.Format, _ run: LaunchAssembly, isTold: Bool
  ) throws(InputError) -> Precision {
    switch format {
    case .known(let precision): return precision
    case .auto(let likely):
      // `.fp8` stands for: the program's arguments did not say.
      guard isTold, run.precision != .fp8 else { return likely }
      return run.precision
    }
  }

  /// The JSON that a program is given: beside the script, or written by it.
  private static func configuration(
    of program: LaunchedProgram, script: ShellScript, _ context: LaunchContext
  ) throws(InputError) -> DeepSpeedFile {
    let option =
      [program.options["deepspeed_config"], program.options["deepspeed"], program.launcher["deepspeed_config_file"]]
      .compactMap { $0 }.first { !$0.values.isEmpty }
    guard let option, let argument = option.values.first else {
      throw .missing(
        at: InputPlace(file: context.file, line: program.line), key: "--deepspeed_config",
        expected: "the name of DeepSpeed's JSON, in the folder of this script")
    }
    if argument.text.hasPrefix("{") { return try DeepSpeedFile(argument.text, file: context.file) }
    let written = script.commands.last { $0.output?.text == argument.text && $0.input != nil }
    if let input = written?.input {
      guard let text = input.value else {
        throw .unsupported(
          at: InputPlace(file: context.file, line: input.line),
          what:
            "the JSON that the script writes has values that are not set: \(input.unresolved.joined(separator: ", "))",
          remedy: "import the JSON that it wrote")
      }
      return try DeepSpeedFile(text, file: argument.text)
    }
    guard let name = argument.value else {
      throw .value(
        at: option.place, found: "\(argument.text), which the file does not set",
        expected: "the name of DeepSpeed's JSON, in the folder of this script")
    }
    return try DeepSpeedFile(try LaunchSibling.text(name, at: option.place, context), file: name)
  }

  /// Options of torchrun and of DeepSpeed's launcher.
  static let launcherTable = LaunchOptionTable(
    read: "nnodes num_nodes num_machines nproc_per_node num_gpus num_processes",
    harmless: """
      node_rank master_addr master_port standalone rdzv_backend rdzv_endpoint rdzv_id rdzv_conf max_restarts tee role
      monitor_interval start_method log_dir redirects run_path local_addr m module no_python hostfile include exclude
      i e H no_local_rank no_ssh no_ssh_check force_multi launcher launcher_args save_pid enable_each_rank_log ssh_port
      bind_cores_to_rank bind_core_list venv_script autotuning u config_file machine_rank main_process_ip
      main_process_port num_cpu_threads_per_process use_deepspeed deepspeed_config_file same_network
      deepspeed_multinode_launcher deepspeed_hostfile zero3_init_flag zero3_save_16bit_model
      """, concerns: [:])
}
