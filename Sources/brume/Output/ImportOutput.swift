import Engine

/// What `import` prints: the score of what is run today, what was not understood, and the ladder.
struct ImportOutput {
  /// The launcher.
  let launcher: Launcher
  /// What was read.
  let found: LaunchImport
  /// The plan, with its score.
  let scored: ScoredPlan
  /// What to change, where it was asked for.
  let ladder: LaunchLadder?
  /// The measured runs that error bars come from.
  var records = RunRecords.shipped

  private var report: Report {
    Report(
      question: found.workload, workload: WorkloadJSON.value(found.workload),
      status: scored.score.fits ? .feasible : .infeasible, scored: scored,
      context: PlanJSON.Context(runtime: found.workload.run.runtime, space: launcher.spaceName), notes: [],
      records: records)
  }

  /// As text.
  var lines: [String] {
    ResultText.scored(report) + Self.list("taken by default", found.assumed)
      + Self.list("not modelled: the prediction may be off", found.warnings)
      + Self.list("unknown options, not read", found.unknown) + (ladder.map(climb) ?? [])
  }

  private static func list(_ title: String, _ items: [String]) -> [String] {
    items.isEmpty ? [] : ["", title + ":"] + items.map { "  \($0)" }
  }

  private func climb(_ ladder: LaunchLadder) -> [String] {
    let start = ladder.start.score
    var lines = [
      "",
      "you run at \(Self.seconds(start.iterationSeconds))"
        + (start.fits ? "" : ", which does not fit by this prediction"),
    ]
    for (index, rung) in ladder.rungs.enumerated() {
      let score = rung.scored.score
      let share = Decimals.percent(1 - score.iterationSeconds / start.iterationSeconds)
      lines.append(
        "\(index == 0 ? "first" : "then") change \(rung.title): \(Self.seconds(score.iterationSeconds)) "
          + "(\(rung.gainSeconds < 0 ? "+" : "-")\(Decimals.significant(abs(rung.gainSeconds), 3)) s, "
          + "\(share) % below today)")
      if let options = rung.options { lines.append("    \(options)") }
      lines += rung.changes.map { "    \($0.text)" }
    }
    if ladder.optimum == nil {
      lines.append(ladder.isComplete ? "" : "no plan that \(launcher.title) can run fits, or the search was ended")
    } else if ladder.rungs.isEmpty {
      lines.append("nothing that \(launcher.title) can run is faster")
    } else if ladder.isComplete {
      lines.append("that is the best that \(launcher.title) can run (space \(launcher.spaceName))")
    }
    return lines
  }

  private static func seconds(_ value: Double) -> String { Decimals.significant(value, 4) + " s per iteration" }

  /// As JSON: the members of `score`, then what was not understood and the ladder.
  var value: JSONValue {
    guard case .object(let members) = ResultJSON.scored(report) else { return nil }
    let context = report.context
    return .object(
      members + [
        JSONMember("launcher", .string(launcher.rawValue)), JSONMember("assumed", .strings(found.assumed)),
        JSONMember("warnings", .strings(found.warnings)), JSONMember("unknown", .strings(found.unknown)),
        JSONMember(
          "ladder",
          ladder.map { ladder in
            .array(
              ladder.rungs.map { rung in
                PlanJSON.plan(
                  rung.scored, context: PlanJSON.Context(runtime: rung.runtime, space: context.space),
                  first: [
                    JSONMember("change", .string(rung.title)),
                    JSONMember("changes", .strings(rung.changes.map(\.text))),
                    JSONMember("options", rung.options.map(JSONValue.string) ?? nil),
                    JSONMember("gainSeconds", .number(rung.gainSeconds)),
                  ])
              })
          } ?? nil),
      ])
  }
}
