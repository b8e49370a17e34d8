/// Walks the statements of a script and notes what it would run.
struct ShellReader: Sendable {
  /// What a statement comes to, as a condition.
  enum Outcome: Sendable {
    /// True.
    case holds
    /// False.
    case fails
    /// A condition that depends on what is not known.
    case undecided
    /// A command, which is taken to succeed.
    case done
  }

  /// What ends the statements that are being run.
  enum Ending: Sendable {
    /// `return`.
    case function
    /// `exit`, or `exec` of a program.
    case script
  }

  /// Name of the file, for messages.
  let file: String
  /// What was found so far.
  var script: ShellScript
  /// Texts of here-documents.
  var documents: [[ShellPart]]
  /// Variables.
  var variables: [String: ShellVariable] = [:]
  /// Names of those that are exported.
  var exported: Set<String> = []
  /// Bodies of functions.
  var functions: [String: [ShellStatement]] = [:]
  /// Arguments of the function that is being run.
  var arguments: [ShellValue]?
  /// Characters that expansions may still make.
  var budget = ShellScript.expansionLimit
  /// How deep functions, conditions and evaluated texts are.
  var depth = 0
  /// The last condition is what it is because the script is run without arguments.
  var supposes = false
  /// Branches of undecided conditions around this statement.
  var doubts = 0
  /// Set behind `exit` and `return`.
  var ending: Ending?

  /// Most notes: more would not be read.
  static let noteLimit = 100

  /// A reader without variables.
  init(file: String, documents: [[ShellPart]]) {
    self.file = file
    self.documents = documents
    script = ShellScript(file: file)
  }

  /// Takes so many characters off the budget, and throws where it is spent.
  mutating func spend(_ count: Int, line: Int) throws(InputError) {
    budget -= count
    guard budget >= 0 else {
      throw .unsupported(
        at: InputPlace(file: file, line: line),
        what: "its variables expand to more than \(ShellScript.expansionLimit) characters",
        remedy: "write out what is meant")
    }
  }

  /// Notes something for people, once.
  mutating func note(_ text: String, line: Int) {
    let note = "\(file):\(line): \(text)"
    if script.notes.count < Self.noteLimit, !script.notes.contains(note) { script.notes.append(note) }
  }

  /// Runs statements until one ends them; the outcome is that of the last.
  @discardableResult
  mutating func run(_ statements: [ShellStatement]) throws(InputError) -> Outcome {
    var outcome = Outcome.done
    for statement in statements where ending == nil { outcome = try run(statement) }
    return outcome
  }

  /// Runs a statement.
  mutating func run(_ statement: ShellStatement) throws(InputError) -> Outcome {
    switch statement {
    case .simple(let command): return try run(command)
    case .pipeline(let commands, let isNegated):
      var outcome = Outcome.done
      for command in commands {
        outcome = commands.count > 1 ? try runApart([command]) : try run(command)
      }
      return isNegated ? Self.opposite(outcome) : outcome
    case .chain(let first, let links):
      supposes = false
      return try runChain(first, links)
    case .group(let statements, let isSubshell): return isSubshell ? try runApart(statements) : try run(statements)
    case .conditional(let branches, let line): try runConditional(branches, line)
    case .choice(let subject, let branches, let line): try runChoice(subject, branches, line)
    case .loop(let variable, let body, let line):
      let names = Set(Self.assigned(in: body) + [variable].compactMap { $0 })
      for name in names.sorted() { forget(name, line: line) }
      if Self.matters(body) { note("the loop is not read: what it runs and assigns is not known", line: line) }
    case .function(let name, let body): functions[name] = body
    case .test(let words, _): return try decide(words).map { $0 ? .holds : .fails } ?? .undecided
    case .arithmetic(let parts, let line): return try runArithmetic(parts, line)
    }
    return .done
  }

  /// Makes a variable one that is not known.
  mutating func forget(_ name: String, line: Int) {
    let run = ShellRun(text: "$\(name)", unresolved: "$\(name)", line: line)
    variables[name] = .text(ShellValue(runs: [run]))
  }

  /// Runs statements in a shell of their own: what they assign is lost, what they would run is kept.
  private mutating func runApart(_ statements: [ShellStatement]) throws(InputError) -> Outcome {
    try spend(16 + variables.count, line: script.commands.last?.line ?? 1)
    var inner = self
    let outcome = try inner.run(statements)
    script = inner.script
    budget = inner.budget
    return outcome
  }

  private static func opposite(_ outcome: Outcome) -> Outcome {
    switch outcome {
    case .holds: .fails
    case .fails: .holds
    default: outcome
    }
  }

  private mutating func runChain(_ first: ShellStatement, _ links: [ShellStatement.Link]) throws(InputError) -> Outcome
  {
    var outcome = try run(first)
    for link in links where ending == nil {
      switch (outcome, link.isAnd) {
      case (.holds, true) where supposes && Self.leaves([link.statement]): break
      case (.fails, false) where supposes && Self.leaves([link.statement]): break
      case (.holds, true), (.done, true), (.fails, false): outcome = try run(link.statement)
      case (.undecided, true) where !Self.leaves([link.statement]):
        doubts += 1
        _ = try run(link.statement)
        doubts -= 1
      default: break
      }
    }
    return outcome
  }

