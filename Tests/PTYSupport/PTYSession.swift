import CPTY
import Foundation

/// A program on a pseudo-terminal of its own, driven as a person would: press keys, look at the screen, wait for
/// something to appear.
///
///     let session = try PTYSession("brume", arguments: ["explore", sample], width: 120, height: 36)
///     try session.wait(for: "optimal")
///     session.send("2jj")
///     try session.wait(for: "2 of 4")
///     session.send("q")
///     #expect(try session.waitForExit() == .exited(0))
///     #expect(session.isAsBefore)
///
/// Nothing reads the program's output but the `wait` functions, so that byte counts are exact; never sleep, wait for a
/// mark on the screen. The environment is empty but for `PATH`, `LANG=C.UTF-8`, `TERM`, and a `HOME` of its own.
/// The program is killed when the session goes away. One thread uses a session.
public final class PTYSession {
  /// What the terminal shows.
  public private(set) var screen: VirtualScreen
  /// Everything that the program sent, in order.
  public private(set) var output: [UInt8] = []
  /// The terminal's modes (`stty`) before the program started.
  public let modesBefore: String
  /// The program's home directory, removed with the session.
  public let home: String
  /// Reads at most so fast, as over a slow line; nil for as fast as it comes.
  public var bytesPerSecond: Int?
  /// How long a line takes there and back: keys arrive so much later, and what is sent comes at once.
  public var roundTrip = Duration.zero
  /// What comes is read and dropped: the emulator does not see it. For floods that it is too slow for.
  public var dropsOutput = false
  /// When something came last.
  var lastByteAt: ContinuousClock.Instant?
  /// The program's process; it is the foreground job of a small shell.
  public var processID: Int32 { process.program }

  private var process: cpty_process
  private var exit: PTYExit?
  private var isStopped = false

  /// Starts a program: a product of this package by its name, or any by its path.
  ///
  /// - Parameter environment: added to, or instead of, the few variables above.
  public init(
    _ program: String, arguments: [String] = [], width: Int = 80, height: Int = 24,
    terminal: String? = "xterm-256color", environment: [String: String] = [:]
  ) throws {
    let path = program.contains("/") ? program : try BuiltProduct.path(program)
    home = try Self.makeHome()
    var variables = ["PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": home]
    variables["TERM"] = terminal
    variables.merge(environment) { $1 }
    var process = cpty_process()
    var modes = [CChar](repeating: 0, count: Self.modesCapacity)
    let code = withCStrings([path] + arguments) { arguments in
      withCStrings(variables.map { "\($0)=\($1)" }) { environment in
        cpty_spawn(
          path, arguments, environment, UInt16(width), UInt16(height), &process, &modes, Int32(modes.count))
      }
    }
    guard code == 0 else { throw PTYError.system("cpty_spawn", code: code) }
    self.process = process
    screen = VirtualScreen(width: width, height: height)
    modesBefore = Self.text(modes)
  }

  deinit {
    // What is already known to have ended must not be signalled: its number may be somebody else's.
    if exit != nil { process.program = -1 }
    cpty_end(&process)
    try? FileManager.default.removeItem(atPath: home)
  }

  /// Bytes that the program has sent so far and that were read.
  public var bytesReceived: Int { output.count }

  /// The terminal's modes now, as text.
  public var modes: String { Self.modes(of: process.slave) }

  /// Whether a shell would find the terminal as it was before the program: modes of the line and of the screen.
  public var isAsBefore: Bool { modes == modesBefore && screen.isReset }

  /// Bytes that the program has not read yet.
  public var waitingInput: Int { Int(cpty_waiting_input(process.slave)) }

  /// Types text.
  public func send(_ text: String) { send(Array(text.utf8)) }

  /// Presses keys, one after the other.
  public func press(_ keys: PTYKey...) {
    for key in keys { send(key.bytes(applicationMode: screen.modes.contains(1))) }
  }

