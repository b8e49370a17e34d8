/// Counts of points per dot of a cell: 2x4 dots in braille, 2x2 in quadrants, one in ASCII.
struct DotGrid {
  /// Columns and rows of cells.
  let size: Size
  private let charset: Charset
  private let across: Int
  private let down: Int
  private var counts: [Int32]

  /// An empty grid of cells.
  init(size: Size, charset: Charset) {
    self.size = size
    self.charset = charset
    across = charset == .ascii ? 1 : 2
    down = charset == .braille ? 4 : charset == .block ? 2 : 1
    counts = [Int32](repeating: 0, count: max(0, size.width * across * size.height * down))
  }

  /// Adds a point at shares 0...1 of width (from the left) and height (from the top); others are not drawn.
  mutating func add(x: Double, y: Double) {
    guard x >= 0, x <= 1, y >= 0, y <= 1, size.width > 0, size.height > 0 else { return }
    let columns = size.width * across
    let rows = size.height * down
    let column = min(columns - 1, Int(bounded: x * Double(columns)))
    let row = min(rows - 1, Int(bounded: y * Double(rows)))
    counts[row * columns + column] &+= 1
  }

  /// What stands in a cell, or nil where it is empty.
  func character(column: Int, row: Int) -> Character? {
    var bits = 0
    var total: Int32 = 0
    for dy in 0..<down {
      for dx in 0..<across {
        let count = counts[(row * down + dy) * size.width * across + column * across + dx]
        if count > 0 { bits |= 1 << (dy * across + dx) }
        total &+= count
      }
    }
    guard bits != 0 else { return nil }
    switch charset {
    case .ascii: return total > 9 ? "*" : total > 2 ? ":" : "."
    case .block: return DotGrid.quadrants[bits]
    case .braille: return DotGrid.braille(bits)
    }
  }

  /// Quadrants by bits: 1 upper left, 2 upper right, 4 lower left, 8 lower right.
  private static let quadrants: [Character] = [
    " ", "▘", "▝", "▀", "▖", "▌", "▞", "▛", "▗", "▚", "▐", "▜", "▄", "▙", "▟", "█",
  ]

  /// Braille numbers its dots 1 2 3 7 down the left and 4 5 6 8 down the right.
  private static func braille(_ bits: Int) -> Character {
    let dots: [UInt32] = [0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80]
    var pattern: UInt32 = 0x2800
    for bit in 0..<8 where bits & (1 << bit) != 0 { pattern |= dots[bit] }
    return Unicode.Scalar(pattern).map(Character.init) ?? "."
  }
}
