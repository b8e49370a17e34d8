/// A part of a word, as it is written.
indirect enum ShellPart: Sendable, Equatable {
  /// Text that stands for itself.
  case literal(String, isQuoted: Bool, line: Int)
  /// `$NAME`, `${NAME...}`.
  case parameter(ShellParameter, isQuoted: Bool, line: Int)
  /// `$((...))`: its inside and the whole as it is written.
  case arithmetic([ShellPart], source: String, line: Int)
  /// What is never resolved, as it is written: command and process substitution.
  case opaque(String, line: Int)
}

/// A parameter expansion.
struct ShellParameter: Sendable, Equatable {
  /// What is done with the value.
  enum Operation: Sendable, Equatable {
    /// The value itself.
    case plain
    /// `${#NAME}`: its length, or the number of an array's elements.
    case length
    /// `:-`, `-`, `:=`, `=`, `:+`, `+`, and the word behind it.
    case otherwise(String, [ShellPart])
    /// Anything else: `%`, `#`, `/`, `:2:3`, `!`: not resolved.
    case other
  }

  /// Which element of an array.
  enum Element: Sendable, Equatable {
    /// None is asked for: the first.
    case first
    /// `[@]`.
    case all
    /// `[*]`: all, as one text where it is quoted.
    case joined
    /// `[2]`.
    case at(Int)
    /// An index that is not a plain number.
    case other
  }

  /// Name of the variable, a number, or one of `@ * # ? $ ! -`.
  var name: String
  /// Which element.
  var element: Element = .first
  /// What is done with it.
  var operation: Operation = .plain
  /// As it is written.
  var source: String
}

/// A word, as it is written.
struct ShellTemplate: Sendable, Equatable {
  /// Its parts.
  var parts: [ShellPart]
  /// Its first line.
  var line: Int

  /// The text of a word without expansions or quotes: a keyword, a name.
  var plain: String? {
    guard case .literal(let text, isQuoted: false, _)? = parts.first, parts.count == 1 else { return nil }
    return text
  }
}

/// `NAME=value`.
struct ShellAssignment: Sendable, Equatable {
  /// What is assigned.
  enum Value: Sendable, Equatable {
    /// A text.
    case text(ShellTemplate)
    /// `( ... )`.
    case array([ShellTemplate])
    /// Something that is not followed: `A[1]=x`.
    case other
  }

  /// The variable.
  var name: String
  /// `+=`.
  var appends: Bool
  /// What.
  var value: Value
  /// Its line.
  var line: Int
}

/// A simple command, as it is written.
struct ShellSimple: Sendable, Equatable {
  /// Assignments before the program's name, or behind `export`, `declare` and their like.
  var assignments: [ShellAssignment] = []
  /// Program and arguments.
  var words: [ShellTemplate] = []
  /// Number of the here-document in `ShellParser.documents`.
  var document: Int?
  /// Word of a here-string.
  var hereString: ShellTemplate?
  /// Target of `>` or `>>`.
  var output: ShellTemplate?
  /// Its line.
  var line: Int
}

/// A statement of a script.
indirect enum ShellStatement: Sendable, Equatable {
  /// A list of statements with the condition that leads to them.
  struct Branch: Sendable, Equatable {
    /// Condition of an `if`.
    var condition: [ShellStatement] = []
    /// Patterns of a `case`.
    var patterns: [ShellTemplate] = []
    /// What is run.
    var body: [ShellStatement]
  }

  /// A link of a chain: `&& statement` or `|| statement`.
  struct Link: Sendable, Equatable {
    /// `&&`, not `||`.
    var isAnd: Bool
    /// What follows.
    var statement: ShellStatement
  }

  /// A command with its words.
  case simple(ShellSimple)
  /// Commands joined by `|`, or one behind `!`.
  case pipeline([ShellStatement], isNegated: Bool)
  /// `first && second || third`.
  case chain(ShellStatement, [Link])
  /// `{ ... }` or `( ... )`.
  case group([ShellStatement], isSubshell: Bool)
  /// `if`, with all `elif`; the last branch without condition is `else`.
  case conditional([Branch], line: Int)
  /// `case`.
  case choice(ShellTemplate, [Branch], line: Int)
  /// `for`, `while`, `until`: the loop's variable and its body.
  case loop(variable: String?, body: [ShellStatement], line: Int)
  /// A function.
  case function(String, body: [ShellStatement])
  /// `[[ ... ]]`.
  case test([ShellTemplate], line: Int)
  /// `(( ... ))`.
  case arithmetic([ShellPart], line: Int)
}
