/// Reads lines of DeepSpeed.
///
/// Of the pipeline engine `steps: 10 loss: 2.3 iter time (s): 1.234 samples/sec: 103.7`; of the throughput timer
/// `global_step=10, RunningAvgSamplesPerSec=..., CurrSamplesPerSec=25.7, MemAllocated=4.3GB, MaxMemAllocated=38.5GB`; of
/// `wall_clock_breakdown` the timers of a whole step, in ms; of `memory_breakdown`
/// `MA 12.3 GB  Max_MA 20.1 GB  CA 22.0 GB  Max_CA 24 GB`, in GiB.
enum DeepSpeedLog {
  private static let gibibyte = 1_073_741_824.0

  /// Times and memory of the lines; of several kinds of times those that say an iteration most directly.
  static func read(_ lines: [LogLine], _ context: RunLog.Context) -> RunLog.Findings {
    let batch = Double(context.workload.run.globalBatch)
    var (iterations, rates, timers): ([Double], [Double], [Double]) = ([], [], [])
    var found = RunLog.Findings()
    for line in lines {
      if let seconds = line.number(after: "iter time (s):") { iterations.append(seconds) }
      if line.text.contains("global_step="), let rate = line.number(after: "CurrSamplesPerSec="), rate > 0 {
        rates.append(batch / rate)
      }
      if let seconds = timer(line) { timers.append(seconds) }
      found.memory += memory(line, context)
    }
    found.seconds = [iterations, rates, timers].first { !$0.isEmpty } ?? []
    return found
  }

  /// Seconds of a step by its timers: `train_batch`, or forward, backward and step of all its micro-batches; the timers of
  /// one micro-batch (`fwd_microstep`) are none.
  private static func timer(_ line: LogLine) -> Double? {
    guard line.text.contains("time (ms)") else { return nil }
    if let whole = line.number(after: "| train_batch:") { return whole / 1_000 }
    guard let forward = line.number(after: "| fwd:") ?? line.number(after: "| forward:"),
      let backward = line.number(after: "| bwd:") ?? line.number(after: "| backward:"),
      let step = line.number(after: "| step:")
    else { return nil }
    return (forward + backward + step) / 1_000
  }

  private static func memory(_ line: LogLine, _ context: RunLog.Context) -> [MeasuredMemory] {
    // Rank 0 writes these lines.
    let stage = context.stage(ofRank: line.rank ?? 0)
    let marks: [(String, MeasuredMemory.Kind)] = [
      ("MaxMemAllocated=", .allocated), ("Max_MA", .allocated), ("Max_CA", .reserved),
    ]
    return marks.compactMap { mark, kind in
      line.number(after: mark).map { MeasuredMemory(kind: kind, stage: stage, bytes: $0 * gibibyte) }
    }
  }
}
