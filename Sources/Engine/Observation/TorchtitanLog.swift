/// Reads lines of torchtitan.
///
/// `step: 10  loss: 7.1  memory: 47.20GiB(59.70%)  tps: 6,000  tflops: ...  mfu: ...`: tokens per second of one GPU (`wps`
/// before 2025), and the largest reserved memory of the rank.
enum TorchtitanLog {
  private static let gibibyte = 1_073_741_824.0

  /// Times and memory of the lines.
  static func read(_ lines: [LogLine], _ context: RunLog.Context) -> RunLog.Findings {
    var found = RunLog.Findings()
    let tokens = context.workload.iterationTokens / Double(max(1, context.workload.cluster.gpuCount))
    for line in lines where line.text.contains("step:") {
      guard let rate = line.number(after: "tps:") ?? line.number(after: "wps:"), rate > 0 else { continue }
      found.seconds.append(tokens / rate)
      guard let memory = line.text.firstRange(of: "memory:"),
        let amount = LogLine.number(line.text[memory.upperBound...]), amount.rest.hasPrefix("GiB")
      else { continue }
      // A log without ranks is that of rank 0, or of all of them.
      let stage = line.rank.map { context.stage(ofRank: $0) } ?? (context.plan.stages.count == 1 ? 0 : nil)
      found.memory.append(MeasuredMemory(kind: .reserved, stage: stage, bytes: amount.value * gibibyte))
    }
    return found
  }
}