  /// Pastes text, as a terminal does: in brackets where the program asked for them.
  public func paste(_ text: String) {
    let bytes = text.replacing("\n", with: "\r")
    send(screen.modes.contains(2004) ? "\u{1B}[200~\(bytes)\u{1B}[201~" : bytes)
  }

  /// Presses and releases the left button at a cell, from 0.
  public func click(row: Int, column: Int) {
    send("\u{1B}[<0;\(column + 1);\(row + 1)M\u{1B}[<0;\(column + 1);\(row + 1)m")
  }

  /// Types bytes; while the program does not take them, its output is read, so that neither waits for the other.
  public func send(_ bytes: [UInt8]) {
    if roundTrip > .zero { usleep(UInt32(roundTrip / .microseconds(1))) }
    var rest = bytes[...]
    while !rest.isEmpty {
      var poller = pollfd(fd: process.master, events: Int16(POLLIN | POLLOUT), revents: 0)
      guard poll(&poller, 1, 5_000) > 0 else { return }
      if poller.revents & Int16(POLLIN) != 0 { readAvailable() }
      if poller.revents & Int16(POLLOUT) != 0 {
        // In pieces: a pseudo-terminal takes at most 4 KB at a time, and write would wait for all.
        let piece = Array(rest.prefix(512))
        let written = write(process.master, piece, piece.count)
        if written <= 0 { return }
        rest = rest.dropFirst(written)
      } else if poller.revents & Int16(POLLIN) == 0 {
        return
      }
    }
  }

  /// Changes the window's size; the program gets SIGWINCH.
  public func resize(width: Int, height: Int) {
    screen.resize(width: width, height: height)
    _ = cpty_resize(process.master, UInt16(width), UInt16(height))
  }

  /// Has the window claim a size that the emulator does not take; what that shows is not the program's screen then.
  public func claimSize(width: UInt16, height: UInt16) { _ = cpty_resize(process.master, width, height) }

  /// Sends a signal to the program.
  public func signal(_ number: Int32) { kill(processID, number) }

  /// Closes the terminal, as a dropped line or a closed window does.
  public func hangUp() {
    guard process.master >= 0 else { return }
    Glibc.close(process.master)
    process.master = -1
  }

  /// Continues the stopped program, in the foreground as `fg` does, or in the background as `bg` does.
  public func resume(inForeground: Bool = true) {
    isStopped = false
    cpty_continue(&process, inForeground)
  }
}

// Waiting and reading.
extension PTYSession {
  /// How long to wait for something that must come; far above what it takes, for busy machines.
  public static let patience = Duration.seconds(20)

  /// Reads until a row of the screen holds the text.
  public func wait(for text: String, timeout: Duration = patience) throws {
    try wait(until: "“\(text)”", timeout: timeout) { $0.contains(text) }
  }

  /// Reads until the screen is as wanted, and what of that frame still comes: frames come pen by pen, not row by row. Over
  /// a slow line only until the screen is as wanted.
  ///
  /// - Parameter description: what is waited for, in the error.
  public func wait(
    until description: String, timeout: Duration = patience, _ condition: (VirtualScreen) -> Bool
  ) throws {
    let deadline = ContinuousClock.now + timeout
    while !condition(screen) {
      let hasEnded = pollExit() != nil
      if readSome(milliseconds: 20) { continue }
      if hasEnded, let exit { throw PTYError.ended(waitingFor: description, exit: exit, screen: screen.text) }
      guard ContinuousClock.now < deadline else {
        throw PTYError.timedOut(waitingFor: description, screen: screen.text)
      }
    }
    while bytesPerSecond == nil, readSome(milliseconds: 15) {}
  }

