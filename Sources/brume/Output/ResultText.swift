import Engine

/// What `tune` and `score` print for people: a summary, a stage table, alternatives, notes.
enum ResultText {
  /// The answer of a search, as lines.
  static func tuned(_ report: Report, result: TuneResult, robust: RobustReport? = nil) -> [String] {
    var lines = [heading(report.question), ""]
    if let scored = report.scored {
      lines += summary(report, scored) + search(result) + [""] + stageTable(scored)
      lines += alternatives(result.alternatives, best: scored)
      if let robust { lines += RobustOutput(report: robust).lines }
    } else {
      lines += nothing(result) + search(result)
    }
    return lines + notes(report.notes)
  }

  /// The score of a plan, as lines.
  static func scored(_ report: Report) -> [String] {
    guard let scored = report.scored else { return [heading(report.question)] }
    return [heading(report.question), ""] + summary(report, scored) + [""] + stageTable(scored) + over(scored)
      + notes(report.notes)
  }

  /// The question on one line: model, run, machine.
  static func heading(_ workload: Workload) -> String {
    let run = workload.run
    return "\(workload.model.name)  sequence \(run.sequenceLength)  batch \(run.globalBatch)  \(run.precision.rawValue)"
      + "  on \(workload.cluster.label) (\(workload.cluster.gpuCount) GPUs)  runtime \(run.runtime)"
  }

  private static func summary(_ report: Report, _ scored: ScoredPlan) -> [String] {
    let score = scored.score
    let plan = scored.plan
    let tensorParallel = plan.stages.first?.tensorParallel ?? 1
    var lines = [
      "\(report.status.rawValue): \(Decimals.significant(score.iterationSeconds, 5)) s per iteration"
        + " (closed form \(Decimals.significant(score.closedFormSeconds, 5)) s)",
      "  plan        S \(plan.stages.count), G \(plan.gradientAccumulation), tp \(tensorParallel), "
        + "sequence parallel \(plan.sequenceParallel ? "on" : "off"), \(contextParallel(plan))"
        + "\(plan.schedule.rawValue)\(interleaved(plan)), "
        + "bubble \(Decimals.percent(score.bubbleShare)) %"
        + (report.question.cluster.idleLabel(score.idleNodes).map { ", " + $0 } ?? ""),
      "  throughput  \(Decimals.count(score.tokensPerSecond)) tokens/s, "
        + "\(Decimals.count(score.tokensPerSecondPerGPU)) per GPU, "
        + "\(Decimals.significant(score.tflopsPerGPU, 3)) TFLOP/s per GPU, MFU \(Decimals.percent(score.mfu)) %",
      "  memory      \(Decimals.gibibytes(score.peakReservedBytes)) GiB reserved at most; host "
        + "\(Decimals.gibibytes(score.hostBytesPerNode, 1)) of "
        + "\(Decimals.gibibytes(score.hostCapacityBytes, 0)) GiB per node",
    ]
    if !report.context.pins.isEmpty { lines.append("  pins        \(report.context.pins.joined(separator: " "))") }
    if let confidence = report.confidence {
      lines.insert("  error bar   " + bar(confidence.seconds) { Decimals.significant($0, 4) + " s" }, at: 1)
      lines.append(
        "  fits        \(confidence.fit.rawValue): "
          + bar(confidence.reservedBytes) { Decimals.gibibytes($0) + " GiB" })
    }
    if let days = score.trainingDays {
      let cost = score.trainingCost.map { ", $ " + Decimals.fixed($0, 0) } ?? ""
      lines.append("  training    \(Decimals.significant(days, 3)) days\(cost)")
    }
    return lines
  }

  /// `60.10 s to 66.02 s, from ...`, or why there is none.
  private static func bar(_ range: PlanConfidence.Range, _ text: (Double) -> String) -> String {
    guard let low = range.low, let high = range.high else { return range.from }
    return "\(text(low)) to \(text(high)), from \(range.from)"
  }

  /// `cp 4, ` where sequences are split.
  private static func contextParallel(_ plan: Plan) -> String {
    plan.contextParallel > 1 ? "cp \(plan.contextParallel), " : ""
  }

  /// `12`; `12 selective` where its layers recompute less than all.
  private static func checkpointed(_ choice: StageChoice) -> String {
    let isWhole = choice.recompute == .full || choice.checkpointedLayers == 0
    return isWhole ? "\(choice.checkpointedLayers)" : "\(choice.checkpointedLayers) \(choice.recompute.rawValue)"
  }

  /// ` interleaved 2`, chunks a GPU; nothing where each GPU holds one.
  private static func interleaved(_ plan: Plan) -> String {
    plan.interleave > 1 ? " interleaved \(plan.interleave)" : ""
  }

