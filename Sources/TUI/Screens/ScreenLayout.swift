/// Where everything stands at a size: a pure function of it, so that nothing moves when values change.
struct ScreenLayout: Equatable, Sendable {
  /// How much fits.
  enum Kind: Equatable, Sendable {
    /// Not even one pane.
    case tooSmall
    /// One pane, the others as tabs.
    case single
    /// Four panes.
    case four
    /// Four panes, and Why and Runs beside them.
    case wide
  }

  /// How much fits.
  let kind: Kind
  /// The two lines on top.
  let header: Rect
  /// The line of keys at the bottom.
  let hint: Rect
  /// Everything between them.
  let body: Rect
  private let areas: [Pane: Rect]
  private let focus: Pane

  /// Below this there is no pane.
  static let smallest = Size(width: 40, height: 12)
  private static let smallestFour = Size(width: 110, height: 30)
  private static let smallestWide = Size(width: 180, height: 50)
  private static let sideWidth = 60
  /// Columns of the stage table with all its columns, and without those that all stages have alike.
  private static let wholeStagesWidth = 76
  private static let stagesWidth = 62

  /// The layout of a screen; `alone` gives all of it to the focused pane.
  ///
  /// - Parameters:
  ///   - side: Why, Compare or Runs, where one is open: it lies over the two panes, upper or lower, that it does not
  ///     speak of.
  ///   - pane: the pane that it speaks of.
  init(size: Size, focus: Pane, side: Pane? = nil, speaksOf pane: Pane = .frontier, alone: Bool = false) {
    self.focus = focus
    let all = Rect(x: 0, y: 0, width: max(0, size.width), height: max(0, size.height))
    let rest: Rect
    (header, rest) = all.splitRows(2)
    (body, hint) = rest.splitRows(rest.height - 1)
    func holds(_ least: Size) -> Bool { size.width >= least.width && size.height >= least.height }
    guard holds(ScreenLayout.smallest) else {
      kind = .tooSmall
      areas = [:]
      return
    }
    guard holds(ScreenLayout.smallestFour), !alone else {
      kind = .single
      areas = [focus: body]
      return
    }
    kind = holds(ScreenLayout.smallestWide) ? .wide : .four
    let (left, right) = body.splitColumns(body.width - (kind == .wide ? ScreenLayout.sideWidth : 0))
    let memoryRows = max(6, body.height / 4)
    let timelineRows = max(8, body.height / 3)
    let (top, bottom) = left.splitRows(left.height - memoryRows - timelineRows)
    let (memory, timeline) = bottom.splitRows(memoryRows)
    let isWhole = left.width >= 2 * ScreenLayout.wholeStagesWidth - 12
    let stagesWidth = isWhole ? max(ScreenLayout.wholeStagesWidth, left.width / 2) : ScreenLayout.stagesWidth
    let (frontier, stages) = top.splitColumns(left.width - stagesWidth)
    var areas: [Pane: Rect] = [.frontier: frontier, .stages: stages, .memory: memory, .timeline: timeline]
    if kind == .wide {
      let (upper, lower) = right.splitRows(right.height * 2 / 3)
      if side == .compare { areas[.compare] = right } else { (areas[.why], areas[.runs]) = (upper, lower) }
    } else if let side {
      let isAbove = pane == .memory || pane == .timeline
      areas[side] = isAbove ? top : bottom
      for covered in isAbove ? [Pane.frontier, .stages] : [.memory, .timeline] { areas[covered] = nil }
    }
    self.areas = areas
  }

  /// The place of a pane with its frame, or nil where it is not in sight.
  func area(_ pane: Pane) -> Rect? { areas[pane] }

  /// The pane with the keys.
  var focused: Pane { focus }

  /// Stages that every pane in sight has a row for.
  var stageRoom: Int {
    var room = Int.max
    if let area = areas[.stages] { room = min(room, StagesPane.rowRoom(area.height - 2)) }
    if let area = areas[.memory] { room = min(room, MemoryPane.rowRoom(area.height - 2)) }
    if let area = areas[.timeline] { room = min(room, TimelinePane.rowRoom(area.height - 2)) }
    return max(1, room == Int.max ? 16 : room)
  }
}
