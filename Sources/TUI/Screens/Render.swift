/// Draws the whole screen of a state: pure, exactly `size` cells, at any size.
public func render(_ state: ExplorerState, size: Size) -> Frame {
  var canvas = Canvas(size: size, look: state.look)
  var state = state
  state.size = canvas.frame.size
  let layout = state.layout
  guard layout.kind != .tooSmall else {
    drawTooSmall(state, &canvas)
    return canvas.frame
  }
  canvas.inside(layout.header) { HeaderView(state: state).draw(&$0, layout.header) }
  for pane in Pane.allCases {
    guard let area = layout.area(pane) else { continue }
    let view = pane.view(state)
    if layout.kind == .single { view.drawTabbed(&canvas, area) } else { view.drawFramed(&canvas, area) }
  }
  if layout.kind == .wide { StageDetails(state: state).draw(&canvas, layout.details) }
  canvas.inside(layout.body) { DialogView(state: state).draw(&$0, layout.body) }
  canvas.inside(layout.hint) { HintLine(state: state).draw(&$0, layout.hint) }
  return canvas.frame
}

/// Draws one pane over the whole size, under the two header lines: for `brume render --screen`.
public func render(_ state: ExplorerState, pane: Pane, size: Size) -> Frame {
  var alone = state
  alone.focus = pane
  alone.isAlone = true
  alone.dialog = nil
  var canvas = Canvas(size: size, look: state.look)
  alone.size = canvas.frame.size
  let layout = alone.layout
  guard layout.kind != .tooSmall else {
    drawTooSmall(alone, &canvas)
    return canvas.frame
  }
  canvas.inside(layout.header) { HeaderView(state: alone).draw(&$0, layout.header) }
  let body = Rect(
    x: layout.body.x, y: layout.body.y, width: layout.body.width, height: layout.body.height + layout.hint.height)
  pane.view(alone).drawFramed(&canvas, body)
  return canvas.frame
}

/// Says that the screen is too small, with the time of the plan.
func drawTooSmall(_ state: ExplorerState, _ canvas: inout Canvas) {
  let width = canvas.frame.size.width
  var lines = ["too small"]
  if let shown = state.shown { lines.insert(Format.stepSeconds(shown.score.iterationSeconds) + "/iter", at: 0) }
  lines.append("needs \(ScreenLayout.smallest.width)x\(ScreenLayout.smallest.height)")
  lines.append("q quits")
  for (row, line) in lines.enumerated() where row < canvas.frame.size.height {
    canvas.put(line, x: 0, y: row, row == 0 ? .headerStrong : .text, width: width)
  }
}
