import Engine

/// Editing the plan, and what follows from it.
extension ExplorerState {
  /// What the person has decided so far.
  var draft: Draft {
    Draft(
      workload: workload, space: request.space, pins: request.pins, plan: plans.edited ?? plans.taken?.plan,
      reference: plans.chosenReference, referenceWorkload: plans.referenceWorkload,
      bestWhenTaken: plans.bestWhenTaken)
  }

  /// The choices that the next edit starts from: those not yet scored, else those on the screen.
  var editedPlan: Plan? { plans.edited ?? shown?.plan }

  /// Changes what the person has decided, as one step of undo.
  mutating func edit(_ title: String, _ change: (inout Draft) -> Void) -> [Effect] {
    let before = draft
    let standing = shown
    var after = before
    change(&after)
    if after.reference != before.reference {
      // What stood on the screen answers the question that was asked then.
      after.referenceWorkload =
        after.reference == nil ? nil : after.reference == standing ? before.workload : after.workload
    }
    if after.workload != before.workload || after.plan == nil {
      after.bestWhenTaken = nil
    } else if after.plan != before.plan {
      after.bestWhenTaken = plans.best
    }
    guard after != before else {
      plans.preview = nil
      return []
    }
    history.add(title, before: before, after: after)
    return apply(after)
  }

  /// Makes a draft stand, whatever stood before.
  mutating func apply(_ draft: Draft) -> [Effect] {
    var effects: [Effect] = []
    let isOther = draft.workload != workload
    let searches = isOther || draft.space != request.space
    let isSamePlan = !isOther && draft.plan == self.draft.plan
    request.pins = draft.pins
    request.space = draft.space
    workload = draft.workload
    plans.chosenReference = draft.reference
    plans.referenceWorkload = draft.referenceWorkload
    if isOther {
      known = []
      earlier = []
      timelines = []
      awaitedTimeline = nil
      plans.forget()
      effects.append(.open(workload))
      openedGeneration = search.generation + 1
    }
    plans.bestWhenTaken = draft.bestWhenTaken
    if searches { effects += startSearch() }
    if isSamePlan {
      if !searches { effects += followQuestion() }
      noteScore()
      return effects
    }
    effects += show(draft.plan)
    if !searches { effects += followQuestion() }
    noteScore()
    return effects
  }

  /// Shows the person's own plan, or follows the best where there is none.
  private mutating func show(_ plan: Plan?) -> [Effect] {
    plans.edited = nil
    plans.preview = nil
    guard let plan else {
      plans.taken = nil
      return []
    }
    if let scored = scored(plan) {
      plans.take(scored)
      return []
    }
    plans.edited = plan
    return [.score(plan, generation: search.generation)]
  }

  /// The score of a plan, where it is known.
  private func scored(_ plan: Plan) -> ScoredPlan? {
    let own = [plans.taken, plans.preview, plans.best].compactMap { $0 }
    return (own + known).first { $0.plan == plan }
  }

  /// Notes the score of what was decided last, once there is one: until then the screen shows that of the plan before.
  private mutating func noteScore() {
    guard plans.edited == nil, let shown else { return }
    history.note(seconds: shown.score.iterationSeconds, fits: shown.score.fits)
  }

  /// Most scores that are kept.
  private static let mostKnown = 64

  /// Keeps the score of a plan of the present workload.
  mutating func remember(_ plan: ScoredPlan) {
    known.removeAll { $0.plan == plan.plan }
    known.append(plan)
    if known.count > Self.mostKnown { known.removeFirst() }
  }

  /// The engine has scored a plan.
  mutating func receive(scored plan: ScoredPlan) {
    remember(plan)
    guard plans.edited == plan.plan else { return }
    plans.edited = nil
    plans.take(plan)
    noteScore()
  }

  /// Takes a plan that is known, as an edit.
  mutating func take(_ plan: ScoredPlan, _ title: String) -> [Effect] {
    remember(plan)
    return edit(title) { $0.plan = plan.plan }
  }

