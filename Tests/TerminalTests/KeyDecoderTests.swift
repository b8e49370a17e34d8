import CTerm
import Testing

@testable import TUI

@Suite("Key decoder")
struct KeyDecoderTests {
  /// The events of drains, each a list of bytes or codes; only keys, as text.
  private func keys(_ drains: [Int32]...) -> [Key] {
    var decoder = KeyDecoder()
    var keys: [Key] = []
    for drain in drains {
      for code in drain { decoder.feed(code) }
      decoder.endDrain()
      for case .key(let key) in decoder.takeEvents() { keys.append(key) }
    }
    return keys
  }

  private func codes(_ text: String) -> [Int32] { text.utf8.map { Int32($0) } }

  @Test("ESC alone is Escape, with a character in the same drain Alt, and not across drains")
  func alt() {
    #expect(keys([27]) == [.escape])
    #expect(keys([27, 120]) == [.alt("x")])
    #expect(keys([27], [120]) == [.escape, .character("x")])
    #expect(keys([27, 27]) == [.escape, .escape])
    #expect(keys([27] + codes("é")) == [.alt("é")])
    #expect(keys([27, CTERM_UP.code]) == [.escape, .up])
    #expect(keys([27, 91]) == [.alt("[")])
    #expect(keys([27, 79]) == [.alt("O")])
  }

  @Test("a character may come in pieces; what is no UTF-8 is dropped, and the next key is heard")
  func utf8() {
    let ideograph = codes("漢")
    #expect(keys([ideograph[0]], [ideograph[1]], [ideograph[2]]) == [.character("漢")])
    #expect(keys([0xFF, 0xC0, 0x80, 106]) == [.character("j")])
    #expect(keys([0xE6, 106]) == [.character("j")])
    #expect(keys([0xED, 0xA0, 0x80, 106]) == [.character("j")])
  }

  @Test("control characters are control keys, but for those with a key of their own")
  func controls() {
    #expect(keys([1, 3, 26]) == [.control("a"), .control("c"), .control("z")])
    #expect(keys([8, 127, 9, 10, 13]) == [.backspace, .backspace, .tab, .enter, .enter])
    #expect(keys([0, 28, 29, 30, 31]) == [])
    #expect(keys([CTERM_SUSPEND.code, CTERM_OTHER.code, CTERM_FUNCTION.code + 12]) == [.control("z"), .function(12)])
  }

  @Test("an unknown sequence is swallowed, also in pieces")
  func sequences() {
    #expect(keys([27] + codes("[1;5Pj")) == [.character("j")])
    #expect(keys([27] + codes("[1;"), codes("5Pj")) == [.character("j")])
    #expect(keys([27] + codes("[[Zj")) == [.character("j")])
    #expect(keys([27] + codes("Opj")) == [.character("j")])
    #expect(keys([27] + codes("[1;") + [CTERM_UP.code]) == [.up])
  }

