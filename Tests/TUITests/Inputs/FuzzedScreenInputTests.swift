import Engine
import Foundation
import FuzzSupport
import Testing

@testable import TUI

/// Broken and hostile themes, settings and key scripts; see `FuzzSweep` for how to run one of them again.
@Suite struct FuzzedScreenInputTests {
  private static func readers() throws -> [FuzzedReader] {
    let themes = ShippedFiles.paths.filter { $0.hasPrefix("themes/") }.compactMap { ShippedFiles.text($0) }
    let names = try Theme.shipped().map(\.name)
    var changed = ExplorerSettings()
    changed.theme = "light"
    changed.usesMouse = false
    changed.copyTarget = .file
    changed.keymap.set([.character("x"), .control("l"), .alt("y")], for: Command.all[3])
    let settings = "brume: 1\ntheme: dark\ncharset: ascii\ncolor: 16\nmouse: no\nkeys:\n  app.quit: [\"x\", Alt-q]\n"
    let script = """
      # A first walk.
      resize 120x36
      wait rest
      press 2 j Down ^L Alt-x F1 Esc # Space U+E9 U+65+301
      type plan of today.yaml
      paste "two\\nlines, \\"quoted\\" \\u{E9}"
      wait optimal
      wait "rest"
      mouse wheel-up 10 5

      """
    return [
      FuzzedReader("theme", .plain, place: "theme.yaml:", corpus: themes) { text, _ in
        let theme = try ThemeFile.parse(text, path: "theme.yaml")
        for depth in ColourDepth.allCases { for role in Role.allCases { _ = theme.style(role, depth: depth) } }
        return .read
      },
      FuzzedReader("settings", .yaml, place: "settings.yaml", corpus: [settings, changed.text]) { text, _ in
        let read = try ExplorerSettings(try ConfigNode.parse(text, file: "settings.yaml"), themes: names)
        do {
          let back = try ExplorerSettings(try ConfigNode.parse(read.text, file: "settings.yaml"), themes: names)
          try FuzzFinding.check(back == read, "settings read back unequal")
        } catch let error as InputError {
          throw FuzzFinding("settings that were written are refused: \(error)")
        }
        return .read
      },
      FuzzedReader("key script", .plain, place: "walk.keys", corpus: [script]) { text, _ in
        let read = try KeyScript(text: text, file: "walk.keys")
        do {
          let back = try KeyScript(text: read.text, file: "walk.keys")
          try FuzzFinding.check(back.steps == read.steps, "a script reads back unequal")
        } catch let error as InputError {
          throw FuzzFinding("a script that was written is refused: \(error)")
        }
        return .read
      },
    ]
  }

  @Test("whatever stands in a theme, in settings or in a key script is used, or refused with file and line")
  func sweep() throws {
    let isSlow = ProcessInfo.processInfo.environment["BRUME_SLOW"] == "1"
    let readers = try Self.readers()
    let sweep = FuzzSweep(readers, count: isSlow ? 120_000 : 600, least: isSlow ? 30_000 : 200) { error in
      error is InputError || error is ThemeError
    }
    let figures = sweep.run()
    print("reliability: explorer, \(readers.count) readers, \(figures.summary)")
    for problem in figures.problems + figures.slow { Issue.record("\(problem)") }
    #expect(figures.slow == [] && figures.largestGrowth.bytes < FuzzSweep.mostGrowth)
    #expect(figures.read > figures.inputs / 50 && figures.refused > figures.inputs / 10)
    for reader in readers { #expect(reader.failuresOfCorpus() == []) }
  }

  @Test("a theme's error is one line without control characters, whatever the theme holds")
  func themeErrors() {
    for text in ["\u{1B}[2J\n", "256:\n  \u{202E}: 1\n", "x\u{9B}: 1\n", String(repeating: "k", count: 9_000) + ": 1"] {
      let error = #expect(throws: ThemeError.self) { try ThemeFile.parse(text, path: "a\u{1B}.yaml") }
      #expect(FuzzSweep.problem(of: error?.description ?? "", place: #"a\u{1B}.yaml:"#) == nil)
    }
  }
}
