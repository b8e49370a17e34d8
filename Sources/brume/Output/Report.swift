import Engine

/// What a command has to say about one plan, before it becomes text or JSON.
struct Report: Sendable {
  /// The question, for headings.
  var question: Workload
  /// The question as JSON, with the keys of workload files.
  var workload: JSONValue
  /// How it ended.
  var status: SearchStatus
  /// The plan, where there is one.
  var scored: ScoredPlan?
  /// Runtime, space and pins.
  var context: PlanJSON.Context
  /// Remarks for people.
  var notes: [String]
  /// The measured runs that error bars come from.
  var records = RunRecords.shipped

  /// How far the prediction is to be trusted; nil without a plan.
  var confidence: PlanConfidence? {
    scored.map { PlanConfidence(workload: question, plan: $0.plan, score: $0.score, records: records) }
  }
}

/// The remarks that belong to every result.
enum Notes {
  /// Definitions and origins behind the figures of a score.
  ///
  /// - Parameter score: nil where no plan was found: then only the origins are told.
  static func standard(for workload: Workload, score: PlanScore?) -> [String] {
    var notes: [String] = []
    if let score {
      if let idle = workload.cluster.idleLabel(score.idleNodes) {
        notes.append("\(idle): they are paid for, and count in all figures per GPU, in MFU and in costs")
      }
      notes.append(throughput(workload))
      notes.append(prediction(score))
      notes.append(
        "memory: reserved is what PyTorch's allocator takes from the device at its peak, allocated what it hands out; "
          + "nvidia-smi shows reserved plus the context")
    }
    if workload.run.batchChoices.count > 1 {
      notes.append(
        "batch \(workload.run.globalBatch): the largest of those allowed; brume tune and frontier --axes batch choose")
    }
    return notes + adjustments(workload) + origins(workload)
  }

  private static func throughput(_ workload: Workload) -> String {
    let peak = Decimals.significant(workload.cluster.nodeType.gpu.peakFlops.value / 1e12, 4)
    return "tflopsPerGPU and mfu count the model's FLOPs as Megatron-LM does (matrix products and full attention, "
      + "forward and backward, no recompute), over iterationSeconds; mfu is over the dense \(peak) TFLOP/s of "
      + workload.cluster.nodeType.gpu.title
  }

  private static func prediction(_ score: PlanScore) -> String {
    let difference = score.iterationSeconds - score.closedFormSeconds
    let share = score.closedFormSeconds > 0 ? difference / score.closedFormSeconds : 0
    let both =
      "iterationSeconds is the simulated schedule (the prediction), closedFormSeconds the objective of the search; "
    // Rounding alone is no difference.
    guard abs(share) > 1e-9 else { return both + "the two agree here" }
    return both + "the simulation is \(Decimals.fixed(abs(difference), 4)) s (\(Decimals.percent(abs(share), 2)) %) "
      + (difference < 0 ? "shorter" : "longer") + " here"
  }

  /// Figures that the person's own runs moved.
  private static func adjustments(_ workload: Workload) -> [String] {
    guard let found = AdjustedFigures(workload.cluster).summary else { return [] }
    return ["hardware figures of \(workload.cluster.nodeType.name) adjusted by \(found.runs): \(found.figures)"]
  }

  private static func origins(_ workload: Workload) -> [String] {
    let origin = HardwareOrigin(workload.cluster)
    let names = workload.cluster.nodeType.name
    let kinds: [(Provenance, String)] = [(.derived, "derived by a rule"), (.assumed, "assumed")]
    return kinds.compactMap { kind, words in
      let figures = origin.names(kind)
      return figures.isEmpty ? nil : "\(words), not measured, on \(names): \(figures.joined(separator: ", "))"
    }
  }
}
