import Engine

/// Changes the state for one event and says what the outside must do; it does nothing else and reads no clock.
///
/// Whatever changes the shown plan also asks for its schedule, once, and for what the Why pane in sight shows.
public func update(_ state: inout ExplorerState, _ event: Event) -> [Effect] {
  var effects: [Effect] = []
  switch event {
  case .key(let key):
    state.message = nil
    effects = state.dialog == nil ? press(key, &state) : state.handleDialogKey(key)
  case .paste(let text): state.paste(text)
  case .mouse(let mouse): state.handle(mouse)
  case .resize(let size): state.size = Size(width: max(0, size.width), height: max(0, size.height))
  case .engine(let message, let generation): effects = state.receive(message, generation: generation)
  case .list(let message, let ticket): state.receive(message, ticket: ticket)
  case .why(let message, let ticket): state.receive(message, ticket: ticket)
  case .marginal(let message, let ticket): state.receive(message, ticket: ticket)
  case .compare(let message, let ticket): state.receive(message, ticket: ticket)
  case .sizes(let message, let ticket): state.receive(message, ticket: ticket)
  case .saved(let path, let error): state.finishSaving(path: path, error: error)
  case .exists(let path): state.askToOverwrite(path: path)
  case .exported(let answer): state.finishExport(answer)
  case .imported(let answer, let ticket): effects = state.finishImport(answer, ticket: ticket)
  case .settingsSaved(let error): state.finishSavingSettings(error: error)
  case .session(let message): state.receive(message)
  case .copied(let path, let error): state.finishCopying(path: path, error: error)
  }
  state.gatherExperience()
  return effects + state.awaitTimeline() + state.awaitWhy() + state.awaitComparison() + state.handOverSession()
}

/// Starts the first search.
public func start(_ state: inout ExplorerState) -> [Effect] {
  let effects = state.startSearch()
  return effects + state.awaitTimeline() + state.awaitWhy() + state.handOverSession()
}

/// Goes to a pane, as its key does.
public func open(_ pane: Pane, _ state: inout ExplorerState) -> [Effect] {
  state.focus = pane
  return state.awaitTimeline() + state.awaitComparison() + state.awaitWhy()
}

private func press(_ key: Key, _ state: inout ExplorerState) -> [Effect] {
  Command.of(key, in: state)?.action(&state) ?? []
}

extension ExplorerState {
  /// Most schedules that are kept.
  private static let mostTimelines = 8

  /// Asks for the schedule of the shown plan if it is not known and was not just asked for.
  fileprivate mutating func awaitTimeline() -> [Effect] {
    guard let plan = shown?.plan, plan != awaitedTimeline, shownTimeline == nil else { return [] }
    awaitedTimeline = plan
    return [.timeline(plan, generation: search.generation)]
  }

  /// Takes in what the engine says; nothing here moves a cursor or replaces a plan that the person has taken.
  fileprivate mutating func receive(_ message: EngineMessage, generation: Int) -> [Effect] {
    switch message {
    case .timeline(let plan, let timeline) where generation >= openedGeneration:
      keep(timeline, of: plan)
      return []
    case .scored(let plan, let timeline) where generation >= openedGeneration:
      keep(timeline, of: plan.plan)
      receive(scored: plan)
      return []
    case .unscored(let plan, let reason) where generation >= openedGeneration && plans.edited == plan:
      plans.edited = nil
      return say("not scored: \(reason)", .bad)
    default: break
    }
    guard generation == search.generation else { return [] }
    switch message {
    case .tune(.improved(let plan)): improve(plan)
    case .tune(.considered(let plans)): search.add(plans)
    case .tune(.progress(let progress)): search.progress = progress
    case .tune(.frontierPoint(let point)):
      search.sweptPoints += 1
      search.add(point.best)
    case .tuned(let result): return finish(result)
    case .frontierDone:
      search.phase = .done
      return followSizes()
    case .timeline, .scored, .unscored: break
    }
    return []
  }

  private mutating func keep(_ timeline: Timeline, of plan: Plan) {
    timelines.removeAll { $0.plan == plan }
    timelines.append(KnownTimeline(plan: plan, timeline: timeline))
    if timelines.count > ExplorerState.mostTimelines { timelines.removeFirst() }
    if awaitedTimeline == plan { awaitedTimeline = nil }
  }

  private mutating func improve(_ plan: ScoredPlan) {
    search.add(plan)
    if plan.score.closedFormSeconds < plans.best?.score.closedFormSeconds ?? .infinity { plans.best = plan }
    if search.pins.isEmpty { plans.optimum = plans.best }
  }

  private mutating func finish(_ result: TuneResult) -> [Effect] {
    search.result = result
    if let best = result.best {
      plans.best = best
      search.add(best)
      if search.pins.isEmpty { plans.optimum = best }
    }
    let sweeps = result.best != nil && !search.isStopping && result.status != .cancelled
    search.phase = sweeps ? .sweeping : .done
    return takeSolved(result)
  }

  /// Selects what is pointed at; the wheel moves the cursor of the focused pane.
  fileprivate mutating func handle(_ mouse: MouseEvent) {
    guard dialog == nil, !handleTimelineMouse(mouse) else { return }
    switch mouse.action {
    case .wheelUp: _ = Command.usual(.up, in: self)?.action(&self)
    case .wheelDown: _ = Command.usual(.down, in: self)?.action(&self)
    case .press: select(x: mouse.x, y: mouse.y)
    case .release, .drag: break
    }
  }

  private mutating func select(x: Int, y: Int) {
    let hits = render(self, size: size).hits.filter { $0.area.contains(x: x, y: y) }
    for hit in hits {
      switch hit.target {
      case .pane(let number): focus = Pane(rawValue: number) ?? focus
      case .frontierPoint(let index): preview(index)
      case .stage(let stage), .pass(let stage, _): stageRow = stage
      case .column(let column): stageColumn = column
      case .planCell(let knob):
        stageRow = -1
        planKnob = knob
      case .runCell(let knob):
        stageRow = ExplorerState.runRow
        runKnob = knob
      case .whyRow(let row): clickWhy(row)
      case .compared(let id): compare.selected = id
      case .run(let row): compare.runRow = row
      case .timeline: break
      }
    }
  }
}
