import ArgumentParser
import Engine
import Foundation
import TUI

/// `brume explore`, and `brume` alone: the explorer on this terminal.
struct ExploreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explore", abstract: "Open the explorer on a workload or a plan.",
    discussion: "Without a file it offers the samples.")

  @Argument(help: "A workload or plan: a YAML file, or the name of a sample.")
  var file: String?

  @OptionGroup var overrides: OverrideOptions
  @OptionGroup var search: SearchOptions
  @OptionGroup var look: LookOptions
  @OptionGroup var scripts: ScriptOptions

  func run() throws {
    let script = try scripts.load()
    // A mistyped command is taken for a file: it is named before anything is said about the terminal.
    let named = try file.map { try overrides.document($0) }
    try Terminal.check()
    guard let name = file ?? SampleChooser.choose() else { return }
    let input = try named ?? overrides.document(name)
    let workload = try search.limited(input.workload)
    let clock = MonotonicClock()
    let session = TuningSession(workload: workload) { clock.seconds }
    let opened = try input.plan.map { ScoredPlan(plan: $0.plan, score: try session.score($0.plan)) }

    let (settings, problem) = SettingsFile.load()
    // On the screen it stands until the first key; what is printed here can be read after leaving.
    if let problem { Console.warn("brume: \(problem); the settings are not used") }
    let terminal = try Terminal()
    defer { terminal.close() }
    let abilities = TerminalAbilities(
      charset: Self.charset(terminal), depth: terminal.colourDepth, takesCopies: Terminal.takesCopies)
    var request = try search.request(for: workload)
    if let pins = input.plan?.pins, request.pins.isEmpty { request.pins = pins }
    var state = ExplorerState(
      workload: workload, request: request,
      look: try look.look(settings, on: abilities), themes: try Theme.shipped(),
      size: terminal.size, plan: opened)
    state.adopt(settings, on: abilities, problem: problem)
    if !settings.usesMouse { terminal.setMouse(false) }
    var scripted = ScriptedSession(playing: script, resizes: false, records: scripts.record != nil)
    let reason = Self.loop(terminal, session: session, scripted: &scripted, state: &state)
    let log = terminal.close()
    // Whatever ended it: what was done until then is worth keeping.
    if let recorder = scripted.recorder { try scripts.save(recorder) }
    if reason != .hangup { Console.offer(lines: Farewell.lines(state, log: log)) }
    if let failure = scripted.failure { throw failure }
    if reason != .asked { throw ExitCode(reason.exitCode) }
  }

  private static func loop(
    _ terminal: Terminal, session: TuningSession, scripted: inout ScriptedSession, state: inout ExplorerState
  ) -> LeaveReason {
    let mailbox = Mailbox<Event>()
    let host = ExplorerHost(session: session, mailbox: mailbox)
    defer { host.stop() }
    for effect in start(&state) { _ = host.perform(effect) }
    var running = scripted
    defer { scripted = running }
    var loop = RunLoop<ExplorerState>(
      terminal: terminal, mailbox: mailbox, update: { running.update(&$0, $1) },
      render: { state, size in render(state, size: size) }, perform: { host.perform($0) })
    loop.settle = { host.settle() }
    return loop.run(&state)
  }

  /// The richest characters that the terminal shows: the Linux console's font has no braille.
  private static func charset(_ terminal: Terminal) -> Charset {
    guard terminal.isUTF8 else { return .ascii }
    return ProcessInfo.processInfo.environment["TERM"] == "linux" ? .block : .braille
  }
}
