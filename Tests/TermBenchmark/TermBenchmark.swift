import Foundation
import PTYSupport

/// Bytes and milliseconds of what a person does in the explorer, on a pseudo-terminal and over a line:
///
///     swift build -c release --product brume
///     swift run term-benchmark --binary .build/release/brume --ssh
@main
struct TermBenchmark {
  /// What was asked for.
  let options: BenchmarkOptions
  /// The explorer's program.
  let binary: String

  static func main() {
    guard let options = BenchmarkOptions(CommandLine.arguments.dropFirst()) else {
      FileHandle.standardError.write(Data(BenchmarkOptions.usage.utf8))
      exit(64)
    }
    do {
      let binary = try options.binary.map { URL(filePath: $0).path } ?? BuiltProduct.path("brume")
      let benchmark = TermBenchmark(options: options, binary: binary)
      if options.isSlowLine { try benchmark.walkSlowly() } else { try benchmark.measure() }
    } catch {
      FileHandle.standardError.write(Data("term-benchmark: \(error)\n".utf8))
      exit(70)
    }
  }

  private func measure() throws {
    for sample in options.samples {
      try printStart(sample)
      for size in options.sizes { try printActions(sample, size, nil) }
    }
    guard options.overSSH else { return }
    do {
      let server = try LoopbackServer()
      for sample in options.samples {
        for size in options.sizes { try printActions(sample, size, server) }
      }
    } catch let failure as LoopbackServer.Failure {
      print("SKIPPED, through OpenSSH: \(failure)")
    }
  }

  // MARK: start and memory

  private func printStart(_ sample: String) throws {
    var table = BenchmarkTable([
      "\(sample): start", "first byte ms", "frame ms", "plan ms", "optimal ms", "frontier ms", "frame B", "MiB",
      "peak MiB",
    ])
    for size in options.sizes { table.add(try start(sample, size)) }
    table.add(["bar", "", "100", "1000", "", "", "40000", "150", "150"])
    table.print()
  }

  /// One start at a size, from the start of the process to what is on the screen.
  private func start(_ sample: String, _ size: (Int, Int)) throws -> [String] {
    let begin = ContinuousClock.now
    func milliseconds() -> String { "\(Int((ContinuousClock.now - begin) / .milliseconds(1)))" }
    let explorer = try MeasuredExplorer(sample, size, binary: binary, server: nil)
    let session = explorer.session
    try session.wait(until: "a byte") { _ in session.bytesReceived > 0 }
    var row = ["\(size.0)x\(size.1)", milliseconds()]
    try session.wait(for: "q quit")
    row.append(milliseconds())
    let frame = session.bytesReceived
    try session.wait(until: "a plan") { $0.line(1).contains("s/iter") }
    row.append(milliseconds())
    try session.wait(for: "optimal", timeout: MeasuredExplorer.searchPatience)
    row.append(milliseconds())
    try explorer.waitForRest()
    row += [milliseconds(), "\(frame)"]
    let figures = ProcessFigures(process: session.processID)
    row += [figures?.residentBytes, figures?.peakResidentBytes].map { $0.map { "\($0 >> 20)" } ?? "-" }
    try explorer.quit()
    return row
  }

  // MARK: actions

  private func printActions(_ sample: String, _ size: (Int, Int), _ server: LoopbackServer?) throws {
    let line =
      (server == nil ? "" : " through OpenSSH") + (options.diskMilliseconds.map { ", syncs of \($0) ms" } ?? "")
    var table = BenchmarkTable([
      "\(sample) at \(size.0)x\(size.1)\(line)", "times", "B median", "B most", "B bar", "first ms median",
      "last ms median", "last ms p99", "ms bar", "",
    ])
    let explorer = try MeasuredExplorer(
      sample, size, binary: binary, server: server, diskMilliseconds: options.diskMilliseconds)
    try explorer.waitForRest()
    for action in MeasuredAction.all {
      table.add(row(action, try explorer.measure(action, repeats: options.repeats)))
    }
    try explorer.quit()
    table.print()
  }

  private func row(_ action: MeasuredAction, _ answers: [PTYAnswer]) -> [String] {
    let bytes = answers.map { Double($0.bytes) }
    let (first, last) = (answers.compactMap(\.firstSeconds), answers.compactMap(\.lastSeconds))
    let (most, late) = (bytes.max() ?? 0, BenchmarkTable.quantile(0.99, of: last))
    var missed: [String] = []
    if let bar = action.mostBytes, Int(most) > bar { missed.append("BYTES") }
    if let bar = action.mostMilliseconds, (late ?? 0) * 1_000 > bar { missed.append("TIME") }
    return [
      action.name, "\(answers.count)", "\(Int(BenchmarkTable.quantile(0.5, of: bytes) ?? 0))", "\(Int(most))",
      action.mostBytes.map { "\($0)" } ?? "", BenchmarkTable.milliseconds(BenchmarkTable.quantile(0.5, of: first)),
      BenchmarkTable.milliseconds(BenchmarkTable.quantile(0.5, of: last)), BenchmarkTable.milliseconds(late),
      action.mostMilliseconds.map { "\(Int($0))" } ?? "", missed.joined(separator: " "),
    ]
  }
}
