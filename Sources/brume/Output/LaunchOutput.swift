import Engine

/// What `export` prints.
struct LaunchOutput {
  /// How it ended.
  let result: LaunchExport
  /// All files that were written, the plan among them.
  let files: [LaunchFile]
  /// The folder that they were written to.
  let folder: String?

  private var title: String { result.launcher.title }

  /// For standard error: what was written, or what is in the way.
  var remarks: [String] {
    var lines: [String] = []
    switch result.status {
    case .exported: break
    case .refused:
      lines.append("\(title) cannot run this plan:")
      lines += result.refusals.map { "  \($0)" }
    case .nearest:
      if result.refusals.isEmpty {
        lines.append("on the runtime \(result.workload.run.runtime) this plan does not fit its memory")
      } else {
        lines.append("\(title) cannot run all of this plan:")
        lines += result.refusals.map { "  \($0)" }
      }
    case .over:
      lines.append(
        "on the runtime \(result.workload.run.runtime) this plan does not fit its memory: --force exports it")
    }
    lines += nearest
    if result.nearest != nil, result.status != .nearest { lines.append("--nearest exports it") }
    if result.status == .exported, let scored = result.scored {
      lines.append(
        "\(Decimals.significant(scored.score.iterationSeconds, 4)) s per iteration on the runtime "
          + result.workload.run.runtime + (scored.score.fits ? "" : "; it does NOT fit its memory"))
    }
    if let folder, !files.isEmpty {
      lines.append("wrote \(files.map(\.name).joined(separator: ", ")) to \(folder)")
    }
    return lines
  }

  /// The nearest plan: its time beside the one that was asked for, and what differs.
  var nearest: [String] {
    guard let nearest = result.nearest else {
      guard result.files.isEmpty else { return [] }
      return result.refusals.contains(where: \.isOfWorkload)
        ? ["no plan of this workload runs there"] : ["no plan that \(title) can run fits; brume tune says what would"]
    }
    let seconds = nearest.scored.score.iterationSeconds
    let share = seconds / nearest.askedSeconds - 1
    var lines = [
      "the nearest plan that it can run: \(Decimals.significant(seconds, 4)) s per iteration on the runtime "
        + "\(nearest.workload.run.runtime), instead of \(Decimals.significant(nearest.askedSeconds, 4)) s "
        + "(\(share < 0 ? "" : "+")\(Decimals.percent(share)) %)"
    ]
    if let same = nearest.secondsOnAskedRuntime {
      lines.append(
        "  of which the choices cost \(Decimals.fixed(same - nearest.askedSeconds, 3)) s, "
          + "the other runtime \(Decimals.fixed(seconds - same, 3)) s")
    }
    lines += nearest.changes.map { "  \($0.text)" }
    return lines
  }

  /// All files one after another, each under its name.
  var printed: String {
    files.map { "==> \($0.name) <==\n\($0.text)" }.joined(separator: "\n")
  }

  /// As JSON.
  var value: JSONValue {
    let context = PlanJSON.Context(runtime: result.workload.run.runtime, space: result.launcher.spaceName)
    return .object([
      JSONMember("format", "brume/1"), JSONMember("status", .string(result.status.rawValue)),
      JSONMember("launcher", .string(result.launcher.rawValue)), JSONMember("runtime", .string(context.runtime)),
      JSONMember("folder", folder.map(JSONValue.string) ?? nil),
      JSONMember(
        "refused",
        .array(
          result.refusals.map {
            let knobs = PlanKnob.allCases.filter($0.knobs.contains).map(\.rawValue)
            return ["what": .string($0.what), "why": .string($0.why), "knobs": .strings(knobs)]
          })),
      JSONMember("plan", result.scored.map { PlanJSON.plan($0, context: context) } ?? nil),
      JSONMember("nearest", result.nearest.map { nearestValue($0, context) } ?? nil),
      JSONMember(
        "files",
        .array(
          files.map { ["name": .string($0.name), "executable": .bool($0.isExecutable), "text": .string($0.text)] })),
    ])
  }

  private func nearestValue(_ nearest: NearestPlan, _ context: PlanJSON.Context) -> JSONValue {
    PlanJSON.plan(
      nearest.scored, context: context,
      first: [
        JSONMember("askedSeconds", .number(nearest.askedSeconds)),
        JSONMember("secondsOnAskedRuntime", .optional(nearest.secondsOnAskedRuntime)),
        JSONMember("changes", .strings(nearest.changes.map(\.text))),
        JSONMember("freed", .strings(nearest.freed.map(\.rawValue))),
      ])
  }
}
