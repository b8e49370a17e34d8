import Foundation

@testable import TUI

/// What a terminal shows for the colours of a style, and how they differ (WCAG 2.2, "contrast ratio").
struct Palette {
  /// Red, green and blue, 0...255.
  typealias RGB = SIMD3<Int>

  /// The terminal's own colours are black on white; else white on black.
  let isLight: Bool
  /// Colours 0...15.
  let first16: [RGB]

  /// xterm's colours 0...15.
  static let xterm = rgb([
    0x000000, 0xCD0000, 0x00CD00, 0xCDCD00, 0x0000EE, 0xCD00CD, 0x00CDCD, 0xE5E5E5,
    0x7F7F7F, 0xFF0000, 0x00FF00, 0xFFFF00, 0x5C5CFF, 0xFF00FF, 0x00FFFF, 0xFFFFFF,
  ])
  /// Those of the Linux console, which are VGA's.
  static let console = rgb([
    0x000000, 0xAA0000, 0x00AA00, 0xAA5500, 0x0000AA, 0xAA00AA, 0x00AAAA, 0xAAAAAA,
    0x555555, 0xFF5555, 0x55FF55, 0xFFFF55, 0x5555FF, 0xFF55FF, 0x55FFFF, 0xFFFFFF,
  ])

  /// How much the two colours of a style differ, 1...21; reversing them changes nothing.
  func contrast(_ style: Style) -> Double {
    let front = luminance(style.foreground, own: isLight ? RGB(0, 0, 0) : RGB(255, 255, 255))
    let back = luminance(style.background, own: isLight ? RGB(255, 255, 255) : RGB(0, 0, 0))
    return (max(front, back) + 0.05) / (min(front, back) + 0.05)
  }

  private func luminance(_ colour: Colour, own: RGB) -> Double {
    let rgb: RGB
    switch colour {
    case .terminal: rgb = own
    case .indexed(let index): rgb = self.rgb(Int(index))
    }
    func linear(_ value: Int) -> Double {
      let share = Double(value) / 255
      return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * linear(rgb.x) + 0.7152 * linear(rgb.y) + 0.0722 * linear(rgb.z)
  }

  /// Colours 16...255 are the same on all terminals: a cube of six steps, and greys.
  private func rgb(_ index: Int) -> RGB {
    if index < 16 { return first16[index] }
    if index >= 232 { return RGB(repeating: 8 + 10 * (index - 232)) }
    let steps = [0, 95, 135, 175, 215, 255]
    let cube = index - 16
    return RGB(steps[cube / 36], steps[cube / 6 % 6], steps[cube % 6])
  }

  private static func rgb(_ values: [Int]) -> [RGB] {
    values.map { RGB($0 >> 16, $0 >> 8 & 255, $0 & 255) }
  }
}
