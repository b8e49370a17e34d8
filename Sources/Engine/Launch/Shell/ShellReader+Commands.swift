/// Simple commands.
extension ShellReader {
  /// Runs a simple command: assigns, decides a condition, or notes what would be run.
  mutating func run(_ command: ShellSimple) throws(InputError) -> Outcome {
    try spend(16, line: command.line)
    let declares = command.words.first?.plain.map(ShellParser.declaring.contains) ?? false
    guard !command.words.isEmpty, !declares else {
      for assignment in command.assignments { try assign(assignment) }
      if declares { try export(command) }
      return .done
    }
    var own: [String: ShellValue] = [:]
    for assignment in command.assignments {
      guard case .text(let template) = assignment.value else { continue }
      own[assignment.name] = try text(template.parts)
    }
    var words: [ShellValue] = []
    for template in command.words { words += try fields(template) }
    guard let name = words.first else { return .done }
    return try perform(name.known ?? "", words, of: command, own)
  }

  private mutating func export(_ command: ShellSimple) throws(InputError) {
    let options = command.words.dropFirst().compactMap(\.plain).filter { $0.hasPrefix("-") }
    let exports = command.words[0].plain == "export" || options.contains { $0.contains("x") }
    guard exports else { return }
    exported.formUnion(command.assignments.map(\.name))
    for template in command.words.dropFirst() {
      for value in try fields(template) {
        if let name = value.known, !name.hasPrefix("-") { exported.insert(name) }
      }
    }
  }

  private mutating func perform(
    _ name: String, _ words: [ShellValue], of command: ShellSimple, _ own: [String: ShellValue]
  ) throws(InputError) -> Outcome {
    switch name {
    case ":", "true": return .holds
    case "false": return .fails
    case "[": return decide(words.dropFirst().dropLast()).map { $0 ? .holds : .fails } ?? .undecided
    case "test": return decide(words.dropFirst()).map { $0 ? .holds : .fails } ?? .undecided
    case "exit", "return":
      if doubts == 0 { ending = name == "exit" ? .script : .function }
    case "unset":
      for word in words.dropFirst() { variables[word.text] = nil }
    case "shift": arguments = arguments.map { Array($0.dropFirst()) }
    case "read", "mapfile", "readarray", "let", "getopts":
      for word in words.dropFirst() where ShellScanner.startsName(word.text.unicodeScalars.first) {
        let name = String(word.text.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") })
        forget(name, line: command.line)
      }
      return .undecided
    case "source", ".":
      note("the file \(words.dropFirst().first?.text ?? "") is not read", line: command.line)
    case "eval": try evaluate(words.dropFirst().map(\.text).joined(separator: " "), line: command.line)
    case "exec" where words.count > 1:
      try record(Array(words.dropFirst()), of: command, own)
      if doubts == 0 { ending = .script }
    default:
      if let body = functions[name] { return try call(body, Array(words.dropFirst()), command.line) }
      try record(words, of: command, own)
    }
    return .done
  }

  private mutating func descend(line: Int) throws(InputError) {
    depth += 1
    guard depth <= ShellScript.nestingLimit else {
      throw .unsupported(
        at: InputPlace(file: file, line: line),
        what: "functions or evaluated texts call each other more than \(ShellScript.nestingLimit) levels deep",
        remedy: "write the command out")
    }
  }

  private mutating func call(_ body: [ShellStatement], _ values: [ShellValue], _ line: Int) throws(InputError)
    -> Outcome
  {
    try descend(line: line)
    let outside = arguments
    arguments = values
    let outcome = try run(body)
    arguments = outside
    if ending == .function { ending = nil }
    depth -= 1
    return outcome
  }

  /// Runs a text as statements of this script.
  private mutating func evaluate(_ text: String, line: Int) throws(InputError) {
    try descend(line: line)
    try spend(text.utf8.count, line: line)
    var parser = try ShellParser(text, file: file, line: line)
    let statements = try parser.statements(until: [])
    let outside = documents
    documents = parser.documents
    try run(statements)
    documents = outside
    depth -= 1
  }

  /// Notes a command, and what a shell in it would run.
  private mutating func record(_ words: [ShellValue], of command: ShellSimple, _ own: [String: ShellValue])
    throws(InputError)
  {
    var environment = own
    for name in exported where environment[name] == nil {
      if let value = variables[name]?.values.first { environment[name] = value }
    }
    var found = ShellCommand(words: words.map(\.argument), line: command.line)
    for (name, value) in environment.sorted(by: { $0.key < $1.key }) {
      try spend(value.text.utf8.count + 16, line: command.line)
      found.environment.append(ShellCommand.Setting(name: name, value: value.argument))
    }
    if let number = command.document, number < documents.count {
      found.input = try text(documents[number]).argument
    } else if let template = command.hereString {
      found.input = try text(template.parts).argument
    }
    if let template = command.output { found.output = try text(template.parts).argument }
    script.commands.append(found)
    try recordInner(found.words, line: command.line)
  }

  /// `bash -c TEXT`, also behind `srun` and its like.
  private mutating func recordInner(_ words: [ShellArgument], line: Int) throws(InputError) {
    let shells = ["bash", "sh", "/bin/bash", "/bin/sh", "/usr/bin/bash"]
    guard let shell = words.firstIndex(where: { shells.contains($0.text) }) else { return }
    var index = shell + 1
    while index < words.count, words[index].text.hasPrefix("-"), !words[index].text.hasPrefix("--") {
      let isLast = words[index].text.hasSuffix("c")
      index += 1
      guard isLast else { continue }
      guard index < words.count else { return }
      var inner = self
      inner.ending = nil
      try inner.evaluate(words[index].text, line: words[index].line)
      script = inner.script
      budget = inner.budget
      return
    }
  }
}

/// Assignments.
extension ShellReader {
  private mutating func assign(_ assignment: ShellAssignment) throws(InputError) {
    let (name, line) = (assignment.name, assignment.line)
    let before = assignment.appends ? variables[name] : nil
    switch assignment.value {
    case .other: forget(name, line: line)
    case .array(let templates):
      var values = before?.values ?? []
      for template in templates { values += try fields(template) }
      variables[name] = .array(values)
    case .text(let template):
      var value = try text(template.parts)
      if let first = before?.values.first {
        for run in first.runs { try spend(run.text.utf8.count + 16, line: line) }
        value.runs = first.runs + value.runs
      }
      if case .array(let values)? = before {
        variables[name] = .array([value] + values.dropFirst())
      } else {
        variables[name] = .text(value)
      }
    }
  }
}
