import ArgumentParser
import Engine
import Foundation

/// Flags of every command that searches: the space, the runtime, the limits, the threads.
struct SearchOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Search space (see `brume spaces`).", valueName: "name"))
  var space = SearchSpace.mist.name

  @Option(
    help: ArgumentHelp(
      "Predict for this runtime (see `brume runtimes`), not for that of the file; as --set run.runtime=NAME.",
      valueName: "name"))
  var runtime: String?

  @Option(
    help: ArgumentHelp(
      "Search plans of this schedule alone: 1f1b, interleaved, gpipe or zb-h1; else 1f1b, and interleaved where the "
        + "space has it.", valueName: "name"))
  var schedule: String?

  @Option(help: ArgumentHelp("Stop after this many seconds with the best plan so far.", valueName: "seconds"))
  var timeLimit: Double?

  @Option(help: ArgumentHelp("Use at most this share of the device memory, 0 to 1.", valueName: "share"))
  var memoryLimit: Double?

  @Option(
    help: ArgumentHelp(
      "Device memory kept free: auto (the usual error of the memory model), or GiB; 0 uses all.", valueName: "auto|gib")
  )
  var headroom: String?

  @Option(help: ArgumentHelp("Worker threads; the answer does not depend on it.", valueName: "n"))
  var threads: Int?

  func validate() throws {
    guard SearchSpace.named(space) != nil else {
      let known = SearchSpace.all.map(\.name).joined(separator: ", ")
      throw ValidationError("no search space is called '\(space)'; known: \(known)")
    }
    if let schedule, PipelineSchedule(rawValue: schedule) == nil {
      let known = PipelineSchedule.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("no schedule is called '\(schedule)'; known: \(known)")
    }
    if let named = SearchSpace.named(space) { _ = try scheduled(named) }
    if let timeLimit, !(timeLimit.isFinite && timeLimit > 0) {
      throw ValidationError("--time-limit must be a number of seconds above 0")
    }
    if let memoryLimit, !(memoryLimit > 0 && memoryLimit <= 1) {
      throw ValidationError("--memory-limit must be a share above 0, at most 1")
    }
    if let threads, !(1...1024).contains(threads) { throw ValidationError("--threads must be 1 to 1024") }
    if let headroom, headroom != "auto" { _ = try Self.gibibytes(headroom) }
  }

  /// The request that the flags describe.
  func request(certify: Bool = false, alternatives: Int = 5) -> TuneRequest {
    let named = SearchSpace.named(space) ?? .mist
    return TuneRequest(
      space: (try? scheduled(named)) ?? named, timeLimitSeconds: timeLimit, certify: certify,
      threads: threads ?? max(1, ProcessInfo.processInfo.activeProcessorCount), alternatives: alternatives)
  }

  /// A space with plans of the schedule that is asked for alone; throws where it has none.
  func scheduled(_ space: SearchSpace) throws -> SearchSpace {
    guard let asked = schedule.flatMap(PipelineSchedule.init) else { return space }
    if let restricted = space.restricted(to: asked) { return restricted }
    let others = SearchSpace.all.filter { $0.restricted(to: asked) != nil }.map(\.name).joined(separator: ", ")
    throw ValidationError("space \(space.name) has no plans with the schedule \(asked.rawValue); these have: \(others)")
  }

  /// The workload with the runtime and limits that the flags give; those of its file where they give none.
  func limited(_ workload: Workload) throws -> Workload {
    var workload = workload
    if let runtime {
      workload.run.runtime = try Catalogue.runtime(named: runtime, at: InputPlace(file: "--runtime")).name
    }
    if let memoryLimit { workload.limits.memoryShare = memoryLimit }
    if let headroom { workload.limits.headroomBytes = headroom == "auto" ? nil : try Self.gibibytes(headroom) }
    return workload
  }

  private static func gibibytes(_ text: String) throws -> Double {
    guard let value = Quantity.number(text), value >= 0, value <= 1_000_000 else {
      throw ValidationError("--headroom must be auto, or a number of GiB from 0")
    }
    return value * 1_073_741_824
  }
}
