/// What differs between two frames, as runs of cells in a row.
///
/// The first of two steps: this one finds what changed and counts exactly; `FramePainter` then finds the shortest bytes.
struct FrameDiff: Equatable {
  /// Neighbouring cells of a row that changed.
  struct Run: Equatable {
    /// Row, from 0.
    var row: Int
    /// First column, from 0, and the one after the last.
    var columns: Range<Int>
  }

  /// Top to bottom, left to right; never empty ones.
  private(set) var runs: [Run] = []
  /// Cells in all runs.
  private(set) var changedCells = 0

  /// Compares in O(cells). Without a frame before, or with one of another size, everything changed.
  init(from before: Frame?, to after: Frame) {
    let width = after.size.width
    guard width > 0, after.size.height > 0 else { return }
    guard let before, before.size == after.size else {
      runs = (0..<after.size.height).map { Run(row: $0, columns: 0..<width) }
      changedCells = after.cells.count
      return
    }
    for row in 0..<after.size.height {
      compareRow(row, width: width, before: before.cells, after: after.cells)
    }
  }

  /// Adds the runs of one row.
  private mutating func compareRow(_ row: Int, width: Int, before: [Cell], after: [Cell]) {
    let offset = row * width
    var start: Int?
    for column in 0...width {
      let changed = column < width && before[offset + column] != after[offset + column]
      if changed {
        if start == nil { start = column }
        changedCells += 1
      } else if let first = start {
        runs.append(Run(row: row, columns: first..<column))
        start = nil
      }
    }
  }
}
