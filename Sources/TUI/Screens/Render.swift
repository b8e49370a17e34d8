/// Draws the whole screen of a state: pure, exactly `size` cells, at any size.
public func render(_ state: ExplorerState, size: Size) -> Frame {
  renderUnderHeader(state, size: size) { state, layout, canvas in
    for pane in Pane.allCases {
      guard let area = layout.area(pane) else { continue }
      let view = pane.view(state)
      if layout.kind == .single { view.drawTabbed(&canvas, area) } else { view.drawFramed(&canvas, area) }
    }
    canvas.inside(layout.body) { DialogView(state: state).draw(&$0, layout.body) }
    canvas.inside(layout.hint) { HintLine(state: state).draw(&$0, layout.hint) }
  }
}

/// Draws one pane over the whole size, under the two header lines: for `brume render --screen`.
public func render(_ state: ExplorerState, pane: Pane, size: Size) -> Frame {
  var state = state
  state.focus = pane
  return renderAlone(state, size: size) { alone, canvas, body in pane.view(alone).drawFramed(&canvas, body) }
}

/// Draws one thing over the whole size, under the two header lines: without dialogs, and with the line of keys as part
/// of its body.
///
/// - Parameter draw: draws into the body; the state is the one that stands alone at this size.
func renderAlone(
  _ state: ExplorerState, size: Size, _ draw: (ExplorerState, inout Canvas, Rect) -> Void
) -> Frame {
  var alone = state
  alone.isAlone = true
  alone.dialog = nil
  return renderUnderHeader(alone, size: size) { alone, layout, canvas in
    let body = Rect(
      x: layout.body.x, y: layout.body.y, width: layout.body.width, height: layout.body.height + layout.hint.height)
    draw(alone, &canvas, body)
  }
}

/// Draws the two header lines of a state at a size, and what `draw` adds; or that the size is too small for both.
private func renderUnderHeader(
  _ state: ExplorerState, size: Size, _ draw: (ExplorerState, ScreenLayout, inout Canvas) -> Void
) -> Frame {
  var canvas = Canvas(size: size, look: state.look)
  var state = state
  state.size = canvas.frame.size
  let layout = state.layout
  guard layout.kind != .tooSmall else {
    drawTooSmall(state, &canvas)
    return canvas.frame
  }
  canvas.inside(layout.header) { HeaderView(state: state).draw(&$0, layout.header) }
  draw(state, layout, &canvas)
  return canvas.frame
}

/// Says that the screen is too small, with the time of the plan.
private func drawTooSmall(_ state: ExplorerState, _ canvas: inout Canvas) {
  let width = canvas.frame.size.width
  var lines = ["too small"]
  if let shown = state.shown { lines.insert(Format.stepSeconds(shown.score.iterationSeconds) + "/iter", at: 0) }
  lines.append("needs \(ScreenLayout.smallest.width)x\(ScreenLayout.smallest.height)")
  lines.append(state.keyText("app.quit") + " quits")
  for (row, line) in lines.enumerated() where row < canvas.frame.size.height {
    canvas.put(line, x: 0, y: row, row == 0 ? .headerStrong : .text, width: width)
  }
}
