import PTYSupport
import Testing

@testable import TUI

/// The bytes of frames, on a terminal emulator: they show the frame, and are few.
@Suite("Frame painter")
struct FramePainterTests {
  private static let languages: [(String, TerminalLanguage)] = [
    ("xterm", .xterm), ("screen", .screen), ("linux", .linux), ("vt100", .vt100), ("plain", .plain),
  ]

  /// What a cell looks like on a terminal: of a blank only its background can be seen.
  private func look(_ cell: Cell, _ language: TerminalLanguage) -> VirtualScreen.Cell {
    let pen = Pen(cell.style, in: language)
    var shown = VirtualScreen.Cell()
    shown.text = cell.text
    shown.look.background = pen.background < 0 ? nil : pen.background
    shown.look.reverse = pen.reverse
    shown.look.underline = pen.underline
    if cell.text == " ", pen.hidesBlanks { return shown }
    shown.look.foreground = pen.foreground < 0 ? nil : pen.foreground
    (shown.look.bold, shown.look.dim) = (pen.bold, pen.dim && !language.dim.isEmpty)
    return shown
  }

  private func expectShown(_ frame: Frame, _ screen: VirtualScreen, _ name: String) {
    let language = Self.languages.first { $0.0 == name }?.1 ?? .xterm
    for row in 0..<frame.size.height {
      for column in 0..<frame.size.width {
        let isLast = row + 1 == frame.size.height && column + 1 == frame.size.width
        if isLast, !language.wrapsLate { continue }
        var shown = screen.cell(row: row, column: column) ?? VirtualScreen.Cell()
        let expected = look(frame.cells[row * frame.size.width + column], language)
        if expected.text == "" { continue }
        if shown.text == " ", !shown.look.reverse, !shown.look.underline {
          (shown.look.foreground, shown.look.bold, shown.look.dim) = (nil, false, false)
        }
        #expect(shown == expected, "\(name): row \(row), column \(column)")
        if shown != expected { return }
      }
    }
    #expect(screen.misunderstood == [], "\(name)")
  }

  private static let styles: [Style] = [
    Style(), Style(background: .indexed(234)), Style(foreground: .indexed(252), background: .indexed(234)),
    Style(foreground: .indexed(12), background: .indexed(4), bold: true), Style(foreground: .indexed(3), dim: true),
    Style(foreground: .indexed(9), underline: true), Style(bold: true), Style(reverse: true), Style(underline: true),
    Style(foreground: .indexed(16), background: .indexed(75), bold: true, underline: true),
  ]

  /// Changes random stretches of a frame.
  private func changed(_ frame: Frame, _ random: inout SeededGenerator) -> Frame {
    let texts = [" ", " ", "    ", "            ", "a", "bcd", "─", "══", "e\u{301}", "漢", "0.05"]
    var frame = frame
    for _ in 0..<Int.random(in: 0...30, using: &random) {
      let row = Int.random(in: 0..<frame.size.height, using: &random)
      var column = Int.random(in: 0..<frame.size.width, using: &random)
      let style = Self.styles[Int.random(in: 0..<Self.styles.count, using: &random)]
      for character in texts[Int.random(in: 0..<texts.count, using: &random)] {
        let width = character == "漢" ? 2 : 1
        guard column + width <= frame.size.width else { break }
        let index = row * frame.size.width + column
        // What is half overwritten of a wide character becomes a blank, as the canvas does it.
        if frame.cells[index].text.isEmpty { frame.cells[index - 1].text = " " }
        let next = index + width
        if column + width < frame.size.width, frame.cells[next].text.isEmpty { frame.cells[next].text = " " }
        frame.cells[index] = Cell(text: String(character), style: style)
        if width == 2 { frame.cells[index + 1] = Cell(text: "", style: style) }
        column += width
      }
    }
    return frame
  }

