import Engine

/// What `tune --robust` adds to an answer.
struct RobustOutput {
  /// The judgement.
  let report: RobustReport

  private var robust: RobustReport.Candidate { report.candidates[report.mostRobust] }

  // MARK: JSON

  /// The member `robust` (docs/formats.md).
  func value(context: PlanJSON.Context) -> JSONValue {
    [
      "worstRegret": .number(report.worstRegret), "chosenRegret": .number(report.chosenRegret),
      "isChosen": .bool(report.mostRobust == 0), "plan": PlanJSON.plan(robust.scored, context: context),
      "candidates": .array(
        report.candidates.map { candidate in
          [
            "iterationSeconds": .number(candidate.scored.score.iterationSeconds),
            "worstRegret": .number(candidate.worstRegret),
            "worstScenario": .string(report.scenarios[candidate.worstScenario].name), "lost": .int(candidate.lost),
          ]
        }),
      "errors": [
        "measured": .number(report.measuredError - 1), "derived": .number(report.derivedError - 1),
        "reserved": .number(report.reservedError - 1),
      ],
      "hangsOn": .array(
        report.reliances.map { reliance in
          [
            "figures": .string(reliance.doubt.rawValue), "origin": .string(reliance.provenance.rawValue),
            "scenario": .string(reliance.scenario), "chosenRegret": .number(reliance.regret),
          ]
        }),
      "lostRegret": .number(RobustReport.lostRegret),
      "scenarios": .array(
        report.scenarios.map { scenario in
          [
            "name": .string(scenario.name), "shares": .array(scenario.shares.map { .number($0) }),
            "bestSeconds": .optional(scenario.bestSeconds), "chosenSeconds": .number(scenario.chosenSeconds),
            "chosenFits": .bool(scenario.chosenFits), "chosenRegret": .number(scenario.chosenRegret),
          ]
        }),
    ]
  }

  // MARK: Text

  /// The block under the alternatives.
  var lines: [String] {
    let chosen = report.candidates[0]
    let count = "\(report.candidates.count) plans on \(report.scenarios.count) variants of the hardware "
    let errors =
      "(measured figures off by up to \(Decimals.percent(report.measuredError - 1)) %, others "
      + "\(Decimals.percent(report.derivedError - 1)) %, reserved memory \(Decimals.percent(report.reservedError - 1)) %)"
    var lines = ["", "robust: " + count + errors, "  this plan   " + verdict(chosen)]
    if report.mostRobust == 0 {
      lines.append("  no plan of these loses less at worst")
    } else {
      let plan = robust.scored.plan
      lines.append("  most robust " + verdict(robust))
      lines.append(
        "              S \(plan.stages.count), G \(plan.gradientAccumulation), tp "
          + "\(plan.stages.first?.tensorParallel ?? 1), "
          + "\(Decimals.significant(robust.scored.score.iterationSeconds, 5)) s per iteration as told, "
          + "\(Decimals.gibibytes(robust.scored.score.peakReservedBytes)) GiB reserved")
    }
    return lines
      + report.reliances.map { reliance in
        "  the choice hangs on \(reliance.doubt.rawValue), which are \(reliance.provenance.rawValue), not measured: "
          + "with \(reliance.scenario) it loses \(Decimals.percent(reliance.regret)) %"
      }
  }

  private func verdict(_ candidate: RobustReport.Candidate) -> String {
    let scenario = report.scenarios[candidate.worstScenario].name
    let lost = candidate.lost > 0 ? "; does not fit in \(candidate.lost) of them (counts as 100 %)" : ""
    return "loses at most \(Decimals.percent(candidate.worstRegret)) % against the best there (\(scenario))\(lost)"
  }
}