  private static func search(_ result: TuneResult) -> [String] {
    var line = "  search      \(Decimals.count(Double(result.configurations))) configurations, "
    line += "\(result.plans) problems, \(Decimals.fixed(result.seconds, 2)) s"
    if let first = result.firstPlanSeconds { line += ", first plan after \(Decimals.fixed(first, 2)) s" }
    var lines = [line]
    if result.best != nil, result.lowerBoundSeconds > 0 {
      let bound = Decimals.significant(result.lowerBoundSeconds, 5)
      lines.append("  bound       no plan is faster than \(bound) s by the closed form")
    }
    if !result.covers.isEmpty { lines.append("  covers      \(result.covers)") }
    if let certificate = result.certificate {
      lines.append(
        "  certificate \(certificate.solver): objective \(Decimals.significant(certificate.objective, 6)) s, bound "
          + "\(Decimals.significant(certificate.bound, 6)) s, gap \(Decimals.percent(certificate.gap, 4)) %; "
          + certificate.covers)
    }
    return lines
  }

  private static func nothing(_ result: TuneResult) -> [String] {
    guard let why = result.infeasibility else {
      let reason =
        result.status == .infeasible
        ? "the runtime can run no plan of the space" : "no plan was found before the search ended"
      return ["\(result.status.rawValue): \(reason)"]
    }
    if !why.pins.isEmpty || !why.constraints.isEmpty {
      return ["infeasible: \(why.suggestions.first?.text ?? "the pins cannot all hold")"]
    }
    let memory = why.bindsHost ? "host memory" : "device memory"
    let filled = why.bindsHost ? "" : ", filled most by \(why.part.label)"
    return [
      "infeasible: no plan fits; the nearest misses \(Decimals.gibibytes(why.missingBytes)) GiB of \(memory) "
        + "in stage \(why.stage + 1)\(filled)"
    ] + why.suggestions.map { "  would fit: \($0.text) (\($0.arguments.joined(separator: " ")))" }
  }

  private static func over(_ scored: ScoredPlan) -> [String] {
    var lines: [String] = []
    for (index, stage) in scored.score.stages.enumerated() where stage.memory.spare < 0 {
      let missing = Decimals.gibibytes(-stage.memory.spare)
      lines.append("stage \(index + 1) does not fit: \(missing) GiB over its device memory")
    }
    let host = scored.score.hostBytesPerNode - scored.score.hostCapacityBytes
    if host > 0 { lines.append("the host memory of a node does not fit: \(Decimals.gibibytes(host)) GiB over it") }
    return lines.isEmpty ? [] : [""] + lines
  }

  private static func stageTable(_ scored: ScoredPlan) -> [String] {
    var table = TextTable([
      ("stage", .right), ("layers", .right), ("mesh", .right), ("b", .right), ("dp", .right), ("tp", .right),
      ("ZeRO", .right), ("ckpt", .right), ("offload W", .right), ("G", .right), ("O", .right), ("A", .right),
      ("t ms", .right), ("d ms", .right), ("allocated", .right), ("reserved", .right), ("spare GiB", .right),
    ])
    for (index, (choice, score)) in zip(scored.plan.stages, scored.score.stages).enumerated() {
      let offload = choice.offload
      table.add([
        "\(index + 1)", "\(choice.layers)", "\(choice.nodes)x\(choice.gpusPerNode)", "\(choice.microBatch)",
        "\(choice.dataParallel)", "\(choice.tensorParallel)", "\(choice.zero)", checkpointed(choice),
        eighths(offload.weights), eighths(offload.gradients), eighths(offload.optimizer),
        eighths(offload.activations), Decimals.fixed(score.stableSeconds * 1000, 1),
        Decimals.fixed(score.deltaSeconds * 1000, 1), Decimals.gibibytes(score.memory.allocated),
        Decimals.gibibytes(score.memory.reserved), Decimals.spareGibibytes(score.memory.spare),
      ])
    }
    return table.lines(indent: 2)
  }

  private static func eighths(_ value: Int) -> String { value == 0 ? "." : Decimals.fixed(Double(value) / 8, 3) }

  private static func alternatives(_ plans: [ScoredPlan], best: ScoredPlan) -> [String] {
    guard !plans.isEmpty else { return [] }
    var table = TextTable([
      ("S", .right), ("G", .right), ("tp", .right), ("ZeRO", .left), ("s/iter", .right), ("against it", .right),
      ("closed form", .right), ("reserved GiB", .right),
    ])
    for scored in plans {
      let stages = scored.plan.stages
      let difference = scored.score.iterationSeconds - best.score.iterationSeconds
      table.add([
        "\(stages.count)", "\(scored.plan.gradientAccumulation)", "\(stages.first?.tensorParallel ?? 1)",
        levels(stages), Decimals.significant(scored.score.iterationSeconds, 5),
        (difference < 0 ? "" : "+") + Decimals.fixed(difference, 3),
        Decimals.significant(scored.score.closedFormSeconds, 5), Decimals.gibibytes(scored.score.peakReservedBytes),
      ])
    }
    return ["", "next best that differ in S, tp, G or ZeRO:"] + table.lines(indent: 2)
  }

  private static func levels(_ stages: [StageChoice]) -> String {
    let levels = stages.map(\.zero)
    guard let first = levels.first else { return "" }
    return levels.allSatisfy { $0 == first } ? "\(first)" : levels.map(String.init).joined(separator: ",")
  }

  private static func notes(_ notes: [String]) -> [String] {
    notes.isEmpty ? [] : [""] + notes.map { "note: " + $0 }
  }
}
