import Engine

/// What `frontier` prints of cluster sizes, batches and sequence lengths.
struct SweepOutput {
  /// The axis.
  let axis: FrontierAxis
  /// The question as it was asked.
  let workload: Workload
  /// The points, those where nothing fits among them.
  let points: [SweepPoint]
  /// Plans that the searches looked at.
  let considered: Int

  private var fitting: [SweepPoint] { points.filter { $0.best != nil } }

  // MARK: JSON

  /// The object that `--json` prints (docs/formats.md).
  func document(space: String) -> JSONValue {
    let context = PlanJSON.Context(runtime: workload.run.runtime, space: space)
    let summary = ScalingSummary(points)
    let items = points.indices.compactMap { item($0, summary: summary, context: context) }
    var members = [
      JSONMember("format", "brume/1"), JSONMember("workload", WorkloadJSON.value(workload)),
      JSONMember("axes", .string(axis.rawValue)), JSONMember("points", .array(items)),
      JSONMember(
        "infeasible",
        .array(
          points.filter { $0.best == nil }.map { point in
            .object(place(point))
          })),
      JSONMember("considered", .int(considered)),
    ]
    if axis == .gpus || axis == .cost, let summary {
      members.append(
        JSONMember(
          "summary",
          [
            "cheapestPerTokenGPUs": .int(points[summary.cheapest].gpus),
            "fastestGPUs": .int(points[summary.fastest].gpus), "kneeGPUs": .int(points[summary.knee].gpus),
          ]))
    }
    return ResultJSON.finished(members, notes: notes + Notes.standard(for: workload, score: fitting.first?.best?.score))
  }

  private func place(_ point: SweepPoint) -> [JSONMember] {
    [
      JSONMember("memoryShare", .number(point.workload.limits.memoryShare)),
      JSONMember("nodes", .int(point.workload.cluster.nodes)), JSONMember("gpus", .int(point.gpus)),
      JSONMember("batch", .int(point.workload.run.globalBatch)),
      JSONMember("sequence", .int(point.workload.run.sequenceLength)),
    ]
  }

  private func item(_ index: Int, summary: ScalingSummary?, context: PlanJSON.Context) -> JSONValue? {
    let point = points[index]
    guard let best = point.best else { return nil }
    var first = place(point)
    if axis == .gpus || axis == .cost {
      first += [
        JSONMember("idleGPUs", .int(point.idleGPUs)),
        JSONMember("speedup", .optional(summary?.speedups[index])),
        JSONMember("efficiency", .optional(summary?.efficiencies[index])),
      ]
    }
    first += [
      JSONMember("iterationCost", .optional(point.iterationCost)),
      JSONMember("costPerMillionTokens", .optional(point.costPerMillionTokens)),
    ]
    return PlanJSON.plan(best, context: context, first: first)
  }

  // MARK: Text

  /// The points as lines.
  var lines: [String] {
    let table = axis == .gpus || axis == .cost ? sizes : lengths
    let closing = fitting.isEmpty ? ["no plan fits at any point"] : verdict + ["\(considered) plans considered"]
    return [ResultText.heading(workload), ""] + table.lines(indent: 2) + [""]
      + (closing + notes.map { "note: " + $0 }).flatMap { TextWrap.lines($0, width: 100) }
  }

  private var hasPrice: Bool { workload.cluster.nodeType.dollarsPerGPUHour != nil }
  private var hasTraining: Bool { workload.run.trainingTokens != nil }

  /// Columns of money and days, as far as they are known.
  private var priceColumns: [TextTable.Column] {
    (hasTraining ? [("days", .right)] : []) + (hasPrice ? [("$/iter", .right), ("$/M tokens", .right)] : [])
      + (hasPrice && hasTraining ? [("$ training", .right)] : [])
  }

  private func prices(_ point: SweepPoint) -> [String] {
    guard let score = point.best?.score else { return [] }
    var cells: [String] = []
    if let days = score.trainingDays { cells.append(Decimals.significant(days, 3)) }
    if let cost = point.iterationCost, let tokens = point.costPerMillionTokens {
      cells += [Decimals.significant(cost, 4), Decimals.significant(tokens, 4)]
    }
    if let cost = score.trainingCost { cells.append(Decimals.fixed(cost, 0)) }
    return cells
  }

