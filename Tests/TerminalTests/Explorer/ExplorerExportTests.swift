import Foundation
import PTYSupport
import Testing

/// A plan becomes a launcher's files from the explorer.
@Suite("Explorer: export")
struct ExplorerExportTests {
  @Test("e, the launcher, Enter: the files are in the folder, and brume scores them as the screen did")
  func exports() throws {
    let session = try Explorer.startAtRest()
    let seconds = try #require(Explorer.seconds(session.screen))
    let folder = session.home + "/run"
    try choose(folder, in: session)
    session.press(.enter)
    try session.wait(for: "wrote ", timeout: Explorer.searchPatience)
    #expect(FileManager.default.fileExists(atPath: folder + "/mist.yaml"))
    let scored = try Explorer.run(["score", folder + "/plan.yaml"])
    #expect(scored.exit == .exited(0))
    let mark = try #require(scored.text.range(of: " s per iteration"))
    let word = try #require(scored.text[..<mark.lowerBound].split(separator: " ").last)
    #expect(String(format: "%.3f", try #require(Double(word))) == seconds)
    try Explorer.expectCleanQuit(session)
  }

  @Test(":export asks before it replaces files, and before it takes another plan than the one on the screen")
  func asks() throws {
    let session = try Explorer.startAtRest()
    let folder = session.home + "/run"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    try "mine".write(toFile: folder + "/mist.yaml", atomically: true, encoding: .utf8)
    try choose(folder, in: session, by: ":export\r")
    session.press(.enter)
    try session.wait(for: "Replace files? y / n", timeout: Explorer.searchPatience)
    session.send("n")
    try session.wait(for: "not written")
    #expect(try String(contentsOfFile: folder + "/mist.yaml", encoding: .utf8) == "mine")
    session.press(.enter)
    try session.wait(for: "Replace files? y / n", timeout: Explorer.searchPatience)
    session.send("y")
    try session.wait(for: "wrote ", timeout: Explorer.searchPatience)
    #expect(try String(contentsOfFile: folder + "/mist.yaml", encoding: .utf8) != "mine")

    // torchtitan has no GPT: nothing is written, and the reason is told.
    let other = session.home + "/other"
    try choose(other, in: session)
    session.press(.up)
    session.press(.enter)
    try session.wait(for: "no plan that it can run:", timeout: Explorer.searchPatience)
    #expect(!FileManager.default.fileExists(atPath: other))
    session.press(.escape)
    // Esc and a letter at once would be Alt and the letter.
    try session.wait(until: "the dialog closed") { !$0.contains("Export the plan") }
    try Explorer.expectCleanQuit(session)
  }

  /// Opens the dialog and types a folder instead of the proposed one.
  private func choose(_ folder: String, in session: PTYSession, by keys: String = "e") throws {
    session.send(keys)
    try session.wait(for: "Export the plan")
    session.press(.control("u"))
    session.send(folder)
    try session.wait(for: String(folder.suffix(12)))
  }
}
