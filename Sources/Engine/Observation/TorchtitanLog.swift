/// Reads lines of torchtitan.
///
/// `step: 10  loss: 7.1  memory: 47.20GiB(59.70%)  tps: 6,000  tflops: ...  mfu: ...`: tokens per second of one GPU (`wps`
/// before 2025), and the largest reserved memory of the rank.
struct TorchtitanLog: LogReader {
  let writer = "torchtitan"
  let looksLike = "'step: ... tps: ...' (torchtitan)"
  let marks: [StaticString] = ["tps:", "wps:"]
  private static let gibibyte = 1_073_741_824.0

  private let context: RunLog.Context
  private(set) var found = RunLog.Findings()

  init(_ context: RunLog.Context) { self.context = context }

  mutating func take(_ line: LogLine) {
    guard line.has("step:"), let rate = line.number(after: "tps:") ?? line.number(after: "wps:"), rate > 0 else {
      return
    }
    let tokens = context.workload.iterationTokens / Double(max(1, context.workload.cluster.gpuCount))
    found.seconds.append(tokens / rate)
    guard let memory = line.rest(behind: "memory:"), let amount = LogLine.number(memory), amount.rest.hasPrefix("GiB")
    else { return }
    // A log without ranks is that of rank 0, or of all of them.
    let stage = line.rank.map { context.stage(ofRank: $0) } ?? (context.plan.stages.count == 1 ? 0 : nil)
    found.memory.take(MeasuredMemory(kind: .reserved, stage: stage, bytes: amount.value * Self.gibibyte))
  }
}
