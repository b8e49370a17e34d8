/// Reads lines of DeepSpeed.
///
/// Of the pipeline engine `steps: 10 loss: 2.3 iter time (s): 1.234 samples/sec: 103.7`; of the throughput timer
/// `global_step=10, RunningAvgSamplesPerSec=..., CurrSamplesPerSec=25.7, MemAllocated=4.3GB, MaxMemAllocated=38.5GB`; of
/// `wall_clock_breakdown` the timers of a whole step, in ms; of `memory_breakdown`
/// `MA 12.3 GB  Max_MA 20.1 GB  CA 22.0 GB  Max_CA 24 GB`, in GiB.
struct DeepSpeedLog: LogReader {
  let writer = "DeepSpeed"
  let looksLike = "'iter time (s): ...', 'CurrSamplesPerSec=...' or timers in ms (DeepSpeed)"
  let marks: [StaticString] = [
    "iter time (s):", "CurrSamplesPerSec=", "time (ms)", "MaxMemAllocated=", "Max_MA", "Max_CA",
  ]
  private static let gibibyte = 1_073_741_824.0

  private let context: RunLog.Context
  private var (iterations, rates, timers): ([Double], [Double], [Double]) = ([], [], [])
  private var memory = LargestMemory()

  init(_ context: RunLog.Context) { self.context = context }

  /// Of several kinds of times those that say an iteration most directly.
  var found: RunLog.Findings {
    var found = RunLog.Findings()
    found.seconds = [iterations, rates, timers].first { !$0.isEmpty } ?? []
    found.memory = memory
    return found
  }

  mutating func take(_ line: LogLine) {
    if let seconds = line.number(after: "iter time (s):") { iterations.append(seconds) }
    if line.has("global_step="), let rate = line.number(after: "CurrSamplesPerSec="), rate > 0 {
      rates.append(Double(context.workload.run.globalBatch) / rate)
    }
    if let seconds = Self.timer(line) { timers.append(seconds) }
    // Rank 0 writes these lines.
    let stage = context.stage(ofRank: line.rank ?? 0)
    let marks: [(StaticString, MeasuredMemory.Kind)] = [
      ("MaxMemAllocated=", .allocated), ("Max_MA", .allocated), ("Max_CA", .reserved),
    ]
    for (mark, kind) in marks {
      guard let amount = line.number(after: mark) else { continue }
      memory.take(MeasuredMemory(kind: kind, stage: stage, bytes: amount * Self.gibibyte))
    }
  }

  /// Seconds of a step by its timers: `train_batch`, or forward, backward and step of all its micro-batches; the timers of
  /// one micro-batch (`fwd_microstep`) are none.
  private static func timer(_ line: LogLine) -> Double? {
    guard line.has("time (ms)") else { return nil }
    if let whole = line.number(after: "| train_batch:") { return whole / 1_000 }
    guard let forward = line.number(after: "| fwd:") ?? line.number(after: "| forward:"),
      let backward = line.number(after: "| bwd:") ?? line.number(after: "| backward:"),
      let step = line.number(after: "| step:")
    else { return nil }
    return (forward + backward + step) / 1_000
  }
}
