import ArgumentParser
import Dispatch
import Engine

/// `brume bench`: how fast each part is on this machine.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Measure the speed of each part on this machine.",
    discussion: "About ten seconds in a release build; a debug build says so and is many times slower.")

  @Option(help: ArgumentHelp("The workload of the whole search.", valueName: "workload"))
  var workload: String?

  @OptionGroup var options: SearchOptions

  @Flag(
    help: "Time searches alone: from nothing, again after 200 random pins, and cancelled; for --workload, or for three."
  )
  var search = false

  @Option(help: ArgumentHelp("Pins to try with --search.", valueName: "n"))
  var pins = 200

  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    guard (1...100_000).contains(pins) else { throw ValidationError("--pins must be 1 to 100000") }
  }

  func run() throws {
    guard !search else { return try timeSearches() }
    let workload = try options.limited(InputDocument.load(workload ?? Self.usual).workload)
    let clock = MonotonicClock()
    // The search comes first: its peak of memory must not be that of another part.
    let session = TuningSession(workload: workload) { clock.seconds }
    let request = try options.request(for: workload)
    let result = session.tune(request)
    let report = BenchReport(
      workload: workload.name, threads: request.threads, result: result,
      peakResidentBytes: ProcessMemory.peakResidentBytes, tapes: TapeBenchmark.run { clock.seconds },
      pipelines: PipelineBenchmark.run { clock.seconds }, meshes: MeshBenchmark.run { clock.seconds })
    if json {
      Console.write(JSONWriter().text(report.document) + "\n")
    } else {
      Console.write(lines: report.lines)
    }
  }

  /// The workload of the design's bars.
  private static let usual = "gpt-22b-32xl4"

  private func timeSearches() throws {
    let clock = MonotonicClock()
    var workloads: [Workload] = []
    if let workload {
      workloads = [try InputDocument.load(workload).workload]
    } else {
      for name in [Self.usual, "llama-70b-512xh100"] { workloads.append(try InputDocument.load(name).workload) }
      var largest = try WorkloadSource.make(
        model: "llama-3.1-405b", cluster: "2048x8xh100", sequence: 8192, batch: 16384, set: [])
      largest.name = "llama-405b-16384xh100"
      workloads.append(largest)
    }
    let timings = try workloads.map { workload in
      let limited = try options.limited(workload)
      return SearchBenchmark.run(
        limited, request: try options.request(for: limited), pins: pins, cancels: pins,
        now: { clock.seconds },
        later: { seconds, act in
          DispatchQueue.global().asyncAfter(deadline: .now() + seconds) { act() }
        })
    }
    let report = SearchBenchReport(timings: timings)
    if json {
      Console.write(JSONWriter().text(report.document) + "\n")
    } else {
      Console.write(lines: report.lines)
    }
  }
}
