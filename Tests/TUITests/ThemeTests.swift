import Foundation
import Testing

@testable import TUI

@Suite struct ThemeTests {
  @Test("the four themes ship and read without an error, dark first")
  func shipped() throws {
    #expect(try Theme.shipped().map(\.name) == ["dark", "contrast", "light", "mono"])
  }

  @Test("every file in themes/ is embedded as it is")
  func embedded() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("themes")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".yaml") }
    #expect(try Set(files) == Set(Theme.shipped().map { $0.name + ".yaml" }))
  }

  @Test("text has a contrast of at least 4.5 to 1 in 256 colours, on its own background and in a dialog")
  func contrast() throws {
    for theme in try Theme.shipped() {
      let palette = Palette(isLight: theme.name == "light", first16: Palette.xterm)
      for role in Role.allCases where !lines.contains(role) {
        let ratio = palette.contrast(theme.style(role, depth: .full))
        #expect(ratio >= 4.5, "\(theme.name) \(role.rawValue): \(ratio)")
      }
      var canvas = Canvas(size: Size(width: 1, height: 1), look: Look(theme: theme, depth: .full, charset: .ascii))
      canvas.ground = .dialog
      let dialog = theme.style(.dialog, depth: .full).background
      for role in [Role.text, .title, .key, .focus, .muted, .warning, .bad, .selected] {
        let style = canvas.style(role)
        #expect(palette.contrast(style) >= 4.5, "\(theme.name): \(role.rawValue) in a dialog")
        // What has a background of its own keeps it.
        let isBare = theme.style(role, depth: .full).background == theme.style(.text, depth: .full).background
        if isBare { #expect(style.background == dialog, "\(theme.name): \(role.rawValue) in a dialog") }
      }
    }
  }

  @Test(
    "text can be read in 16 colours, as xterm and as the Linux console show them: 3 to 1, with high contrast 4.5",
    arguments: [Palette.xterm, Palette.console])
  func contrast16(colours: [Palette.RGB]) throws {
    for theme in try Theme.shipped() {
      let palette = Palette(isLight: theme.name == "light", first16: colours)
      for role in Role.allCases where !lines.contains(role) {
        let ratio = palette.contrast(theme.style(role, depth: .sixteen))
        #expect(ratio >= (theme.name == "contrast" ? 4.5 : 3), "\(theme.name) \(role.rawValue): \(ratio)")
      }
    }
  }

  @Test("what must stand out does so in every theme and depth: it does not look like plain text")
  func standsOut() throws {
    for theme in try Theme.shipped() {
      for depth in ColourDepth.allCases {
        let text = theme.style(.text, depth: depth)
        for role in [Role.selected, .focus, .key, .warning, .bad, .news, .plan, .reference, .match, .header] {
          #expect(theme.style(role, depth: depth) != text, "\(theme.name) \(depth.name) \(role.rawValue)")
        }
      }
    }
  }

  /// Lines and hatches are no text.
  private let lines: Set<Role> = [.frame, .headroom]

  @Test("no role has the same foreground and background in 16 colours, and none uses colours without any")
  func sixteen() throws {
    for theme in try Theme.shipped() {
      for role in Role.allCases {
        let sixteen = theme.style(role, depth: .sixteen)
        #expect(sixteen.foreground != sixteen.background || sixteen.foreground == .terminal, "\(theme.name) \(role)")
        let none = theme.style(role, depth: .none)
        #expect(none.foreground == .terminal && none.background == .terminal)
      }
    }
  }

  @Test(
    "a broken theme names the line and what would be right",
    arguments: [
      ("brume: 1\nname: x\n256:\n  text: 300 on 1\n", 4, "is not a style of 256 colours"),
      ("brume: 1\nname: x\n256:\n  text: 1 on 2\n  muted 3\n", 5, "`key: value` was expected"),
      ("brume: 1\nname: x\n256:\n  txt: 1 on 2\n", 4, "there is no role `txt`"),
      ("brume: 1\nname: x\n16:\n  text: 12 on 2\n", 4, "is not a style of 16 colours"),
      ("brume: 1\nname: x\n   text: 1\n", 3, "indent by two spaces"),
      ("brume: 1\nname: x\n  text: 1\n", 3, "outside of 256, 16 and none"),
      ("brume: 1\nname: x\n256:\n  muted: 1\n", 4, "the first role of a section is `text`"),
      ("brume: 1\nname: x\n256:\n  text: 1 on 2\n", 3, "the role `muted` is missing"),
      ("brume: 1\nname: x\ncolours: 3\n", 3, "`colours` is unknown"),
      ("brume: 1\nname: x\n", 3, "the section `none:` is missing"), ("name: x\n", 1, "a theme starts with `brume: 1`"),
    ])
  func errors(text: String, line: Int, reason: String) {
    #expect {
      _ = try ThemeFile.parse(text, path: "themes/x.yaml")
    } throws: { error in
      guard let error = error as? ThemeError else { return false }
      return error.line == line && error.description.contains(reason)
    }
  }

  @Test("the focused pane stands out in every theme and depth: a colour of its own, or a reversed title")
  func focus() throws {
    for theme in try Theme.shipped() {
      for depth in ColourDepth.allCases {
        let size = Size(width: 120, height: 36)
        var state = try Scenes.finished(stages: 4, size: size)
        state.look = Look(theme: theme, depth: depth, charset: .ascii)
        let cells = render(state, size: size).cells
        let (focused, other) = (cells[2 * size.width + 4].style, cells[2 * size.width + 62].style)
        let name = "\(theme.name) \(depth.name)"
        #expect(focused.reverse != other.reverse || focused.foreground != other.foreground, "\(name)")
      }
    }
  }
}
