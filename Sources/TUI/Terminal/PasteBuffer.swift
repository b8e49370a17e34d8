/// The text of a paste while it comes, up to the mark that ends it.
///
/// The mark is looked for byte by byte too: on its way it may be cut in two, and what curses then hands over are its
/// bytes.
struct PasteBuffer {
  /// Longest pasted text that is kept, bytes; what is longer is cut.
  static let limitBytes = 1 << 20

  /// ESC [ 2 0 1 ~
  private static let endMark: [UInt8] = [27, 91, 50, 48, 49, 126]

  private var bytes: [UInt8] = []
  /// How much of the mark the last bytes were; they are not in `bytes` yet.
  private var matched = 0

  /// Takes a byte; true where it ends the paste.
  mutating func feed(_ byte: UInt8) -> Bool {
    if byte == Self.endMark[matched] {
      matched += 1
      return matched == Self.endMark.count
    }
    keepMatched()
    if byte == Self.endMark[0] { matched = 1 } else { keep(byte) }
    return false
  }

  /// Takes a key that curses recognised within: it is no text.
  mutating func feedKey() { keepMatched() }

  /// The text, with newlines as such: terminals send them as carriage returns. The buffer is empty then.
  mutating func takeText() -> String {
    defer { self = PasteBuffer() }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    for (index, byte) in bytes.enumerated() {
      if byte == 10, index > 0, bytes[index - 1] == 13 { continue }
      result.append(byte == 13 ? 10 : byte)
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// What began like the mark and went on otherwise is text.
  private mutating func keepMatched() {
    for byte in Self.endMark[..<matched] { keep(byte) }
    matched = 0
  }

  private mutating func keep(_ byte: UInt8) {
    if bytes.count < Self.limitBytes { bytes.append(byte) }
  }
}
