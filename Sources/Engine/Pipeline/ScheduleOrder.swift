/// The order in which 1F1B runs the passes of one stage (Narayanan et al. 2021, as Megatron-LM does it).
///
/// First `warmUp` forwards, then one forward and one backward in turn, then the remaining backwards. An operation is
/// the pass of one micro-batch through one chunk of the stage in one direction, numbered in the order in which the
/// stage runs them.
///
/// With several chunks (the interleaved schedule) micro-batches go in groups of S, one for each stage: a group passes
/// chunk 0, then chunk 1, and so on; backward the chunks come in the opposite order. Warm-up is then
/// `(S-1-i)*2 + (v-1)*S` passes: all chunks but the last for a group, and two for each later stage.
struct ScheduleOrder: Sendable {
  /// What a stage runs as one operation.
  struct Operation: Equatable {
    /// A forward, else a backward.
    var isForward: Bool
    /// The micro-batch, from 0.
    var microBatch: Int
    /// The stage's chunk, from 0.
    var chunk: Int
  }

  /// Micro-batches per iteration [G]; of several chunks a multiple of the stages.
  let microBatches: Int
  /// Stages of the pipeline [S].
  let stages: Int
  /// Chunks of the stage [v].
  let chunks: Int
  /// Forwards before the first backward is due; for one chunk one for each later stage.
  let warmUp: Int

  /// The order of a stage (from 0).
  init(stage: Int, stages: Int, microBatches: Int, chunks: Int = 1) {
    self.microBatches = microBatches
    self.stages = stages
    self.chunks = chunks
    let later = stages - 1 - stage
    warmUp = min(chunks > 1 ? 2 * later + (chunks - 1) * stages : later, microBatches * chunks)
  }

  /// Passes in one direction [G*v].
  private var passes: Int { microBatches * chunks }

  /// Number of operations.
  var count: Int { 2 * passes }

  /// What the stage runs as its operation of that number.
  subscript(operation: Int) -> Operation {
    if operation < warmUp { return forwardPass(operation) }
    if operation >= 2 * passes - warmUp { return backwardPass(operation - passes) }
    let steady = operation - warmUp
    return steady.isMultiple(of: 2) ? forwardPass(warmUp + steady / 2) : backwardPass(steady / 2)
  }

  /// Number of the forward of a micro-batch through a chunk.
  func forward(_ microBatch: Int, chunk: Int = 0) -> Int {
    let pass = pass(microBatch, turn: chunk)
    return pass < warmUp ? pass : 2 * pass - warmUp
  }

  /// Number of the backward of a micro-batch through a chunk.
  func backward(_ microBatch: Int, chunk: Int = 0) -> Int {
    let pass = pass(microBatch, turn: chunks - 1 - chunk)
    return pass < passes - warmUp ? warmUp + 2 * pass + 1 : passes + pass
  }

  /// The pass of that number, forward.
  private func forwardPass(_ pass: Int) -> Operation {
    let (microBatch, turn) = place(pass)
    return Operation(isForward: true, microBatch: microBatch, chunk: turn)
  }

  /// The pass of that number, backward.
  private func backwardPass(_ pass: Int) -> Operation {
    let (microBatch, turn) = place(pass)
    return Operation(isForward: false, microBatch: microBatch, chunk: chunks - 1 - turn)
  }

  /// The micro-batch of a pass, and which of its group's turns through the chunks it is.
  private func place(_ pass: Int) -> (microBatch: Int, turn: Int) {
    guard chunks > 1 else { return (pass, 0) }
    let (group, rest) = pass.quotientAndRemainder(dividingBy: stages * chunks)
    return (group * stages + rest % stages, rest / stages)
  }

  /// The pass of a micro-batch in one of its group's turns.
  private func pass(_ microBatch: Int, turn: Int) -> Int {
    guard chunks > 1 else { return microBatch }
    let (group, rest) = microBatch.quotientAndRemainder(dividingBy: stages)
    return group * stages * chunks + turn * stages + rest
  }
}
