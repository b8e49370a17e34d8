/// The command that starts torchtitan.
extension TorchtitanSource {
  /// Adds what the command of a script says; a job script that starts another beside it leads there.
  mutating func addScript(_ text: String, _ context: LaunchContext, depth: Int) throws(InputError) {
    let script = try ShellScript.read(text, file: context.file)
    notes += script.notes
    if let command = script.commands.last(where: Self.startsTorchtitan) {
      try add(command, script, context)
      return
    }
    let started = script.commands.lazy.flatMap(\.words).first { $0.value?.hasSuffix(".sh") ?? false }
    guard depth == 0, let started else {
      throw .unsupported(
        at: InputPlace(file: context.file), what: "no command that starts torchtitan is in it",
        remedy: "name a script or a line with torchrun -m torchtitan.train, a TOML file, or a config_registry.py")
    }
    let place = InputPlace(file: context.file, line: started.line)
    let inner = try LaunchSibling.text(started.text, at: place, context)
    var beside = context
    beside.file = started.text.hasPrefix("./") ? String(started.text.dropFirst(2)) : started.text
    try addScript(inner, beside, depth: depth + 1)
  }

  private static func startsTorchtitan(_ command: ShellCommand) -> Bool {
    command.words.contains { word in
      isProgram(word.text)
        || optionName(word.text).map { ["module", "config", "job.config_file"].contains($0) } ?? false
    } && command.words.first?.text != "echo"
  }

  private static func isProgram(_ word: String) -> Bool {
    word == "torchtitan.train" || word.hasSuffix("torchtitan/train.py") || word == "run_train.sh"
      || word.hasSuffix("/run_train.sh")
  }

  /// `training.seq_len` of `--training.seq-len` and `--training.seq_len=4096`; nil for what is no option.
  private static func optionName(_ word: String) -> String? {
    guard word.hasPrefix("--"), word.count > 2 else { return nil }
    return String(word.dropFirst(2).prefix { $0 != "=" }).replacing("-", with: "_")
  }

  private mutating func add(_ command: ShellCommand, _ script: ShellScript, _ context: LaunchContext) throws(InputError)
  {
    let words = command.words
    let program = words.firstIndex { Self.isProgram($0.text) }
    let arguments = try Self.arguments(words[((program ?? -1) + 1)...], file: context.file)
    addPlace(Array(words[..<(program ?? 0)]), context.file)
    func setting(_ name: String) -> ShellArgument? { command.environment.first { $0.name == name }?.value }
    func argument(_ name: String) -> ShellArgument? { arguments.last { $0.name == name }?.value }
    let place = InputPlace(file: context.file, line: command.line)
    if let file = argument("job.config_file") ?? setting("CONFIG_FILE") {
      try addFile(try Self.known(file, context), at: place, context)
    } else {
      guard let module = argument("module") ?? setting("MODULE"), let config = argument("config") ?? setting("CONFIG")
      else {
        throw .missing(
          at: place, key: "--module",
          expected: "the module of the configuration, and --config its function, "
            + "or --job.config_file a TOML file")
      }
      try addModule(try Self.known(module, context), try Self.known(config, context), at: place, context)
    }
    for (name, value, place) in arguments where !["module", "config", "job.config_file"].contains(name) {
      try add(name, value, place)
    }
  }

  private static func known(_ value: ShellArgument, _ context: LaunchContext) throws(InputError) -> String {
    guard let text = value.value else {
      throw .unsupported(
        at: InputPlace(file: context.file, line: value.line),
        what: "'\(value.text)' is known only when the script runs", remedy: "write the name")
    }
    return text
  }

  /// The options of the trainer with their values; `true` for one without, `false` for `--section.no_option`.
  private static func arguments(
    _ words: ArraySlice<ShellArgument>, file: String
  ) throws(InputError) -> [(name: String, value: ShellArgument, place: InputPlace)] {
    var found: [(name: String, value: ShellArgument, place: InputPlace)] = []
    var index = words.startIndex
    while index < words.endIndex {
      let word = words[index]
      index += 1
      guard var name = optionName(word.text) else {
        if let choice = recompute(word) { found.append(("activation_checkpoint", choice, place(word, "", file))) }
        continue
      }
      let written = String(word.text.prefix { $0 != "=" })
      var value = word
      if let equals = word.text.firstIndex(of: "=") {
        value.text = String(word.text[word.text.index(after: equals)...])
      } else if index < words.endIndex, optionName(words[index].text) == nil, recompute(words[index]) == nil,
        words[index].text != "$@"
      {
        value = words[index]
        index += 1
      } else {
        value.text = "true"
        let parts = name.split(separator: ".")
        if let last = parts.last, last.hasPrefix("no_") {
          name = (parts.dropLast() + [last.dropFirst(3)]).joined(separator: ".")
          value.text = "false"
        }
      }
      found.append((name, value, place(word, written, file)))
    }
    return found
  }

  /// The policy that `activation-checkpoint:full` chooses.
  private static func recompute(_ word: ShellArgument) -> ShellArgument? {
    let name = word.text.replacing("_", with: "-")
    guard name.hasPrefix("activation-checkpoint:") else { return nil }
    var value = word
    switch name.dropFirst("activation-checkpoint:".count) {
    case "full": value.text = "FullAC.Config"
    case "selective": value.text = "SelectiveAC.Config"
    case "memory-budget": value.text = "MemoryBudgetAC.Config"
    default: value.text = "None"
    }
    return value
  }

  private static func place(_ word: ShellArgument, _ written: String, _ file: String) -> InputPlace {
    InputPlace(file: file, line: word.line, field: written)
  }

  /// Sets an option of the command line; lists are separated by commas there.
  private mutating func add(_ name: String, _ value: ShellArgument, _ place: InputPlace) throws(InputError) {
    guard let text = value.value else { return try options.leave(name, text: value.text, at: place) }
    func scalar(_ text: some StringProtocol) -> ConfigNode {
      ConfigNode(
        place: place,
        content: .scalar(
          text == "None"
            ? "null"
            : text.lowercased() == "true"
              ? "true"
              : text.lowercased() == "false" ? "false" : String(text), quoted: false))
    }
    guard text.contains(","), !text.contains("[") else { return try options.set(name, scalar(text)) }
    let items = text.split(separator: ",").map { scalar($0) }
    try options.set(name, ConfigNode(place: place, content: .sequence(items)))
  }

  /// What torchrun is told of nodes and GPUs; defaults of the environment do not count.
  private mutating func addPlace(_ words: [ShellArgument], _ file: String) {
    for (index, word) in words.enumerated() {
      guard let name = Self.optionName(word.text) else { continue }
      if name == "standalone" {
        place.nodes = LaunchPlace.Count(
          count: 1, place: InputPlace(file: file, line: word.line, field: word.text))
      }
      guard name == "nnodes" || name == "nproc_per_node" else { continue }
      var value = word
      if let equals = word.text.firstIndex(of: "=") {
        value.text = String(word.text[word.text.index(after: equals)...])
      } else if index + 1 < words.count {
        value = words[index + 1]
      }
      guard value.defaults.isEmpty, let text = value.value, let count = Int(text), count > 0 else { continue }
      let written = InputPlace(file: file, line: word.line, field: String(word.text.prefix { $0 != "=" }))
      let told = LaunchPlace.Count(count: count, place: written)
      if name == "nnodes" { place.nodes = told } else { place.gpusPerNode = told }
    }
  }
}
