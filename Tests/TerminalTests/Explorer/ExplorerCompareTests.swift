import PTYSupport
import Testing

/// The plan beside others, as a person uses it.
@Suite("Explorer: compare")
struct ExplorerCompareTests {
  @Test("compare with Megatron-LM's best, take a what-if, and undo it", arguments: [(80, 24), (120, 36)])
  func compare(width: Int, height: Int) throws {
    let session = try Explorer.startAtRest(Explorer.small, width: width, height: height)
    let before = try #require(Explorer.seconds(session.screen))
    session.send("c")
    try session.wait(for: "6 Compare")
    try session.wait(for: "megatron-lm")
    // All columns are searched, one after the other, and none of them stops the person from moving.
    session.press(.home, .right, .right, .right)
    try session.wait(until: "the column under the cursor is told", timeout: Explorer.searchPatience) {
      $0.contains("the best of megatron-lm on the runtime") && $0.contains("against this plan")
        && $0.contains(" on megatron-lm-2023")
    }
    session.send("a")
    try session.wait(until: "half the batch is solved", timeout: Explorer.searchPatience) {
      $0.contains("what if: 1 samples instead of 2") && $0.contains("different workloads")
    }
    session.press(.enter)
    try session.wait(for: "opened: 1 samples instead of 2")
    try session.wait(until: "the plan of the other batch", timeout: Explorer.searchPatience) {
      Explorer.seconds($0).map { $0 != before } ?? false
    }
    session.send("u")
    try session.wait(until: "the plan before", timeout: Explorer.searchPatience) {
      $0.contains("undone: what if") || Explorer.seconds($0) == before
    }
    try session.wait(until: "its time", timeout: Explorer.searchPatience) { Explorer.seconds($0) == before }
    try Explorer.expectCleanQuit(session)
  }

  @Test("Esc stops the columns that are searched, and a second one closes the pane")
  func stop() throws {
    let session = try Explorer.startAtRest(Explorer.stoppable)
    session.send("c")
    try session.wait(for: "to come")
    session.press(.escape)
    try session.wait(for: "not asked")
    try session.waitForSleep(timeout: Explorer.searchPatience)
    session.press(.escape)
    try session.wait(until: "the closed pane") { !$0.contains("6 Compare") }
    try Explorer.expectCleanQuit(session)
  }

  @Test("r in Runs says what the plan loses where the hardware is off")
  func robust() throws {
    let session = try Explorer.startAtRest(Explorer.small)
    session.send("7")
    try session.wait(for: "r says what this plan loses")
    try session.wait(for: "published in")
    session.send("r")
    try session.wait(until: "the judgement", timeout: Explorer.searchPatience) {
      $0.contains("variants: measured figures off by up to")
    }
    try Explorer.expectCleanQuit(session)
  }
}
