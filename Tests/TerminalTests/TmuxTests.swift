import PTYSupport
import Testing

/// The same through tmux, which has its own opinion on keys, mouse, paste and widths.
@Suite("In tmux", .enabled(if: TmuxSession.isInstalled, "tmux is not installed (apt install tmux)"), .serialized)
struct TmuxTests {
  @Test("start, keys, mouse, paste, size, and a clean end", arguments: ["xterm-256color", "screen-256color"])
  func session(terminal: String) throws {
    let tmux = try TmuxSession("term-probe", width: 120, height: 36, terminal: terminal)
    try tmux.wait(for: "probe 120x36 full utf8")
    #expect(try tmux.value("alternate_on") == "1")
    #expect(try tmux.value("mouse_any_flag") == "1")
    #expect(try tmux.value("cursor_flag") == "0")
    try tmux.press("Down", "j", "j", "Up")
    try tmux.wait(for: "selected 2 keys 4")
    try tmux.press("M-x")
    try tmux.wait(for: "last key alt(\"x\")")
    try tmux.send("\u{1B}[<0;10;5M")
    try tmux.wait(for: "last mouse press 9 4")
    try tmux.paste("q\nj\n")
    try tmux.wait(for: "pasted 4")
    try tmux.press("p")
    try tmux.wait(for: "control ??!")
    #expect(tmux.text.contains("box ─│⠿█\n"))
    #expect(tmux.text.contains("wide 漢字!\n"))
    try tmux.resize(width: 80, height: 24)
    try tmux.wait(for: "probe 80x24")
    try tmux.press("C-c")
    try tmux.wait(for: "exit 0")
    #expect(try tmux.value("alternate_on") == "0")
    #expect(try tmux.value("mouse_any_flag") == "0")
    #expect(try tmux.value("cursor_flag") == "1")
  }
}