  /// The next value of the cell under the cursor, up or down.
  mutating func step(up: Bool) -> [Effect] {
    guard let plan = editedPlan else { return [] }
    switch cellUnderCursor {
    case nil: return say("this is a figure, not a choice", .warning)
    case .run(let knob): return step(knob, up: up)
    case .plan(let cell):
      do throws(PlanEditError) {
        let editor = PlanEditor(workload: workload, pins: request.pins)
        guard let next = try editor.stepping(cell, up: up, in: plan, space: request.space) else {
          return say("\(cell.title) has no \(up ? "higher" : "lower") value in \(request.space.name)", .warning)
        }
        return set(cell, to: next.value, plan: next.plan)
      } catch {
        let isMesh = cell.knob == .nodes
        return say(isMesh ? "the mesh follows S: change that" : "\(cell.title): \(error)", .warning)
      }
    }
  }

  /// Sets a cell to a value, in a plan that has it: a pin on the cell moves along.
  mutating func set(_ cell: PlanCell, to value: Int, plan: Plan) -> [Effect] {
    edit(cell.command(value)) { draft in
      if draft.pins.isHeld(cell, of: plan) { draft.pins = draft.pins.holding([cell], as: plan) }
      draft.plan = plan
    }
  }

  /// Moves a layer from the stages of the row to the one after the row, or before it.
  mutating func moveLayer(after: Bool) -> [Effect] {
    guard let plan = editedPlan, let row = selectedRow else { return [] }
    let from = after ? row.upperBound - 1 : row.lowerBound
    do throws(PlanEditError) {
      let editor = PlanEditor(workload: workload, pins: request.pins)
      let moved = try editor.movingLayer(from: from, by: after ? 1 : -1, in: plan)
      return edit("a layer from stage \(from + 1) to \(after ? from + 2 : from)") { $0.plan = moved }
    } catch {
      if error == .notHere { return say("there is no stage \(after ? "after" : "before") it", .warning) }
      return say("the layer stays: \(error)", .warning)
    }
  }

  // MARK: undo

  /// Goes back by one edit, or forward by one that was undone.
  mutating func undo(by steps: Int) -> [Effect] {
    let target = history.position + steps
    let entry = steps < 0 ? target : target - 1
    guard history.entries.indices.contains(entry) else { return [] }
    let title = history.entries[entry].title
    let effects = goToEdit(target)
    _ = say((steps < 0 ? "undone: " : "done again: ") + title, .text)
    return effects
  }

  /// Goes to the state after so many edits.
  mutating func goToEdit(_ target: Int) -> [Effect] {
    guard let draft = history.go(to: target) else { return [] }
    return apply(draft)
  }
}

extension PlanCell {
  /// As people call it: `ZeRO of stage 2`, `G`.
  var title: String {
    guard let stages else { return knob.title }
    let place = stages.count == 1 ? "stage" : "stages"
    return "\(knob.title) of \(place) \(StageGroups.label(stages))"
  }

  /// The edit that gives it a value, as pins are written: `2.zero=3`, `2-4.zero=3`.
  func command(_ value: Int) -> String {
    (stages.map { StageGroups.label($0) + "." } ?? "") + knob.rawValue + "=" + knob.text(value)
  }
}

extension PlanKnob {
  /// What people call it.
  var title: String {
    switch self {
    case .stages: "stages S"
    case .gradientAccumulation: "micro-batches G"
    case .schedule: "schedule"
    case .interleave: "chunks v"
    case .sequenceParallel: "sequence parallel"
    case .contextParallel: "context parallel"
    case .layers: "layers"
    case .nodes: "mesh"
    case .gpusPerNode: "GPUs of a node"
    case .microBatch: "micro-batch b"
    case .dataParallel: "data parallel dp"
    case .tensorParallel: "tensor parallel tp"
    case .zero: "ZeRO level"
    case .checkpointedLayers: "recomputed layers"
    case .recompute: "what is recomputed"
    case .weightOffload: "offloaded weights"
    case .gradientOffload: "offloaded gradients"
    case .optimizerOffload: "offloaded optimizer"
    case .activationOffload: "offloaded activations"
    }
  }
}
