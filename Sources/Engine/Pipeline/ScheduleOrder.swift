/// The order in which a schedule runs the passes of one stage.
///
/// An operation is the pass of one micro-batch through one chunk of the stage, numbered in the order in which the stage
/// runs them.
///
/// - **1F1B** (Narayanan et al. 2021, as Megatron-LM does it): first `warmUp` forwards, then one forward and one backward
///   in turn, then the remaining backwards. With several chunks (interleaved) micro-batches go in groups of S, one for
///   each stage: a group passes chunk 0, then chunk 1, and so on; backward the chunks come in the opposite order. Warm-up
///   is then `(S-1-i)*2 + (v-1)*S` passes: all chunks but the last for a group, and two for each later stage.
/// - **GPipe** (Huang et al. 2019, in the order of PyTorch's `ScheduleGPipe`): all forwards, then all backwards.
/// - **ZB-H1** (Qi et al. 2024, "Zero Bubble Pipeline Parallelism", the handcrafted schedule of 1F1B's memory): forwards
///   and backwards as in 1F1B; the weight gradients of a micro-batch follow the backward of the i-th micro-batch after it,
///   and the last i of them come at the end. So stage i holds i micro-batches whose weight gradients are still to come.
struct ScheduleOrder: Sendable {
  /// What an operation does.
  enum Kind: Equatable {
    /// A forward.
    case forward
    /// A backward; where weight gradients are apart, without them.
    case backward
    /// Weight gradients of a micro-batch.
    case weightGradient
  }

  /// What a stage runs as one operation.
  struct Operation: Equatable {
    /// What it does.
    var kind: Kind
    /// The micro-batch, from 0.
    var microBatch: Int
    /// The stage's chunk, from 0.
    var chunk: Int

    /// A forward, else a backward or its second part.
    var isForward: Bool { kind == .forward }
  }

  /// Micro-batches per iteration [G]; of several chunks a multiple of the stages.
  let microBatches: Int
  /// Stages of the pipeline [S].
  let stages: Int
  /// Chunks of the stage [v].
  let chunks: Int
  /// Forwards before the first backward is due.
  let warmUp: Int
  /// Backwards after which the weight gradients of the first micro-batch come; nil where backwards have theirs in them.
  let delay: Int?

  /// The order of a stage (from 0).
  init(
    stage: Int, stages: Int, microBatches: Int, chunks: Int = 1, schedule: PipelineSchedule = .oneForwardOneBackward
  ) {
    self.microBatches = microBatches
    self.stages = stages
    self.chunks = chunks
    let later = stages - 1 - stage
    switch schedule {
    case .gpipe: warmUp = microBatches
    case .oneForwardOneBackward, .interleaved, .zeroBubble:
      warmUp = min(chunks > 1 ? 2 * later + (chunks - 1) * stages : later, microBatches * chunks)
    }
    delay = schedule == .zeroBubble ? min(stage, microBatches) : nil
  }

  /// Passes in one direction [G*v].
  private var passes: Int { microBatches * chunks }

  /// Number of operations.
  var count: Int { (delay == nil ? 2 : 3) * passes }

  /// What the stage runs as its operation of that number.
  subscript(operation: Int) -> Operation {
    if let delay { return separated(operation, delay: delay) }
    if operation < warmUp { return forwardPass(operation) }
    if operation >= 2 * passes - warmUp { return backwardPass(operation - passes) }
    let steady = operation - warmUp
    return steady.isMultiple(of: 2) ? forwardPass(warmUp + steady / 2) : backwardPass(steady / 2)
  }

  /// Number of the forward of a micro-batch through a chunk.
  func forward(_ microBatch: Int, chunk: Int = 0) -> Int {
    let pass = pass(microBatch, turn: chunk)
    if pass < warmUp { return pass }
    return 2 * pass - warmUp + weightGradients(before: pass - warmUp)
  }

  /// Number of the backward of a micro-batch through a chunk.
  func backward(_ microBatch: Int, chunk: Int = 0) -> Int {
    let pass = pass(microBatch, turn: chunks - 1 - chunk)
    return (pass < passes - warmUp ? warmUp + 2 * pass + 1 : passes + pass) + weightGradients(before: pass)
  }

  // MARK: weight gradients apart

  /// Weight gradients that come before the backward of that number.
  private func weightGradients(before backward: Int) -> Int { delay.map { max(0, backward - $0) } ?? 0 }

  /// The operation of that number, by the turns of the schedule: a forward, a backward, weight gradients.
  private func separated(_ operation: Int, delay: Int) -> Operation {
    if operation < warmUp { return forwardPass(operation) }
    if operation >= 2 * passes + passes - delay {
      return Operation(kind: .weightGradient, microBatch: operation - 2 * passes, chunk: 0)
    }
    // The last backward that does not come after the operation; the weight gradients of its turn follow it.
    var (low, high) = (-1, passes - 1)
    while low < high {
      let middle = (low + high + 1) / 2
      if backward(middle) <= operation { low = middle } else { high = middle - 1 }
    }
    if low >= 0, backward(low) == operation { return backwardPass(low) }
    if low >= delay, backward(low) + 1 == operation {
      return Operation(kind: .weightGradient, microBatch: low - delay, chunk: 0)
    }
    return forwardPass(warmUp + low + 1)
  }

  // MARK: places of passes

  /// The pass of that number, forward.
  private func forwardPass(_ pass: Int) -> Operation {
    let (microBatch, turn) = place(pass)
    return Operation(kind: .forward, microBatch: microBatch, chunk: turn)
  }

  /// The pass of that number, backward.
  private func backwardPass(_ pass: Int) -> Operation {
    let (microBatch, turn) = place(pass)
    return Operation(kind: .backward, microBatch: microBatch, chunk: chunks - 1 - turn)
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
