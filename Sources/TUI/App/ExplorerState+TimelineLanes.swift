import Engine

/// Which stages of the timeline show their lanes.
enum TimelineLaneChoice: Sendable, Equatable {
  /// The selected one, as many lanes as there are rows left.
  case automatic
  /// The selected one, all of them: other stages scroll.
  case selected
  /// Every stage.
  case all
  /// No stage.
  case none

  /// The next one, and what to say of it.
  var next: (choice: TimelineLaneChoice, text: String) {
    switch self {
    case .automatic: (.selected, "all lanes of the selected stage")
    case .selected: (.all, "the lanes of every stage")
    case .all: (.none, "a row a stage, without lanes")
    case .none: (.automatic, "as many lanes of the selected stage as there is room for")
    }
  }
}

extension ExplorerState {
  /// Opens or closes the lanes of the timeline.
  mutating func changeTimelineLanes() -> [Effect] {
    let next = timeline.lanes.next
    timeline.lanes = next.choice
    return say(next.text, .text)
  }

  // MARK: mouse

  /// The timeline's columns on the screen and the moments that they show, where it is in sight.
  private var timelineScale: (columns: Rect, scale: TimelineScale)? {
    guard dialog == nil, let area = layout.area(.timeline) else { return nil }
    return TimelinePane(state: self).scale(area.inset(columns: 1, rows: 1))
  }

  /// Handles what the mouse does on the timeline; false where that is not about its picture.
  ///
  /// A press sets the cursor, dragging moves the picture with the pointer, the wheel zooms around it.
  mutating func handleTimelineMouse(_ mouse: MouseEvent) -> Bool {
    if mouse.action == .release { timeline.grip = nil }
    guard let (columns, scale) = timelineScale else { return false }
    let isInside = columns.contains(x: mouse.x, y: mouse.y)
    switch mouse.action {
    case .wheelUp, .wheelDown:
      guard isInside else { return false }
      zoomTimeline(closer: mouse.action == .wheelUp, column: mouse.x - columns.x, scale)
      return true
    case .press:
      guard isInside else { return false }
      timeline.grip = TimelineViewState.Grip(column: mouse.x, scale: scale)
      // Selecting the stage and the pane is left to what stands there.
      if let moments = scale.moments(column: mouse.x - columns.x) { timeline.cursorSeconds = moments.lowerBound }
      return false
    case .drag:
      guard let grip = timeline.grip, grip.scale.width == scale.width else { return false }
      timeline.centreSeconds = grip.scale.centre(column: scale.width / 2 - (mouse.x - grip.column))
      return true
    case .release: return false
    }
  }

  /// Zooms so that the moment at a column stays there.
  private mutating func zoomTimeline(closer: Bool, column: Int, _ old: TimelineScale) {
    guard let time = visibleTime, let moments = old.moments(column: max(0, column)) else { return }
    let zoom = closer ? timeline.zoom * 2 : timeline.zoom / 2
    timeline.zoom = max(1, min(TimelineViewState.mostZoom, zoom))
    let new = TimelineScale(time: time, width: old.width, zoom: Double(timeline.zoom), centre: 0)
    let place = new.column(of: (moments.lowerBound + moments.upperBound) / 2)
    timeline.centreSeconds = new.centre(column: place - column + old.width / 2)
  }
}
