/// Reads scripts and command lines that start Megatron-LM's `pretrain_gpt.py`.
struct MegatronImporter: LaunchImporter {
  func read(_ text: String, _ context: LaunchContext) throws(InputError) -> LaunchImport {
    var script = try ShellScript.read(text, file: context.file)
    if Self.trainingCommand(script) == nil, let inner = try Self.sibling(of: script, context) {
      script.commands = inner.commands
      script.notes += inner.notes
    }
    guard let command = Self.trainingCommand(script) else {
      throw .unsupported(
        at: InputPlace(file: context.file), what: "no command with Megatron-LM's options is in it",
        remedy: "name the script that starts pretrain_gpt.py with --num-layers, --micro-batch-size and so on")
    }
    guard command.words.count <= Self.mostWords else {
      throw .unsupported(
        at: InputPlace(file: context.file, line: command.line), what: "a command of \(command.words.count) words",
        remedy: "the limit is \(Self.mostWords)")
    }
    let program = LaunchedProgram(command, file: context.file)
    try Self.checkProgram(command, context)
    var arguments = MegatronArguments(
      options: program.options, place: Self.place(program, script), context: context)
    arguments.assumed = script.notes
    return try arguments.result()
  }

  /// Most words of a command, and most scripts beside the one that is read that are looked at.
  private static let (mostWords, mostSiblings) = (10_000, 4)

  /// Options that tell a command of Megatron-LM from others.
  private static let marks: Set<String> = Set(MegatronOption.allCases.map(\.key))

  /// The command with the most of Megatron-LM's options, the last of several; at least two.
  static func trainingCommand(_ script: ShellScript) -> ShellCommand? {
    var found: (command: ShellCommand, count: Int)?
    for command in script.commands {
      let count = LaunchOption.all(in: command.words, file: script.file).count { marks.contains($0.name) }
      if count >= max(2, found?.count ?? 0) { found = (command, count) }
    }
    return found?.command
  }

  /// The script beside this one that a command such as `srun bash ./train.sh` runs; nil where none is named.
  private static func sibling(of script: ShellScript, _ context: LaunchContext) throws(InputError) -> ShellScript? {
    var names: Set<String> = []
    for command in script.commands where names.count < mostSiblings {
      guard let shell = command.words.firstIndex(where: { ["bash", "sh", "source"].contains($0.text) }) else {
        continue
      }
      guard let word = command.words[(shell + 1)...].first(where: { !$0.text.hasPrefix("-") })?.value else { continue }
      let name = word.hasPrefix("./") ? String(word.dropFirst(2)) : word
      guard name.hasSuffix(".sh"), names.insert(name).inserted, let text = try context.sibling(name) else { continue }
      let inner = try ShellScript.read(text, file: name)
      if trainingCommand(inner) != nil { return inner }
    }
    return nil
  }

  /// Programs of Megatron-LM that train something else.
  private static let others = [
    "pretrain_bert.py", "pretrain_t5.py", "pretrain_vlm.py", "pretrain_mamba.py", "pretrain_hybrid.py", "train_rl.py",
    "pretrain_vision_classify.py", "pretrain_vision_inpaint.py", "pretrain_vision_dino.py", "pretrain_retro.py",
    "pretrain_ict.py",
  ]

  private static func checkProgram(_ command: ShellCommand, _ context: LaunchContext) throws(InputError) {
    for word in command.words {
      let name = word.text.split(separator: "/").last.map(String.init) ?? ""
      guard others.contains(name) else { continue }
      throw .unsupported(
        at: InputPlace(file: context.file, line: word.line), what: "\(name) does not train a GPT model",
        remedy: "name a script that runs pretrain_gpt.py")
    }
  }

  /// Nodes and GPUs of each, by torchrun's options or Slurm's; defaults that the environment may replace do not count.
  private static func place(_ program: LaunchedProgram, _ script: ShellScript) -> LaunchPlace {
    let known = program.launcher.all.filter { $0.values.first?.defaults.isEmpty ?? true }
    var place = LaunchPlace.read(LaunchOptions(file: script.file, all: known))
    func directive(_ name: String, _ letter: Character?) -> LaunchPlace.Count? {
      guard let argument = script.directive(name, letter: letter), let count = Int(argument.text), count > 0 else {
        return nil
      }
      return LaunchPlace.Count(
        count: count, place: InputPlace(file: script.file, line: argument.line, field: "#SBATCH --\(name)"))
    }
    if place.nodes == nil, let alone = program.launcher["standalone"] {
      place.nodes = LaunchPlace.Count(count: 1, place: alone.place)
    }
    if place.nodes == nil { place.nodes = directive("nodes", "N") }
    if place.gpusPerNode == nil { place.gpusPerNode = directive("gpus-per-node", nil) }
    return place
  }
}
