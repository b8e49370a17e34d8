/// Text for POSIX shells.
public enum ShellText {
  /// One word of a shell command that stands for exactly this text, whatever is in it.
  ///
  /// Plain words stay as they are; all others are put in single quotes. Characters that no file may hold (NUL) go.
  public static func quoted(_ text: String) -> String {
    let text = String(text.unicodeScalars.filter { $0.value != 0 }.map(Character.init))
    let isPlain =
      !text.isEmpty
      && text.unicodeScalars.allSatisfy { scalar in
        scalar.isASCII
          && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
            || "_-+./:=@%".unicodeScalars.contains(scalar))
      }
    guard !isPlain else { return text }
    return "'" + text.replacing("'", with: "'\\''") + "'"
  }

  /// A text as lines of a comment: nothing in it can end the comment, or is hidden in it.
  public static func comment(_ text: String) -> String {
    text.split(omittingEmptySubsequences: false) { $0.isNewline || $0.unicodeScalars.contains { $0.value < 32 } }
      .map { $0.isEmpty ? "#" : "# \(PlainText.line(String($0)))" }
      .joined(separator: "\n")
  }
}
