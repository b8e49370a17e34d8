import Glibc
import TUI

/// What the probe does with events; unlike a real application's `update` it acts at once.
final class Probe {
  private let terminal: Terminal
  private let mailbox: Mailbox<Event>
  private var burstStart = ContinuousClock.now
  private var framesAtBurst = 0
  /// Messages of a burst.
  private static let burst = 1_000

  /// A probe on that terminal.
  init(terminal: Terminal, mailbox: Mailbox<Event>) {
    self.terminal = terminal
    self.mailbox = mailbox
  }

  /// Takes an event.
  func update(_ state: inout ProbeState, _ event: Event) -> [Effect] {
    switch event {
    case .key(.character("n")): return []
    case .key(let key):
      state.keys += 1
      state.last = "key \(key)"
      return handle(key, &state)
    case .mouse(let mouse): state.last = "mouse \(mouse.action) \(mouse.x) \(mouse.y)"
    case .paste(let text):
      state.pasted += text.count
      state.last = "paste \(text.count) \(text.prefix(20).split(separator: "\n").joined(separator: "/"))"
    case .resize(let size): state.last = "resize \(size.width)x\(size.height)"
    case .engine(_, let generation): countMessage(generation, &state)
    case .saved, .exists, .exported, .imported, .list, .sizes, .why, .marginal, .compare, .settingsSaved, .session,
      .copied:
      break
    }
    return []
  }

  private func handle(_ key: Key, _ state: inout ProbeState) -> [Effect] {
    switch key {
    case .up, .character("k"): state.selected = max(0, state.selected - 1)
    case .down, .character("j"): state.selected = min(ProbeState.itemCount - 1, state.selected + 1)
    case .character("q"), .control("c"): return [.quit]
    case .control("l"): return [.redraw]
    case .control("z"): return [.suspend]
    case .character("p"): state.showsSamples.toggle()
    case .character("i"):
      let done = terminal.statistics
      state.note = "frames \(done.frames) cells \(done.changedCells) wakeups \(done.wakeups)"
    case .character("e"):
      printError("to stderr\n")
      print("to stdout")
    case .character("u"), .character("U"):
      terminal.setMouse(key == .character("U"))
    case .character("b"): waitForInput(bytes: 200)
    case .character("m"): startBurst()
    case .character("h"): while true { pause() }
    case .character(let other): crash(other)
    default: break
    }
    return []
  }

  /// Keeps the loop busy until so much input waits, or two seconds.
  private func waitForInput(bytes: Int32) {
    var waiting: Int32 = 0
    for _ in 0..<400 where waiting < bytes {
      usleep(5_000)
      _ = ioctl(STDIN_FILENO, UInt(FIONREAD), &waiting)
    }
  }

  private func startBurst() {
    burstStart = .now
    framesAtBurst = terminal.statistics.frames
    let mailbox = mailbox
    startThread {
      for number in 1...Probe.burst {
        mailbox.post(.engine(.frontierDone, generation: number))
        usleep(500)
      }
    }
  }

  private func countMessage(_ number: Int, _ state: inout ProbeState) {
    state.messages += 1
    guard number == Self.burst else { return }
    let frames = terminal.statistics.frames - framesAtBurst
    let milliseconds = Int((ContinuousClock.now - burstStart) / .milliseconds(1))
    state.note = "burst frames \(frames) milliseconds \(milliseconds)"
  }

  private func crash(_ kind: Character) {
    switch kind {
    case "S": UnsafeMutablePointer<Int>(bitPattern: 8)?.pointee = 1
    case "T": fatalError("asked to trap")
    case "A": abort()
    case "E": exit(3)
    case "O": overflowStack(1)
    case "X": startThread { UnsafeMutablePointer<Int>(bitPattern: 8)?.pointee = 1 }
    default: break
    }
  }
}

/// Calls itself until the stack is full.
private func overflowStack(_ depth: Int) {
  withUnsafeTemporaryAllocation(byteCount: 4_096, alignment: 8) { buffer in
    buffer[0] = UInt8(truncatingIfNeeded: depth)
    overflowStack(depth + Int(buffer[0]) + 1)
    buffer[1] = buffer[0]
  }
}

/// Runs work on a thread of its own.
private func startThread(_ work: @escaping @Sendable () -> Void) {
  let box = Unmanaged.passRetained(Work(work))
  var thread = pthread_t()
  pthread_create(
    &thread, nil,
    { argument in
      if let argument { Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().run() }
      return nil
    }, box.toOpaque())
  pthread_detach(thread)
}

/// What a thread runs.
private final class Work {
  let run: @Sendable () -> Void
  init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}
