import Engine

/// A screen that shows one answer under the two header lines, for `brume render --screen`.
protocol AnswerScreen {
  /// Its title, in the frame.
  var title: String { get }
  /// A remark at the right of the title, short; empty for none.
  var remark: String { get }
  /// What the signs mean, for the lower line of the frame.
  var legend: Legend { get }
  /// Draws inside of the frame.
  func draw(_ canvas: inout Canvas, _ area: Rect)
}

/// Draws how time falls with the points of an axis, at any size; `state` shows the plan of the header.
public func render(
  _ state: ExplorerState, scaling points: [SweepPoint], axis: FrontierAxis, size: Size
) -> Frame {
  render(state, ScalingScreen(points: points, axis: axis, charset: state.look.charset), size: size)
}

/// Draws how the best plans fare where the hardware is off, at any size; nil says that nothing was judged.
public func render(_ state: ExplorerState, robust report: RobustReport?, size: Size) -> Frame {
  render(state, RobustScreen(report: report), size: size)
}

private func render(_ state: ExplorerState, _ screen: some AnswerScreen, size: Size) -> Frame {
  renderAlone(state, size: size) { _, canvas, body in
    canvas.inside(body) { canvas in
      let inner = canvas.box(body, .frame)
      let end = canvas.put(" \(screen.title) ", x: body.x + 2, y: body.y, .title, width: body.width - 4)
      let remark = " \(screen.remark) "
      let width = CharacterWidth.of(remark)
      if !screen.remark.isEmpty, end + 1 + width <= body.maxX - 1 {
        canvas.put(remark, x: body.maxX - 1 - width, y: body.y, .muted)
      }
      screen.legend.draw(&canvas, frame: body)
      canvas.inside(inner) { screen.draw(&$0, inner) }
    }
  }
}

/// A table of right-aligned columns, the most useful first: those that do not fit are left out, but for the last.
struct AnswerTable {
  /// Titles of the columns.
  var titles: [String]
  /// Rows of cells, each with its role.
  var rows: [(cells: [String], role: Role)]

  /// Draws the title and the rows, as many as fit; the last column is a remark, left-aligned.
  func draw(_ canvas: inout Canvas, _ area: Rect) {
    guard area.height > 0, let remark = titles.indices.last else { return }
    let widths = titles.indices.map { column in
      ([titles] + rows.map(\.cells)).map { column < $0.count ? CharacterWidth.of($0[column]) : 0 }.max() ?? 0
    }
    var shown: [Int] = []
    // The remark gets a third of the width, where it is that long.
    var used = 1 + min(widths[remark], area.width / 3)
    for column in titles.indices.dropLast() where used + widths[column] + 2 <= area.width {
      shown.append(column)
      used += widths[column] + 2
    }
    for (offset, row) in ([(cells: titles, role: Role.muted)] + rows).enumerated() where offset < area.height {
      var end = area.x + 1
      for column in shown {
        end += widths[column] + 2
        canvas.putRight(column < row.cells.count ? row.cells[column] : "", end: end - 2, y: area.y + offset, row.role)
      }
      guard remark < row.cells.count else { continue }
      canvas.put(row.cells[remark], x: end, y: area.y + offset, row.role, width: area.maxX - end)
    }
  }
}
