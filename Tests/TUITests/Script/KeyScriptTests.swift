import Engine
import Testing

@testable import TUI

/// Key scripts as text.
@Suite struct KeyScriptTests {
  private static func message(_ text: String) -> String {
    do {
      _ = try KeyScript(text: text, file: "walk.keys")
      return "no error"
    } catch {
      return "\(error)"
    }
  }

  @Test("a script that a person wrote is read line by line")
  func reading() throws {
    let text = """
      # A first walk.
      resize 120x36
        wait rest

      press 2 j Down ^L Alt-x F1 Esc # Space
      type plan of today.yaml
      paste "two\\nlines, \\"quoted\\" \\u{E9}"
      wait optimal
      wait "rest"
      wait plan
      mouse wheel-up 10 5
      """
    let script = try KeyScript(text: text, file: "walk.keys")
    #expect(
      script.steps == [
        .resize(Size(width: 120, height: 36)), .wait(.rest),
        .press([
          .character("2"), .character("j"), .down, .control("l"), .alt("x"), .function(1), .escape, .character("#"),
          .character(" "),
        ]),
        .type("plan of today.yaml"), .paste("two\nlines, \"quoted\" é"), .wait(.text("optimal")), .wait(.text("rest")),
        .wait(.plan), .mouse(MouseEvent(action: .wheelUp, x: 9, y: 4)),
      ])
    #expect(script.entries.map(\.line) == [2, 3, 5, 6, 7, 8, 9, 10, 11])
    #expect(try KeyScript(text: text.replacing("\n", with: "\r\n"), file: "walk.keys") == script)
  }

  @Test("what cannot be read is told with its file, its line and what would be right")
  func errors() {
    #expect(
      Self.message("press j\npres k")
        == "walk.keys:2: found 'pres', must be one of press, type, paste, mouse, resize, wait, or # and a comment")
    #expect(Self.message("press j Entre").hasPrefix("walk.keys:1: press: found 'Entre', must be keys with blanks"))
    #expect(Self.message("\n\npress").hasPrefix("walk.keys:3: press: found nothing, must be keys"))
    #expect(Self.message("resize 120").hasPrefix("walk.keys:1: resize: found '120', must be COLUMNSxROWS"))
    #expect(Self.message("resize 120x0").contains("each 1 to 1000"))
    #expect(Self.message("type").contains("type: found nothing, must be a text"))
    #expect(Self.message("wait").contains("must be rest, plan, or a text on the screen"))
    #expect(Self.message("paste \"open").contains("ends with the line"))
    #expect(Self.message("paste \"a\\x\"").contains("\\u{E9}"))
    #expect(Self.message("paste \"a\\u{110000}\"").contains("\\u{E9}"))
    #expect(Self.message("mouse press 0 1").contains("a column and a row from 1"))
    #expect(Self.message("mouse hover 1 1").contains("one of press, release, drag, wheel-up, wheel-down"))
    let long = String(repeating: "press j\n", count: KeyScript.mostSteps + 1)
    #expect(Self.message(long).contains(":\(KeyScript.mostSteps + 1): more than \(KeyScript.mostSteps) steps"))
  }

  @Test("every key of the help has a name that a script reads back")
  func names() throws {
    for command in Command.all {
      for key in command.defaultKeys {
        #expect(Key(scriptName: key.label) == key)
        #expect(Key(scriptName: key.scriptName) == key)
      }
    }
    for character in ["\u{A0}", "\u{AD}", "e\u{301}", "👍🏽", "\u{301}", "\u{1F3FD}", "#", "\"", "\u{7F}"] as [Character] {
      #expect(Key(scriptName: Key.character(character).scriptName) == .character(character))
      #expect(Key(scriptName: Key.alt(character).scriptName) == .alt(character))
      // A mark must not join the blank before it.
      var script = KeyScript(file: "x")
      script.entries = [KeyScript.Entry(step: .press([.down, .character(character), .alt(character)]), line: 1)]
      #expect(try KeyScript(text: script.text, file: "x") == script)
    }
    #expect(Key(scriptName: "U+") == nil && Key(scriptName: "U+41+42") == nil && Key(scriptName: "U+D800") == nil)
  }

  @Test("random scripts are read back from their text", arguments: 0..<20)
  func roundTrip(seed: Int) throws {
    var random = SeededRandom(seed: UInt64(seed))
    for _ in 0..<50 {
      var script = KeyScript(file: "x")
      for line in 1...Int.random(in: 1...12, using: &random) {
        script.entries.append(KeyScript.Entry(step: Self.step(&random), line: line))
      }
      #expect(try KeyScript(text: script.text, file: "x") == script, "\(script.text)")
    }
  }

  /// Letters, blanks, quotes, marks, line ends of all kinds, and characters that cannot be seen.
  private static let scalars: [Unicode.Scalar] =
    Array("abx #\"\\{}u é漢\t\n\r".unicodeScalars) + [
      "\u{301}", "\u{1F3FD}", "\u{1F44D}", "\u{200D}", "\u{85}", "\u{2028}", "\u{0B}", "\u{A0}", "\u{0}", "\u{7F}",
      "\u{202E}", "\u{E000}", "\u{600}", "\u{0D4E}",
    ]

  private static func text(_ random: inout SeededRandom) -> String {
    var text = ""
    for _ in 0..<Int.random(in: 0...8, using: &random) {
      text.unicodeScalars.append(scalars[Int.random(in: 0..<scalars.count, using: &random)])
    }
    let words = ["rest", "plan", "\"", " "]
    return Int.random(in: 0..<10, using: &random) == 0 ? words.randomElement(using: &random) ?? text : text
  }

  private static func step(_ random: inout SeededRandom) -> KeyScript.Step {
    switch Int.random(in: 0..<7, using: &random) {
    case 0, 1:
      let keys: [Key] = [
        .enter, .up, .pageDown, .backTab, .control("l"), .control("u"), .function(12), .alt("["), .alt("é"),
        .character(" "), .character("#"), .character("^"),
      ]
      return .press((0...Int.random(in: 0...5, using: &random)).map { _ in keys.randomElement(using: &random) ?? .tab })
    case 2: return .type(text(&random))
    case 3: return .paste(text(&random))
    case 4:
      let actions: [MouseEvent.Action] = [.press, .release, .drag, .wheelUp, .wheelDown]
      return .mouse(
        MouseEvent(
          action: actions.randomElement(using: &random) ?? .press, x: Int.random(in: 0..<300, using: &random),
          y: Int.random(in: 0..<100, using: &random)))
    case 5:
      return .resize(
        Size(width: Int.random(in: 1...300, using: &random), height: Int.random(in: 1...100, using: &random)))
    default:
      return .wait([.rest, .plan, .text(text(&random))].randomElement(using: &random) ?? .rest)
    }
  }
}
