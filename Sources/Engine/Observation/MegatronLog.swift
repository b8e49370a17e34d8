/// Reads lines of Megatron-LM, Megatron-DeepSpeed and NeMo's Megatron.
///
/// ` iteration 10/ 100 | ... | elapsed time per iteration (ms): 1234.5 | ...`, and
/// `[Rank 0] (after 10 iterations) memory (MB) | ... | max allocated: 1.0 | ... | max reserved: 2.0`, in MiB.
enum MegatronLog {
  private static let mebibyte = 1_048_576.0

  /// Times and memory of the lines.
  static func read(_ lines: [LogLine], _ context: RunLog.Context) -> RunLog.Findings {
    var found = RunLog.Findings()
    for line in lines {
      if let batch = line.number(after: "global batch size:") { found.globalBatch = batch }
      if let milliseconds = line.number(after: "elapsed time per iteration (ms):") {
        found.seconds.append(milliseconds / 1_000)
      }
      guard line.text.contains("memory (MB)"), let rank = line.rank, let stage = context.stage(ofRank: rank) else {
        continue
      }
      for (mark, kind) in [("max allocated:", MeasuredMemory.Kind.allocated), ("max reserved:", .reserved)] {
        guard let amount = line.number(after: mark) else { continue }
        found.memory.append(MeasuredMemory(kind: kind, stage: stage, bytes: amount * mebibyte))
      }
    }
    return found
  }
}
