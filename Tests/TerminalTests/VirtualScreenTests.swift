import PTYSupport
import Testing

/// The emulator that the other tests read the screen with.
@Suite("Terminal emulator of the tests")
struct VirtualScreenTests {
  private func screen(_ text: String, width: Int = 6, height: Int = 3) -> VirtualScreen {
    var screen = VirtualScreen(width: width, height: height)
    // Byte by byte: sequences may come in any pieces.
    for byte in text.utf8 { screen.feed([byte]) }
    return screen
  }

  @Test("text, movement and late wrapping")
  func movement() {
    #expect(screen("abc\r\ndef").lines == ["abc", "def", ""])
    #expect(screen("abcdef").cursorColumn == 5)
    #expect(screen("abcdefg").lines == ["abcdef", "g", ""])
    #expect(screen("\u{1B}[2;3Hx\u{1B}[Ay\u{1B}[2D\u{1B}[Bz").lines == ["   y", "  z", ""])
    #expect(screen("\u{1B}[3dx\u{1B}[5Gy").lines == ["", "", "x   y"])
    #expect(screen("1\n2\n3\n4").lines == [" 2", "  3", "   4"])
  }

  @Test("erasing, inserting, deleting, repeating")
  func editing() {
    #expect(screen("abcdef\u{1B}[1;3H\u{1B}[K").line(0) == "ab")
    #expect(screen("abcdef\u{1B}[1;3H\u{1B}[1K").line(0) == "   def")
    #expect(screen("abcdef\u{1B}[1;3H\u{1B}[2X").line(0) == "ab  ef")
    #expect(screen("abcdef\u{1B}[1;2H\u{1B}[2P").line(0) == "adef")
    #expect(screen("abcdef\u{1B}[1;2H\u{1B}[2@x").line(0) == "ax bcd")
    #expect(screen("a\u{1B}[3b").line(0) == "aaaa")
    #expect(screen("a\r\nb\r\nc\u{1B}[2;1H\u{1B}[J").lines == ["a", "", ""])
    #expect(screen("a\r\nb\r\nc\u{1B}[1;1H\u{1B}[L").lines == ["", "a", "b"])
    #expect(screen("a\r\nb\r\nc\u{1B}[1;1H\u{1B}[M").lines == ["b", "c", ""])
    #expect(screen("a\r\nb\r\nc\u{1B}[2;3r\u{1B}[3;1H\nd").lines == ["a", "c", "d"])
    #expect(screen("a\r\nb\r\nc\u{1B}[1;1H\u{1B}M").lines == ["", "a", "b"])
  }

  @Test("colours and attributes")
  func looks() {
    let screen = screen("\u{1B}[1;31;48;5;208ma\u{1B}[22;39mb\u{1B}[97;100mc\u{1B}(B\u{1B}[md")
    #expect(screen.cell(row: 0, column: 0)?.look.foreground == 1)
    #expect(screen.cell(row: 0, column: 0)?.look.background == 208)
    #expect(screen.cell(row: 0, column: 0)?.look.bold == true)
    #expect(screen.cell(row: 0, column: 1)?.look.foreground == nil)
    #expect(screen.cell(row: 0, column: 2)?.look.foreground == 15)
    #expect(screen.cell(row: 0, column: 2)?.look.background == 8)
    #expect(screen.cell(row: 0, column: 3)?.look == VirtualScreen.Look())
    #expect(screen.misunderstood.isEmpty)
  }

  @Test("wide characters take two cells, combining marks none")
  func widths() {
    let screen = screen("漢e\u{301}x")
    #expect(screen.line(0) == "漢e\u{301}x")
    #expect(screen.find("x")?.column == 3)
    #expect(screen.cell(row: 0, column: 1)?.text == "")
  }

  @Test("the alternate screen keeps the main one, and modes show what is left on")
  func modes() {
    var screen = screen("main\u{1B}[?1049h\u{1B}[?1h\u{1B}=\u{1B}[?25l\u{1B}[2J\u{1B}[Hother")
    #expect(screen.line(0) == "other")
    #expect(!screen.isReset)
    screen.feed("\u{1B}[?1049l\u{1B}[?1l\u{1B}>".utf8)
    #expect(screen.line(0) == "main")
    #expect(!screen.isReset)
    screen.feed("\u{1B}[?25h".utf8)
    #expect(screen.isReset)
    screen.feed("\u{1B}[31m".utf8)
    #expect(!screen.isReset)
  }

  @Test("what is not understood is noted")
  func misunderstood() {
    #expect(screen("\u{1B}[5~\u{1B}]0;title\u{7}\u{1B}P1$r\u{1B}\\ok").misunderstood == ["CSI 5~"])
    #expect(screen("\u{1B}(0qx\u{1B}(Bq").line(0) == "─│q")
  }
}
