import Engine

/// The plan's own row above the stages: its choices, one of them under the cursor.
struct PlanRow {
  /// The state that it tells of.
  let state: ExplorerState
  /// The plan on the screen.
  let plan: Plan

  /// Draws into one row; scrolled sideways so that the choice under the cursor can be seen.
  func draw(_ canvas: inout Canvas, _ area: Rect) {
    let isCursor = state.stageRow < 0
    canvas.put((isCursor ? "▸" : " ") + "plan", x: area.x, y: area.y, width: area.width)
    let cells = state.planCells
    let texts = cells.map(text)
    let cursor = cells.firstIndex(of: state.selectedPlanCell) ?? 0
    let left = area.x + 7
    var first = 0
    func end(_ from: Int) -> Int { texts[from...cursor].reduce(left - 2) { $0 + CharacterWidth.of($1) + 2 } }
    while isCursor, first < cursor, end(first) > area.maxX { first += 1 }
    var column = left
    for index in cells.indices.dropFirst(first) where column + CharacterWidth.of(texts[index]) <= area.maxX {
      let place = Rect(x: column, y: area.y, width: CharacterWidth.of(texts[index]), height: 1)
      let isHeld = state.request.pins.isHeld(cells[index], of: plan)
      canvas.put(texts[index], x: place.x, y: place.y, isHeld ? .key : .text)
      if isHeld { canvas.put("*", x: place.x - 1, y: place.y, .key) }
      canvas.hit(place, .planCell(cells[index].knob))
      if isCursor, state.focus == .stages, index == cursor { canvas.select(place) }
      column = place.maxX + 2
    }
    guard let idle = state.workload.cluster.idleLabel(plan.idleNodes(of: state.workload.cluster)) else { return }
    if column + CharacterWidth.of(idle) <= area.maxX { canvas.put(idle, x: column, y: area.y) }
  }

  /// `S 4`, `SP off`, `1F1B`.
  private func text(_ cell: PlanCell) -> String {
    switch cell.knob {
    case .stages: return "S \(plan.stages.count)"
    case .gradientAccumulation: return "G \(plan.gradientAccumulation)"
    case .sequenceParallel: return "SP \(plan.sequenceParallel ? "on" : "off")"
    case .contextParallel: return "cp \(plan.contextParallel)"
    case .schedule: return plan.schedule.rawValue.uppercased()
    case .interleave: return "v \(plan.interleave)"
    case .recompute: return "ckpt \(Self.value(cell, in: plan))"
    default:
      guard let column = StageColumn.all.first(where: { $0.knob == cell.knob }), let stage = plan.stages.first
      else { return cell.title }
      return "\(column.title) \(column.value(stage, []))"
    }
  }

  /// The value of a cell of the plan's row as people write it: `mixed` where the stages differ.
  static func value(_ cell: PlanCell, in plan: Plan) -> String {
    let values = plan.stages.indices.compactMap { PlanCell(cell.knob, stage: $0).value(in: plan) }
    guard cell.stages != nil else { return cell.value(in: plan).map(cell.knob.text) ?? "" }
    return Set(values).count == 1 ? cell.knob.text(values.first ?? 0) : "mixed"
  }
}

/// How a pinned value looks: in the colour of keys, with a star before it where there is room, else underlined.
enum PinMark {
  /// Writes the value right-aligned into its cell.
  static func put(_ text: String, _ canvas: inout Canvas, _ cell: Rect, gap: Int) {
    var style = canvas.look.style(.key)
    let start = cell.maxX - CharacterWidth.of(text)
    if start > cell.x || gap > 0 {
      canvas.put("*", x: start - 1, y: cell.y, style: style)
    } else {
      style.underline = true
    }
    canvas.put(text, x: start, y: cell.y, style: style)
  }
}
