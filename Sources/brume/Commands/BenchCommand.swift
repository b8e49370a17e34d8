import ArgumentParser
import Engine

/// `brume bench`: how fast each part is on this machine.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Measure the speed of each part on this machine.",
    discussion: "About ten seconds in a release build; a debug build says so and is many times slower.")

  @Option(help: ArgumentHelp("The workload of the whole search.", valueName: "workload"))
  var workload = "gpt-22b-32xl4"

  @OptionGroup var search: SearchOptions

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    let workload = try search.limited(InputDocument.load(workload).workload)
    let clock = MonotonicClock()
    // The search comes first: its peak of memory must not be that of another part.
    let session = TuningSession(workload: workload) { clock.seconds }
    let request = try search.request(for: workload)
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
}
