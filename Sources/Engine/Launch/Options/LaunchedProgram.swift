/// A training program as a script starts it: by which launcher, with which options of each.
struct LaunchedProgram: Sendable {
  /// Launchers that start processes of their own.
  enum Starter: String, Sendable {
    case torchrun
    case deepspeed
    case accelerate
    case python
  }

  /// What starts it.
  var starter: Starter?
  /// Options of the launcher.
  var launcher: LaunchOptions
  /// Options of the program.
  var options: LaunchOptions
  /// Words of the program before its first option: files that it is given.
  var files: [ShellArgument]
  /// Line of the command.
  var line: Int

  /// The program of a script: the command with the most options. A text that is nothing but options is one, too.
  ///
  /// Throws where there is no command with an option.
  static func read(_ script: ShellScript) throws(InputError) -> LaunchedProgram {
    func options(_ command: ShellCommand) -> Int { command.words.count { LaunchOption.isName($0.text) } }
    let most = script.commands.map(options).max() ?? 0
    guard most > 0, let command = script.commands.last(where: { options($0) == most }) else {
      throw .unsupported(
        at: InputPlace(file: script.file), what: "no command with options is in it",
        remedy: "name the script or the command line that starts training")
    }
    return LaunchedProgram(command, file: script.file)
  }

  /// Takes a command apart.
  init(_ command: ShellCommand, file: String) {
    let words = command.words
    line = command.line
    let start = Self.start(in: words)
    starter = start.flatMap { Self.starter(words[$0].text) }
    var first = (start ?? -1) + 1
    if starter == .accelerate, first < words.count, words[first].text == "launch" { first += 1 }
    guard start != nil || !(words.first.map { LaunchOption.isName($0.text) } ?? true) else {
      launcher = .none
      files = []
      options = LaunchOptions(file: file, all: LaunchOption.all(in: words, file: file))
      return
    }
    let program = Self.program(in: words, from: first)
    launcher = LaunchOptions(file: file, all: LaunchOption.all(in: words[min(first, program)..<program], file: file))
    let rest = words.dropFirst(program + 1)
    files = Array(rest.prefix { !LaunchOption.isName($0.text) })
    options = LaunchOptions(file: file, all: LaunchOption.all(in: rest, file: file))
  }

  /// Index of the launcher, before any program; `python` where it starts no other launcher.
  private static func start(in words: [ShellArgument]) -> Int? {
    let script = words.firstIndex { $0.text.hasSuffix(".py") } ?? words.count
    let launcher = words[..<script].indices.first { index in
      guard let starter = starter(words[index].text), starter != .python else { return false }
      let previous = index > 0 ? words[index - 1].text : ""
      return !LaunchOption.isName(previous) || previous == "-m" || previous == "-u"
    }
    return launcher ?? words[..<script].firstIndex { starter($0.text) == .python }
  }

  private static func starter(_ word: String) -> Starter? {
    let name = word.split(separator: "/").last.map(String.init) ?? word
    switch name {
    case "torchrun", "torch.distributed.run", "torch.distributed.launch": return .torchrun
    case "deepspeed", "deepspeed.launcher.runner": return .deepspeed
    case "accelerate", "accelerate.commands.launch", "accelerate-launch": return .accelerate
    default: return name.hasPrefix("python") && !name.hasSuffix(".py") ? .python : nil
    }
  }

  /// Switches of the launchers that take no value.
  private static let switches: Set<String> = [
    "--standalone", "-m", "--module", "--no-python", "--no_python", "--no_local_rank", "--no_ssh", "--force_multi",
    "--use_fsdp", "--use_deepspeed", "--multi_gpu", "--quiet", "--debug", "--same_network", "-u",
  ]

  /// Index of the program: what ends in `.py`, else what stands behind no option that takes a value.
  private static func program(in words: [ShellArgument], from first: Int) -> Int {
    if let script = words[first...].firstIndex(where: { $0.text.hasSuffix(".py") }) { return script }
    var index = first
    while index < words.count {
      let word = words[index].text
      guard LaunchOption.isName(word) else { return index }
      index += word.contains("=") || switches.contains(word) ? 1 : 2
    }
    return words.count
  }
}
