import Engine

/// What the Why pane speaks of, and what it asks the engine.
extension ExplorerState {
  /// The question that the cursor of the spoken-of pane poses; nil without a plan.
  var whyQuestion: WhyQuestion? {
    guard let shown, !shown.score.stages.isEmpty else { return nil }
    var question = WhyQuestion(
      figure: .iteration, cell: layersCell(nil), title: "", plan: shown.plan, space: request.space,
      pins: request.pins, opened: openedGeneration)
    let stage = selectedStage
    switch mainFocus {
    case .memory: (question.figure, question.cell) = (.stageMemory(stage), layersCell(stage))
    case .timeline: (question.figure, question.cell) = (.stable(stage), layersCell(stage))
    case .stages: askOfTable(&question, shown)
    default: break
    }
    return question
  }

  /// The cell of the stage table under the cursor.
  private func askOfTable(_ question: inout WhyQuestion, _ shown: ScoredPlan) {
    switch cellUnderCursor {
    case .run(let knob):
      question.figure = knob == .batch || knob == .sequence ? .tokensPerSecond : .iteration
      question.title = "\(knob.title), now \(knob.text(of: workload))"
    case .plan(let cell) where stageRow < 0:
      question.cell = cell
      question.title = "\(cell.title), now \(PlanRow.value(cell, in: shown.plan))"
    case .plan(let cell):
      question.cell = cell
      question.figure = .cell(cell)
      question.title = cell.title + (cell.value(in: shown.plan).map { ", now \(cell.knob.text($0))" } ?? "")
    case nil:
      let rows = selectedRow ?? selectedStage..<selectedStage + 1
      question.figure = figure(ofColumn: selectedColumn - StageColumn.firstFigure, rows, shown.score)
      question.cell = layersCell(stage(of: question.figure))
    }
  }

  /// The figure of a column, of the stage of the row that the table shows: the worst.
  private func figure(ofColumn column: Int, _ rows: Range<Int>, _ score: PlanScore) -> WhyFigure {
    func most(_ value: (StageScore) -> Double) -> Int {
      let stages = rows.filter { score.stages.indices.contains($0) }
      return stages.max { (value(score.stages[$0]), -$0) < (value(score.stages[$1]), -$1) } ?? selectedStage
    }
    switch column {
    case 0: return .stable(most(\.stableSeconds))
    case 1: return .delta(most(\.deltaSeconds))
    case 2: return .stageMemory(most(\.memory.reserved))
    default: return .spare(most { -$0.memory.spare })
    }
  }

  private func stage(of figure: WhyFigure) -> Int? {
    switch figure {
    case .stable(let stage), .delta(let stage), .stageMemory(let stage), .spare(let stage): stage
    default: nil
    }
  }

  /// The choice that moves the figures of a stage, or of the slowest one: its layers, or what it recomputes of them where
  /// it has all.
  private func layersCell(_ stage: Int?) -> PlanCell {
    let times = shown?.score.stages.map(\.stableSeconds) ?? []
    let slowest = times.indices.max { (times[$0], -$0) < (times[$1], -$1) } ?? 0
    return PlanCell(times.count > 1 ? .layers : .checkpointedLayers, stage: stage ?? slowest)
  }

  // MARK: asking

  /// True while the pane can be seen.
  var isWhyInSight: Bool { layout.area(.why) != nil }

  /// Asks for what the pane in sight lacks, and stops what nobody looks at; once for each question.
  mutating func awaitWhy() -> [Effect] {
    awaitTree() + awaitMarginal()
  }

  private mutating func awaitTree() -> [Effect] {
    guard isWhyInSight, let question = whyQuestion else {
      guard why.asked != nil else { return [] }
      why.asked = nil
      why.ticket += 1
      return [.why(nil, ticket: why.ticket)]
    }
    guard question != why.asked else { return [] }
    why.asked = question
    why.ticket += 1
    return [.why(question, ticket: why.ticket)]
  }

  /// Values are found while somebody looks and no other search runs; those that are found stay as long as they hold.
  private mutating func awaitMarginal() -> [Effect] {
    let isVisible = isWhyInSight && shown != nil
    if !isVisible { why.marginal.isWanted = false }
    let wants = isVisible && (layout.kind != .wide || focus == .why || why.marginal.isWanted)
    let asked = asked
    let key = WhyState.MarginalState.Key(
      opened: openedGeneration, space: asked.space, pins: asked.pins, constraints: asked.constraints)
    var effects: [Effect] = []
    if why.marginal.isRunning, !wants || isSearching || why.marginal.key != key {
      why.marginal.isRunning = false
      why.marginal.ticket += 1
      effects = [.marginal(nil, ticket: why.marginal.ticket)]
    }
    if wants, why.marginal.key != key {
      (why.marginal.key, why.marginal.values, why.marginal.isDone) = (key, [], false)
    }
    guard wants, !isSearching, !why.marginal.isRunning, !why.marginal.isDone else { return effects }
    let known = Set(why.marginal.values.map(\.step))
    let question = MarginalQuestion(request: asked, steps: whySteps.filter { !known.contains($0) })
    why.marginal.isRunning = true
    why.marginal.ticket += 1
    return effects + [.marginal(question, ticket: why.marginal.ticket)]
  }

  /// More of what is asked: of memory first, as that is what mostly binds.
  var whySteps: [ResourceStep] {
    let all = ResourceStep.all(of: workload.cluster)
    func isMemory(_ step: ResourceStep) -> Bool { [.deviceMemory, .hostMemory].contains(step.resource) }
    return all.filter(isMemory) + all.filter { !isMemory($0) }
  }

  // MARK: answers

  /// Takes in what the engine answers; an answer to an earlier question is dropped.
  mutating func receive(_ message: WhyMessage, ticket: Int) {
    guard ticket == why.ticket, let asked = why.asked else { return }
    switch message {
    case .tree(let tree):
      let isSamePlan = why.question.map { $0.isOfSamePlan(as: asked) } ?? false
      // What was said of the plan before stays in its rows until the answer comes, so that nothing jumps and little is
      // sent; the title says "…".
      let isSameWorkload = why.question?.opened == asked.opened
      let isSameCell = why.question?.cell == asked.cell
      if !isSameWorkload { why.binding = nil }
      if !isSameWorkload || !isSameCell { why.neighbours = nil }
      why.awaitsBinding = !isSamePlan || why.awaitsBinding
      why.awaitsNeighbours = !isSamePlan || !isSameCell || why.awaitsNeighbours
      if why.tree?.unit != tree?.unit || why.tree?.combination != tree?.combination { why.place = .node([]) }
      (why.question, why.tree) = (asked, tree)
    case .neighbours(let neighbours): (why.neighbours, why.awaitsNeighbours) = (neighbours, false)
    case .binding(let binding): (why.binding, why.awaitsBinding) = (binding, false)
    }
  }

  /// Takes in the worth of a resource; one of an earlier question is dropped.
  mutating func receive(_ message: MarginalMessage, ticket: Int) {
    guard ticket == why.marginal.ticket, why.marginal.isRunning else { return }
    switch message {
    case .value(let value):
      let order = whySteps
      why.marginal.values.removeAll { $0.step == value.step }
      why.marginal.values.append(value)
      why.marginal.values.sort { (order.firstIndex(of: $0.step) ?? 0) < (order.firstIndex(of: $1.step) ?? 0) }
    case .done: (why.marginal.isRunning, why.marginal.isDone) = (false, true)
    }
  }
}
