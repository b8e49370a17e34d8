import Foundation
import PTYSupport
import Testing

/// What an environment can say: terminals that do not exist, locales that are not installed, sizes that are none.
@Suite("Explorer: the environment")
struct ExplorerEnvironmentTests {
  @Test(
    "a TERM that is none is refused with the plain commands named, and is not sent to the terminal as it is",
    arguments: [
      "", "dumb", "unknown", "../../etc/passwd", "/dev/zero", "xterm\u{1B}[31m\u{1B}]0;x\u{7}", "a\nb\rc",
      "xterm-256color ",
      String(repeating: "x", count: 10_000), String(repeating: "x/", count: 2_000), "é漢",
    ])
  func terminals(name: String) throws {
    let session = try Explorer.start(width: 250, terminal: name)
    #expect(try session.waitForExit() == .exited(64))
    #expect(session.screen.contains("brume tune") && session.screen.contains("brume render"))
    #expect(session.output.allSatisfy { (32..<127).contains($0) || $0 == 13 || $0 == 10 })
    #expect(session.output.count < 500)
    #expect(session.isAsBefore)
  }

  @Test(
    "a locale without UTF-8, or none, has a screen of ASCII",
    arguments: [
      ["LANG=C"], ["LANG=POSIX"], ["LANG=de_DE.ISO-8859-1"], ["LANG=ja_JP.EUC-JP"], ["LC_ALL=xx_YY.bogus"],
      ["LC_ALL=/etc"],
      ["LANG=C.UTF-8", "LC_ALL=C"], [],
    ])
  func locales(variables: [String]) throws {
    let words = ["-u", "LANG"] + variables + [try BuiltProduct.path("brume"), "explore"] + Explorer.tiny
    let session = try PTYSession("/usr/bin/env", arguments: words, width: 120, height: 36)
    try session.wait(until: "the optimum", timeout: Explorer.searchPatience) { Explorer.isProved($0) }
    session.send("2")
    try session.wait(for: "Enter values")
    session.send("4")
    try session.wait(for: "+ - zoom")
    try Explorer.expectCleanQuit(session)
    #expect(session.output.allSatisfy { $0 < 0x80 })
  }

  @Test("a screen as text is ASCII too on a terminal whose locale is not UTF-8, and has its lines elsewhere")
  func render() throws {
    let words = ["render"] + Explorer.tiny
    for (locale, file, isASCII) in [("C", "", true), ("C.UTF-8", "", false), ("C", " | cat", false)] {
      let command = "'\(try BuiltProduct.path("brume"))' \(words.joined(separator: " "))\(file)"
      let session = try PTYSession(
        "/bin/sh", arguments: ["-c", command], width: 120, height: 50, environment: ["LANG": locale])
      #expect(try session.waitForExit() == .exited(0))
      #expect(session.output.allSatisfy { $0 < 0x80 } == isASCII, "\(locale)\(file)")
    }
  }

  @Test(
    "COLUMNS and LINES of a shell, right or not, change nothing",
    arguments: ["0", "-5", "1", "99999999999999999999", "abc", "65535", ""])
  func sizes(value: String) throws {
    let environment = ["COLUMNS": value, "LINES": value]
    let session = try Explorer.start(width: 100, height: 30, environment: environment)
    try session.wait(until: "the line of keys") { $0.line(29).contains("help") }
    try Explorer.expectCleanQuit(session)
    for words in [["--help"], ["tune", "--help"], ["models"], ["tune"]] {
      let session = try PTYSession("brume", arguments: words, environment: environment)
      #expect(try session.waitForExit() == .exited(words == ["tune"] ? 64 : 0), "\(words) \(value)")
    }
  }

  @Test(
    "a terminal that does not say its size has that of COLUMNS and LINES, else 80x24", arguments: ["100", nil, "-3"])
  func noSize(value: String?) throws {
    let command = "stty cols 0 rows 0; exec '\(try BuiltProduct.path("term-probe"))'"
    let session = try PTYSession(
      "/bin/sh", arguments: ["-c", command], width: 120, height: 36,
      environment: value.map { ["COLUMNS": $0, "LINES": "30"] } ?? [:])
    try session.wait(for: value == "100" ? "probe 100x30" : value == nil ? "probe 80x24" : "probe 80x30")
    session.send("q")
    #expect(try session.waitForExit() == .exited(0))
  }
}
