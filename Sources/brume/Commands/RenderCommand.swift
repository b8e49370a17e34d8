import ArgumentParser
import Engine
import Foundation
import TUI

/// `brume render`: the explorer's screen as text, for a pipe, a bug report, a screen reader, a test.
struct RenderCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "render", abstract: "Print the explorer's screen as text.",
    discussion: """
      A plan is shown as it is; a workload is tuned first, for five minutes at most. The same input gives the same text.
      """)

  /// A pane or an answer that can fill the screen.
  enum Screen: String, ExpressibleByArgument, CaseIterable {
    case frontier, stages, memory, timeline, why, compare, runs, scaling, robust

    /// The pane of that name; nil for an answer of its own.
    var pane: Pane? { Pane.named(rawValue) }
  }

  @Argument(help: "A workload or plan: a YAML file, the name of a sample, or - for standard input.")
  var file: String

  @OptionGroup var overrides: OverrideOptions
  @OptionGroup var search: SearchOptions

  @Option(help: ArgumentHelp("Columns and rows.", valueName: "WxH"))
  var size = "120x36"

  @Option(help: "One screen alone: frontier, stages, memory, timeline, why, compare, runs, scaling, robust.")
  var screen: Screen?

  @Option(help: "What the scaling screen shows time against: gpus, cost, batch, sequence.")
  var axes: FrontierAxis?

  @Option(help: ScriptOptions.playHelp)
  var play: String?

  @OptionGroup var look: LookOptions

  func validate() throws {
    _ = try Self.size(size)
    if axes == .memory { throw ValidationError("time against memory is --screen frontier, without --axes") }
    if play != nil, screen != nil, screen?.pane == nil {
      throw ValidationError("--play shows a screen of the explorer; \(screen?.rawValue ?? "") is none of its panes")
    }
    if axes != nil, screen != .scaling { throw ValidationError("--axes belongs to --screen scaling") }
  }

  func run() throws {
    let script = try play.map(ScriptOptions.script)
    let input = try overrides.document(file)
    let workload = try search.limited(input.workload)
    // The screen shows how long a search took: on a clock that stands still, it does not depend on the machine.
    let session = TuningSession(workload: workload) { 0 }
    let opened = try input.plan.map { ScoredPlan(plan: $0.plan, score: try session.score($0.plan)) }
    // The optimum is the same on any number of threads; which plans were ruled out unseen before it was found is not.
    var request = try search.request(for: workload)
    request.threads = 1
    var state = ExplorerState(
      workload: workload, request: request,
      look: try look.look(charset: Console.showsUTF8 ? .braille : .ascii, depth: .none),
      themes: try Theme.shipped(), size: try Self.size(size), plan: opened, records: OwnRuns.current.records)
    let size = state.size
    if let screen, screen.pane == nil {
      let frame = answer(screen, session: session, request: request, opened: opened, state: state, size: size)
      return Self.put(frame, state.look.depth)
    }
    // A plan is shown as it is; a workload is tuned.
    let effects = opened == nil ? start(&state) : update(&state, .resize(size))
    var stage = RenderStage(session: session)
    stage.perform(effects, on: &state)
    var scripted = ScriptedSession(playing: script, resizes: true, records: false)
    stage.play(&scripted, on: &state)
    if let failure = scripted.failure { throw failure }
    if scripted.isPlaying { throw scripted.unfinished }
    // Only Why and Compare ask the engine for more than the others show. What more of a resource would buy takes a search
    // for each: `brume explain --marginal` has that.
    if let pane = screen?.pane, pane == .why || pane == .compare {
      for effect in open(pane, &state) {
        guard case .marginal(.some, let ticket) = effect else {
          stage.perform([effect], on: &state)
          continue
        }
        _ = update(&state, .marginal(.done, ticket: ticket))
      }
    }
    let frame =
      screen?.pane.map { render(state, pane: $0, size: state.size) } ?? render(state, size: state.size)
    Self.put(frame, state.look.depth)
  }

  /// The screen of an answer that is no pane: points of an axis, or plans on hardware that is off.
  ///
  /// The header shows the plan of the file, else the best one.
  private func answer(
    _ screen: Screen, session: TuningSession, request: TuneRequest, opened: ScoredPlan?, state: ExplorerState,
    size: Size
  ) -> Frame {
    func shown(_ plan: ScoredPlan?) -> ExplorerState {
      ExplorerState(
        workload: state.workload, request: request, look: state.look, size: size, plan: opened ?? plan,
        records: OwnRuns.current.records)
    }
    return RenderStage.limited { token in
      guard screen == .robust else {
        let axis = axes ?? .gpus
        let points = FrontierSweep(workload: session.workload, request: request, cancel: token, now: { 0 }).points(axis)
        let own = points.last {
          $0.workload.cluster == session.workload.cluster && $0.workload.run == session.workload.run
        }
        return render(shown(own?.best), scaling: points, axis: axis, size: size)
      }
      var wide = request
      wide.alternatives = RobustAnalysis.mostCandidates
      let result = session.tune(wide, cancel: token)
      let report = session.robust(result, request: wide, cancel: token, records: OwnRuns.current.records)
      return render(shown(result.best), robust: report, size: size)
    }
  }

  /// Prints the screen; its cells are fit to be shown, and colours are sequences.
  private static func put(_ frame: Frame, _ depth: ColourDepth) {
    if depth == .none { return Console.write(lines: plainText(frame)) }
    Console.write(styled: ansiText(frame).joined(separator: "\n") + "\n")
  }

  /// Columns and rows from `120x36`.
  static func size(_ text: String) throws -> Size {
    let parts = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let width = parts[0], let height = parts[1], (1...1000).contains(width),
      (1...1000).contains(height)
    else { throw ValidationError("--size must be COLUMNSxROWS, such as 120x36, each 1 to 1000") }
    return Size(width: width, height: height)
  }
}
