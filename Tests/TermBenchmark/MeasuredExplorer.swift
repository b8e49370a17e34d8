import Foundation
import PTYSupport

/// The explorer on a pseudo-terminal, directly or through a server, and what it costs.
struct MeasuredExplorer {
  /// How long a search may take.
  static let searchPatience = Duration.seconds(300)

  /// The terminal.
  let session: PTYSession

  /// Starts it on a workload; nothing is waited for.
  init(
    _ sample: String, _ size: (Int, Int), binary: String, server: LoopbackServer?, diskMilliseconds: Int? = nil
  ) throws {
    let direct = (program: binary, arguments: ["explore", sample])
    let command = server?.command([binary, "explore", sample]) ?? direct
    session = try PTYSession(
      command.program, arguments: command.arguments, width: size.0, height: size.1,
      environment: try diskMilliseconds.map(Self.slowDisk) ?? [:])
  }

  /// Variables with which every sync takes so long (Tests/CDisk).
  private static func slowDisk(_ milliseconds: Int) throws -> [String: String] {
    [
      "LD_PRELOAD": try BuiltProduct.path("libTestDisk.so"), "TEST_DISK_FOLDER": NSTemporaryDirectory(),
      "TEST_DISK_DELAY_MS": "\(milliseconds)",
    ]
  }

  /// Waits until the optimum is proved, the frontier is filled in, and nothing comes any more.
  func waitForRest() throws {
    try session.wait(until: "optimal and nothing to stop", timeout: Self.searchPatience) {
      ($0.contains("optimal") || $0.contains("optimum in")) && $0.contains("q quit") && !$0.contains("Esc stop")
    }
    _ = session.answer(quiet: .milliseconds(300)) {}
  }

  /// Does something again and again.
  func measure(_ action: MeasuredAction, repeats: Int) throws -> [PTYAnswer] {
    press(action.before)
    let count = max(2, Int((Double(repeats) * action.share).rounded()))
    var answers: [PTYAnswer] = []
    for index in 0..<count {
      let key = action.keys[index % action.keys.count]
      // The first frame alone, where a search goes on sending.
      let quiet = action.searches ? Duration.milliseconds(30) : .milliseconds(90)
      answers.append(session.answer(quiet: quiet, patience: .seconds(2)) { session.send(key) })
      // A key that means nothing takes away the message that lies over the hints.
      if action.searches {
        press("Y")
        try waitForRest()
      }
    }
    press(action.after)
    return answers
  }

  /// Leaves, and expects that it ends well.
  func quit() throws {
    session.send("q")
    guard try session.waitForExit() == .exited(0) else { throw BenchmarkFailure.ended }
  }

  private func press(_ keys: String) {
    for key in keys { _ = session.answer(quiet: .milliseconds(30)) { session.send(String(key)) } }
    _ = session.answer {}
  }
}

/// Why a measurement is none.
enum BenchmarkFailure: Error {
  /// The explorer did not end with the exit code 0.
  case ended
}
