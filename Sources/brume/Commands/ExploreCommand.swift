import ArgumentParser
import Engine
import Foundation
import TUI

/// `brume explore`, and `brume` alone: the explorer on this terminal.
struct ExploreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explore", abstract: "Open the explorer on a workload, a plan or a session.",
    discussion: """
      Without a file it offers the samples and the last sessions. Instead of a file: --model, --cluster, --sequence and \
      --batch, as in brume explore --model llama-3-8b --cluster my-cluster.yaml --sequence 8192 --batch 64
      """)

  @Argument(help: "A workload, plan or session: a YAML file, or the name of a sample.")
  var file: String?

  @Flag(help: "Go on with the newest session, of FILE where one is given.")
  var resume = false

  @OptionGroup var question: QuestionOptions
  @OptionGroup var overrides: OverrideOptions
  @OptionGroup var search: SearchOptions
  @OptionGroup var look: LookOptions
  @OptionGroup var scripts: ScriptOptions

  func validate() throws {
    guard resume, search.changesQuestion || !(overrides.assignments + question.assignments).isEmpty else { return }
    throw ValidationError(
      "--resume goes on with the workload, space and pins as they were; change them in the explorer, or leave it out")
  }

  func run() throws {
    let script = try scripts.load()
    // A mistyped command is taken for a file: it is named before anything is said about the terminal.
    let named = try named()
    try Terminal.check()
    let chosen = named == nil ? SampleChooser.choose() : nil
    guard let opening = try named ?? chosen.map({ try ExplorerOpening($0, overrides: overrides) }) else { return }
    let workload = try search.limited(opening.document.workload)
    let clock = MonotonicClock()
    let session = TuningSession(workload: workload) { clock.seconds }
    let (settings, problem) = SettingsFile.load()
    // On the screen it stands until the first key; what is printed here can be read after leaving.
    if let problem { Console.warn("brume: \(problem); the settings are not used") }
    var request = try search.request(for: workload)
    if let pins = opening.document.plan?.pins, request.pins.isEmpty { request.pins = pins }

    let terminal = try Terminal()
    defer { terminal.close() }
    let abilities = TerminalAbilities(
      charset: Self.charset(terminal), depth: terminal.colourDepth, takesCopies: Terminal.takesCopies)
    var state = try opening.state(
      workload, request: request, look: try look.look(settings, on: abilities), size: terminal.size, session: session)
    state.adopt(settings, on: abilities, problem: problem)
    state.keepSession(source: opening.source)
    if !settings.usesMouse { terminal.setMouse(false) }
    var scripted = ScriptedSession(playing: script, resizes: false, records: scripts.record != nil)
    let (reason, kept) = Self.loop(
      terminal, session: session, opening: opening, scripted: &scripted, state: &state)
    let log = terminal.close()
    // Whatever ended it: what was done until then is worth keeping.
    if let recorder = scripted.recorder { try scripts.save(recorder) }
    Console.offer(lines: Farewell.lines(state, session: kept, log: log))
    if let failure = scripted.failure { throw failure }
    if reason != .asked { throw ExitCode(reason.exitCode) }
  }

  /// What the arguments name; nil where the person shall choose.
  private func named() throws -> ExplorerOpening? {
    if resume {
      if let session = try ExplorerOpening.newest(of: file, overrides: overrides) { return session }
      let place = file.map { " of \($0)" } ?? ""
      Console.warn("brume: there is no session\(place) to go on with")
    }
    if let file {
      try question.check(beside: file)
      return try ExplorerOpening(file, overrides: overrides)
    }
    return try question.workload(overrides).map { ExplorerOpening($0) }
  }

  /// Runs until the person leaves; why, and the file that keeps the session.
  private static func loop(
    _ terminal: Terminal, session: TuningSession, opening: ExplorerOpening, scripted: inout ScriptedSession,
    state: inout ExplorerState
  ) -> (LeaveReason, KeptSession?) {
    let mailbox = Mailbox<Event>()
    let writer = SessionFolder.standard.map { folder in
      SessionWriter(folder: folder, predecessor: opening.predecessor) { mailbox.post(.session($0)) }
    }
    let host = ExplorerHost(session: session, mailbox: mailbox, sessionWriter: writer)
    let effects = start(&state)
    var running = scripted
    defer { scripted = running }
    var loop = RunLoop<ExplorerState>(
      terminal: terminal, mailbox: mailbox, update: { running.update(&$0, $1) },
      render: { state, size in render(state, size: size) }, perform: { host.perform($0) })
    loop.settle = { host.settle() }
    loop.firstEffects = effects
    let reason = loop.run(&state)
    host.stop()
    return (reason, writer.flatMap { KeptSession($0) })
  }

  /// The richest characters that the terminal shows: the Linux console's font has no braille.
  private static func charset(_ terminal: Terminal) -> Charset {
    guard terminal.isUTF8 else { return .ascii }
    return ProcessInfo.processInfo.environment["TERM"] == "linux" ? .block : .braille
  }
}
