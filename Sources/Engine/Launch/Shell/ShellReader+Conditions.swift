/// Conditions of `[ ... ]` and `[[ ... ]]`.
extension ShellReader {
  /// What `[ ... ]` comes to; nil where it depends on what is not known.
  mutating func decide(_ words: ArraySlice<ShellValue>) -> Bool? {
    var condition = ShellCondition(
      words: words.map { ShellCondition.Word(value: $0, mark: $0.known.flatMap(ShellCondition.mark), isPattern: false) }
    )
    supposes = supposes || words.contains { $0.known == nil }
    return condition.value()
  }

  /// What `[[ ... ]]` comes to; nil where it depends on what is not known.
  mutating func decide(_ templates: [ShellTemplate]) throws(InputError) -> Bool? {
    var words: [ShellCondition.Word] = []
    for template in templates {
      words.append(
        ShellCondition.Word(
          value: try text(template.parts), mark: template.plain.flatMap(ShellCondition.mark),
          isPattern: Self.isPattern(template)))
    }
    var condition = ShellCondition(words: words)
    supposes = supposes || words.contains { $0.value.known == nil }
    return condition.value()
  }
}

/// A condition as words and marks, decided in three values: true, false, not known.
struct ShellCondition {
  /// A word.
  struct Word {
    /// Its text.
    var value: ShellValue
    /// The mark that it is, where it is one.
    var mark: String?
    /// It has unquoted marks of a pattern, which matter behind `==`.
    var isPattern: Bool
  }

  /// The words.
  let words: [Word]
  private var position = 0
  private var depth = 0

  /// A condition of these words.
  init(words: [Word]) { self.words = words }

  /// The mark that a word is: `[` writes `-a` and `-o` for `&&` and `||`.
  static func mark(_ text: String) -> String? {
    switch text {
    case "-a": "&&"
    case "-o": "||"
    case "&&", "||", "!", "(", ")", "==", "=", "!=", "=~", "<", ">", "-z", "-n", "-eq", "-ne", "-lt", "-le", "-gt",
      "-ge",
      "-f", "-d", "-e", "-s", "-x", "-r", "-w", "-L", "-h", "-v", "-t":
      text
    default: nil
    }
  }

  /// What it comes to; nil where that is not known. Complexity: O(words).
  mutating func value() -> Bool? {
    position = 0
    let value = either()
    return position == words.count ? value : nil
  }

  private func next(_ mark: String) -> Bool { position < words.count && words[position].mark == mark }

  private mutating func either() -> Bool? {
    var value = both()
    while next("||") {
      position += 1
      let right = both()
      value = value == true || right == true ? true : value == false && right == false ? false : nil
    }
    return value
  }

  private mutating func both() -> Bool? {
    var value = single()
    while next("&&") {
      position += 1
      let right = single()
      value = value == false || right == false ? false : value == true && right == true ? true : nil
    }
    return value
  }

  private mutating func single() -> Bool? {
    depth += 1
    defer { depth -= 1 }
    guard depth <= ShellScript.nestingLimit, position < words.count else { return nil }
    if next("!") {
      position += 1
      return single().map { !$0 }
    }
    if next("(") {
      position += 1
      let value = either()
      if next(")") { position += 1 }
      return value
    }
    let left = words[position]
    if let mark = left.mark, mark.hasPrefix("-"), position + 1 < words.count {
      let operand = words[position + 1].value.supposed
      position += 2
      switch mark {
      case "-z": return operand?.isEmpty
      case "-n": return operand.map { !$0.isEmpty }
      default: return nil
      }
    }
    position += 1
    guard position < words.count, let mark = words[position].mark, mark != "&&", mark != "||", mark != ")" else {
      return left.value.supposed.map { !$0.isEmpty }
    }
    guard position + 1 < words.count else { return nil }
    let right = words[position + 1]
    position += 2
    return Self.compare(left.value.supposed, mark, right.value.supposed, isPattern: right.isPattern)
  }

  private static func compare(_ left: String?, _ mark: String, _ right: String?, isPattern: Bool) -> Bool? {
    guard let left, let right else { return nil }
    switch mark {
    case "==", "=": return isPattern ? nil : left == right
    case "!=": return isPattern ? nil : left != right
    default:
      guard let left = Int(left), let right = Int(right) else { return nil }
      switch mark {
      case "-eq": return left == right
      case "-ne": return left != right
      case "-lt": return left < right
      case "-le": return left <= right
      case "-gt": return left > right
      case "-ge": return left >= right
      default: return nil
      }
    }
  }
}
