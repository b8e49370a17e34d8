import CTerm

/// What the run loop does after an effect.
public enum LoopAction: Sendable, Equatable {
  /// Nothing.
  case proceed
  /// Clear the terminal and draw everything.
  case redraw
  /// Stop the process until the shell continues it.
  case suspend
  /// Switch mouse reports on or off.
  case mouse(Bool)
  /// Hand text to the terminal's clipboard.
  case copy(String)
  /// End the loop.
  case leave
}

/// Why the run loop ended.
public enum LeaveReason: Sendable, Equatable {
  /// An effect asked for it.
  case asked
  /// The terminal is gone: the line dropped or the window was closed.
  case hangup
  /// Somebody sent this signal (SIGTERM and the like).
  case signal(Int32)

  /// What a shell expects: 0, or 128 and the signal; a hangup counts as SIGHUP.
  public var exitCode: Int32 {
    switch self {
    case .asked: 0
    case .hangup: 128 + 1
    case .signal(let number): 128 + number
    }
  }
}

/// Waits, updates the state by what happens, and draws: the outer shell of an application whose `update` and `render`
/// are pure.
///
/// It sleeps until something happens; there is no tick. All input that waits is taken before one frame is drawn. Input
/// is drawn at once, and so is the first message after it; further frames that only messages cause come at most
/// `messageFramesPerSecond` times a second. A new size is taken at once, and drawn at most `sizeFramesPerSecond` times a
/// second: each is a whole frame.
public struct RunLoop<State> {
  /// How often messages alone may cause a frame.
  public static var messageFramesPerSecond: Int { 15 }
  /// How often new sizes alone may cause a frame.
  public static var sizeFramesPerSecond: Int { 30 }

  /// Takes an event into the state and says what is to be done outside.
  public var update: (inout State, Event) -> [Effect]
  /// The picture of the state.
  public var render: (State, Size) -> Frame
  /// Does what `update` asked for.
  public var perform: (Effect) -> LoopAction
  /// Waits a moment for what was just asked for, before input causes a frame: what comes in time is in it.
  public var settle: () -> Void = {}
  /// What is to be done first, once the first frame is on the screen: a search that began before would take its time
  /// from it.
  public var firstEffects: [Effect] = []

  private let terminal: Terminal
  private let mailbox: Mailbox<Event>

  /// A loop on a terminal; `mailbox` is where other threads post events.
  public init(
    terminal: Terminal, mailbox: Mailbox<Event>, update: @escaping (inout State, Event) -> [Effect],
    render: @escaping (State, Size) -> Frame, perform: @escaping (Effect) -> LoopAction
  ) {
    self.terminal = terminal
    self.mailbox = mailbox
    self.update = update
    self.render = render
    self.perform = perform
  }

  /// Runs until an effect, a signal or the end of the terminal; the first event is the size.
  ///
  /// - Parameter state: what to start with; holds what to save when this returns.
  public func run(_ state: inout State) -> LeaveReason {
    var pacer = FramePacer(framesPerSecond: Self.messageFramesPerSecond)
    var sizes = FramePacer(framesPerSecond: Self.sizeFramesPerSecond)
    let effects = firstEffects + update(&state, .resize(terminal.size))
    terminal.draw(render(state, terminal.size))
    pacer.drew(at: .now)
    for effect in effects where handle(effect, into: &state) == .leave { return .asked }
    var mayHaveMore = false
    while true {
      let pause = [pacer, sizes].compactMap { $0.millisecondsToWait(at: .now) }.min()
      let wakeup = terminal.wait(milliseconds: mayHaveMore ? 0 : pause)
      if handleJobControl(wakeup, state: &state) == .leave { return .asked }
      let (events, more) = terminal.readEvents()
      mayHaveMore = more
      for event in events where take(event, into: &state) == .leave { return .asked }
      let messages = mailbox.takeAll()
      for message in messages where take(message, into: &state) == .leave { return .asked }
      if wakeup.signal != 0 { return .signal(wakeup.signal) }
      if wakeup.hangup { return .hangup }
      if !messages.isEmpty { pacer.messageCame() }
      if wakeup.resized { sizes.messageCame() }
      let isSizeDue = sizes.isDue(at: .now)
      let mustDraw = !events.isEmpty || isSizeDue || wakeup.suspend || wakeup.continued
      if mustDraw, takeLate(into: &state) == .leave { return .asked }
      if mustDraw || pacer.isDue(at: .now) {
        terminal.draw(render(state, terminal.size))
        pacer.drew(at: .now, forInput: mustDraw)
        if isSizeDue { sizes.drew(at: .now) } else { sizes.settled() }
      }
    }
  }

  /// Takes the answers that come while the loop settles.
  private func takeLate(into state: inout State) -> LoopAction {
    settle()
    for message in mailbox.takeAll() where take(message, into: &state) == .leave { return .leave }
    return .proceed
  }

  /// A new size, a request to stop, or the end of a stop from outside.
  private func handleJobControl(_ wakeup: cterm_wakeup, state: inout State) -> LoopAction {
    let before = terminal.size
    if wakeup.continued { terminal.resume() }
    if wakeup.suspend { terminal.suspend() }
    if wakeup.resized { terminal.takeResize() }
    return terminal.size == before ? .proceed : take(.resize(terminal.size), into: &state)
  }

  /// Updates the state and performs the effects; `.leave` as soon as one asks for it.
  private func take(_ event: Event, into state: inout State) -> LoopAction {
    for effect in update(&state, event) where handle(effect, into: &state) == .leave { return .leave }
    return .proceed
  }

  /// Performs an effect; a stop may end with another size.
  private func handle(_ effect: Effect, into state: inout State) -> LoopAction {
    switch perform(effect) {
    case .proceed: break
    case .redraw: terminal.redraw()
    case .mouse(let on): terminal.setMouse(on)
    case .copy(let text): terminal.copy(text)
    case .suspend:
      let before = terminal.size
      terminal.suspend()
      if terminal.size != before { return take(.resize(terminal.size), into: &state) }
    case .leave: return .leave
    }
    return .proceed
  }
}

/// Decides when messages alone, or new sizes alone, may cause a frame: a while after the last one that they caused.
///
/// The first after a frame for input comes at once: mostly it is the rest of the answer to that key.
struct FramePacer {
  private let interval: Duration
  private var lastFrame: ContinuousClock.Instant?
  private var isWaiting = false

  /// At most so many frames a second.
  init(framesPerSecond: Int) {
    interval = .seconds(1) / framesPerSecond
  }

  /// Something changed that is not drawn yet.
  mutating func messageCame() { isWaiting = true }

  /// A frame was drawn, for input or for messages alone.
  mutating func drew(at now: ContinuousClock.Instant, forInput: Bool = false) {
    lastFrame = forInput ? nil : now
    isWaiting = false
  }

  /// A frame was drawn for something else, and shows what waited too.
  mutating func settled() { isWaiting = false }

  /// Whether a frame for messages should be drawn now.
  func isDue(at now: ContinuousClock.Instant) -> Bool {
    guard isWaiting else { return false }
    guard let lastFrame else { return true }
    return now - lastFrame >= interval
  }

  /// How long to sleep at most: until the next frame is due, or for ever (nil).
  func millisecondsToWait(at now: ContinuousClock.Instant) -> Int? {
    guard isWaiting else { return nil }
    guard let lastFrame else { return 0 }
    let left = interval - (now - lastFrame)
    // Rounded up: waking before the frame is due would only sleep again.
    return max(0, Int((left / .milliseconds(1)).rounded(.up)))
  }
}
