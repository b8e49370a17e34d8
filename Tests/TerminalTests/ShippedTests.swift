import Foundation
import PTYSupport
import Testing

/// Descriptions of terminals that lie beside the program, for systems that lack them. What lies there of UTF-8 is tested
/// by `PackageTests`: a system with a UTF-8 locale cannot be told to have none.
@Suite("Shipped beside the program")
struct ShippedTests {
  /// A terminal that no system knows.
  private static let strange = "brume-strange"

  @Test("a terminal that the system does not know is found in share/terminfo beside the program")
  func found() throws {
    let folder = try ShippedFolder()
    let before = try folder.start(terminal: Self.strange)
    #expect(try before.waitForExit() == .exited(70))
    #expect(before.screen.text.contains("no description of the terminal TERM=\(Self.strange)"))
    try folder.describe(Self.strange, as: "xterm-256color", in: "share/terminfo")
    try expectProbe(folder.start(terminal: Self.strange), first: "probe 200x24 full utf8")
  }

  @Test("a link to the program, and a TERMINFO that points nowhere, find it too")
  func links() throws {
    let folder = try ShippedFolder()
    try folder.describe(Self.strange, as: "xterm-256color", in: "share/terminfo")
    let link = folder.url.appending(path: "link")
    try FileManager.default.createSymbolicLink(at: link, withDestinationURL: URL(filePath: folder.probe))
    let nowhere = ["TERMINFO": "/nowhere", "TERMINFO_DIRS": "/nowhere/else:"]
    try expectProbe(
      folder.start(link.path, terminal: Self.strange, environment: nowhere), first: "probe 200x24 full utf8")
  }

  @Test(
    "the person's own description goes before the shipped one",
    arguments: ["TERMINFO", "TERMINFO_DIRS", "HOME"])
  func own(variable: String) throws {
    let folder = try ShippedFolder()
    try folder.describe(Self.strange, as: "xterm-256color", in: "share/terminfo")
    // Without colours: what the person has is told from what is shipped.
    var path = try folder.describe(Self.strange, as: "vt100", in: "own/.terminfo")
    if variable == "HOME" { path = folder.url.appending(path: "own").path }
    try expectProbe(
      folder.start(terminal: Self.strange, environment: [variable: path]), first: "probe 200x24 none utf8")
  }

  @Test("a terminal that the system knows is not looked up beside the program")
  func system() throws {
    let folder = try ShippedFolder()
    try folder.describe("xterm-256color", as: "vt100", in: "share/terminfo")
    try expectProbe(folder.start(), first: "probe 200x24 full utf8")
  }

  /// Expects the probe's first frame to begin so, and a clean end.
  private func expectProbe(
    _ session: PTYSession, first line: String, location: SourceLocation = #_sourceLocation
  ) throws {
    try session.wait(until: "the last row") { $0.line(23).hasPrefix("end") }
    #expect(session.screen.line(0) == line, sourceLocation: location)
    session.send("q")
    #expect(try session.waitForExit() == .exited(0), sourceLocation: location)
    #expect(session.isAsBefore, sourceLocation: location)
  }
}
