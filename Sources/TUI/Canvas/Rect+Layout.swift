extension Rect {
  /// One past the last column.
  var maxX: Int { x + width }
  /// One past the last row.
  var maxY: Int { y + height }
  /// True where there is not a single cell.
  var isEmpty: Bool { width <= 0 || height <= 0 }

  /// True when the cell lies in it.
  func contains(x column: Int, y row: Int) -> Bool {
    column >= x && column < maxX && row >= y && row < maxY
  }

  /// The common part; its width and height are never negative.
  func intersection(_ other: Rect) -> Rect {
    let left = max(x, other.x)
    let top = max(y, other.y)
    return Rect(
      x: left, y: top, width: max(0, min(maxX, other.maxX) - left), height: max(0, min(maxY, other.maxY) - top))
  }

  /// Smaller by `columns` at the left and right and by `rows` at the top and bottom.
  func inset(columns: Int, rows: Int) -> Rect {
    Rect(x: x + columns, y: y + rows, width: max(0, width - 2 * columns), height: max(0, height - 2 * rows))
  }

  /// The first `count` rows and the rest.
  func splitRows(_ count: Int) -> (Rect, Rect) {
    let first = min(max(0, count), max(0, height))
    return (
      Rect(x: x, y: y, width: width, height: first),
      Rect(x: x, y: y + first, width: width, height: max(0, height - first))
    )
  }

  /// The first `count` columns and the rest.
  func splitColumns(_ count: Int) -> (Rect, Rect) {
    let first = min(max(0, count), max(0, width))
    return (
      Rect(x: x, y: y, width: first, height: height),
      Rect(x: x + first, y: y, width: max(0, width - first), height: height)
    )
  }

  /// A rectangle of at most that size in the middle of this one.
  func centred(width wanted: Int, height wantedHeight: Int) -> Rect {
    let columns = min(width, max(0, wanted))
    let rows = min(height, max(0, wantedHeight))
    return Rect(x: x + (width - columns) / 2, y: y + (height - rows) / 2, width: columns, height: rows)
  }
}