  /// Reads until the program ends and what it sent is read.
  public func waitForExit(timeout: Duration = patience) throws -> PTYExit {
    let deadline = ContinuousClock.now + timeout
    while pollExit() == nil {
      guard ContinuousClock.now < deadline else {
        throw PTYError.timedOut(waitingFor: "the end of the program", screen: screen.text)
      }
      if process.master >= 0 { readSome(milliseconds: 5) } else { usleep(2_000) }
    }
    readToMark()
    guard let exit else { throw PTYError.timedOut(waitingFor: "the end of the program", screen: screen.text) }
    return exit
  }

  /// Reads until the program has stopped (Ctrl-Z); the shell has the terminal then.
  public func waitForStop(timeout: Duration = patience) throws {
    let deadline = ContinuousClock.now + timeout
    while !isStopped {
      if let exit = pollExit() { throw PTYError.ended(waitingFor: "a stop", exit: exit, screen: screen.text) }
      guard ContinuousClock.now < deadline else {
        throw PTYError.timedOut(waitingFor: "a stop", screen: screen.text)
      }
      readSome(milliseconds: 5)
    }
    readToMark()
  }

  /// Reads what comes within the time, and says how many bytes that was.
  public func bytes(within duration: Duration) -> Int {
    let before = output.count
    let deadline = ContinuousClock.now + duration
    while ContinuousClock.now < deadline { readSome(milliseconds: 5) }
    return output.count - before
  }

  /// Reads until nothing has come for a moment: the frame that a mark was seen in is then read whole.
  public func settle() {
    while bytes(within: .milliseconds(40)) > 0 {}
  }

  /// Does something, reads until the screen holds the text and nothing more comes, and says how many bytes came.
  public func bytes(until text: String, of action: () -> Void) throws -> Int {
    settle()
    let before = output.count
    action()
    try wait(for: text)
    settle()
    return output.count - before
  }

  /// Reads up to the shell's mark behind what the program sent, and forgets the mark.
  private func readToMark() {
    let mark = Array(CPTY_MARK.utf8)
    while !output.reversed().starts(with: mark.reversed()) {
      guard readSome(milliseconds: 2_000) else { return }
    }
    output.removeLast(mark.count)
  }

  /// Reads what has come already.
  private func readAvailable() { while readSome(milliseconds: 0) {} }

  /// Reads once; whether something came.
  @discardableResult
  func readSome(milliseconds: Int32) -> Bool {
    guard process.master >= 0 else { return false }
    var poller = pollfd(fd: process.master, events: Int16(POLLIN), revents: 0)
    guard poll(&poller, 1, milliseconds) > 0 else { return false }
    // A slow line: a fiftieth of a second's bytes, each fiftieth of a second.
    var buffer = [UInt8](repeating: 0, count: bytesPerSecond.map { max(1, $0 / 50) } ?? 65_536)
    let count = read(process.master, &buffer, buffer.count)
    guard count > 0 else { return false }
    if bytesPerSecond != nil { usleep(20_000) }
    lastByteAt = .now
    if dropsOutput { return true }
    output += buffer[0..<count]
    screen.feed(buffer[0..<count])
    return true
  }

  /// Asks once whether the program has ended.
  private func pollExit() -> PTYExit? {
    while exit == nil {
      let report = cpty_next_report(&process)
      switch cpty_report_kind(rawValue: UInt32(report.kind)) {
      case CPTY_EXITED: exit = .exited(report.value)
      case CPTY_SIGNALLED: exit = .signalled(report.value)
      case CPTY_STOPPED: isStopped = true
      default: return nil
      }
    }
    return exit
  }

  private static let modesCapacity = 1_024

  private static func modes(of terminal: Int32) -> String {
    var text = [CChar](repeating: 0, count: modesCapacity)
    let code = cpty_modes(terminal, &text, Int32(text.count))
    return code == 0 ? Self.text(text) : "?"
  }

  /// The characters up to the NUL.
  private static func text(_ characters: [CChar]) -> String {
    String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  private static func makeHome() throws -> String {
    let home = FileManager.default.temporaryDirectory.appending(path: "brume-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
    return home.path
  }
}
