import Engine

/// What the person insists on.
extension ExplorerState {
  /// Pins the cells at their present values, or releases them where all are pinned.
  mutating func togglePins(_ cells: [PlanCell], _ name: String) -> [Effect] {
    guard let plan = editedPlan, !cells.isEmpty else { return [] }
    let release = cells.allSatisfy { request.pins.isHeld($0, of: plan) }
    let effects = edit((release ? "unpin " : "pin ") + name) { draft in
      draft.plan = plan
      draft.pins = release ? draft.pins.releasing(cells, of: plan) : draft.pins.holding(cells, as: plan)
    }
    _ = say("\(name): \(release ? "free again" : "pinned; \(keyText("plan.solve")) solves the rest")", .text)
    return effects
  }

  /// Pins the cell under the cursor, or releases it.
  mutating func togglePin() -> [Effect] {
    guard case .plan(let cell) = cellUnderCursor, let plan = editedPlan else {
      return say("only choices of the plan can be pinned", .warning)
    }
    let cells = cell.knob == .nodes ? [cell, PlanCell(.gpusPerNode, stages: cell.stages)] : [cell]
    return togglePins(cells, cell.value(in: plan).map(cell.command) ?? cell.title)
  }

  /// Pins all choices of the row under the cursor, or releases them.
  mutating func toggleRowPins() -> [Effect] {
    guard stageRow > Self.runRow else { return say("the run is not pinned: it stays as it is set", .warning) }
    guard let row = selectedRow else {
      return togglePins(ExplorerState.ofPlan.map { PlanCell($0) }, "the plan's own choices")
    }
    let name = (row.count == 1 ? "stage " : "stages ") + StageGroups.label(row)
    return togglePins(ExplorerState.ofStage.map { PlanCell($0, stages: row) }, name)
  }

  /// Pins the whole plan, or releases it.
  mutating func togglePlanPins() -> [Effect] {
    guard let plan = editedPlan else { return [] }
    let cells =
      ExplorerState.ofPlan.map { PlanCell($0) }
      + ExplorerState.ofStage.map { PlanCell($0, stages: plan.stages.indices) }
    return togglePins(cells, "the whole plan")
  }

  /// Releases everything.
  mutating func unpinAll() -> [Effect] {
    let effects = edit("unpin everything") { $0.pins = PlanPins() }
    _ = say("nothing is pinned", .text)
    return effects
  }

  /// Choices of the plan that a row pins: interleaving says which schedule it is.
  private static let ofPlan: [PlanKnob] = [
    .stages, .gradientAccumulation, .interleave, .sequenceParallel, .contextParallel,
  ]

  /// Choices of a stage that a row pins.
  private static let ofStage: [PlanKnob] = PlanKnob.allCases.filter { !$0.isOfPlan }

  /// The pins that a plan keeps: a preview, or one that was taken over them, may break some.
  func keptPins(of plan: Plan) -> PlanPins {
    let broken = request.pins.broken(by: plan)
    return PlanPins(request.pins.pins.filter { !broken.contains($0) })
  }

  // MARK: solving the rest

  /// What a search is asked for: where a stage is pinned by its number, the plan keeps as many stages as it has.
  var asked: TuneRequest {
    var asked = request
    if asked.pins.holdsStageCount, let plan = editedPlan {
      asked.pins.pins.append(Pin(.stages, PinValues(plan.stages.count)))
    }
    return asked
  }

  /// Takes what was found for these pins, or searches for it and takes it when it comes.
  mutating func solve() -> [Effect] {
    if search.pins == asked.pins, search.space == request.space, let best = plans.best, !search.isLooking {
      return take(best, "solve the rest")
    }
    let effects = startSearch(anew: true)
    solving = draft
    return effects
  }

  /// A search has ended that the person has asked for: its plan is theirs, unless they have gone on editing.
  mutating func takeSolved(_ result: TuneResult) -> [Effect] {
    defer { solving = nil }
    guard let solving else { return [] }
    guard let best = result.best else {
      _ = say(conflict(result), .bad)
      return []
    }
    guard solving == draft else { return [] }
    return take(best, "solve the rest")
  }

  /// Why nothing fits: the smallest set of pins that cannot all hold.
  func conflict(_ result: TuneResult) -> String {
    guard let reason = result.infeasibility else { return "the search was stopped before it found a plan" }
    let names = reason.pins.map(\.text) + reason.constraints
    switch names.count {
    case 0: return "no plan fits, whatever is pinned"
    case 1: return "no plan has \(names[0]): unpin it (p on it, or u)"
    default: return "unpin one, they cannot all hold: \(names.joined(separator: ", "))"
    }
  }
}
