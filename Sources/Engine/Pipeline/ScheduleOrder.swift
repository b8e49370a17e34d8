/// The order in which 1F1B runs the passes of one stage (Narayanan et al. 2021, as Megatron-LM does it).
///
/// First `warmUp` forwards, then one forward and one backward in turn, then the remaining backwards. An operation is
/// the pass of one micro-batch in one direction, numbered 0..<2G in the order in which the stage runs them.
struct ScheduleOrder: Sendable {
  /// Micro-batches per iteration [G].
  let microBatches: Int
  /// Forwards before the first backward is due: one for each later stage.
  let warmUp: Int

  /// The order of a stage (from 0).
  init(stage: Int, stages: Int, microBatches: Int) {
    self.microBatches = microBatches
    warmUp = min(stages - 1 - stage, microBatches)
  }

  /// What the stage runs as its operation of that number.
  subscript(operation: Int) -> (isForward: Bool, microBatch: Int) {
    if operation < warmUp { return (true, operation) }
    if operation >= 2 * microBatches - warmUp { return (false, operation - microBatches) }
    let steady = operation - warmUp
    return steady.isMultiple(of: 2) ? (true, warmUp + steady / 2) : (false, steady / 2)
  }

  /// Number of the forward of a micro-batch.
  func forward(_ microBatch: Int) -> Int { microBatch < warmUp ? microBatch : 2 * microBatch - warmUp }

  /// Number of the backward of a micro-batch.
  func backward(_ microBatch: Int) -> Int {
    microBatch < microBatches - warmUp ? warmUp + 2 * microBatch + 1 : microBatches + microBatch
  }
}
