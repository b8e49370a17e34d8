import CTerm
import Glibc

/// The terminal that the process runs on: draws frames, reads events, and gives the terminal back.
///
/// There is one per process, used from the main thread only (so it is not `Sendable`). From its creation to `close()`
/// the screen, the keyboard and the signals are its own, and what is printed goes to a log; however the process ends,
/// but for SIGKILL, the terminal is left as it was found. It does not decide when to draw: that is `RunLoop`.
public final class Terminal {
  /// Columns and rows.
  public private(set) var size: Size
  /// What frames may use; `.none` where `NO_COLOR` is set and not empty.
  public let colourDepth: ColourDepth
  /// Whether more than ASCII can be shown.
  public let isUTF8: Bool
  /// What was done so far.
  package private(set) var statistics = Statistics()

  /// Counts of what a terminal did, for tests and for the person who asks.
  package struct Statistics: Sendable, Equatable {
    /// Frames given to `draw`.
    package var frames = 0
    /// Cells that differed from the frame before, in all frames.
    package var changedCells = 0
    /// Returns of `wait`.
    package var wakeups = 0
  }

  private let logPath: String?
  private var lastFrame: Frame?
  private var painter: FramePainter
  private var decoder = KeyDecoder()
  private var lastInput = ContinuousClock.now
  private var isOpen = true

  /// Takes the terminal; nothing is sent where that fails.
  ///
  /// - Parameter program: what a crash's last line calls the program.
  public init(program: String = "brume") throws(TerminalError) {
    logPath = SessionLog.path(environment: Self.environment)
    let wantsColour = (Self.environment("NO_COLOR") ?? "").isEmpty
    try Self.accept(cterm_start(program, logPath, wantsColour))
    size = Size(cterm_get_size())
    colourDepth = ColourDepth(colours: Int(cterm_colours()))
    isUTF8 = cterm_is_utf8()
    painter = FramePainter(language: .ofScreen())
  }

  deinit { if isOpen { _ = cterm_stop() } }

  /// Throws what a `Terminal` could not be made for, and sends nothing: before questions that would be in vain.
  public static func check() throws(TerminalError) { try accept(cterm_check()) }

  /// Throws unless a status is good.
  private static func accept(_ status: Int32) throws(TerminalError) {
    let name = environment("TERM").flatMap { $0.isEmpty ? nil : $0 }
    switch cterm_status(rawValue: UInt32(status)) {
    case CTERM_OK: return
    case CTERM_NOT_A_TERMINAL: throw .notATerminal
    case CTERM_UNKNOWN_TERMINAL: throw .unknownTerminal(name)
    case CTERM_DUMB_TERMINAL: throw .dumbTerminal(name)
    case CTERM_ALREADY_STARTED: throw .alreadyStarted
    default: throw .system(code: errno)
    }
  }

  /// Gives the terminal back; a second call does nothing.
  ///
  /// - Returns: the log's path if something was printed while the screen was up, to be told to the person.
  @discardableResult
  public func close() -> String? {
    guard isOpen else { return nil }
    isOpen = false
    return cterm_stop() ? logPath : nil
  }

  /// Shows a frame: sends what differs from the last one, and nothing where nothing does. What is larger than the
  /// terminal is clipped.
  ///
  /// - Returns: the number of cells that differ. O(cells).
  @discardableResult
  public func draw(_ frame: Frame) -> Int {
    guard isOpen else { return 0 }
    let difference = FrameDiff(from: lastFrame, to: frame)
    let bytes = painter.paint(difference, from: lastFrame, to: frame, room: size)
    bytes.withUnsafeBytes { cterm_paint($0.baseAddress, $0.count) }
    lastFrame = frame
    statistics.frames += 1
    statistics.changedCells += difference.changedCells
    return difference.changedCells
  }

  /// Makes the next `draw` clear the terminal and send everything (Ctrl-L).
  public func redraw() {
    guard isOpen else { return }
    lastFrame = nil
    painter.forget()
  }

  /// Gives the terminal back and stops, with the process group; returns when continued, with the terminal taken again
  /// and to be drawn whole. The size may be another one.
  public func suspend() {
    guard isOpen else { return }
    cterm_suspend()
    forgetScreen()
  }

  /// Switches mouse reports on (as at the start) or off; off lets people select text with the mouse.
  public func setMouse(_ on: Bool) {
    guard isOpen else { return }
    cterm_set_mouse(on)
  }

  /// Sends bytes that change no cell, between frames.
  func send(_ bytes: [UInt8]) {
    guard isOpen else { return }
    bytes.withUnsafeBytes { cterm_send($0.baseAddress, $0.count) }
  }
}

// What the run loop uses.
extension Terminal {
  /// Sleeps until something happens or the time is over (nil: for ever).
  func wait(milliseconds: Int?) -> cterm_wakeup {
    statistics.wakeups += 1
    return cterm_wait(milliseconds.map { Int32(clamping: $0) } ?? -1)
  }

  /// Most bytes and keys that are read before signals, messages and the screen have their turn.
  private static var mostCodes: Int { 4_096 }

  /// Reads what is there.
  ///
  /// - Returns: the events, and whether more may be waiting: a stream without end is handed over in pieces.
  func readEvents() -> (events: [Event], mayHaveMore: Bool) {
    let pause = ContinuousClock.now - lastInput
    var count = 0
    while count < Self.mostCodes {
      if decoder.isInPaste {
        // At once: by curses, which reads byte by byte, ten megabytes take the better part of a minute.
        let taken = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 4_096) { buffer in
          let taken = Int(cterm_read_bytes(buffer.baseAddress, Int32(buffer.count)))
          decoder.feed(buffer.prefix(taken))
          return taken
        }
        count += taken
        if taken > 0 { continue }
      }
      let code = cterm_read()
      if code == CTERM_NONE.rawValue {
        decoder.endDrain(afterPause: pause > .milliseconds(500))
        if count > 0 { lastInput = .now }
        return (decoder.takeEvents(), false)
      }
      if count == 0, pause > .seconds(1) { decoder.forgetOpen() }
      decoder.feed(code)
      count += 1
    }
    lastInput = .now
    return (decoder.takeEvents(), true)
  }

  /// Takes the window's new size; the next `draw` is a whole one.
  func takeResize() {
    cterm_resize()
    forgetScreen()
  }

  /// Takes the terminal again after the process was stopped from outside.
  func resume() {
    cterm_resume()
    forgetScreen()
  }

  private func forgetScreen() {
    lastFrame = nil
    painter.forget()
    size = Size(cterm_get_size())
  }

  /// A variable of the environment.
  static func environment(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }
}

extension Size {
  fileprivate init(_ size: cterm_size) {
    self.init(width: Int(size.width), height: Int(size.height))
  }
}