  private var sizes: TextTable {
    var table = TextTable(
      [
        ("GPUs", .right), ("nodes", .right), ("s/iter", .right), ("speed-up", .right), ("tokens/s/GPU", .right),
        ("efficiency %", .right),
      ] + priceColumns + [("S", .right), ("G", .right), ("tp", .right), ("idle GPUs", .right), ("", .left)])
    let summary = ScalingSummary(points)
    for (index, point) in points.enumerated() {
      let size = ["\(point.gpus)", "\(point.workload.cluster.nodes)"]
      guard let best = point.best, let summary else {
        table.add(size + ["none fits"])
        continue
      }
      table.add(
        size + [
          Decimals.significant(best.score.iterationSeconds, 5),
          Decimals.fixed(summary.speedups[index] ?? 1, 2) + "x", Decimals.count(best.score.tokensPerSecondPerGPU),
          Decimals.percent(summary.efficiencies[index] ?? 1),
        ] + prices(point) + Self.choices(best.plan) + [
          point.idleGPUs > 0 ? "\(point.idleGPUs)" : ".", Self.marks(index, summary).joined(separator: ", "),
        ])
    }
    return table
  }

  private static func marks(_ index: Int, _ summary: ScalingSummary) -> [String] {
    [(summary.cheapest, "cheapest per token"), (summary.knee, "worth it up to here"), (summary.fastest, "fastest")]
      .filter { $0.0 == index }.map(\.1)
  }

  private var lengths: TextTable {
    let isBatch = axis == .batch
    var table = TextTable(
      [
        (isBatch ? "batch" : "sequence", .right), ("s/iter", .right), ("tokens/s", .right), ("MFU %", .right),
        ("reserved GiB", .right),
      ] + priceColumns + [("S", .right), ("G", .right), ("tp", .right), ("ckpt", .right)])
    for point in points {
      let run = point.workload.run
      let place = "\(isBatch ? run.globalBatch : run.sequenceLength)"
      guard let best = point.best else {
        table.add([place, "none fits"])
        continue
      }
      table.add(
        [
          place, Decimals.significant(best.score.iterationSeconds, 5), Decimals.count(best.score.tokensPerSecond),
          Decimals.percent(best.score.mfu), Decimals.gibibytes(best.score.peakReservedBytes),
        ] + prices(point) + Self.choices(best.plan)
          + ["\(best.plan.stages.reduce(0) { $0 + $1.checkpointedLayers })"])
    }
    return table
  }

  private static func choices(_ plan: Plan) -> [String] {
    ["\(plan.stages.count)", "\(plan.gradientAccumulation)", "\(plan.stages.first?.tensorParallel ?? 1)"]
  }

  /// Which point is worth it.
  private var verdict: [String] {
    switch axis {
    case .memory: return []
    case .gpus, .cost:
      guard let summary = ScalingSummary(points) else { return [] }
      return [
        "cheapest per token: \(points[summary.cheapest].gpus) GPUs; worth it up to \(points[summary.knee].gpus) GPUs "
          + "(each step gains at least \(Decimals.percent(ScalingSummary.worth, 0)) % of what it costs); "
          + "fastest: \(points[summary.fastest].gpus) GPUs"
      ]
    case .batch:
      let best = fitting.max {
        ($0.best?.score.tokensPerSecond ?? 0) < ($1.best?.score.tokensPerSecond ?? 0)
      }
      return best.map { ["most tokens per second: batch \($0.workload.run.globalBatch)"] } ?? []
    case .sequence:
      return fitting.last.map { ["longest sequence with a plan: \($0.workload.run.sequenceLength) tokens"] } ?? []
    }
  }

  /// What the points are.
  private var notes: [String] {
    switch axis {
    case .memory: return []
    case .gpus:
      return [
        "each size is tuned by itself and may leave GPUs idle; none is slower than a smaller one; speed-up and "
          + "efficiency (tokens/s of each GPU) are against the smallest size that fits"
      ]
    case .cost:
      return [
        "sizes that no other beats in both time and cost; all GPUs of a size are paid for, at "
          + "$ \(Decimals.significant(workload.cluster.nodeType.dollarsPerGPUHour?.value ?? 0, 4)) an hour"
      ]
    case .batch:
      return workload.run.batchChoices.isEmpty
        ? ["the question names one batch: a quarter of it to four times it were tried"] : []
    case .sequence:
      return [
        "doublings, then the longest in steps of \(FrontierSweep.sequenceStep) tokens; the batch stays "
          + "\(workload.run.globalBatch) samples, so an iteration has more tokens"
      ]
    }
  }
}
