import Foundation
import PTYSupport
import Testing

/// Plain commands whose files are closed, full or stuck: they end, with a reason, and what was to be saved is.
@Suite("The line: commands without a terminal")
struct CommandLineTests {
  private static let tune = "exec brume tune " + Explorer.small.joined(separator: " ")

  @Test(
    "a closed output is an error with its reason, whatever was to be printed",
    arguments: ["models", "--help", "--version", "tune --help", "spaces --json"])
  func closedOutput(words: String) throws {
    for (redirection, reason) in [(">&-", "Bad file descriptor"), (">/dev/full", "No space left on device")] {
      let program = try LineProgram("exec brume \(words) \(redirection)")
      #expect(try program.waitForExit() == .exited(70), "\(words) \(redirection)")
      #expect(program.errors == "brume: standard output cannot be written: \(reason)\n", "\(words) \(redirection)")
    }
  }

  @Test(
    "whichever of the three files are closed, the plan that is saved is the same, and nothing else is in it",
    arguments: ["", "<&-", ">&-", "2>&-", "<&- >&-", ">&- 2>&-", "<&- 2>&-", "<&- >&- 2>&-"])
  func closedFiles(redirections: String) throws {
    let program = try LineProgram("\(Self.tune) --out plan.yaml \(redirections)")
    // The number in front of ">&-" is that of standard error.
    let hasOutput = !" \(redirections)".contains(" >&-")
    #expect(try program.waitForExit() == .exited(hasOutput ? 0 : 70))
    let plan = program.contents("plan.yaml")
    #expect(plan.hasPrefix("# A plan for ") && plan.hasSuffix("\n"))
    #expect(!plan.contains("cannot be written") && !plan.contains("saved"))
    let scored = try LineProgram("exec brume score '\(program.folder)/plan.yaml'")
    #expect(try scored.waitForExit() == .exited(0), "\(scored.errors)")
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: program.folder).filter { $0.contains("plan") }.count == 1)
  }

  @Test("a closed input is named where it is asked for")
  func closedInput() throws {
    let program = try LineProgram("exec brume tune - <&-")
    #expect(try program.waitForExit() == .exited(65))
    #expect(program.errors.contains("stdin: standard input cannot be read"))
  }

  @Test(
    "a reader that has gone ends a command quietly, also where SIGPIPE is ignored; the plan is saved before",
    arguments: ["", "trap '' PIPE; "])
  func goneReader(prelude: String) throws {
    let pipe = try StuckPipe(isFull: false)
    let program = try LineProgram(prelude + Self.tune + " --out plan.yaml", output: pipe.writer)
    #expect(try program.waitForExit() == (prelude.isEmpty ? .signalled(SIGPIPE) : .exited(128 + SIGPIPE)))
    #expect(program.errors == "")
    #expect(program.contents("plan.yaml").hasPrefix("# A plan for "))
  }

  @Test(
    "a reader that takes nothing: the command sleeps, and SIGTERM, SIGHUP and Ctrl-C end it",
    arguments: [SIGTERM, SIGHUP, SIGINT])
  func stuckReader(number: Int32) throws {
    let pipe = try StuckPipe(isFull: true)
    let program = try LineProgram("exec brume models", output: pipe.writer)
    try program.wait(until: "a full pipe") { program.isStalled }
    #expect(program.processorSeconds(within: 0.2) < 0.02)
    program.signal(number)
    #expect(try program.waitForExit(timeout: .seconds(5)) == .signalled(number))
  }

  @Test("also after a search, whose signals are taken otherwise, within five seconds", arguments: [SIGTERM, SIGHUP])
  func stuckReaderOfSearch(number: Int32) throws {
    let pipe = try StuckPipe(isFull: true)
    let program = try LineProgram(Self.tune + " --out plan.yaml", output: pipe.writer)
    try program.wait(until: "a full pipe") { program.isStalled }
    #expect(program.processorSeconds(within: 0.2) < 0.02)
    let start = ContinuousClock.now
    program.signal(number)
    #expect(try program.waitForExit() == .exited(128 + number))
    #expect(ContinuousClock.now - start < .seconds(8))
    #expect(program.contents("plan.yaml").hasPrefix("# A plan for "))
  }

  @Test("two Ctrl-C end a command that nobody reads from at once")
  func twoInterrupts() throws {
    let pipe = try StuckPipe(isFull: true)
    let program = try LineProgram(Self.tune, output: pipe.writer)
    try program.wait(until: "a full pipe") { program.isStalled }
    program.signal(SIGINT)
    usleep(50_000)
    #expect(program.isRunning)
    program.signal(SIGINT)
    #expect(try program.waitForExit(timeout: .seconds(3)) == .exited(130))
  }

  @Test(
    "SIGTERM and SIGHUP in the middle of a search save and print the best plan so far", arguments: [SIGTERM, SIGHUP])
  func signalInSearch(number: Int32) throws {
    let words = Explorer.long.joined(separator: " ")
    let program = try LineProgram("exec brume tune \(words) --out plan.yaml")
    usleep(2_500_000)
    program.signal(number)
    program.signal(number == SIGHUP ? SIGHUP : 0)
    let exit = try program.waitForExit(timeout: .seconds(30))
    // A busy machine may have found nothing so far.
    guard exit != .exited(130) else { return #expect(program.contents("plan.yaml") == "") }
    #expect(exit == .exited(0))
    #expect(program.contents("plan.yaml").hasPrefix("# A plan for "))
    #expect(program.text.contains("s per iteration") || program.text.contains("s/iter"))
  }

  @Test("a search goes on under nohup, and in a script's background no Ctrl-C of others stops it")
  func ignoredSignals() throws {
    let words = Explorer.long.joined(separator: " ")
    let program = try LineProgram("trap '' HUP INT; exec brume tune \(words)")
    try program.wait(until: "the search") {
      (ProcessFigures(process: program.processID)?.processorSeconds ?? 0) > 1
    }
    program.signal(SIGHUP)
    program.signal(SIGINT)
    program.signal(SIGHUP)
    #expect(program.processorSeconds(within: 1) > 0.1)
    #expect(program.isRunning)
    program.signal(SIGTERM)
    let exit = try program.waitForExit(timeout: .seconds(30))
    #expect(exit == .exited(130) || exit == .exited(0))
  }
}
