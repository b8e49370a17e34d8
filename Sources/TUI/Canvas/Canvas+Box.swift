extension Canvas {
  /// Draws a frame and returns its inside; areas too small for one stay as they are.
  @discardableResult
  mutating func box(_ area: Rect, _ role: Role) -> Rect {
    guard area.width >= 2, area.height >= 2 else { return area }
    let line = String(repeating: "─", count: area.width - 2)
    put("┌" + line + "┐", x: area.x, y: area.y, role)
    put("└" + line + "┘", x: area.x, y: area.maxY - 1, role)
    for y in area.y + 1..<area.maxY - 1 {
      put("│", x: area.x, y: y, role)
      put("│", x: area.maxX - 1, y: y, role)
    }
    return area.inset(columns: 1, rows: 1)
  }

  /// Marks a row, a cell or a button as the one under the cursor.
  mutating func select(_ area: Rect, _ role: Role = .selected) {
    let selected = look.style(role)
    restyle(area) { style in
      // A line under a pinned value stays: it may be its only sign.
      let isUnderlined = style.underline
      style = selected
      if isUnderlined { style.underline = true }
    }
  }
}
