/// What a pane puts into its frame.
protocol PaneView {
  /// The state that it shows.
  var state: ExplorerState { get }
  /// Which pane it is.
  var pane: Pane { get }
  /// A remark at the right of the title, short; empty for none.
  var remark: String { get }
  /// What the signs mean, for the lower line of the frame.
  var legend: Legend { get }
  /// Draws inside of the frame.
  func draw(_ canvas: inout Canvas, _ area: Rect)
}

extension PaneView {
  /// Draws frame, title and content of one of four panes.
  func drawFramed(_ canvas: inout Canvas, _ area: Rect) {
    let isFocused = state.focus == pane
    canvas.inside(area) { canvas in
      canvas.hit(area, .pane(pane.rawValue))
      let inner = canvas.box(area, .frame)
      // Only the line of the title tells the focus: the sides would more than double what a change of pane sends.
      let edge = canvas.look.style(.focus)
      if isFocused { canvas.restyle(area.splitRows(1).0) { $0 = edge } }
      let title = " \(isFocused ? "▸" : "")\(pane.rawValue) \(pane.title) "
      let style = isFocused ? focusStyle(canvas) : canvas.look.style(.title)
      let end = canvas.put(title, x: area.x + 2, y: area.y, style: style, width: area.width - 4)
      putRemark(&canvas, area, after: end)
      if state.shown != nil { legend.draw(&canvas, frame: area) }
      canvas.inside(inner) { draw(&$0, inner) }
    }
  }

  /// Draws the pane over the whole body, with the others as tabs in its frame.
  func drawTabbed(_ canvas: inout Canvas, _ area: Rect) {
    canvas.inside(area) { canvas in
      let inner = canvas.box(area, .focus)
      var column = area.x + 1
      for tab in Pane.allCases {
        let isFocused = tab == pane
        let short = area.width < 64 && !isFocused
        let title = short ? " \(tab.rawValue) " : " \(isFocused ? "▸" : "")\(tab.rawValue) \(tab.title) "
        let width = CharacterWidth.of(title)
        guard column + width < area.maxX - 1 else { break }
        canvas.put(title, x: column, y: area.y, style: isFocused ? focusStyle(canvas) : canvas.look.style(.title))
        canvas.hit(Rect(x: column, y: area.y, width: width, height: 1), .pane(tab.rawValue))
        column += width + (short ? 0 : 1)
      }
      putRemark(&canvas, area, after: column)
      if state.shown != nil { legend.draw(&canvas, frame: area) }
      canvas.inside(inner) { draw(&$0, inner) }
    }
  }

  /// The title of the focused pane: reversed where the theme has no colour for it, as bold alone is easily missed.
  private func focusStyle(_ canvas: Canvas) -> Style {
    var style = canvas.look.style(.focus)
    if style.foreground == .terminal { style.reverse = true }
    return style
  }

  private func putRemark(_ canvas: inout Canvas, _ area: Rect, after column: Int) {
    let text = " \(remark) "
    let width = CharacterWidth.of(text)
    guard !remark.isEmpty, column + 1 + width <= area.maxX - 1 else { return }
    canvas.put(text, x: area.maxX - 1 - width, y: area.y, state.isPreview && pane == .frontier ? .news : .muted)
  }
}

extension Pane {
  /// The view of this pane on a state.
  func view(_ state: ExplorerState) -> any PaneView {
    switch self {
    case .frontier: FrontierPane(state: state)
    case .stages: StagesPane(state: state)
    case .memory: MemoryPane(state: state)
    case .timeline: TimelinePane(state: state)
    case .why: WhyPane(state: state)
    case .compare: ComparePane(state: state)
    case .runs: RunsPane(state: state)
    }
  }
}
