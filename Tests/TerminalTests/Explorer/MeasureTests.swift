import Foundation
import PTYSupport
import Testing

/// What the explorer costs in time, bytes and memory, as tables; a measurement, not a test, so only on demand:
///
///     swift build -c release --product brume
///     BRUME_MEASURE=1 BRUME_BINARY=.build/release/brume swift test --filter MeasureTests
///
/// Times are from the start of the program to the byte, frame or word on the pseudo-terminal.
@Suite("Measure", .enabled(if: ProcessInfo.processInfo.environment["BRUME_MEASURE"] != nil), .serialized)
struct MeasureTests {
  private static let sizes = [(80, 24), (120, 36), (200, 60)]
  private static let samples =
    ProcessInfo.processInfo.environment["BRUME_SAMPLES"]?.split(separator: " ").map(String.init)
    ?? ["gpt-1.3b-2xl4", "gpt-22b-32xl4"]

  @Test("start, plans, memory and processor time of each sample")
  func samples() throws {
    let columns = [
      "sample", "size", "first byte ms", "frame ms", "plan ms", "optimal ms", "frontier ms", "frame B", "search B",
      "MiB", "peak MiB", "CPU s", "CPU ms in 20 s of rest",
    ]
    var rows = [columns]
    for sample in Self.samples {
      for (width, height) in Self.sizes { rows.append(try measure(sample, width, height)) }
    }
    printTable(rows)
  }

  @Test("bytes of each action, by size")
  func actions() throws {
    var rows = [["action"] + Self.sizes.map { "\($0.0)x\($0.1)" }]
    let actions: [(String, String)] = [
      ("a key that means nothing", "Y"), ("to Stages", "2"), ("column right", "l"), ("column right", "l"),
      ("stage down", "j"), ("stage up", "k"), ("to Memory", "3"), ("stage down", "j"), ("to Timeline", "4"),
      ("time cursor right", "l"), ("zoom in", "+"), ("zoom out", "-"), ("to Frontier", "1"),
      ("preview the plan before", "h"), ("preview one further", "h"), ("take it", "\r"), ("other axis", "v"),
      ("help", "?"), ("type in help", "p"), ("leave help", "\u{1B}"), ("theme", "T"), ("draw anew", "\u{C}"),
    ]
    rows += actions.map { ["\($0.0)"] }
    for (width, height) in Self.sizes {
      let session = try start("gpt-22b-32xl4", width, height)
      try Explorer.waitForRest(session)
      for (index, action) in actions.enumerated() {
        let before = session.bytesReceived
        session.send(action.1)
        _ = session.bytes(within: .milliseconds(400))
        session.settle()
        rows[index + 1].append("\(session.bytesReceived - before)")
      }
      try Explorer.expectCleanQuit(session)
    }
    printTable(rows)
  }

  @Test("a line of 64 kbit/s")
  func slowLine() throws {
    var rows = [["size", "frame ms", "optimal ms", "frontier ms", "key ms"]]
    for (width, height) in Self.sizes {
      let begin = ContinuousClock.now
      let session = try start("gpt-22b-32xl4", width, height)
      session.bytesPerSecond = 8_000
      try session.wait(for: "q quit")
      var row = ["\(width)x\(height)", milliseconds(since: begin)]
      try session.wait(for: "optimal", timeout: .seconds(120))
      row.append(milliseconds(since: begin))
      try Explorer.waitForRest(session)
      row.append(milliseconds(since: begin))
      let key = ContinuousClock.now
      session.send("4")
      try session.wait(for: "+ - zoom")
      rows.append(row + [milliseconds(since: key)])
      try Explorer.expectCleanQuit(session)
    }
    printTable(rows)
  }

  private func measure(_ sample: String, _ width: Int, _ height: Int) throws -> [String] {
    let begin = ContinuousClock.now
    let session = try start(sample, width, height)
    var row = [sample, "\(width)x\(height)"]
    try session.wait(until: "a byte") { _ in session.bytesReceived > 0 }
    row.append(milliseconds(since: begin))
    try session.wait(for: "q quit")
    row.append(milliseconds(since: begin))
    let frame = session.bytesReceived
    try session.wait(until: "a plan") { $0.line(1).contains("s/iter") }
    row.append(milliseconds(since: begin))
    try session.wait(for: "optimal", timeout: .seconds(300))
    row.append(milliseconds(since: begin))
    try Explorer.waitForRest(session)
    row.append(milliseconds(since: begin))
    let before = try #require(ProcessFigures(process: session.processID))
    row += ["\(frame)", "\(session.bytesReceived - frame)"]
    row += [before.residentBytes, before.peakResidentBytes].map { "\($0 >> 20)" }
    // One size shows it as well as three.
    let isLast = width == Self.sizes.last?.0
    #expect(session.bytes(within: .seconds(isLast ? 20 : 1)) == 0)
    let after = try #require(ProcessFigures(process: session.processID))
    row.append(String(format: "%.1f", before.processorSeconds))
    row.append(isLast ? "\(Int(((after.processorSeconds - before.processorSeconds) * 1_000).rounded()))" : "")
    try Explorer.expectCleanQuit(session)
    return row
  }

  private func start(_ sample: String, _ width: Int, _ height: Int) throws -> PTYSession {
    var binary = ProcessInfo.processInfo.environment["BRUME_BINARY"] ?? "brume"
    if binary.contains("/") { binary = URL(filePath: binary).path }
    return try PTYSession(binary, arguments: ["explore", sample], width: width, height: height)
  }

  private func milliseconds(since start: ContinuousClock.Instant) -> String {
    "\(Int((ContinuousClock.now - start) / .milliseconds(1)))"
  }

  /// Prints rows of words in aligned columns.
  private func printTable(_ rows: [[String]]) {
    let count = rows.map(\.count).max() ?? 0
    let widths = (0..<count).map { column in rows.compactMap { $0.dropFirst(column).first?.count }.max() ?? 0 }
    for row in rows {
      let cells = zip(row, widths).enumerated().map { index, cell in
        let blanks = String(repeating: " ", count: cell.1 - cell.0.count)
        return index == 0 ? cell.0 + blanks : blanks + cell.0
      }
      print(cells.joined(separator: "  "))
    }
  }
}
