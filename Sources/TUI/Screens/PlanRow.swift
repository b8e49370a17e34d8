import Engine

/// The plan's own row above the stages: its choices, one of them under the cursor.
struct PlanRow {
  /// The state that it tells of.
  let state: ExplorerState
  /// The plan on the screen.
  let plan: Plan

  /// Draws into one row.
  func draw(_ canvas: inout Canvas, _ area: Rect) {
    let cells = state.planCells
    let row = CellRow(
      label: "plan", texts: cells.map(text), held: cells.map { state.request.pins.isHeld($0, of: plan) },
      cursor: state.stageRow == -1 ? cells.firstIndex(of: state.selectedPlanCell) : nil,
      hasKeys: state.showsCursor(of: .stages))
    let end = row.draw(&canvas, area) { .planCell(cells[$0].knob) }
    guard let idle = state.workload.cluster.idleLabel(plan.idleNodes(of: state.workload.cluster)) else { return }
    if end + CharacterWidth.of(idle) <= area.maxX { canvas.put(idle, x: end, y: area.y) }
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

/// The row above the plan's: the choices of the run.
struct RunRow {
  /// The state that it tells of.
  let state: ExplorerState

  /// Draws into one row.
  func draw(_ canvas: inout Canvas, _ area: Rect) {
    let knobs = ExplorerState.runKnobs
    let row = CellRow(
      label: "run", texts: knobs.map(text), held: [],
      cursor: state.stageRow <= ExplorerState.runRow ? knobs.firstIndex(of: state.runKnob) : nil,
      hasKeys: state.showsCursor(of: .stages))
    _ = row.draw(&canvas, area) { .runCell(knobs[$0]) }
  }

  /// `batch 512`, `4 nodes`, `bf16`.
  private func text(_ knob: WorkloadKnob) -> String {
    let value = knob.text(of: state.workload)
    switch knob {
    case .batch, .sequence: return "\(knob.title) \(value)"
    case .nodes: return value == "1" ? "1 node" : "\(value) nodes"
    case .gpusPerNode: return "× \(value)"
    case .launcher: return HeaderView(state: state).launcher
    case .attention: return value == "none" ? "unfused" : value
    case .memoryShare: return "mem \(value)"
    case .cluster, .precision: return value
    }
  }
}

/// A row of cells that the cursor moves along.
struct CellRow {
  /// What stands before them, four columns at most.
  let label: String
  /// What they say.
  let texts: [String]
  /// Which are pinned; empty for none.
  let held: [Bool]
  /// The one under the cursor; nil where the cursor is elsewhere.
  let cursor: Int?
  /// The pane has the keys.
  let hasKeys: Bool

  /// Draws into one row, scrolled sideways so that the one under the cursor can be seen; returns the column after.
  func draw(_ canvas: inout Canvas, _ area: Rect, target: (Int) -> HitTarget) -> Int {
    canvas.put((cursor != nil ? "▸" : " ") + label, x: area.x, y: area.y, width: area.width)
    let left = area.x + 7
    var first = 0
    if let cursor {
      func end(_ from: Int) -> Int { texts[from...cursor].reduce(left - 2) { $0 + CharacterWidth.of($1) + 2 } }
      while first < cursor, end(first) > area.maxX - 1 { first += 1 }
    }
    var column = left
    for index in texts.indices.dropFirst(first) {
      let place = Rect(x: column, y: area.y, width: CharacterWidth.of(texts[index]), height: 1)
      guard place.maxX <= area.maxX else {
        if column < area.maxX { canvas.put("▸", x: area.maxX - 1, y: area.y, .key) }
        break
      }
      let isHeld = held.indices.contains(index) && held[index]
      canvas.put(texts[index], x: place.x, y: place.y, isHeld ? .key : .text)
      if isHeld { canvas.put("*", x: place.x - 1, y: place.y, .key) }
      canvas.hit(place, target(index))
      if index == cursor, hasKeys { canvas.select(place) }
      column = place.maxX + 2
    }
    if first > 0 { canvas.put("◂", x: left - 2, y: area.y, .key) }
    return column
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
