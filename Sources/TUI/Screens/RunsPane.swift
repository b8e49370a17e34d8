import Engine

/// Measured runs like the plan, the nearest first: what was measured over what is predicted, hence the error bar.
struct RunsPane: PaneView {
  let state: ExplorerState
  let pane = Pane.runs

  var legend: Legend { Legend() }

  var remark: String {
    guard let shown = state.shown else { return "" }
    let runs = state.confidence(in: shown).seconds.runs
    return runs == 0 ? "no like run measured" : "error bar of \(runs) \(runs == 1 ? "run" : "runs")"
  }

  func draw(_ canvas: inout Canvas, _ area: Rect) {
    guard let shown = state.shown else {
      WaitingView(state: state, pane: pane).draw(&canvas, area)
      return
    }
    let confidence = state.confidence(in: shown)
    var y = area.y
    for line in bars(shown, confidence) {
      for text in WaitingView.wrapped(line, width: max(8, area.width - 2)) where y < area.maxY {
        canvas.put(text, x: area.x + 1, y: y, width: area.width - 2)
        y += 1
      }
    }
    let records = state.records.nearest(to: RunFeatures(workload: state.workload, plan: shown.plan), count: 64)
    AnswerTable(
      titles: ["time", "memory", "unlike", "GPUs", "tp", "S", "b", "seq", "GPU", "runtime", "run"],
      rows: records.map { near in
        (cells: cells(near.record, near.distance), role: near.isBehindBar ? Role.text : .muted)
      }
    ).draw(&canvas, Rect(x: area.x, y: y, width: area.width, height: max(0, area.maxY - y)))
  }

  private func bars(_ shown: ScoredPlan, _ confidence: PlanConfidence) -> [String] {
    func text(_ label: String, _ range: PlanConfidence.Range, _ value: (Double) -> String) -> String {
      guard let low = range.low, let high = range.high else { return "\(label): \(range.from)" }
      return "\(label): \(value(low)) to \(value(high)), from \(range.from)"
    }
    return [
      text("time", confidence.seconds, Format.stepSeconds),
      text("memory", confidence.reservedBytes) { Format.gibibytes($0) + " GiB" },
    ]
  }

  private func cells(_ record: RunRecord, _ distance: Double) -> [String] {
    let f = record.features
    let memory = record.memory.map { Format.fixed($0.ratio, decimals: 2) }.joined(separator: " ")
    return [
      record.timeRatio.map { Format.fixed($0, decimals: 2) } ?? "", memory, Format.fixed(distance, decimals: 1),
      "\(f.gpus)", "\(f.tensorParallel)", "\(f.stages)", "\(f.microBatch)", "\(f.sequence)", f.gpu, f.runtime,
      record.id,
    ]
  }
}
