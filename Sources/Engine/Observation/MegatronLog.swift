/// Reads lines of Megatron-LM, Megatron-DeepSpeed and NeMo's Megatron.
///
/// ` iteration 10/ 100 | ... | elapsed time per iteration (ms): 1234.5 | ...`, and
/// `[Rank 0] (after 10 iterations) memory (MB) | ... | max allocated: 1.0 | ... | max reserved: 2.0`, in MiB.
struct MegatronLog: LogReader {
  let writer = "Megatron-LM"
  let looksLike = "'elapsed time per iteration (ms): ...' (Megatron-LM)"
  let marks: [StaticString] = ["elapsed time per iteration (ms):", "global batch size:", "memory (MB)"]
  private static let mebibyte = 1_048_576.0

  private let context: RunLog.Context
  private(set) var found = RunLog.Findings()

  init(_ context: RunLog.Context) { self.context = context }

  mutating func take(_ line: LogLine) {
    if let batch = line.number(after: "global batch size:") { found.globalBatch = batch }
    if let milliseconds = line.number(after: "elapsed time per iteration (ms):") {
      found.seconds.append(milliseconds / 1_000)
    }
    guard line.has("memory (MB)"), let rank = line.rank, let stage = context.stage(ofRank: rank) else { return }
    let kinds: [(StaticString, MeasuredMemory.Kind)] = [("max allocated:", .allocated), ("max reserved:", .reserved)]
    for (mark, kind) in kinds {
      guard let amount = line.number(after: mark) else { continue }
      found.memory.take(MeasuredMemory(kind: kind, stage: stage, bytes: amount * Self.mebibyte))
    }
  }
}
