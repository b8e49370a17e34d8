import Foundation
import PTYSupport
import Testing

/// Where the explorer cannot work it says so before it touches the terminal, and names what can.
@Suite("Explorer: refusals")
struct ExplorerRefusalTests {
  @Test(
    "terminals that cannot show the screen are pointed to tune and render",
    arguments: ["dumb", "no-such-terminal", nil])
  func terminals(name: String?) throws {
    // Also without a file: the question which sample to open would be asked in vain.
    for question in [Explorer.small, []] {
      let session = try Explorer.start(question, width: 250, terminal: name)
      #expect(try session.waitForExit() == .exited(64))
      #expect(session.screen.contains("brume render"))
      #expect(session.screen.contains("brume tune"))
      #expect(!session.output.contains(0x1B))
      #expect(session.isAsBefore)
    }
  }

  @Test("a pipe instead of the screen or the keyboard is refused", arguments: ["brume | cat", "cat /dev/null | brume"])
  func pipes(line: String) throws {
    let command = "'\(try BuiltProduct.path("brume"))' explore gpt-1.3b-2xl4"
    let session = try PTYSession("/bin/sh", arguments: ["-c", line.replacing("brume", with: command)], width: 250)
    _ = try session.waitForExit()
    #expect(session.screen.contains("must be a terminal"))
    #expect(session.screen.contains("brume tune"))
    #expect(!session.output.contains(0x1B))
  }

  @Test(
    "what is wrong with the arguments is said without a flash of the screen",
    arguments: [
      (["no-such-file"], 65, "no-such-file"), (["gpt-1.3b-2xl4", "--theme", "pink"], 64, "known: "),
      (["gpt-1.3b-2xl4", "--set", "run.batsch=3"], 65, "batch"),
    ] as [([String], Int32, String)])
  func arguments(words: [String], code: Int32, text: String) throws {
    let session = try Explorer.start(words, width: 250)
    #expect(try session.waitForExit() == .exited(code))
    #expect(session.screen.contains(text))
    #expect(!session.output.contains(0x1B))
  }

  @Test("without a file the samples are offered by number")
  func chooser() throws {
    let session = try PTYSession("brume", width: 120, height: 36)
    try session.wait(for: "[1]:")
    let row = try #require(session.screen.lines.first { $0.contains("gpt-1.3b-2xl4") })
    session.send(try #require(row.split(separator: " ").first) + "\r")
    try session.wait(for: "q quit")
    #expect(session.screen.line(0).contains("gpt-1.3b"))
    try Explorer.expectCleanQuit(session)
  }

  @Test("the end of input at the question is the end of the program")
  func chooserEnd() throws {
    let session = try PTYSession("brume", width: 120, height: 36)
    try session.wait(for: "[1]:")
    session.press(.control("d"))
    #expect(try session.waitForExit() == .exited(0))
    #expect(session.isAsBefore)
  }
}
