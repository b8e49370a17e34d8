import PTYSupport
import Testing

/// Asking why, as a person would.
@Suite("Explorer: why")
struct ExplorerWhyTests {
  @Test("see why memory binds: Memory, w, what it is made of, what more would buy, into a part, and back")
  func memory() throws {
    let session = try Explorer.startAtRest(Explorer.small)
    session.send("3w")
    try session.wait(for: "reserved by stage 1", timeout: Explorer.searchPatience)
    try session.wait(for: "optimizer")
    try session.wait(until: "what binds", timeout: Explorer.searchPatience) {
      $0.contains("memory does not bind") || $0.contains("memory of stage") || $0.contains("host memory binds")
    }
    try session.wait(for: "more memory bandwidth per GPU", timeout: Explorer.searchPatience)
    try session.wait(for: "s/iteration", timeout: Explorer.searchPatience)
    session.send("5")
    try session.wait(for: "▸5 Why")
    session.send("j")
    try session.wait(for: "= fullest moment")
    session.press(.escape)
    try session.wait(until: "Why is closed") { !$0.contains("5 Why") }
    try Explorer.expectCleanQuit(session)
  }

  @Test("with Why open a step of the cursor costs at most 4 KB, and one in Why itself 400 bytes")
  func bytes() throws {
    let session = try Explorer.startAtRest(Explorer.small)
    session.send("2w")
    try session.wait(for: "s/iteration", timeout: Explorer.searchPatience)
    session.settle()
    var steps: [Int] = []
    for key in "jjllll" {
      let before = session.bytesReceived
      session.send("\(key)")
      try session.wait(until: "an answer", timeout: Explorer.searchPatience) { _ in session.bytesReceived > before }
      session.settle()
      steps.append(session.bytesReceived - before)
    }
    #expect(steps.allSatisfy { $0 <= 4_000 }, "bytes of each step: \(steps)")
    session.send("5")
    try session.wait(for: "▸5 Why")
    session.settle()
    var own: [Int] = []
    for key in "jjjk" {
      let before = session.bytesReceived
      session.send("\(key)")
      try session.wait(until: "the cursor moves") { _ in session.bytesReceived > before }
      session.settle()
      own.append(session.bytesReceived - before)
    }
    print("bytes of a step with Why open: \(steps); in Why: \(own)")
    #expect(own.allSatisfy { $0 <= 400 }, "bytes of each step in Why: \(own)")
    try Explorer.expectCleanQuit(session)
  }
}
