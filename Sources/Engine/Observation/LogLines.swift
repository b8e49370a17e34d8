/// Cuts the bytes of a log into lines and keeps those in which a mark stands; the others cost no more than the search.
///
/// A carriage return, by which progress bars write over themselves, ends a line too.
struct LogLines {
  /// Bytes of a line that are looked at; what stands behind them in it is not.
  static let mostBytes = 1 << 16

  private let marks: ByteSearch
  /// The start of a line whose end has not come yet, at most `mostBytes`.
  private var line: [UInt8] = []

  /// A log of which nothing has come.
  init(marks: [StaticString]) { self.marks = ByteSearch(marks) }

  /// The lines with a mark that end in the next bytes of the log.
  mutating func take(_ bytes: UnsafeBufferPointer<UInt8>) -> [LogLine] {
    var found: [LogLine] = []
    var rest = bytes[...]
    while let end = rest.firstIndex(where: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }) {
      if line.isEmpty {
        if let whole = marked(rest[..<end].prefix(Self.mostBytes)) { found.append(whole) }
      } else {
        keep(rest[..<end])
        found += ended()
      }
      rest = rest[(end + 1)...]
    }
    keep(rest)
    return found
  }

  /// The last line, where no end of it has come and a mark stands in it.
  mutating func ended() -> [LogLine] {
    defer { line.removeAll(keepingCapacity: true) }
    return line.withUnsafeBufferPointer { marked($0[...]) }.map { [$0] } ?? []
  }

  private mutating func keep(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) {
    line += bytes.prefix(max(0, Self.mostBytes - line.count))
  }

  /// The line of some bytes, where a mark stands in them once colours are taken out.
  private func marked(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> LogLine? {
    let bytes = UnsafeBufferPointer(rebasing: bytes)
    func line(_ bytes: UnsafeBufferPointer<UInt8>) -> LogLine? {
      marks.first(in: bytes).map { _ in LogLine(String(decoding: bytes, as: UTF8.self)) }
    }
    return bytes.contains(0x1B) ? Self.withoutEscapes(bytes).withUnsafeBufferPointer(line) : line(bytes)
  }

  /// The bytes without terminal escapes: `ESC [ ... letter`, `ESC ] ... BEL`, and `ESC` with one more byte.
  private static func withoutEscapes(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    var plain: [UInt8] = []
    plain.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      guard bytes[index] == 0x1B else {
        plain.append(bytes[index])
        index += 1
        continue
      }
      index += 1
      guard index < bytes.count else { break }
      let kind = bytes[index]
      index += 1
      if kind == UInt8(ascii: "[") {
        while index < bytes.count, !(0x40...0x7E).contains(bytes[index]), bytes[index] >= 0x20 { index += 1 }
        if index < bytes.count, bytes[index] >= 0x40 { index += 1 }
      } else if kind == UInt8(ascii: "]") {
        while index < bytes.count, bytes[index] != 0x07, bytes[index] != 0x1B { index += 1 }
        if index < bytes.count, bytes[index] == 0x07 { index += 1 }
      }
    }
    return plain
  }
}
