import Foundation
import PTYSupport
import Testing

/// Starts the real explorer, and knows the marks on its screens that tests wait for.
enum Explorer {
  /// So small that a debug build has the optimum at once: a plan of one stage.
  static let tiny = ["gpt-1.3b-2xl4", "--set", "model.layers=2", "--set", "run.batch=1", "--space", "mist-paper"]
  /// So small that a debug build has the optimum and the frontier in a moment: two stages, five points.
  static let small = ["gpt-1.3b-2xl4", "--set", "model.layers=2", "--set", "run.batch=2", "--space", "mist-paper"]
  /// A debug build searches this for many seconds, with a plan after one.
  static let medium = ["gpt-1.3b-2xl4"]
  /// The optimum comes soon enough to wait for; what takes as long again can still be stopped.
  #if DEBUG
    static let stoppable = medium
  #else
    static let stoppable = large
  #endif
  /// Searched for many seconds, with a plan after one, in any build.
  #if DEBUG
    static let long = medium
  #else
    static let long = ["llama-70b-512xh100", "--space", "everything"]
  #endif
  /// A debug build searches this for minutes.
  static let large = ["gpt-22b-32xl4"]

  /// How long to wait for what needs a search in a debug build on a busy machine.
  static let searchPatience = Duration.seconds(90)

  /// The header says that the search has proved its optimum, whatever plan is shown.
  static func isProved(_ screen: VirtualScreen) -> Bool {
    screen.contains("optimal") || screen.contains("optimum in")
  }

  /// Starts `brume explore`, and waits for nothing.
  static func start(
    _ question: [String] = tiny, width: Int = 120, height: Int = 36, terminal: String? = "xterm-256color",
    environment: [String: String] = [:]
  ) throws -> PTYSession {
    try PTYSession(
      "brume", arguments: ["explore"] + question, width: width, height: height, terminal: terminal,
      environment: environment)
  }

  /// Starts it and waits for the first whole frame, while the search runs.
  static func startSearching(_ question: [String] = large, width: Int = 120, height: Int = 36) throws -> PTYSession {
    let session = try start(question, width: width, height: height)
    try session.wait(for: "q quit")
    return session
  }

  /// Starts it and waits until the optimum is proved and nothing arrives any more.
  ///
  /// - Parameter sweeps: waits also for the whole frontier, which takes longer than the optimum; else stops that.
  static func startAtRest(
    _ question: [String] = tiny, sweeps: Bool = false, width: Int = 120, height: Int = 36,
    terminal: String? = "xterm-256color", environment: [String: String] = [:]
  ) throws -> PTYSession {
    let session = try start(question, width: width, height: height, terminal: terminal, environment: environment)
    if !sweeps {
      try session.wait(until: "the optimum", timeout: searchPatience) { isProved($0) }
      session.press(.escape)
    }
    try waitForRest(session)
    return session
  }

  /// Waits until the optimum is proved and the frontier is filled in: nothing is left to stop.
  static func waitForRest(_ session: PTYSession) throws {
    try session.wait(until: "optimal and nothing to stop", timeout: searchPatience) {
      isProved($0) && $0.contains("q quit") && !$0.contains("Esc stop")
    }
    // A search that was told to stop takes a moment.
    try session.waitForSleep(timeout: searchPatience)
  }

  /// The time of the shown plan, as the second line says it: `0.138 s/iter`.
  static func seconds(_ screen: VirtualScreen) -> String? {
    for line in [screen.line(1), screen.line(0)] {
      guard let end = line.range(of: " s/iter") else { continue }
      return line[..<end.lowerBound].split(separator: " ").last.map(String.init)
    }
    return nil
  }

  /// Quits, and expects the exit code 0 and the terminal as it was.
  static func expectCleanQuit(_ session: PTYSession, location: SourceLocation = #_sourceLocation) throws {
    session.send("q")
    #expect(try session.waitForExit() == .exited(0), sourceLocation: location)
    #expect(session.isAsBefore, sourceLocation: location)
    #expect(session.screen.misunderstood == [], sourceLocation: location)
  }

  /// What a command prints to a terminal that is wide enough for it, and how it ends.
  static func run(_ arguments: [String]) throws -> (text: String, exit: PTYExit) {
    let session = try PTYSession("brume", arguments: arguments, width: 250, height: 200)
    let exit = try session.waitForExit()
    return (String(decoding: session.output, as: UTF8.self).replacing("\r\n", with: "\n"), exit)
  }
}