  @Test("mouse reports may come in pieces; nonsense in them is dropped")
  func mouse() {
    #expect(mouseEvents([CTERM_MOUSE_SGR.code] + codes("0;12;3M")) == [MouseEvent(action: .press, x: 11, y: 2)])
    #expect(
      mouseEvents([CTERM_MOUSE_SGR.code] + codes("0;1"), codes("2;3m")) == [MouseEvent(action: .release, x: 11, y: 2)])
    #expect(mouseEvents([CTERM_MOUSE_SGR.code] + codes("20;1;1M")) == [MouseEvent(action: .press, x: 0, y: 0)])
    #expect(mouseEvents([CTERM_MOUSE_SGR.code] + codes("35;1;1M")) == [])
    for nonsense in ["0;0;0M", "0;1M", "M", ";;M", "0;1;1;1M", "0;;1M"] {
      #expect(mouseEvents([CTERM_MOUSE_SGR.code] + codes(nonsense)) == [], "\(nonsense)")
    }
    #expect(keys([CTERM_MOUSE_SGR.code] + codes("0;1j")) == [.character("j")])
    #expect(keys([CTERM_MOUSE_SGR.code] + codes(String(repeating: "9", count: 100)) + [13]).last == .enter)
  }

  @Test("the old mouse report: wheel, press and release")
  func oldMouse() {
    #expect(mouseEvents([CTERM_MOUSE_X10.code, 32, 33, 34]) == [MouseEvent(action: .press, x: 0, y: 1)])
    #expect(mouseEvents([CTERM_MOUSE_X10.code, 35, 33], [34]) == [MouseEvent(action: .release, x: 0, y: 1)])
    #expect(mouseEvents([CTERM_MOUSE_X10.code, 96, 33, 34]) == [MouseEvent(action: .wheelUp, x: 0, y: 1)])
  }

  @Test("pasted text is one event, with newlines as such, and ends at its limit")
  func paste() {
    var decoder = KeyDecoder()
    for code in [CTERM_PASTE_START.code] + codes("a\r\nb\rq\u{3}") { decoder.feed(code) }
    decoder.endDrain()
    for code in [CTERM_UP.code, 27] + codes("é") + [CTERM_PASTE_END.code] { decoder.feed(code) }
    decoder.endDrain()
    var texts: [String] = []
    for case .paste(let text) in decoder.takeEvents() { texts.append(text) }
    #expect(texts == ["a\nb\nq\u{3}\u{1B}é"])
    decoder.feed(CTERM_PASTE_START.code)
    for _ in 0..<PasteBuffer.limitBytes + 5 { decoder.feed(120) }
    decoder.feed(CTERM_PASTE_END.code)
    guard case .paste(let text)? = decoder.takeEvents().first else {
      Issue.record("no paste")
      return
    }
    #expect(text.utf8.count == PasteBuffer.limitBytes)
  }

  @Test("keys that curses did not see whole are recognised too, with the bytes in one drain or in two")
  func rawKeys() {
    let sequences: [(String, Key)] = [
      ("[A", .up), ("OB", .down), ("[1C", .right), ("OD", .left), ("[H", .home), ("OF", .end), ("[Z", .backTab),
      ("[5~", .pageUp), ("[6~", .pageDown), ("[3~", .delete), ("[2~", .insert), ("[4~", .end), ("OP", .function(1)),
      ("[15~", .function(5)), ("[24~", .function(12)), ("[[B", .function(2)), ("OM", .enter),
    ]
    for (sequence, key) in sequences {
      #expect(keys([27] + codes(sequence) + [106]) == [key, .character("j")], "\(sequence)")
    }
    #expect(keys([27] + codes("[1"), codes("5~j")) == [.function(5), .character("j")])
    #expect(keys([27] + codes("[1;5Aj")) == [.character("j")])
    #expect(keys([27] + codes("[99~j")) == [.character("j")])
    #expect(mouseEvents([27] + codes("[<0;12;3M")) == [MouseEvent(action: .press, x: 11, y: 2)])
    #expect(mouseEvents([27] + codes("[M !\"")) == [MouseEvent(action: .press, x: 0, y: 1)])
  }

  @Test("answers of a terminal (OSC, DCS, APC, PM, SOS) are swallowed whole, in pieces too, however they end")
  func strings() {
    for kind in ["]", "P", "X", "^", "_"] {
      #expect(keys([27] + codes(kind + "11;rgb:q\u{7}j")) == [.character("j")])
      #expect(keys([27] + codes(kind + "11;rgb:q\u{1B}\\j")) == [.character("j")])
      #expect(keys([27] + codes(kind + "1é"), codes("q"), codes("q\u{1B}"), codes("\\j")) == [.character("j")])
      // Another sequence, or a control character, where its end should be.
      #expect(keys([27] + codes(kind + "11;q\u{1B}[1;5Pj")) == [.character("j")])
      #expect(keys([27] + codes(kind + "11;q\u{3}j")) == [.control("c"), .character("j")])
      #expect(keys([27] + codes(kind)) == [.alt(Character(kind))])
    }
  }

  @Test("after a second of silence what is half there is forgotten, but for a paste")
  func halves() {
    let halves: [[Int32]] = [
      [27] + codes("]11;"), [27] + codes("P1\u{1B}"), [27] + codes("[1;"), [CTERM_MOUSE_SGR.code, 48],
      [CTERM_MOUSE_X10.code, 33], [0xE6],
    ]
    for half in halves + [[CTERM_PASTE_START.code]] {
      var decoder = KeyDecoder()
      for code in half { decoder.feed(code) }
      decoder.endDrain()
      decoder.forgetOpen()
      decoder.feed(106)
      decoder.endDrain(afterPause: true)
      let isPaste = half == [CTERM_PASTE_START.code]
      #expect(decoder.takeEvents().count == (isPaste ? 0 : 1), "\(half)")
    }
  }

  @Test("a paste begins and ends also where its marks come in pieces, which curses does not recognise")
  func pasteMarks() {
    func texts(_ drains: [Int32]...) -> [String] {
      var decoder = KeyDecoder()
      var texts: [String] = []
      for drain in drains {
        for code in drain { decoder.feed(code) }
        decoder.endDrain()
        for event in decoder.takeEvents() {
          if case .paste(let text) = event { texts.append(text) } else { texts.append("!") }
        }
      }
      return texts
    }
    let whole = [27] + codes("[200~q\u{1B}[20x\u{1B}\u{1B}[201~")
    for cut in 3..<whole.count {
      let (first, second) = (Array(whole[..<cut]), Array(whole[cut...]))
      #expect(texts(first, second) == ["q\u{1B}[20x\u{1B}"], "cut at \(cut)")
    }
    #expect(texts([CTERM_PASTE_START.code] + codes("q\u{1B}[20") + [CTERM_PASTE_END.code]) == ["q\u{1B}[20"])
    #expect(
      texts([CTERM_PASTE_START.code] + codes("q\u{1B}[20") + [CTERM_UP.code] + codes("1~\u{1B}[201~j")) == [
        "q\u{1B}[201~", "!",
      ])
  }

  @Test("no stream of bytes and codes stops the decoder from hearing Ctrl-C twice")
  func noise() {
    var random = SplitMix(state: 7)
    let special = [CTERM_MOUSE_SGR, CTERM_MOUSE_X10, CTERM_PASTE_START, CTERM_PASTE_END, CTERM_UP].map(\.code)
    for _ in 0..<2_000 {
      var decoder = KeyDecoder()
      for _ in 0..<40 {
        let number = random.next()
        decoder.feed(number % 8 == 0 ? special[Int(number >> 8 % 5) % 5] : Int32(number >> 32 & 0xFF))
        if number % 5 == 0 { decoder.endDrain() }
      }
      decoder.endDrain()
      _ = decoder.takeEvents()
      var heard = false
      // At most an open report takes one, an open paste another.
      for _ in 0..<3 {
        decoder.feed(3)
        decoder.endDrain(afterPause: true)
        for case .key(.control("c")) in decoder.takeEvents() { heard = true }
      }
      #expect(heard)
    }
  }

  private func mouseEvents(_ drains: [Int32]...) -> [MouseEvent] {
    var decoder = KeyDecoder()
    var events: [MouseEvent] = []
    for drain in drains {
      for code in drain { decoder.feed(code) }
      decoder.endDrain()
      for case .mouse(let event) in decoder.takeEvents() { events.append(event) }
    }
    return events
  }
}

extension cterm_code {
  fileprivate var code: Int32 { Int32(rawValue) }
}

/// A small seeded generator.
private struct SplitMix {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
