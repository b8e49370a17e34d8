import TUI

/// What the probe shows: a list with a selection, and what happened last.
struct ProbeState {
  /// Items of the list.
  static let itemCount = 50
  /// Selected item, from 0.
  var selected = 0
  /// The last event as text.
  var last = "none"
  /// Keys so far, but for `n`.
  var keys = 0
  /// Characters pasted so far.
  var pasted = 0
  /// Messages from the other thread so far.
  var messages = 0
  /// What was asked to be shown: statistics and the like.
  var note = ""
  /// Whether the second page (colours, wide and combining characters) is shown.
  var showsSamples = false
}

extension ProbeState {
  /// The picture; what does not fit is left out.
  func frame(size: Size, depth: ColourDepth, isUTF8: Bool) -> Frame {
    var canvas = ProbeCanvas(size: size)
    canvas.put("probe \(size.width)x\(size.height) \(depth) \(isUTF8 ? "utf8" : "ascii")", row: 0)
    canvas.put("selected \(selected) keys \(keys) pasted \(pasted) messages \(messages)", row: 1)
    canvas.put("last \(last)", row: 2)
    canvas.put("note \(note)", row: 3)
    if showsSamples {
      putSamples(&canvas)
    } else {
      for item in 0..<max(0, min(Self.itemCount, size.height - 6)) {
        canvas.put("item \(item)", row: 5 + item, style: Style(reverse: item == selected))
      }
    }
    canvas.put("end", row: size.height - 1)
    return Frame(size: size, cells: canvas.cells)
  }

  /// Styles and widths that a terminal can get wrong.
  private func putSamples(_ canvas: inout ProbeCanvas) {
    canvas.put("red", row: 5, style: Style(foreground: .indexed(1)))
    canvas.put("bright", row: 6, style: Style(foreground: .indexed(9), background: .indexed(4)))
    canvas.put("palette", row: 7, style: Style(foreground: .indexed(208), background: .indexed(236)))
    canvas.put("bold", row: 8, style: Style(bold: true))
    canvas.put("underline", row: 9, style: Style(underline: true))
    canvas.put("box ─│⠿█", row: 10)
    canvas.put("combined e\u{301}!", row: 11)
    canvas.put("wide 漢字!", row: 12)
    canvas.put("control \u{7}\u{1B}!", row: 13)
  }
}

/// Cells to write text into; wide is what the tests need: the ideographs.
struct ProbeCanvas {
  /// Columns and rows.
  let size: Size
  /// Row-major.
  var cells: [Cell]

  /// Blank cells.
  init(size: Size) {
    self.size = size
    cells = [Cell](repeating: .blank, count: size.width * size.height)
  }

  /// Writes text from the left border, clipped.
  mutating func put(_ text: String, row: Int, style: Style = Style()) {
    guard row >= 0, row < size.height else { return }
    var column = 0
    for character in text {
      let isWide = character.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) }
      guard column + (isWide ? 2 : 1) <= size.width else { return }
      cells[row * size.width + column] = Cell(text: String(character), style: style)
      if isWide { cells[row * size.width + column + 1] = .continuation }
      column += isWide ? 2 : 1
    }
  }
}
