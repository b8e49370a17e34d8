import Engine

/// How the best plans fare where the hardware is off: a bar a plan of what it loses at worst, and the scenarios.
struct RobustScreen: AnswerScreen {
  /// The judgement; nil where there is none.
  let report: RobustReport?

  let title = "Robust"

  var remark: String {
    guard let report else { return "" }
    return "\(report.candidates.count) plans, \(report.scenarios.count) variants of the hardware"
  }

  var legend: Legend {
    guard report != nil else { return Legend() }
    return Legend([
      Legend.Entry("◆", .plan, "chosen"), Legend.Entry("●", .good, "most robust"),
      Legend.Entry("█", .warning, "loses at worst"), Legend.Entry("█", .bad, "does not fit: counts as 100 %"),
    ])
  }

  func draw(_ canvas: inout Canvas, _ area: Rect) {
    guard let report else {
      canvas.put("No plan that could be judged.", x: area.x + 1, y: area.y, .bad, width: area.width - 2)
      return
    }
    let (head, body) = area.splitRows(1)
    let errors =
      "measured figures off by up to \(Format.percent(report.measuredError - 1)), others "
      + "\(Format.percent(report.derivedError - 1)), reserved memory \(Format.percent(report.reservedError - 1))"
    canvas.put(errors, x: head.x + 1, y: head.y, .muted, width: head.width - 2)
    if area.width >= 150 {
      let (left, right) = body.splitColumns(body.width / 2)
      canvas.inside(left) { drawCandidates(&$0, left, report) }
      canvas.inside(right) { drawScenarios(&$0, right, report) }
    } else {
      let rows = max(3, min(report.candidates.count + 1, body.height - min(8, body.height / 2)))
      let (top, bottom) = body.splitRows(rows)
      canvas.inside(top) { drawCandidates(&$0, top, report) }
      canvas.inside(bottom) { drawScenarios(&$0, bottom, report) }
    }
  }

  // MARK: plans

  private static let labelWidth = 24
  private static let figureWidth = 9

  /// The chosen plan, the most robust one, then what loses the least.
  private func order(_ report: RobustReport) -> [Int] {
    func rank(_ index: Int) -> Int { index == 0 ? 0 : index == report.mostRobust ? 1 : 2 }
    return report.candidates.indices.sorted {
      (rank($0), report.candidates[$0].worstRegret, report.candidates[$0].scored.score.iterationSeconds, $0)
        < (rank($1), report.candidates[$1].worstRegret, report.candidates[$1].scored.score.iterationSeconds, $1)
    }
  }

  private func drawCandidates(_ canvas: inout Canvas, _ area: Rect, _ report: RobustReport) {
    guard area.height > 0 else { return }
    let label = RobustScreen.labelWidth
    let bar = max(4, min(24, area.width / 4))
    canvas.put("   plan", x: area.x, y: area.y, .muted)
    canvas.putRight("s/iter", end: area.x + label + RobustScreen.figureWidth, y: area.y, .muted)
    canvas.put("at worst", x: area.x + label + RobustScreen.figureWidth + 2, y: area.y, .muted)
    let most = max(report.candidates.map(\.worstRegret).max() ?? 0, 1e-9)
    for (offset, index) in order(report).enumerated() where offset + 1 < area.height {
      let candidate = report.candidates[index]
      let y = area.y + 1 + offset
      let isRobust = index == report.mostRobust
      let sign = index == 0 ? "◆" : isRobust ? "●" : " "
      canvas.put(sign, x: area.x + 1, y: y, index == 0 ? .plan : .good)
      let role: Role = index == 0 || isRobust ? .text : .muted
      canvas.put(
        FrontierPane.choices(candidate.scored.plan), x: area.x + 3, y: y, role, width: label - 4)
      canvas.putRight(
        String(Format.stepSeconds(candidate.scored.score.iterationSeconds).dropLast(2)),
        end: area.x + label + RobustScreen.figureWidth, y: y, role)
      let start = area.x + label + RobustScreen.figureWidth + 2
      let cells = max(
        candidate.worstRegret > 0 ? 1 : 0, Int(bounded: (candidate.worstRegret / most * Double(bar)).rounded()))
      canvas.put(
        String(repeating: "█", count: min(bar, cells)), x: start, y: y, candidate.lost > 0 ? .bad : .warning)
      let text =
        Format.percent(candidate.worstRegret) + "  " + report.scenarios[candidate.worstScenario].name
      canvas.put(text, x: start + bar + 1, y: y, role, width: area.maxX - start - bar - 2)
    }
  }

  // MARK: scenarios

  private func drawScenarios(_ canvas: inout Canvas, _ area: Rect, _ report: RobustReport) {
    let rows = report.scenarios.map { scenario in
      let best = scenario.bestSeconds.map { String(Format.stepSeconds($0).dropLast(2)) } ?? "-"
      let role: Role = !scenario.chosenFits ? .bad : scenario.chosenRegret > 0.05 ? .warning : .text
      return (
        cells: [
          String(Format.stepSeconds(scenario.chosenSeconds).dropLast(2)), best, Format.percent(scenario.chosenRegret),
          scenario.name + (scenario.chosenFits ? "" : ": does not fit"),
        ], role: role
      )
    }
    AnswerTable(titles: ["◆ s/iter", "best", "loses", "hardware"], rows: rows).draw(&canvas, area)
  }
}
