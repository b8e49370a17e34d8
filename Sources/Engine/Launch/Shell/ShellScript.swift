/// What a shell script would run, read from its text without running anything.
///
///     let script = try ShellScript.read("N=4\ntorchrun --nnodes $N train.py", file: "train.sh")
///     script.commands[0].words.map(\.text)   // ["torchrun", "--nnodes", "4", "train.py"]
///
/// Variables, arrays, defaults, integer arithmetic and decidable conditions are followed as bash would follow them in a
/// run without arguments and with none of the script's variables in the environment. What cannot be known stays as it
/// is written and is named (`ShellArgument.unresolved`): command substitution, positional parameters, unset variables.
/// Of a condition that cannot be decided the first branch is read, unless it ends in `exit` or `return`; bodies of loops
/// are not read, and what they assign is not known after them; `notes` says where. No file is opened and nothing is run.
struct ShellScript: Sendable, Equatable {
  /// Name of the file, for messages.
  var file: String
  /// Simple commands in the order in which they are met, also those of pipes, `eval` and `bash -c`.
  var commands: [ShellCommand] = []
  /// Values at the end of the script: one for a plain variable, any number for an array.
  var variables: [String: [ShellArgument]] = [:]
  /// Lines of `#SBATCH`.
  var directives: [ShellDirective] = []
  /// What was left out or decided by rule, with its line, for people.
  var notes: [String] = []

  /// Most characters that all expansions of one script may make together.
  static let expansionLimit = 8_388_608
  /// Deepest nesting of compound commands, substitutions, functions and evaluated texts.
  static let nestingLimit = 32

  /// Reads a script of at most 1 MB.
  ///
  /// Throws with the line where quotes, brackets or compound commands are not closed, where there are control
  /// characters, and where nesting or expansion is beyond the limits. Complexity: O(length + expansions).
  static func read(_ text: String, file: String) throws(InputError) -> ShellScript {
    guard text.utf8.count <= ConfigNode.maximumBytes else {
      throw .unreadable(
        file: file, problem: "the script has \(text.utf8.count) bytes",
        remedy: "the limit is \(ConfigNode.maximumBytes)")
    }
    var parser = try ShellParser(text, file: file)
    let statements = try parser.statements(until: [])
    var reader = ShellReader(file: file, documents: parser.documents)
    try reader.run(statements)
    var script = reader.script
    script.directives = parser.directives
    script.variables = reader.variables.mapValues { $0.values.map(\.argument) }
    return script
  }

  /// The value of an option of `#SBATCH`, by its long name (`nodes`) or its letter (`N`); the last one counts.
  func directive(_ name: String, letter: Character? = nil) -> ShellArgument? {
    var found: ShellArgument?
    for directive in directives {
      if let value = directive.value(name, letter: letter) { found = value }
    }
    return found
  }
}

/// A line of options for Slurm: `#SBATCH --nodes=4`.
struct ShellDirective: Sendable, Equatable {
  /// What stands behind `#SBATCH`.
  var text: String
  /// Its line, from 1.
  var line: Int

  /// The value of an option on this line: `--nodes=4`, `--nodes 4`, `-N 4` or `-N4`.
  func value(_ name: String, letter: Character?) -> ShellArgument? {
    let comment = text.firstRange(of: " #")
    let words = text[..<(comment?.lowerBound ?? text.endIndex)].split { $0 == " " || $0 == "\t" }.map(String.init)
    for (index, word) in words.enumerated() {
      let next = index + 1 < words.count ? words[index + 1] : nil
      var value: String?
      if word.hasPrefix("--\(name)=") {
        value = String(word.dropFirst(name.count + 3))
      } else if word == "--\(name)" {
        value = next
      } else if let letter, word == "-\(letter)" {
        value = next
      } else if let letter, word.hasPrefix("-\(letter)"), !word.hasPrefix("--") {
        value = String(word.dropFirst(2))
      }
      if let value { return ShellArgument(text: value, line: line) }
    }
    return nil
  }
}
