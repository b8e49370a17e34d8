import Engine

/// Changes real texts into broken ones: bytes, tokens, lines, splices, nesting.
///
/// A text of a corpus and a random sequence give one input, always the same.
public enum TextMutator {
  /// Longest input that is made, bytes: readers refuse more without a look at it.
  public static let mostBytes = 1_100_000

  /// A changed text; `other` is a second text of the corpus to splice with.
  public static func mutate(
    _ text: String, _ other: String, _ random: inout SyntheticPipelines.Sequence
  ) -> String {
    if Int.random(in: 0..<1_500, using: &random) == 0 { return large(text, &random) }
    var bytes = Array(text.utf8)
    let others = Array(other.utf8)
    for _ in 0..<[1, 1, 1, 2, 3, 6][Int.random(in: 0..<6, using: &random)] {
      switch Int.random(in: 0..<20, using: &random) {
      case 0...5: replaceToken(&bytes, &random)
      case 6...9: edit(&bytes, &random)
      case 10: flip(&bytes, &random)
      case 11...13: changeLines(&bytes, &random)
      case 14: splice(&bytes, others, &random)
      case 15: bytes.removeLast(Int.random(in: 0...bytes.count, using: &random))
      case 16: nest(&bytes, &random)
      case 17: anchors(&bytes, &random)
      default: insert(Array(HostileText.name(&random).utf8), into: &bytes, &random)
      }
      if bytes.count > mostBytes { bytes.removeLast(bytes.count - mostBytes) }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// A part of a text, or a piece of syntax, again and again, between the halves of the text.
  private static func large(_ text: String, _ random: inout SyntheticPipelines.Sequence) -> String {
    let bytes = Array(text.utf8)
    let (first, last) = (place(bytes, &random), place(bytes, &random))
    let part = Array(bytes[min(first, last)..<max(first, last)].prefix(1 << Int.random(in: 0...8, using: &random)))
    let piece = Array((HostileText.pieces.randomElement(using: &random) ?? "").utf8)
    let again = Bool.random(using: &random) ? part : Bool.random(using: &random) ? piece : part + piece
    guard !again.isEmpty else { return text }
    let size = 1 << Int.random(in: 14...20, using: &random)
    let middle = Array(repeating: again, count: max(1, size / again.count)).joined()
    let made = bytes[..<min(first, last)] + middle + bytes[min(first, last)...]
    return String(decoding: made.prefix(ConfigNode.maximumBytes), as: UTF8.self)
  }

  private static func place(_ bytes: [UInt8], _ random: inout SyntheticPipelines.Sequence) -> Int {
    Int.random(in: 0...bytes.count, using: &random)
  }

  private static func insert(
    _ piece: [UInt8], into bytes: inout [UInt8], _ random: inout SyntheticPipelines.Sequence
  ) {
    bytes.insert(contentsOf: piece, at: place(bytes, &random))
  }

  /// Takes out, puts in, or doubles a few bytes.
  private static func edit(_ bytes: inout [UInt8], _ random: inout SyntheticPipelines.Sequence) {
    let start = place(bytes, &random)
    let end = min(bytes.count, start + Int.random(in: 0...12, using: &random))
    let piece = Array((HostileText.pieces.randomElement(using: &random) ?? "").utf8)
    switch Int.random(in: 0..<4, using: &random) {
    case 0: bytes.removeSubrange(start..<end)
    case 1: bytes.replaceSubrange(start..<end, with: piece)
    case 2: bytes.insert(contentsOf: piece, at: start)
    default: bytes.insert(contentsOf: Array(bytes[start..<end]), at: place(bytes, &random))
    }
  }

  /// Sets bytes that need not be UTF-8.
  private static func flip(_ bytes: inout [UInt8], _ random: inout SyntheticPipelines.Sequence) {
    guard !bytes.isEmpty else { return }
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
    }
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): true
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "+"): true
    default: byte >= 0x80
    }
  }

  /// The word or number around, or the first behind, a random place.
  private static func token(_ bytes: [UInt8], _ random: inout SyntheticPipelines.Sequence) -> Range<Int> {
    var start = place(bytes, &random)
    while start < bytes.count, !isWord(bytes[start]) { start += 1 }
    var end = start
    while start > 0, isWord(bytes[start - 1]) { start -= 1 }
    while end < bytes.count, isWord(bytes[end]) { end += 1 }
    return start..<end
  }

  private static func replaceToken(_ bytes: inout [UInt8], _ random: inout SyntheticPipelines.Sequence) {
    let old = token(bytes, &random)
    let isNumber = old.first.map { bytes[$0] < UInt8(ascii: ":") } ?? false
    var text = isNumber == (Int.random(in: 0..<8, using: &random) > 0) ? HostileText.number(&random) : ""
    if text.isEmpty {
      switch Int.random(in: 0..<3, using: &random) {
      case 0: text = HostileText.name(&random)
      case 1: text = "\"\(HostileText.name(&random))\""
      default: text = String(decoding: bytes[token(bytes, &random)], as: UTF8.self)
      }
    }
    bytes.replaceSubrange(old, with: Array(text.utf8))
  }

  /// Takes out, doubles, swaps or repeats whole lines.
  private static func changeLines(_ bytes: inout [UInt8], _ random: inout SyntheticPipelines.Sequence) {
    func line(_ random: inout SyntheticPipelines.Sequence) -> Range<Int> {
      let at = place(bytes, &random)
      let start = bytes[..<at].lastIndex(of: 10).map { $0 + 1 } ?? 0
      let end = bytes[at...].firstIndex(of: 10).map { $0 + 1 } ?? bytes.count
      return start..<max(start, end)
    }
    let first = line(&random)
    let copy = Array(bytes[first])
    switch Int.random(in: 0..<5, using: &random) {
    case 0: bytes.removeSubrange(first)
    case 1: bytes.insert(contentsOf: copy, at: first.lowerBound)
    case 2: bytes.replaceSubrange(line(&random), with: copy)
    case 3: bytes.insert(contentsOf: copy, at: line(&random).lowerBound)
    default:
      let times = Int.random(in: 0..<50, using: &random) == 0 ? 2_000 : Int.random(in: 2...40, using: &random)
      bytes.insert(contentsOf: Array(repeating: copy, count: times).joined(), at: first.lowerBound)
    }
  }

  private static func splice(
    _ bytes: inout [UInt8], _ others: [UInt8], _ random: inout SyntheticPipelines.Sequence
  ) {
    let head = bytes.prefix(place(bytes, &random))
    bytes = Array(head) + others.dropFirst(place(others, &random))
  }

  /// Brackets, indentation or list marks, many levels deep.
  private static func nest(_ bytes: inout [UInt8], _ random: inout SyntheticPipelines.Sequence) {
    let depth = Int.random(in: 0..<20, using: &random) == 0 ? 30_000 : 1 << Int.random(in: 1...9, using: &random)
    let pairs = [
      ("[", "]"), ("{", "}"), ("(", ")"), ("{a: ", "}"), ("- ", ""), ("a:\n ", ""), ("[[", "]]"), ("$(", ")"),
      ("$((", "))"),
      ("\"", "\""), ("not ", ""), ("-", ""), ("if a; then ", "; fi"), ("lambda: ", ""), ("\u{1B}[", ""), ("? ", ""),
    ]
    let (open, close) = pairs[Int.random(in: 0..<pairs.count, using: &random)]
    let isClosed = Bool.random(using: &random)
    let text =
      String(repeating: open, count: depth) + "1" + (isClosed ? String(repeating: close, count: depth) : "")
    insert(Array(text.utf8), into: &bytes, &random)
  }

  /// YAML's anchors that grow out of all proportion, tags, merge keys and further documents.
  private static func anchors(_ bytes: inout [UInt8], _ random: inout SyntheticPipelines.Sequence) {
    var laughs = "a0: &a0 [lol, lol]\n"
    for level in 1...30 { laughs += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
    let texts = [
      laughs, "<<: *x\n", "x: &x {a: 1}\ny: {<<: *x}\n", "!!python/object:os.system \"id\"\n", "--- !!set {a, b}\n",
      "...\n---\n",
      "%TAG ! tag:x,2000:\n---\n", "a: !!binary |\n  R0lGODlh\n", "? [a, b]\n: c\n", "\"\\x1b[2J\": 1\n",
      "a: \"\\u202e\"\n",
    ]
    let text = Array((texts.randomElement(using: &random) ?? "").utf8)
    if Bool.random(using: &random) {
      bytes.insert(contentsOf: text, at: 0)
    } else {
      insert(text, into: &bytes, &random)
    }
  }
}
