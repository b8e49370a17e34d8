import Engine
import TUI

/// The lines that stay on the terminal after the explorer is left.
enum Farewell {
  /// The question, the figures of the plan that was shown, and where it is.
  ///
  /// - Parameter log: where printed text went while the screen was up, if any.
  static func lines(_ state: ExplorerState, log: String?) -> [String] {
    var lines = [ResultText.heading(state.workload)]
    if let shown = state.shown {
      let score = shown.score
      lines.append(
        "\(Decimals.significant(score.iterationSeconds, 5)) s per iteration, "
          + "\(Decimals.count(score.tokensPerSecond)) tokens/s, MFU \(Decimals.percent(score.mfu)) %, "
          + "S \(shown.plan.stages.count), G \(shown.plan.gradientAccumulation)")
      let save = state.keyText("plan.save")
      lines.append(
        state.savedPath.map { "saved in \($0); `brume score \(HomePath.quoted($0))` prints it" }
          ?? "not saved (\(save) in the explorer saves a plan; `brume tune ... --out FILE` does without it)"
      )
    }
    if let log { lines.append("messages of this session: \(log)") }
    return lines
  }
}
