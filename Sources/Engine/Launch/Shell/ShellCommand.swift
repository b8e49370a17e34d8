/// A simple command as a script would start it.
struct ShellCommand: Sendable, Equatable {
  /// A variable of its environment.
  struct Setting: Sendable, Equatable {
    /// Name of the variable.
    var name: String
    /// Its value.
    var value: ShellArgument
  }

  /// The program and its arguments, expanded.
  var words: [ShellArgument]
  /// What the script exports before it or sets for it alone, the last value of each, in the order of their names.
  var environment: [Setting] = []
  /// Text of the here-document or here-string that it reads.
  var input: ShellArgument?
  /// The file that its output is written to (`>` and `>>`).
  var output: ShellArgument?
  /// Its line, from 1.
  var line: Int
}

/// A word of a command, a value of a variable.
struct ShellArgument: Sendable, Equatable {
  /// The text; what could not be resolved stands in it as the script has it (`$1`, `$(hostname)`).
  var text: String
  /// The line where it is written, from 1: of an array's element, not of the command that uses the array.
  var line: Int
  /// Variables and constructs that could not be resolved, as they are written; empty where `text` is the value.
  var unresolved: [String] = []
  /// Variables that were not set, whose default the text has (`${NODES:-1}`): the environment may say otherwise.
  var defaults: [String] = []

  /// The text, where it is all known.
  var value: String? { unresolved.isEmpty ? text : nil }
}

/// A piece of a value with the line it stands on.
struct ShellRun: Sendable, Equatable {
  /// Its text.
  var text: String
  /// What could not be resolved, as it is written; nil where `text` is known.
  var unresolved: String?
  /// The variable that was not set, whose default this is.
  var standsInFor: String?
  /// Its line, from 1.
  var line: Int
}

/// A text put together of pieces.
struct ShellValue: Sendable, Equatable {
  /// The pieces, in order.
  var runs: [ShellRun]

  /// The text; unresolved pieces as they are written.
  var text: String { runs.map(\.text).joined() }

  /// The text, where all of it is known.
  var known: String? { runs.allSatisfy { $0.unresolved == nil } ? text : nil }

  /// The text in a run without arguments, where it is known then: positional parameters are empty.
  var supposed: String? {
    var text = ""
    for run in runs {
      guard let unresolved = run.unresolved else {
        text += run.text
        continue
      }
      let name = unresolved.filter { !"${}".contains($0) }
      if name == "#" {
        text += "0"
      } else if name == "0" || Int(name) == nil {
        return nil
      }
    }
    return text
  }

  /// As an argument of a command.
  var argument: ShellArgument {
    ShellArgument(
      text: text, line: runs.first { !$0.text.isEmpty }?.line ?? runs.first?.line ?? 1,
      unresolved: Self.distinct(runs.compactMap(\.unresolved)),
      defaults: Self.distinct(runs.compactMap(\.standsInFor)))
  }

  private static func distinct(_ names: [String]) -> [String] {
    var seen: Set<String> = []
    return names.filter { seen.insert($0).inserted }
  }
}

/// A variable of a script.
enum ShellVariable: Sendable, Equatable {
  /// A text.
  case text(ShellValue)
  /// An array.
  case array([ShellValue])

  /// Its values: one of a text.
  var values: [ShellValue] {
    switch self {
    case .text(let value): [value]
    case .array(let values): values
    }
  }
}
