import Glibc
import TUI

/// A small program on the terminal layer, for tests: it echoes what happens, and breaks on demand.
///
/// `j k Up Down` move; `i` statistics; `n` nothing; `p` page; `e` prints to stderr and stdout; `u U` mouse off and on;
/// `b` waits until 200 bytes of input wait; `m` another thread posts 1,000 messages; `h` hangs;
/// `S T A O` crash (segmentation fault, trap, abort, stack overflow), `X` on another thread; `E` calls exit;
/// `Ctrl-L` redraws, `Ctrl-Z` suspends, `q` and `Ctrl-C` leave.
@main
enum TermProbe {
  static func main() {
    do {
      exit(run(on: try Terminal(program: "term-probe")))
    } catch {
      printError("term-probe: \(error)\n")
      exit(70)
    }
  }

  /// Runs until asked to leave; the exit code.
  private static func run(on terminal: Terminal) -> Int32 {
    let mailbox = Mailbox<Event>()
    let probe = Probe(terminal: terminal, mailbox: mailbox)
    let depth = terminal.colourDepth
    let isUTF8 = terminal.isUTF8
    var state = ProbeState()
    let loop = RunLoop<ProbeState>(
      terminal: terminal, mailbox: mailbox,
      update: { probe.update(&$0, $1) },
      render: { $0.frame(size: $1, depth: depth, isUTF8: isUTF8) },
      perform: { effect in
        switch effect {
        case .quit: .leave
        case .redraw: .redraw
        case .suspend: .suspend
        default: .proceed
        }
      })
    let reason = loop.run(&state)
    let log = terminal.close()
    if let log { print("messages are in \(log)") }
    print("left: \(reason)")
    return reason.exitCode
  }
}

/// Writes to standard error without its buffer.
func printError(_ text: String) {
  let bytes = Array(text.utf8)
  _ = write(STDERR_FILENO, bytes, bytes.count)
}
