/// The line of a session file that tells a whole file from one that was cut or changed.
///
/// A file gets its name only when it is on the disk, so a half-written one should never be seen; but disks, file systems
/// and copies break promises, and a plan must not come out of a broken file.
enum SessionCheck {
  /// The key of the line.
  static let key = "check"

  /// The text with the line behind its third one: the comment, the format and the kind stand before it.
  static func adding(to text: String) -> String {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let line = "\(key): \"\(digits(of: text))\""
    lines.insert(line[...], at: min(linesBefore, lines.count))
    return lines.joined(separator: "\n")
  }

  /// Throws where a file's text is not what its line says. Files without it, of earlier versions or written
  /// by hand, pass.
  static func verify(_ text: String, file: String) throws(InputError) {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard let index = lines.prefix(linesLookedAt).firstIndex(where: { $0.hasPrefix(key + ": ") }) else { return }
    let line = lines.remove(at: index)
    let expected = line.dropFirst(key.count + 2).trimmingPrefix("\"").prefix { $0 != "\"" }
    guard digits(of: lines.joined(separator: "\n")) != expected else { return }
    throw .conflict(
      at: InputPlace(file: file, line: index + 1, field: key), problem: "the file is not as it was written",
      remedy: "it was cut or changed since; to read it as it is, take this line out")
  }

  private static let linesBefore = 3
  private static let linesLookedAt = 8

  /// FNV-1a, 64 bits, of the text's bytes as 16 digits: what tells accidents, not malice (Fowler, Noll, Vo; RFC 9923).
  private static func digits(of text: String) -> String {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
