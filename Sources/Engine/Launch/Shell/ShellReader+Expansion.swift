/// Expansion of words.
extension ShellReader {
  /// The fields that a word of a command becomes: none, one or several.
  mutating func fields(_ template: ShellTemplate) throws(InputError) -> [ShellValue] {
    var fields = ShellFields()
    for part in template.parts {
      switch part {
      case .literal(let text, let isQuoted, let line):
        try spend(text.utf8.count + 16, line: line)
        // Braces with commas would become several words.
        let isBraced = !isQuoted && text.contains("{") && text.contains(",") && text.contains("}")
        fields.add(ShellRun(text: text, unresolved: isBraced ? text : nil, line: line))
      case .opaque, .arithmetic:
        for run in try text([part]).runs { fields.add(run) }
      case .parameter(let parameter, let isQuoted, let line):
        guard let values = try resolve(parameter, line: line) else {
          fields.add(ShellRun(text: parameter.source, unresolved: parameter.source, line: line))
          continue
        }
        for value in values { try spend(value, line: line) }
        switch (isQuoted, parameter.element) {
        case (true, .all): fields.add(apart: values)
        case (true, _): fields.add(joined: values, line: line)
        case (false, _): fields.add(split: values)
        }
      }
    }
    return fields.finish()
  }

  /// The text that parts become where nothing is split: values of variables, conditions.
  mutating func text(_ parts: [ShellPart]) throws(InputError) -> ShellValue {
    var runs: [ShellRun] = []
    for part in parts {
      switch part {
      case .literal(let text, _, let line):
        try spend(text.utf8.count + 16, line: line)
        runs.append(ShellRun(text: text, line: line))
      case .opaque(let source, let line):
        try spend(source.utf8.count + 16, line: line)
        runs.append(ShellRun(text: source, unresolved: source, line: line))
      case .arithmetic(let inside, let source, let line):
        runs.append(try arithmetic(inside, source, line))
      case .parameter(let parameter, _, let line):
        guard let values = try resolve(parameter, line: line) else {
          runs.append(ShellRun(text: parameter.source, unresolved: parameter.source, line: line))
          continue
        }
        for (index, value) in values.enumerated() {
          try spend(value, line: line)
          if index > 0 { runs.append(ShellRun(text: " ", line: line)) }
          runs += value.runs
        }
      }
    }
    return ShellValue(runs: runs)
  }

  private mutating func spend(_ value: ShellValue, line: Int) throws(InputError) {
    for run in value.runs { try spend(run.text.utf8.count + 16, line: line) }
    try spend(16, line: line)
  }

  private mutating func arithmetic(_ parts: [ShellPart], _ source: String, _ line: Int) throws(InputError) -> ShellRun {
    try spend(source.utf8.count + 16, line: line)
    let inside = try text(parts)
    if let known = inside.known {
      var arithmetic = ShellArithmetic(known, variables: variables)
      if let result = arithmetic.value() {
        let substitute = inside.runs.lazy.compactMap(\.standsInFor).first ?? result.standsInFor
        return ShellRun(text: "\(result.number)", standsInFor: substitute, line: line)
      }
    }
    return ShellRun(text: source, unresolved: source, line: line)
  }

  /// The values of an expansion; nil where they are not known.
  private mutating func resolve(_ parameter: ShellParameter, line: Int) throws(InputError) -> [ShellValue]? {
    let found = values(parameter)
    switch parameter.operation {
    case .other: return nil
    case .plain: return found
    case .length:
      guard let found, found.allSatisfy({ $0.known != nil }) else { return nil }
      let isList = parameter.element == .all || parameter.element == .joined
      let count = isList ? found.count : found.first?.text.unicodeScalars.count ?? 0
      return [ShellValue(runs: [ShellRun(text: "\(count)", line: line)])]
    case .otherwise(let mark, let word):
      let isEmpty = found.map { values in values.allSatisfy { $0.known?.isEmpty ?? false } } ?? true
      let isMissing = found == nil || mark.hasPrefix(":") && isEmpty
      switch mark.last {
      case "+": return isMissing ? [] : [try text(word)]
      case "?": return isMissing ? nil : found
      default:
        guard isMissing else { return found }
        var value = try text(word)
        for index in value.runs.indices where value.runs[index].standsInFor == nil {
          value.runs[index].standsInFor = parameter.name
        }
        if mark.hasSuffix("="), ShellScanner.startsName(parameter.name.unicodeScalars.first) {
          variables[parameter.name] = .text(value)
        }
        return [value]
      }
    }
  }

  /// What a parameter holds; nil where it is not set.
  private func values(_ parameter: ShellParameter) -> [ShellValue]? {
    if parameter.name == "@" || parameter.name == "*" { return arguments ?? [] }
    if let number = Int(parameter.name) {
      guard let arguments, number >= 1, number <= arguments.count else { return nil }
      return [arguments[number - 1]]
    }
    if parameter.name == "#", let arguments {
      return [ShellValue(runs: [ShellRun(text: "\(arguments.count)", line: 1)])]
    }
    guard let variable = variables[parameter.name] else { return nil }
    switch parameter.element {
    case .all, .joined: return variable.values
    case .first: return variable.values.first.map { [$0] }
    case .at(let index): return variable.values.indices.contains(index) ? [variable.values[index]] : nil
    case .other: return nil
    }
  }
}

/// Fields as they are put together.
struct ShellFields {
  private var finished: [ShellValue] = []
  private var open: ShellValue?

  /// Adds a piece to the field that is open.
  mutating func add(_ run: ShellRun) {
    begin()
    open?.runs.append(run)
  }

  /// Adds values as fields of their own: the first joins what stands before it, the last what follows.
  mutating func add(apart values: [ShellValue]) {
    for (index, value) in values.enumerated() {
      if index > 0 { close() }
      begin()
      open?.runs += value.runs
    }
  }

  /// Adds values with spaces between as a piece of one field.
  mutating func add(joined values: [ShellValue], line: Int) {
    begin()
    for (index, value) in values.enumerated() {
      if index > 0 { add(ShellRun(text: " ", line: line)) }
      for run in value.runs { add(run) }
    }
  }

  /// Adds values split at their blanks, as unquoted expansions are.
  mutating func add(split values: [ShellValue]) {
    for (index, value) in values.enumerated() {
      if index > 0 { close() }
      for run in value.runs {
        guard run.unresolved == nil else {
          add(run)
          continue
        }
        addSplit(run)
      }
    }
  }

  private mutating func addSplit(_ run: ShellRun) {
    var piece = ""
    func isBlank(_ character: Character) -> Bool { character == " " || character == "\t" || character == "\n" }
    for character in run.text {
      if isBlank(character) {
        if !piece.isEmpty { add(ShellRun(text: piece, standsInFor: run.standsInFor, line: run.line)) }
        piece = ""
        close()
      } else {
        piece.append(character)
      }
    }
    if !piece.isEmpty { add(ShellRun(text: piece, standsInFor: run.standsInFor, line: run.line)) }
  }

  /// All fields, at the end.
  mutating func finish() -> [ShellValue] {
    close()
    return finished
  }

  private mutating func begin() {
    if open == nil { open = ShellValue(runs: []) }
  }

  private mutating func close() {
    if let open { finished.append(open) }
    open = nil
  }
}
