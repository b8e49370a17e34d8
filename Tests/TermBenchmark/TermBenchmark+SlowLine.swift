import Foundation
import PTYSupport

/// A first walk over a slow line, step by step.
extension TermBenchmark {
  /// Bytes a second of a line of 64 kbit/s.
  private static let bytesPerSecond = 8_000
  /// There and back.
  private static let roundTrip = Duration.milliseconds(200)

  /// The steps: what is done, its keys, and what then stands on the screen.
  private static let steps: [(name: String, keys: String, mark: String)] = [
    ("to Stages", "2", "Enter values"), ("help", "?", "search"), ("leave help", "\u{1B}", "q quit"),
    ("to Memory", "3", "j k stage"), ("to Timeline", "4", "+ - zoom"), ("to Frontier", "1", "x v axes"),
    ("to Stages again", "2", "Enter values"),
  ]

  /// The steps to the exported files; what stands on the screen after each.
  private static let lastSteps: [(name: String, keys: String, marks: [String])] = [
    ("the rest solved", "t", ["*1 pinned", "optimal as pinned"]),
    ("why memory binds", "w", ["binds", "what more would buy"]),
    ("leave Why", "\u{1B}", ["▸2 Stages"]),
    ("compare, all columns", "c", ["megatron-lm", "against this plan", "Esc close"]),
    ("leave Compare", "\u{1B}", ["▸2 Stages"]),
    ("save", "s", ["Save the plan"]), ("saved", "\r", ["saved"]),
    ("export", "e", ["runs this plan"]), ("exported", "\r", ["wrote "]),
  ]

  /// Prints how long each step takes until it is on the screen.
  ///
  /// What the walk saves and exports is in a folder that goes with it.
  func walkSlowly() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "brume-walk-\(getpid())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    guard FileManager.default.changeCurrentDirectoryPath(folder.path) else { return }
    for sample in options.samples {
      var table = BenchmarkTable(["\(sample), 64 kbit/s, 200 ms"] + options.sizes.map { "\($0.0)x\($0.1) ms (B)" })
      var rows: [[String]] = []
      for (column, size) in options.sizes.enumerated() {
        for (index, step) in try walk(sample, size).enumerated() {
          if column == 0 { rows.append([step.name]) }
          rows[index].append("\(Int((step.seconds * 1_000).rounded())) (\(step.bytes))")
        }
      }
      for row in rows { table.add(row) }
      table.print()
    }
  }

  private func walk(_ sample: String, _ size: (Int, Int)) throws -> [(name: String, seconds: Double, bytes: Int)] {
    let begin = ContinuousClock.now
    let explorer = try MeasuredExplorer(sample, size, binary: binary, server: nil)
    let session = explorer.session
    session.bytesPerSecond = Self.bytesPerSecond
    session.roundTrip = Self.roundTrip
    var steps: [(name: String, seconds: Double, bytes: Int)] = []
    func note(_ name: String, since start: ContinuousClock.Instant, bytes: Int) {
      steps.append((name, (ContinuousClock.now - start) / .seconds(1), session.bytesReceived - bytes))
    }
    try session.wait(for: "q quit")
    note("the first frame", since: begin, bytes: 0)
    try session.wait(until: "a plan") { $0.line(1).contains("s/iter") }
    note("a plan", since: begin, bytes: 0)
    try session.wait(for: "optimal", timeout: MeasuredExplorer.searchPatience)
    note("the optimum", since: begin, bytes: 0)
    try explorer.waitForRest()
    for step in Self.steps {
      let (start, bytes) = (ContinuousClock.now, session.bytesReceived)
      session.send(step.keys)
      try session.wait(for: step.mark)
      note(step.name, since: start, bytes: bytes)
      _ = session.answer(quiet: .milliseconds(200)) {}
    }
    for (name, keys) in [("an edit", "gjjhhhhhhhhhhhhhh-"), ("undo", "u"), ("a layer moved", "]"), ("a pin", "p")] {
      if keys.count > 1 { _ = session.answer(quiet: .milliseconds(300)) { session.send(String(keys.dropLast())) } }
      let answer = session.answer(quiet: .milliseconds(300)) { session.send(String(keys.suffix(1))) }
      steps.append((name, answer.lastSeconds ?? 0, answer.bytes))
    }
    for step in Self.lastSteps {
      let (start, bytes) = (ContinuousClock.now, session.bytesReceived)
      session.send(step.keys)
      try session.wait(until: step.name, timeout: MeasuredExplorer.searchPatience) { screen in
        step.marks.allSatisfy { screen.contains($0) }
      }
      note(step.name, since: start, bytes: bytes)
      _ = session.answer(quiet: .milliseconds(300)) {}
    }
    note("all of it", since: begin, bytes: 0)
    try explorer.quit()
    return steps
  }
}
