import Foundation
import PTYSupport
import Testing

/// The explorer out of the archive, in a chroot that holds nothing else; only where the archive is named:
///
///     ./package
///     BRUME_PACKAGE=dist/brume-0.1.0-x86_64-linux.tar.gz ./test --filter PackageTests
///
/// Root may change the root; anybody else does it in a user namespace of their own, where the system allows that.
@Suite("Package", .enabled(if: UnpackedArchive.path != nil), .serialized)
struct PackageTests {
  @Test(
    "the explorer runs in a chroot without anything else, however it is called",
    arguments: ["/NAME/bin/brume", "brume"])
  func explorer(program: String) throws {
    let root = try UnpackedArchive()
    let session = try root.start(
      program.replacing("NAME", with: root.name), environment: ["PATH": "/nowhere:/\(root.name)/bin"])
    try session.wait(for: "optimal", timeout: Explorer.searchPatience)
    try session.wait(for: "q quit")
    // The frame with the answer may still be on its way.
    try session.wait(until: "the plan's time") { Explorer.seconds($0) != nil }
    #expect(session.screen.line(0).contains("gpt-1.3b"))
    #expect(session.screen.text.contains("│"))
    session.press(.control("l"), .down)
    try Explorer.expectCleanQuit(session)
    #expect(try root.contents() == [root.name])
  }

  @Test(
    "each of the usual terminals is described",
    arguments: [
      "xterm", "xterm-256color", "screen", "screen-256color", "tmux", "tmux-256color", "linux", "vt100", "vt220",
      "rxvt-unicode-256color",
    ])
  func terminals(name: String) throws {
    let root = try UnpackedArchive()
    let session = try root.start(terminal: name)
    try session.wait(for: "q quit")
    try Explorer.expectCleanQuit(session)
  }

  @Test("a locale that asks for no UTF-8 gets ASCII")
  func ascii() throws {
    let root = try UnpackedArchive()
    let session = try root.start(environment: ["LANG": "C"])
    try session.wait(for: "q quit")
    #expect(session.output.allSatisfy { $0 < 0x80 })
    try Explorer.expectCleanQuit(session)
  }

  @Test("a crash gives the terminal back, and says where its details are")
  func crash() throws {
    let root = try UnpackedArchive()
    let session = try root.start(environment: ["HOME": "/home"])
    try session.wait(for: "q quit")
    session.signal(SIGSEGV)
    #expect(try session.waitForExit() == .signalled(SIGSEGV))
    #expect(session.isAsBefore)
    #expect(session.screen.contains("brume stopped by a fault of its own; details are in /home/.local/state/brume/"))
  }
}

/// The archive, unpacked into a folder that holds nothing else; removed at the end.
final class UnpackedArchive {
  /// What BRUME_PACKAGE names: the archive's path.
  static var path: String? { ProcessInfo.processInfo.environment["BRUME_PACKAGE"] }
  /// The one folder in it: `brume-VERSION`.
  let name: String
  private let folder: URL

  /// Unpacks the archive.
  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "brume-package-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let tar = try PTYSession(
      #require(BuiltProduct.system("tar")), arguments: ["-xzf", #require(Self.path), "-C", folder.path])
    try #require(try tar.waitForExit() == .exited(0), "\(tar.screen.text)")
    name = try #require(try FileManager.default.contentsOfDirectory(atPath: folder.path).first)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// What is in the folder now.
  func contents() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: folder.path) }

  /// Starts the explorer on a sample, with the folder as its root, and without a home.
  func start(
    _ program: String? = nil, terminal: String = "xterm-256color", environment: [String: String] = [:]
  ) throws -> PTYSession {
    let enter = getuid() == 0 ? [] : [try #require(BuiltProduct.system("unshare")), "--map-root-user"]
    let chroot = try #require(
      ["/usr/sbin/chroot", "/usr/bin/chroot"].first { FileManager.default.isExecutableFile(atPath: $0) })
    let words = enter + [chroot, folder.path, program ?? "/\(name)/bin/brume", "explore", "gpt-1.3b-2xl4"]
    return try PTYSession(
      words[0], arguments: Array(words.dropFirst()), width: 120, height: 36, terminal: terminal,
      environment: ["LANG": "en_US.UTF-8", "HOME": ""].merging(environment) { $1 })
  }
}
