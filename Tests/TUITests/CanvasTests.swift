import Testing

@testable import TUI

@Suite struct CanvasTests {
  private let look = Look(theme: .plain, depth: .none, charset: .braille)

  @Test("a wide character takes two cells, and one without room leaves a blank")
  func wide() {
    var canvas = Canvas(size: Size(width: 5, height: 1), look: look)
    #expect(canvas.put("漢字漢", x: 0, y: 0) == 6)
    #expect(canvas.frame.cells.map(\.text) == ["漢", "", "字", "", " "])
  }

  @Test("overwriting half of a wide character leaves no other half")
  func halves() {
    var canvas = Canvas(size: Size(width: 4, height: 1), look: look)
    canvas.put("漢字", x: 0, y: 0)
    canvas.put("a", x: 1, y: 0)
    #expect(canvas.frame.cells.map(\.text) == [" ", "a", "字", ""])
    canvas.put("b", x: 2, y: 0)
    #expect(canvas.frame.cells.map(\.text) == [" ", "a", "b", " "])
  }

  @Test("a combining mark shares the cell of its letter")
  func combining() {
    var canvas = Canvas(size: Size(width: 3, height: 1), look: look)
    canvas.put("e\u{301}x", x: 0, y: 0)
    #expect(canvas.frame.cells.map(\.text) == ["e\u{301}", "x", " "])
  }

  @Test(
    "nothing that could steer a terminal reaches a cell",
    arguments: ["\u{1B}[2J", "\u{7}", "\u{9B}1m", "\u{202E}abc", "\u{200D}", "\u{FEFF}", "\r\n", "\u{E000}", "\u{301}"])
  func controls(text: String) {
    var canvas = Canvas(size: Size(width: 12, height: 1), look: look)
    canvas.put(text, x: 0, y: 0)
    let scalars = canvas.frame.cells.flatMap { Array($0.text.unicodeScalars) }
    #expect(canvas.frame.cells[0].text == "?")
    #expect(scalars.allSatisfy { $0.value >= 0x20 && $0.value < 0x7F })
  }

  @Test("text is cut to columns, not characters, and says so")
  func fitted() {
    #expect(CellText.fitted("abcdef", width: 6) == "abcdef")
    #expect(CellText.fitted("abcdef", width: 4) == "abc…")
    #expect(CellText.fitted("漢字漢字", width: 6) == "漢字…")
    #expect(CellText.fitted("abc", width: 0) == "")
  }

  @Test("nothing is drawn outside of the clip")
  func clip() {
    var canvas = Canvas(size: Size(width: 6, height: 3), look: look)
    canvas.inside(Rect(x: 2, y: 1, width: 2, height: 1)) { canvas in
      canvas.put("abcdefgh", x: 0, y: 1)
      canvas.put("漢字漢", x: 1, y: 1)
      canvas.fill(Rect(x: -5, y: -5, width: 50, height: 50), with: "x")
      canvas.box(Rect(x: 0, y: 0, width: 6, height: 3), .frame)
    }
    #expect(plainText(canvas.frame) == ["", "  xx", ""])
  }

  @Test("in ASCII every glyph of the screens has a stand-in of one column")
  func ascii() {
    let glyphs = "│─┌┐└┘├┤┬┴┼╭╮╰╯·×▸◂▾▴●◆◇⋯…░▕═→←↑↓"
    for glyph in glyphs {
      let shown = Charset.ascii.shown(glyph)
      #expect(shown.isASCII && shown != "?", "\(glyph)")
      #expect(CharacterWidth.of(glyph) == 1)
    }
  }

  @Test("ANSI text resets at the end of a row and has the same characters")
  func ansi() {
    var canvas = Canvas(size: Size(width: 4, height: 1), look: look)
    canvas.put("ab", x: 0, y: 0, style: Style(foreground: .indexed(9), background: .indexed(200), bold: true))
    #expect(ansiText(canvas.frame) == ["\u{1B}[0;1;91;48;5;200mab\u{1B}[0m  \u{1B}[0m"])
  }
}
