import Foundation
import PTYSupport
import Testing

/// Settings and copies of the real explorer.
@Suite("Explorer: settings and copies")
struct ExplorerSettingsTests {
  /// A configuration folder of its own, removed at the end, and what stands in its settings file.
  private final class Configuration {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("brume-settings-\(UUID().uuidString)")

    var file: URL { folder.appendingPathComponent("brume/settings.yaml") }
    var environment: [String: String] { ["XDG_CONFIG_HOME": folder.path] }
    var text: String { (try? String(contentsOf: file, encoding: .utf8)) ?? "" }

    init(_ text: String? = nil) throws {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      guard let text else { return }
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try text.write(to: file, atomically: true, encoding: .utf8)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }
  }

  @Test("a settings file that swaps keys changes what they do and what is said of them")
  func swapped() throws {
    let configuration = try Configuration(
      "brume: 1\ntheme: light\nkeys:\n  plan.save: e\n  plan.export: s\n  app.details: [F2, \"v\"]\n")
    let session = try Explorer.startAtRest(width: 200, height: 50, environment: configuration.environment)
    try session.wait(until: "the new keys in the line at the bottom") {
      $0.contains("e save") && $0.contains("s export") && $0.contains("F2 in full")
    }
    session.send("e")
    try session.wait(for: "Save the plan")
    session.press(.escape)
    try session.wait(for: "e save")
    session.press(.function(2))
    try session.wait(for: "In full")
    session.press(.escape)
    try session.wait(for: "e save")
    session.send("?")
    try session.wait(until: "the new keys in the help") {
      $0.contains("F2 v             Show in full") && $0.contains("s                Write the launcher's files")
    }
    session.press(.escape)
    try session.wait(for: "e save")
    try Explorer.expectCleanQuit(session)
  }

  @Test("a key that is changed in the explorer works at once, is written, and works the next time")
  func changed() throws {
    let configuration = try Configuration()
    let session = try Explorer.startAtRest(environment: configuration.environment)
    session.send(",")
    try session.wait(for: "Settings")
    session.send("plan.save")
    session.press(.enter)
    try session.wait(for: "press the new key for plan.save")
    session.send("e")
    try session.wait(for: "e is the key of plan.export")
    session.send("n")
    try session.wait(for: "kept for all sessions")
    session.press(.enter, .function(3))
    try session.wait(for: "*F3")
    session.press(.escape)
    try session.wait(for: "F3 save")
    try Explorer.expectCleanQuit(session)
    #expect(configuration.text.contains("  plan.save: [\"F3\"]\n"))
    #expect(!configuration.text.contains("plan.export"))
    let next = try Explorer.startAtRest(environment: configuration.environment)
    next.press(.function(3))
    try next.wait(for: "Save the plan")
  }

  @Test("a settings file that cannot be read is told, the explorer opens, and the file stays as it is")
  func bad() throws {
    let text = "brume: 1\nkeys:\n  plan.svae: e\n"
    let configuration = try Configuration(text)
    let session = try Explorer.start(environment: configuration.environment)
    try session.wait(for: "settings.yaml:3: keys.plan.svae")
    try session.wait(for: "optimal", timeout: Explorer.searchPatience)
    session.press(.escape)
    try session.wait(for: "s save")
    session.send("T")
    try session.wait(for: "not kept: ")
    session.press(.escape)
    try session.wait(for: "q quit")
    try Explorer.expectCleanQuit(session)
    #expect(configuration.text == text)
    #expect(String(decoding: session.output, as: UTF8.self).contains("did you mean 'plan.save'?"))
  }

  @Test("y hands the number under the cursor to the terminal's clipboard and changes nothing else")
  func copies() throws {
    let session = try Explorer.startAtRest()
    let before = session.screen.lines
    session.send("y")
    try session.wait(for: "seconds per iteration")
    session.send("1")
    try session.wait(for: "sent to the terminal's clipboard")
    let output = String(decoding: session.output, as: UTF8.self)
    let start = try #require(output.range(of: "\u{1B}]52;c;"))
    let end = try #require(output.range(of: "\u{7}", range: start.upperBound..<output.endIndex))
    let content = try #require(Data(base64Encoded: String(output[start.upperBound..<end.lowerBound])))
    let seconds = try #require(Double(String(decoding: content, as: UTF8.self)))
    let shown = try #require(Explorer.seconds(session.screen).flatMap(Double.init))
    #expect(abs(seconds - shown) <= shown * 0.005)
    session.press(.escape)
    try session.wait(for: "q quit")
    #expect(session.screen.lines == before)
    try Explorer.expectCleanQuit(session)
  }

  @Test("inside of tmux the copy is wrapped too; on the Linux console it is a file whose path is told")
  func otherTerminals() throws {
    let tmux = try Explorer.startAtRest(environment: ["TMUX": "/tmp/tmux,1,0"])
    tmux.send("y1")
    try tmux.wait(for: "sent to the terminal's clipboard")
    #expect(String(decoding: tmux.output, as: UTF8.self).contains("\u{1B}Ptmux;\u{1B}\u{1B}]52;c;"))
    let console = try Explorer.startAtRest(terminal: "linux")
    let path = console.home + "/.local/state/brume/copied.txt"
    console.send("y")
    try console.wait(for: "the plan as a file")
    let row = try #require((0..<36).first { console.screen.line($0).contains("the plan as a file") })
    let number = try #require(console.screen.line(row).split(separator: " ").first { Int($0) != nil })
    console.send(String(number))
    try console.wait(for: "copied into " + path)
    #expect(try String(contentsOfFile: path, encoding: .utf8).contains("\nkind: plan\n"))
    #expect(!String(decoding: console.output, as: UTF8.self).contains("\u{1B}]52"))
    try Explorer.expectCleanQuit(console)
  }
}