  private mutating func runArithmetic(_ parts: [ShellPart], _ line: Int) throws(InputError) -> Outcome {
    let value = try text(parts)
    guard let known = value.known else { return .undecided }
    var arithmetic = ShellArithmetic(known, variables: variables)
    if let result = arithmetic.value() { return result.number != 0 ? .holds : .fails }
    for name in arithmetic.assignedNames { forget(name, line: line) }
    return .undecided
  }
}

/// Conditions and choices.
extension ShellReader {
  private mutating func runConditional(_ branches: [ShellStatement.Branch], _ line: Int) throws(InputError) {
    for (index, branch) in branches.enumerated() {
      let isElse = branch.condition.isEmpty
      supposes = false
      let outcome = isElse ? .holds : try run(branch.condition)
      guard ending == nil else { return }
      switch outcome {
      case .fails: continue
      // A script that asks for arguments is read all the same.
      case .holds where supposes && Self.leaves(branch.body): continue
      case .holds:
        try run(branch.body)
        return
      case .undecided, .done:
        // A branch that leaves the script is a guard: a script that is worth reading passes it.
        if Self.leaves(branch.body) { continue }
        if branches[index...].contains(where: { Self.matters($0.body) }) {
          note("the condition depends on what is not known here: the branch behind it is read", line: line)
        }
        try runDoubtful(branch.body)
        return
      }
    }
  }

  private mutating func runDoubtful(_ body: [ShellStatement]) throws(InputError) {
    doubts += 1
    try run(body)
    doubts -= 1
  }

  private mutating func runChoice(_ subject: ShellTemplate, _ branches: [ShellStatement.Branch], _ line: Int)
    throws(InputError)
  {
    let subject = try text(subject.parts)
    let value = subject.supposed
    for branch in branches {
      var (matches, isSure) = (false, value != nil)
      for pattern in branch.patterns {
        if pattern.plain == "*" { matches = true }
        let text = try text(pattern.parts).known
        if text == value { matches = true }
        if !matches, text == nil || Self.isPattern(pattern) { (matches, isSure) = (true, false) }
      }
      if matches, isSure, subject.known == nil, Self.leaves(branch.body) { continue }
      if matches, isSure { return try runBranch(branch) }
      if !isSure, !Self.leaves(branch.body) {
        note("the choice depends on what is not known here: one of its branches is read", line: line)
        return try runDoubtful(branch.body)
      }
    }
  }

  private mutating func runBranch(_ branch: ShellStatement.Branch) throws(InputError) { try run(branch.body) }

  /// Whether a word has unquoted marks of a pattern.
  static func isPattern(_ template: ShellTemplate) -> Bool {
    template.parts.contains { part in
      guard case .literal(let text, isQuoted: false, _) = part else { return false }
      return text.contains { "*?[".contains($0) }
    }
  }

  /// Whether statements end in `exit` or `return`.
  static func leaves(_ statements: [ShellStatement]) -> Bool {
    switch statements.last {
    case .simple(let command): ["exit", "return"].contains(command.words.first?.plain)
    case .group(let inner, isSubshell: false): leaves(inner)
    default: false
    }
  }

  /// Whether statements assign anything or run more than prints and makes folders.
  static func matters(_ statements: [ShellStatement]) -> Bool {
    if !assigned(in: statements).isEmpty { return true }
    return commands(in: statements).contains { command in
      guard let name = command.words.first?.plain else { return !command.words.isEmpty }
      return !["echo", "printf", "mkdir", "exit", "cd", "set", "sleep", "rm", "return", ":"].contains(name)
    }
  }

  /// Names that statements assign, anywhere inside.
  static func assigned(in statements: [ShellStatement]) -> [String] {
    commands(in: statements).flatMap { command -> [String] in
      let reads = ["read", "mapfile", "readarray", "let"].contains(command.words.first?.plain)
      let isOwn = command.words.isEmpty || (command.words[0].plain.map(ShellParser.declaring.contains) ?? false)
      let named = reads ? command.words.dropFirst().compactMap(\.plain) : []
      return (isOwn ? command.assignments.map(\.name) : []) + named
    }
  }

  private static func commands(in statements: [ShellStatement]) -> [ShellSimple] {
    statements.flatMap { statement -> [ShellSimple] in
      switch statement {
      case .simple(let command): [command]
      case .pipeline(let inner, _): commands(in: inner)
      case .chain(let first, let links): commands(in: [first] + links.map(\.statement))
      case .group(let inner, _), .loop(_, let inner, _): commands(in: inner)
      case .conditional(let branches, _), .choice(_, let branches, _): branches.flatMap { commands(in: $0.body) }
      case .function, .test, .arithmetic: []
      }
    }
  }
}
