import CPTY
import Foundation

/// A program in tmux, on a server of its own: what people use over SSH, and a second opinion on what a screen shows.
public final class TmuxSession {
  /// Whether tmux is installed; tests that need it are skipped otherwise.
  public static var isInstalled: Bool { tmux != nil }
  private static let tmux = BuiltProduct.system("tmux")

  private let server = "brume-test-\(UUID().uuidString)"
  /// The home of the program, and the folder in which it runs; it is removed with the session.
  public let home: URL

  /// Starts a program of this package; after its end the pane shows `exit CODE`.
  public init(
    _ program: String, arguments: [String] = [], width: Int = 80, height: Int = 24,
    terminal: String = "xterm-256color"
  ) throws {
    home = FileManager.default.temporaryDirectory.appending(path: server)
    try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
    let words = [try BuiltProduct.path(program)] + arguments
    let command = words.map { "'" + $0.replacing("'", with: "'\\''") + "'" }.joined(separator: " ")
    let environment = "HOME='\(home.path)' PATH=/usr/bin:/bin LANG=C.UTF-8 TERM=\(terminal)"
    try run(
      "-f", "/dev/null", "new-session", "-d", "-c", home.path, "-x", "\(width)", "-y", "\(height)",
      "env -i \(environment) \(command); echo exit $?; exec cat")
  }

  deinit {
    _ = try? run("kill-server")
    try? FileManager.default.removeItem(at: home)
  }

  /// Presses keys, by tmux' names (`Up`, `C-c`, `M-x`, `q`).
  public func press(_ keys: String...) throws { try run(["send-keys"] + keys) }

  /// Types text as it is.
  public func send(_ text: String) throws { try run("send-keys", "-l", text) }

  /// Pastes text, in brackets where the program asked for them.
  public func paste(_ text: String) throws {
    let file = home.appending(path: "paste")
    try text.write(to: file, atomically: true, encoding: .utf8)
    try run("load-buffer", file.path)
    try run("paste-buffer", "-p")
  }

  /// Changes the window's size.
  public func resize(width: Int, height: Int) throws {
    try run("resize-window", "-x", "\(width)", "-y", "\(height)")
  }

  /// The pane's rows.
  public var text: String { (try? run("capture-pane", "-p")) ?? "" }

  /// A value of the pane, such as `alternate_on` or `mouse_any_flag`.
  public func value(_ name: String) throws -> String {
    try run("display-message", "-p", "#{\(name)}").trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Waits until the pane holds the text.
  public func wait(for awaited: String, timeout: Duration = PTYSession.patience) throws {
    try wait(until: "“\(awaited)”", timeout: timeout) { $0.contains(awaited) }
  }

  /// Waits until the pane's rows are as wanted.
  ///
  /// - Parameter description: what is waited for, in the error.
  public func wait(
    until description: String, timeout: Duration = PTYSession.patience, _ condition: (String) -> Bool
  ) throws {
    let deadline = ContinuousClock.now + timeout
    while true {
      let text = text
      if condition(text) { return }
      guard ContinuousClock.now < deadline else { throw PTYError.timedOut(waitingFor: description, screen: text) }
      usleep(20_000)
    }
  }

  @discardableResult
  private func run(_ arguments: String...) throws -> String { try run(arguments) }

  /// Runs a tmux command on the own server; what it prints. Not by Foundation's Process, which waits until also the
  /// server that tmux leaves behind has ended.
  @discardableResult
  private func run(_ arguments: [String]) throws -> String {
    guard let tmux = Self.tmux else { throw PTYError.notFound("tmux") }
    var output = [UInt8](repeating: 0, count: 1 << 20)
    var count: Int32 = 0
    let environment = ["HOME=\(home.path)", "PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", "TERM=xterm-256color"]
    let status = withCStrings([tmux, "-L", server] + arguments) { arguments in
      withCStrings(environment) { cpty_capture(tmux, arguments, $0, &output, Int32(output.count), &count) }
    }
    guard status == 0 else { throw PTYError.system("tmux \(arguments.first ?? "")", code: status) }
    return String(decoding: output[0..<Int(count)], as: UTF8.self)
  }
}
