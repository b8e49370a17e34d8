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
    #expect(keys([27] + codes("[[Aj")) == [.character("j")])
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
    for _ in 0..<KeyDecoder.pasteLimitBytes + 5 { decoder.feed(120) }
    decoder.feed(CTERM_PASTE_END.code)
    guard case .paste(let text)? = decoder.takeEvents().first else {
      Issue.record("no paste")
      return
    }
    #expect(text.utf8.count == KeyDecoder.pasteLimitBytes)
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
