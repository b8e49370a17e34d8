import Engine

/// Everything that the two header lines say or leave out, line by line.
enum HeaderDetails {
  /// Label and value of each line; an empty label separates.
  static func lines(_ state: ExplorerState) -> [(label: String, value: String)] {
    question(state) + [("", "")] + answer(state) + search(state)
  }

  private static func question(_ state: ExplorerState) -> [(label: String, value: String)] {
    let workload = state.workload
    let model = workload.model
    let cluster = workload.cluster
    let links = cluster.nodeType.links
    return [
      ("workload", workload.name),
      ("model", "\(model.name): \(model.layers) layers, hidden \(model.hidden), \(model.heads) heads"),
      (
        "run",
        "sequence \(workload.run.sequenceLength), batch \(workload.run.globalBatch), "
          + "\(workload.run.precision.rawValue), attention \(workload.run.attention.rawValue)"
      ),
      (
        "cluster",
        "\(cluster.nodes) \(cluster.nodes == 1 ? "node" : "nodes") of \(cluster.gpusPerNode) "
          + cluster.nodeType.gpu.title
      ),
      ("links", links.measured.isEmpty ? "derived from the link speeds" : "measured: \(links.measuredSource)"),
      (
        "overlap",
        "\(cluster.nodeType.interferenceOrigin.provenance.rawValue): "
          + cluster.nodeType.interferenceOrigin.source
      ),
      ("launcher", HeaderView(state: state).launcher),
      ("space", "\(state.request.space.name): \(state.request.space.summary)"),
    ]
  }

  private static func answer(_ state: ExplorerState) -> [(label: String, value: String)] {
    guard let shown = state.shown else { return [("plan", "none yet")] }
    let score = shown.score
    let gap = score.iterationSeconds - score.closedFormSeconds
    let confidence = state.confidence(in: shown)
    var lines: [(label: String, value: String)] = [
      ("plan", FrontierPane.choices(shown.plan)),
      ("prediction", "\(Format.stepSeconds(score.iterationSeconds)) per iteration, simulated"),
      ("error bar", bar(confidence.seconds) { Format.stepSeconds($0) }),
      (
        "objective",
        "\(Format.stepSeconds(score.closedFormSeconds)) by the closed form, which the search minimizes; "
          + "\(Format.stepDifference(gap, reference: score.iterationSeconds)) in the simulation"
      ),
      (
        "throughput",
        "\(Format.count(score.tokensPerSecond)) tokens/s, "
          + "\(Format.count(score.tokensPerSecondPerGPU)) per GPU"
      ),
      (
        "efficiency",
        "\(Format.fixed(score.tflopsPerGPU, decimals: 1)) TFLOP/s per GPU, "
          + "MFU \(Format.percent(score.mfu)), bubble \(Format.percent(score.bubbleShare))"
      ),
      (
        "memory",
        "\(Format.gibibytes(score.peakReservedBytes)) GiB reserved in the fullest stage, "
          + "\(Format.spareGibibytes(score.stages.map(\.memory.spare).min() ?? 0)) GiB spare"
      ),
      ("its bar", bar(confidence.reservedBytes) { Format.gibibytes($0) + " GiB" }),
      (
        "host memory",
        "\(Format.gibibytes(score.hostBytesPerNode)) of "
          + "\(Format.gibibytes(score.hostCapacityBytes)) GiB per node"
      ),
    ]
    if let days = score.trainingDays {
      let cost = score.trainingCost.map { ", \(Format.count($0)) US dollars" } ?? ""
      lines.append(("training", "\(Format.fixed(days, decimals: 1)) days\(cost)"))
    }
    return lines
  }

  /// `60.1 s to 66.0 s, from ...`, or why there is none.
  private static func bar(_ range: PlanConfidence.Range, _ text: (Double) -> String) -> String {
    guard let low = range.low, let high = range.high else { return range.from }
    return "\(text(low)) to \(text(high)), from \(range.from)"
  }

  private static func search(_ state: ExplorerState) -> [(label: String, value: String)] {
    guard let result = state.search.result else { return [] }
    var lines: [(label: String, value: String)] = [
      ("", ""), ("search", HeaderView(state: state).status),
      (
        "tried",
        "\(Format.count(Double(result.configurations))) stage configurations, "
          + "\(Format.count(Double(result.plans))) plans"
      ),
    ]
    if result.lowerBoundSeconds > 0 {
      lines.append(("bound", "no plan is faster than \(Format.stepSeconds(result.lowerBoundSeconds)) (closed form)"))
    }
    if let reason = result.infeasibility {
      let missing = "\(Format.gibibytes(reason.missingBytes)) GiB of \(reason.bindsHost ? "host" : "device") memory"
      lines.append(("missing", "stage \(reason.stage + 1) lacks at least \(missing)"))
      lines += reason.suggestions.map { ("would fit", $0.text) }
    }
    if !result.covers.isEmpty { lines.append(("covers", result.covers)) }
    if let proof = result.certificate {
      lines.append(
        (
          "certificate",
          "\(proof.solver): bound \(Format.stepSeconds(proof.bound)), "
            + "gap \(Format.percent(proof.gap, decimals: 4))"
        ))
    }
    return lines + result.notes.map { ("note", $0) }
  }
}
