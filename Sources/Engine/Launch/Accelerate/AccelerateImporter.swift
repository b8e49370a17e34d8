/// Reads Accelerate's configuration of FSDP, or a script or command line that names it.
struct AccelerateImporter: LaunchImporter {
  func read(_ text: String, _ context: LaunchContext) throws(InputError) -> LaunchImport {
    if Self.isConfiguration(text, file: context.file) {
      return try run(try AccelerateFile(text, file: context.file), program: nil, context)
    }
    let script = try ShellScript.read(text, file: context.file)
    let program = try LaunchedProgram.read(script)
    guard let option = program.launcher["config_file"] else {
      guard program.launcher["use_fsdp"] != nil else {
        throw .missing(
          at: InputPlace(file: context.file, line: program.line), key: "--config_file",
          expected: "the name of Accelerate's configuration, in the folder of this script")
      }
      // All of it on the command line: its options have the names of the configuration's keys.
      return try run(AccelerateFile(options: program.launcher), program: program, context)
    }
    guard let argument = option.values.first, let name = argument.value else {
      throw .value(
        at: option.place, found: option.text, expected: "the name of Accelerate's configuration, beside this script")
    }
    let file = try AccelerateFile(try LaunchSibling.text(name, at: option.place, context), file: name, program.launcher)
    return try run(file, program: program, context)
  }

  /// Whether a text is a configuration, not a script: a mapping with one of its keys.
  private static func isConfiguration(_ text: String, file: String) -> Bool {
    if file.hasSuffix(".yaml") || file.hasSuffix(".yml") || file.hasSuffix(".json") { return true }
    guard let root = try? ConfigNode.parse(text, file: file), let mapping = try? root.anyMapping() else { return false }
    return mapping["distributed_type"] != nil || mapping["fsdp_config"] != nil
  }

  private func run(
    _ file: AccelerateFile, program: LaunchedProgram?, _ context: LaunchContext
  ) throws(InputError) -> LaunchImport {
    var run = LaunchAssembly(context: context, runtime: Launcher.accelerate.runtimes[0])
    let trainer = try program.map { program throws(InputError) in try Self.trainer(of: program, context) }
    try file.apply(to: &run)
    let precision = try file.precision
    let recompute = run.recompute
    if let trainer {
      try trainer.apply(to: &run)
      run.recompute = recompute
      if try trainer.recomputes == true {
        if recompute != nil {
          throw .conflict(
            at: trainer.options["gradient_checkpointing", "activation_checkpointing"]?.place ?? run.file,
            problem: "both the program and fsdp_activation_checkpointing recompute layers, which Trainer refuses",
            remedy: "keep one of them")
        }
        run.recompute = .full
      }
    } else {
      run.assumed.append("flash attention")
    }
    run.precision = try Self.precision(precision, trainer, &run)
    run.assumed.append("no dropout: it stands in the model's own configuration")
    var found = try run.result()
    AccelerateFile.table.judge(file.options.all, for: &found)
    if let trainer { TrainerArguments.table.judge(trainer.options.all, for: &found) }
    found.warnings += try Self.accumulation(trainer, found)
    return found
  }

  /// The arguments of the program: its options, or the JSON file that it is given alone.
  private static func trainer(
    of program: LaunchedProgram, _ context: LaunchContext
  ) throws(InputError) -> TrainerArguments {
    guard let argument = program.files.first, argument.text.hasSuffix(".json"), program.options.all.isEmpty else {
      return TrainerArguments(program.options)
    }
    let place = InputPlace(file: context.file, line: argument.line)
    guard let name = argument.value else {
      throw .value(at: place, found: argument.text, expected: "the name of a file with arguments, beside this script")
    }
    return try TrainerArguments(json: try LaunchSibling.text(name, at: place, context), file: name)
  }

  /// The program's `--bf16` or `--fp16` wins over the configuration, as in Trainer.
  private static func precision(
    _ own: String?, _ trainer: TrainerArguments?, _ run: inout LaunchAssembly
  ) throws(InputError) -> Precision {
    if let told = try trainer?.precision { return told }
    switch own {
    case "bf16": return .bf16
    case "fp16": return .fp16
    case "fp8":
      run.warnings.append("mixed_precision fp8: predicted as products in fp8, the rest in bf16")
      return .fp8
    case "no":
      run.warnings.append(
        "mixed_precision no: fp32 is not modelled, predicted in bf16 (as with --bf16 of the program)")
      return .bf16
    default:
      run.assumed.append("bf16: nothing says mixed_precision")
      return .bf16
    }
  }

  /// Gradients of all micro-batches but the last are kept whole where nothing asks to reduce each.
  private static func accumulation(_ trainer: TrainerArguments?, _ found: LaunchImport) throws(InputError) -> [String] {
    guard found.plan.gradientAccumulation > 1 else { return [] }
    let name = "accelerator_config.gradient_accumulation_kwargs.sync_each_batch"
    if try trainer?.options.flag(name) == true { return [] }
    return [
      "gradients are predicted as reduced in every micro-batch; without sync_each_batch in --accelerator_config they are "
        + "kept whole until the last: more memory, fewer collectives"
    ]
  }
}
