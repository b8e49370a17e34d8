import Foundation
import PTYSupport
import Testing

/// What a new user does first, from a sample to the files that a launcher runs.
@Suite("Explorer: a first walk")
struct ExplorerWalkTests {
  @Test(
    "in tmux: find the plan, move a layer, pin it, solve, ask why, compare, save, export, leave",
    .enabled(if: TmuxSession.isInstalled, "tmux is not installed (apt install tmux)"),
    arguments: [(80, 24), (120, 36), (200, 60)])
  func inTmux(width: Int, height: Int) throws {
    let tmux = try TmuxSession(
      "brume", arguments: ["explore"] + Explorer.medium, width: width, height: height, terminal: "screen-256color")
    try tmux.wait(for: "optimal", timeout: Explorer.searchPatience)
    try tmux.press("2", "j", "j")
    try tmux.wait(for: "layers: transformer layers of the stage")
    try tmux.wait(until: "the fastest plan") { Self.line(1, $0).contains("optimum") }
    try tmux.press("[")
    try tmux.wait(until: "a slower plan") { Self.line(1, $0).contains("+0.") }
    try tmux.press("p")
    try tmux.wait(for: "pinned; t solves the rest")
    try tmux.press("t")
    try tmux.wait(for: "*1 pinned", timeout: Explorer.searchPatience)
    try tmux.press("w")
    // Its answers stand there before it has the keys on the largest screen; Esc and the next key at once would be Alt.
    try tmux.wait(until: "Why") { $0.contains(width < 180 ? "what more would buy" : "▸5 Why") }
    try tmux.wait(for: "memory does not bind", timeout: Explorer.searchPatience)
    try tmux.press("Escape")
    try tmux.wait(until: "Why to be left") {
      width < 180 ? !$0.contains("what more would buy") : $0.contains("▸2 Stages")
    }
    try tmux.press("c")
    try tmux.wait(for: "megatron-lm", timeout: Explorer.searchPatience)
    // The first Esc would stop the columns that are searched.
    try tmux.wait(until: "all columns", timeout: Explorer.searchPatience * 3) {
      $0.contains("against this plan") && $0.contains("Esc close")
    }
    try tmux.press("Escape")
    try tmux.wait(until: "Compare to close") { !$0.contains("against this plan") }
    try tmux.press("s")
    try tmux.wait(for: "Save the plan")
    try tmux.press("Enter")
    try tmux.wait(for: "saved")
    try tmux.press("e")
    try tmux.wait(for: "runs this plan", timeout: Explorer.searchPatience)
    try tmux.press("Enter")
    try tmux.wait(for: "wrote mist.yaml")
    try tmux.press("q")
    try tmux.wait(for: "exit 0")
    #expect(tmux.text.contains("brume export gpt-1.3b-2xl4.plan.yaml"))
    #expect(try tmux.value("alternate_on") == "0")

    // Both files hold the plan with the pin, and score alike.
    let saved = tmux.home.path + "/gpt-1.3b-2xl4.plan.yaml"
    let exported = tmux.home.path + "/gpt-1.3b-2xl4-mist/plan.yaml"
    #expect(try String(contentsOfFile: saved, encoding: .utf8).contains("pins:"))
    let scores = try [saved, exported].map { try Explorer.run(["score", $0, "--json"]) }
    #expect(scores.allSatisfy { $0.exit == .exited(0) })
    let seconds = scores.map { $0.text.firstMatch(of: #/"iterationSeconds": ([0-9.]+)/#)?.1 }
    #expect(seconds[0] != nil && seconds[0] == seconds[1])
  }

  private static func line(_ index: Int, _ text: String) -> Substring {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.indices.contains(index) ? lines[index] : ""
  }
}
