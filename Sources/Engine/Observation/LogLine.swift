/// A line of a log without colours and without the rank that a launcher put before it.
struct LogLine: Sendable, Equatable {
  /// The rank that wrote it, by its prefix; nil where it has none.
  var rank: Int?
  /// What it says.
  var text: Substring

  /// Takes the prefix off: `[rank3]:`, `[Rank 3]`, `3:`, and a host with a local rank `[node17:3]:`.
  init(_ line: String) {
    text = line[...]
    while let found = Self.prefix(text) {
      if let rank = found.rank, self.rank == nil { self.rank = rank }
      text = found.rest
    }
  }

  /// Whether some words stand in it.
  func has(_ words: StaticString) -> Bool { rest(behind: words, in: text) != nil }

  /// What follows some words.
  func rest(behind words: StaticString) -> Substring? { rest(behind: words, in: text) }

  private func rest(behind words: StaticString, in part: Substring) -> Substring? {
    let utf8 = part.utf8
    // Lines are made of Swift's own strings, whose bytes lie in one piece.
    let place = utf8.withContiguousStorageIfAvailable { ByteSearch.first(words, in: $0) } ?? nil
    return place.map { part[utf8.index(utf8.startIndex, offsetBy: $0 + words.utf8CodeUnitCount)...] }
  }

  /// The number behind a mark, at its first occurrence after which one stands; digits may be grouped by commas.
  func number(after mark: StaticString) -> Double? {
    var part = text
    while let rest = rest(behind: mark, in: part) {
      if let value = Self.number(rest)?.value { return value }
      part = rest
    }
    return nil
  }

  /// The number at the start of a text, behind blanks, with what follows it.
  static func number(_ text: Substring) -> (value: Double, rest: Substring)? {
    let start = text.drop { $0 == " " || $0 == "\t" }
    var digits = ""
    var end = start.startIndex
    for character in start {
      guard let byte = character.asciiValue, digits.utf8.count < 40 else { break }
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."): digits.append(character)
      case UInt8(ascii: ","):
        let next = start[end...].dropFirst().prefix(3)
        guard next.count == 3, next.allSatisfy({ $0.isASCII && $0.isNumber }) else {
          return value(digits, start[end...])
        }
      case UInt8(ascii: "e"), UInt8(ascii: "E"): digits.append(character)
      case UInt8(ascii: "-"), UInt8(ascii: "+"):
        guard digits.isEmpty || digits.last == "e" || digits.last == "E" else { return value(digits, start[end...]) }
        digits.append(character)
      default: return value(digits, start[end...])
      }
      end = start.index(after: end)
    }
    return value(digits, start[end...])
  }

  private static func value(_ digits: String, _ rest: Substring) -> (value: Double, rest: Substring)? {
    // A sentence may end behind a number, and `e` may begin a word.
    var digits = digits[...]
    while let last = digits.last, last == "." || last == "e" || last == "E" { digits = digits.dropLast() }
    guard let value = Double(digits), value.isFinite else { return nil }
    return (value, rest)
  }

  private static func prefix(_ line: Substring) -> (rank: Int?, rest: Substring)? {
    let text = line.drop { $0 == " " || $0 == "\t" }
    if text.first == "[" {
      guard let end = text.prefix(64).firstIndex(of: "]") else { return nil }
      let inner = text[text.index(after: text.startIndex)..<end]
      var rest = text[text.index(after: end)...]
      let hasColon = rest.first == ":"
      if hasColon { rest = rest.dropFirst() }
      let word = inner.lowercased()
      if word.hasPrefix("rank"), let rank = Int(word.dropFirst(4).drop { $0 == " " }) { return (rank, rest) }
      // torchrun's tee: `[default0]:`; a host and its local rank: no rank of the whole run.
      return hasColon && (word.hasPrefix("default") || inner.contains(":")) ? (nil, rest) : nil
    }
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    let rest = text.dropFirst(digits.count)
    guard !digits.isEmpty, digits.count < 7, rest.first == ":", rest.dropFirst().first.map({ $0 == " " }) ?? true else {
      return nil
    }
    return (Int(digits), rest.dropFirst())
  }
}