  @Test("random frames are shown as they are, on every kind of terminal", arguments: languages.map(\.0))
  func randomFrames(name: String) throws {
    let language = try #require(Self.languages.first { $0.0 == name }?.1)
    var random = SeededGenerator(seed: 6)
    for _ in 0..<8 {
      let size = Size(width: Int.random(in: 1...40, using: &random), height: Int.random(in: 1...12, using: &random))
      var painter = FramePainter(language: language)
      var screen = VirtualScreen(width: size.width, height: size.height)
      screen.feed([UInt8]("of another program".utf8))
      var before: Frame?
      var frame = Frame(size: size)
      for step in 0..<25 {
        frame = changed(frame, &random)
        if step == 12 {
          before = nil
          painter.forget()
        }
        screen.feed(painter.paint(from: before, to: frame, room: size))
        expectShown(frame, screen, name)
        before = frame
      }
    }
  }

  @Test("what is larger than the terminal is clipped")
  func clipped() {
    var painter = FramePainter(language: .xterm)
    let frame = Frame(size: Size(width: 5, height: 2), cells: "abcdefghij".map { Cell(text: String($0)) })
    var screen = VirtualScreen(width: 3, height: 1)
    screen.feed(painter.paint(from: nil, to: frame, room: Size(width: 3, height: 1)))
    #expect(screen.line(0) == "abc")
  }

  @Test("an equal frame costs nothing, nor does a blank in another colour of text")
  func nothing() {
    let size = Size(width: 8, height: 2)
    var painter = FramePainter(language: .xterm)
    let first = Frame(size: size)
    _ = painter.paint(from: nil, to: first, room: size)
    #expect(painter.paint(from: first, to: first, room: size) == [])
    var second = first
    second.cells[3].style = Style(foreground: .indexed(3), bold: true)
    #expect(painter.paint(from: first, to: second, room: size) == [])
  }

  @Test("each pen is sent once for a frame, however often the colours take turns")
  func pensOnce() {
    let size = Size(width: 60, height: 6)
    let styles = [75, 114].map { Style(foreground: .indexed(16), background: .indexed($0)) }
    let cells = (0..<360).map { Cell(text: "F", style: styles[$0 / 2 % 2]) }
    var painter = FramePainter(language: .xterm)
    let empty = Frame(size: size)
    _ = painter.paint(from: nil, to: empty, room: size)
    let bytes = painter.paint(from: empty, to: Frame(size: size, cells: cells), room: size)
    #expect(bytes.count { $0 == UInt8(ascii: "m") } == 2)
    // Each row: the first pen goes over the second one's places, which costs less than moving; then 15 moves, and the
    // second pen's characters. To the next row it is five bytes.
    #expect(bytes.count <= 6 * (60 + 15 * (2 + 4)) + 2 * 17 + 2 * 6 * 5)
  }

  @Test("a pen changes by what differs where the terminal can, and from the start where it cannot")
  func penChanges() {
    var plain = Pen()
    plain.foreground = 75
    var marked = plain
    marked.underline = true
    func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self).replacing("\u{1B}", with: "^") }
    let xterm = TerminalLanguage.xterm
    #expect(text(xterm.change(from: plain, to: marked)) == "^[4m")
    #expect(text(xterm.change(from: marked, to: plain)) == "^[24m")
    #expect(text(xterm.change(from: marked, to: Pen())) == "^[m")
    #expect(text(xterm.change(from: nil, to: plain)) == "^[;38;5;75m")
    var bold = Pen()
    bold.bold = true
    var reverse = Pen()
    reverse.reverse = true
    #expect(text(TerminalLanguage.vt100.change(from: bold, to: reverse)) == "^[;7m")
  }

  @Test("a screen in one background is cleared in it, not filled with blanks")
  func background() {
    let size = Size(width: 200, height: 60)
    let style = Style(foreground: .indexed(252), background: .indexed(234))
    let frame = Frame(size: size, cells: [Cell](repeating: Cell(style: style), count: 12_000))
    var painter = FramePainter(language: .xterm)
    #expect(painter.paint(from: nil, to: frame, room: size).count < 40)
  }
}

/// Numbers that are the same in every run (splitmix64).
private struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}

extension FramePainter {
  /// The bytes from one frame to another, with the difference that the terminal would have found.
  fileprivate mutating func paint(from before: Frame?, to after: Frame, room: Size) -> [UInt8] {
    paint(FrameDiff(from: before, to: after), from: before, to: after, room: room)
  }
}
