/// A number that a person can ask about: of a plan, of a stage (from 0), or a cell.
public enum WhyFigure: Sendable, Hashable {
  /// Seconds of an iteration.
  case iteration
  /// Tokens of an iteration per second.
  case tokensPerSecond
  /// Model FLOP/s over the peak.
  case mfu
  /// Share of stage-seconds in which a stage waits.
  case bubble
  /// Days of the training.
  case trainingDays
  /// Price of the training, US dollars.
  case trainingCost
  /// What the fullest stage reserves.
  case memory
  /// A stable micro-batch of a stage [t].
  case stable(Int)
  /// What its first and last micro-batch take more [d].
  case delta(Int)
  /// What it reserves.
  case stageMemory(Int)
  /// What is left of its device's memory.
  case spare(Int)
  /// A choice: the number that it moves most directly.
  case cell(PlanCell)

  /// The figures of a plan by their names in JSON.
  public static func named(_ name: String) -> WhyFigure? {
    switch name {
    case "tokensPerSecond": .tokensPerSecond
    case "mfu": .mfu
    case "bubbleShare": .bubble
    case "trainingDays": .trainingDays
    case "trainingCost": .trainingCost
    default: nil
    }
  }
}

extension PlanExplanation {
  /// The tree of a figure; nil where the plan has none such (no price is known, there is no such stage).
  public func tree(_ figure: WhyFigure) -> ExplanationNode? {
    switch figure {
    case .iteration: time
    case .memory: memory
    case .tokensPerSecond: tokensPerSecond
    case .mfu: mfu
    case .bubble: bubble
    case .trainingDays: trainingDays
    case .trainingCost: trainingCost
    case .stable(let stage): stages.indices.contains(stage) ? stages[stage].stable : nil
    case .delta(let stage): stages.indices.contains(stage) ? stages[stage].delta : nil
    case .stageMemory(let stage): stages.indices.contains(stage) ? stages[stage].reserved : nil
    case .spare(let stage): stages.indices.contains(stage) ? spare(stage) : nil
    case .cell(let cell): tree(of: cell)
    }
  }

  /// What a choice moves: what a stage stores and where is seen in its memory, all other choices in its time.
  private func tree(of cell: PlanCell) -> ExplanationNode? {
    guard let stage = cell.stage else { return time }
    guard stages.indices.contains(stage) else { return nil }
    let reserved = stages[stage].reserved
    switch cell.knob {
    case .zero: return reserved
    case .weightOffload: return reserved.first(named: "weights") ?? reserved
    case .gradientOffload: return reserved.first(named: "gradients") ?? reserved
    case .optimizerOffload: return reserved.first(named: "optimizer") ?? reserved
    case .activationOffload: return reserved.first(named: "activations") ?? reserved
    default: return stages[stage].stable
    }
  }

  // MARK: Figures of the plan

  private func quotient(
    _ name: String, _ value: Double, _ parts: [ExplanationNode], formula: String,
    _ unit: ExplanationNode.Unit = .one
  ) -> ExplanationNode {
    ExplanationNode(
      name: name, formula: formula, value: value, unit: unit, combination: .quotient, children: parts, sources: [])
  }

  private func product(_ name: String, _ parts: [ExplanationNode], formula: String) -> ExplanationNode {
    ExplanationNode(
      name: name, formula: formula, value: parts.reduce(1) { $0 * $1.value }, unit: .one, combination: .product,
      children: parts, sources: [])
  }

  private func given(_ name: String, _ value: Double) -> ExplanationNode {
    .leaf(name, value, .one, formula: "given")
  }

  private var tokens: ExplanationNode {
    product(
      "tokens of an iteration",
      [
        given("global batch", Double(workload.run.globalBatch)),
        given("sequence length", Double(workload.run.sequenceLength)),
      ], formula: "B * s")
  }

  private var tokensPerSecond: ExplanationNode {
    quotient("tokens per second", score.tokensPerSecond, [tokens, time], formula: "tokens / iteration")
  }

  private var mfu: ExplanationNode {
    let perToken = workload.model.flopsPerToken(sequenceLength: workload.run.sequenceLength)
    let peak = workload.cluster.nodeType.gpu.peakFlops
    let flops = product(
      "model FLOPs of an iteration",
      [
        tokens,
        .leaf(
          "FLOPs of a token", perToken, .one, formula: "full attention, no recomputation",
          sources: [.init(name: "model", provenance: .derived, text: workload.model.source)]),
      ], formula: "tokens * FLOPs of a token")
    return quotient(
      "MFU", score.mfu,
      [
        flops, time, given("GPUs", Double(workload.cluster.gpuCount)),
        .leaf("peak FLOP/s of a GPU", peak.value, .one, sources: [.init("peakFlops", peak)]),
      ], formula: "FLOPs / (iteration * GPUs * peak)")
  }

  private var bubble: ExplanationNode {
    let waiting = waitingSeconds.enumerated().map { index, seconds in
      ExplanationNode.leaf("stage \(index + 1) waits", seconds, formula: "iteration - passes and transfers")
    }
    let count = Double(waitingSeconds.count)
    let sum = ExplanationNode.sum("waiting", waitingSeconds.reduce(0, +), waiting)
    guard sum.value > 0 else { return .leaf("bubble", score.bubbleShare, .one, formula: "no stage waits") }
    return quotient(
      "bubble", score.bubbleShare, [sum, .times(count, time, "iterations of \(waitingSeconds.count) stages")],
      formula: "waiting / (S * iteration)")
  }

  private var trainingDays: ExplanationNode? {
    guard let days = score.trainingDays, let all = workload.run.trainingTokens else { return nil }
    return quotient(
      "days of training", days,
      [given("training tokens", all), tokensPerSecond, .leaf("seconds of a day", Workload.secondsPerDay, .one)],
      formula: "tokens / tokens per second")
  }

  private var trainingCost: ExplanationNode? {
    guard let cost = score.trainingCost, let days = trainingDays, let rental = workload.rental else { return nil }
    return ExplanationNode(
      name: "price of the training", formula: "hours * GPUs * price of a GPU hour", value: cost, unit: .one,
      combination: .product,
      children: [
        days, .leaf("hours of a day", Workload.secondsPerDay / Workload.secondsPerHour, .one),
        given("GPUs", rental.gpus),
        .leaf(
          "dollars of a GPU hour", rental.dollarsPerGPUHour.value, .one,
          sources: [.init("dollarsPerGPUHour", rental.dollarsPerGPUHour)]),
      ], sources: [])
  }

  // MARK: Spare memory

  private func spare(_ stage: Int) -> ExplanationNode {
    let memory = score.stages[stage].memory
    let room = memory.spare + memory.reserved + memory.context + memory.headroom
    let gpu = workload.cluster.nodeType.gpu
    func less(_ name: String, _ bytes: Double, _ sources: [ExplanationNode.Source]) -> ExplanationNode {
      .leaf(name, -bytes, .bytes, sources: sources)
    }
    return .sum(
      "spare of stage \(stage + 1)", memory.spare,
      [
        .leaf(
          "device memory that may be used", room, .bytes, formula: "capacity * memory share",
          sources: [.init("memoryBytes", gpu.memoryBytes)]),
        less("less the context and its libraries", memory.context, [.init("contextBytes", gpu.contextBytes)]),
        less(
          "less what is kept free", memory.headroom,
          [.init(name: "headroom", provenance: .derived, text: "the usual error of the memory model, or as given")]),
        .times(-1, stages[stage].reserved, "less reserved by stage \(stage + 1)"),
      ], .bytes, formula: "capacity * share - headroom - context - reserved")
  }
}
