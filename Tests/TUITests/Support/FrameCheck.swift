import Testing

@testable import TUI

/// What holds of every frame, whatever it shows.
enum FrameCheck {
  /// Expects a frame of this size whose cells hold one character each, wide ones with their right halves, and whose
  /// places to point at lie on it.
  static func expectWhole(_ frame: Frame, _ size: Size, sourceLocation: SourceLocation = #_sourceLocation) {
    let width = max(0, size.width)
    guard frame.size == size, frame.cells.count == width * max(0, size.height) else {
      Issue.record("the frame is not \(size)", sourceLocation: sourceLocation)
      return
    }
    var broken = 0
    var before = ""
    for (index, cell) in frame.cells.enumerated() {
      if index % width == 0 { before = "" }
      let hasRight = index % width < width - 1 && frame.cells[index + 1].text.isEmpty
      if !isWhole(cell.text, before: before, hasRight: hasRight) { broken += 1 }
      before = cell.text
    }
    #expect(broken == 0, sourceLocation: sourceLocation)
    let all = Rect(x: 0, y: 0, width: size.width, height: size.height)
    #expect(frame.hits.allSatisfy { $0.area.intersection(all) == $0.area }, sourceLocation: sourceLocation)
  }

  /// Expects that no number of the frame is none: no `nan`, `inf` or negative zero stands in it as a word.
  static func expectNumbers(_ frame: Frame, sourceLocation: SourceLocation = #_sourceLocation) {
    for line in plainText(frame) {
      let found = wildNumbers(in: line)
      if !found.isEmpty { Issue.record("\(found) in: \(line)", sourceLocation: sourceLocation) }
    }
  }

  /// The words of a line that are no numbers though they stand for one.
  static func wildNumbers(in line: String) -> [String] {
    let words = line.split { !$0.isLetter && !$0.isNumber && !"+-.".contains($0) }
    return words.filter { isWild(String($0)) && !isCut($0, in: line) }.map(String.init)
  }

  /// Whether the border of a dialog may have cut a word off: `-0.` of `-0.02`.
  private static func isCut(_ word: Substring, in line: String) -> Bool {
    word.hasPrefix("-") && line[word.endIndex...].first.map("│|┌└".contains) == true
  }

  private static func isWild(_ word: String) -> Bool {
    let bare = word.lowercased().drop { "+-".contains($0) }
    if ["nan", "inf", "infinity", "snan"].contains(bare) { return true }
    // `-0.0` alone: `0-3` and `-0.5` are none.
    let digits = word.dropFirst()
    return word.hasPrefix("-") && digits.contains("0") && digits.allSatisfy { "0.".contains($0) }
  }

  private static func isWhole(_ text: String, before: String, hasRight: Bool) -> Bool {
    // Nearly all cells: one byte that can be seen.
    if text.utf8.count == 1, let byte = text.utf8.first { return (0x20..<0x7F).contains(byte) }
    if text.isEmpty { return !before.isEmpty && CharacterWidth.of(before) == 2 }
    return text.count == 1 && (CharacterWidth.of(text) != 2 || hasRight)
  }
}
