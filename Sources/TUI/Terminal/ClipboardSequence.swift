/// What asks a terminal to put text into the clipboard: OSC 52 (xterm's ctlseqs, "Manipulate Selection Data").
enum ClipboardSequence {
  /// The bytes for a text.
  ///
  /// Inside of tmux the same is sent twice, once wrapped so that tmux hands it on: which of both it takes is its
  /// owner's choice (`set-clipboard`, `allow-passthrough`), and the clipboard ends up the same.
  static func bytes(of text: String, insideTmux: Bool) -> [UInt8] {
    let content = base64(Array(text.utf8))
    let plain = Array("\u{1B}]52;c;".utf8) + content + [7]
    guard insideTmux else { return plain }
    return plain + Array("\u{1B}Ptmux;\u{1B}".utf8) + plain + Array("\u{1B}\\".utf8)
  }

  /// Whether a terminal with this environment is not known to ignore it: the Linux console and old terminals do, and
  /// GNU screen cuts it.
  static func isTaken(environment: (String) -> String?) -> Bool {
    let name = environment("TERM") ?? ""
    guard environment("TMUX")?.isEmpty ?? true else { return true }
    guard environment("STY")?.isEmpty ?? true, !name.hasPrefix("screen") else { return false }
    return name != "linux" && name != "ansi" && !name.hasPrefix("vt")
  }

  /// RFC 4648's base64, with padding. O(bytes).
  static func base64(_ bytes: [UInt8]) -> [UInt8] {
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var result: [UInt8] = []
    result.reserveCapacity((bytes.count + 2) / 3 * 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      let value = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
      for place in 0..<4 {
        result.append(place <= group.count ? digits[value >> (18 - 6 * place) & 63] : UInt8(ascii: "="))
      }
    }
    return result
  }
}

extension Terminal {
  /// Hands text to the terminal for its clipboard; what it does with it, it does not say. The caller keeps it within
  /// `ExplorerState.mostClipboardBytes`.
  public func copy(_ text: String) {
    let bytes = ClipboardSequence.bytes(of: text, insideTmux: !(Self.environment("TMUX") ?? "").isEmpty)
    send(bytes)
  }

  /// False where the terminal is known to ignore what `copy` sends.
  public static var takesCopies: Bool { ClipboardSequence.isTaken(environment: environment) }
}
