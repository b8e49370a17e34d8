import Engine
import TUI

/// The lines that stay on the terminal after the explorer is left.
enum Farewell {
  /// Three lines: the figures of the plan, where it is, and the command that goes on with it; a fourth where there is a
  /// log.
  ///
  /// - Parameters:
  ///   - session: what is kept of the session, where anything is.
  ///   - log: where printed text went while the screen was up, if any.
  static func lines(_ state: ExplorerState, session: KeptSession?, log: String?) -> [String] {
    var lines = [figures(state), place(state, session: session), command(state, session: session?.path)]
    if let log { lines.append("messages of this session: \(log)") }
    return lines
  }

  private static func figures(_ state: ExplorerState) -> String {
    guard let kept = state.kept else { return "\(state.workload.name): no plan that fits was found" }
    let score = kept.score
    return "\(state.workload.name): \(Decimals.significant(score.iterationSeconds, 5)) s per iteration, "
      + "\(Decimals.count(score.tokensPerSecond)) tokens/s, MFU \(Decimals.percent(score.mfu)) %, "
      + "S \(kept.plan.stages.count), G \(kept.plan.gradientAccumulation)" + (score.fits ? "" : ", OVER its memory")
  }

  private static func place(_ state: ExplorerState, session: KeptSession?) -> String {
    let resume = "`brume explore --resume`"
    let isKept = session != nil
    switch state.savedState {
    case .older, .never:
      guard let session, !session.isWhole else { break }
      let why = state.sessionProblem ?? "the disk did not take them in time"
      return "the last changes are not kept: \(why); \(resume) brings back what was before them"
    case .current: break
    }
    switch state.savedState {
    case .current(let path): return "saved in \(path)" + (isKept ? "; \(resume) goes on" : "")
    case .older(let path):
      return "saved in \(path) as it was before; " + (isKept ? "\(resume) brings the rest back" : "the rest is lost")
    case .never:
      if isKept { return "not saved; \(resume) brings it back" }
      return "not saved, and the session is not kept"
        + (state.sessionProblem.map { ": \($0)" } ?? "; \(state.keyText("plan.save")) in the explorer saves a plan")
    }
  }

  private static func command(_ state: ExplorerState, session: String?) -> String {
    let input = session.map(SessionFolder.short)
    guard state.kept != nil else { return "`brume tune \(input.map(HomePath.quoted) ?? "FILE")` searches without it" }
    let run = state.workload.run
    let launcher = run.launcher ?? Launcher.allCases.first { $0.runtimes.contains(run.runtime) } ?? .mist
    var file = input
    if case .current(let path) = state.savedState { file = path }
    return "brume export \(HomePath.quoted(file ?? "FILE")) --to \(launcher.rawValue)"
  }
}
