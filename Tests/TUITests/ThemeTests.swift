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

  @Test("text has a contrast of at least 4.5 to 1 in 256 colours")
  func contrast() throws {
    // Lines and hatches are no text.
    let lines: Set<Role> = [.frame, .headroom]
    for theme in try Theme.shipped() where theme.name != "mono" {
      for role in Role.allCases where !lines.contains(role) {
        let style = theme.style(role, depth: .full)
        let ratio = Palette.contrast(style.foreground, style.background)
        #expect(ratio >= 4.5, "\(theme.name) \(role.rawValue): \(ratio)")
      }
    }
  }

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

/// The xterm palette as light, for contrast after WCAG 2.
private enum Palette {
  static func contrast(_ first: Colour, _ second: Colour) -> Double {
    let lights = [luminance(first), luminance(second)].sorted()
    return (lights[1] + 0.05) / (lights[0] + 0.05)
  }

  private static func luminance(_ colour: Colour) -> Double {
    guard case .indexed(let index) = colour, index >= 16 else { return .nan }
    func linear(_ value: Int) -> Double {
      let share = Double(value) / 255
      return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
    }
    let (red, green, blue): (Int, Int, Int)
    if index >= 232 {
      red = 8 + 10 * (Int(index) - 232)
      (green, blue) = (red, red)
    } else {
      let steps = [0, 95, 135, 175, 215, 255]
      let cube = Int(index) - 16
      (red, green, blue) = (steps[cube / 36], steps[cube / 6 % 6], steps[cube % 6])
    }
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
  }
}
