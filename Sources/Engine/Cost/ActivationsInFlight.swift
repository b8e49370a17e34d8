/// What a stage holds of micro-batches beside the one in work, in micro-batches' worth (docs/model.md, section 6).
///
/// Under 1F1B all of it is p. Interleaved, a pass holds one chunk's activations, one v-th of the stage's, and the pass
/// in work as well: with q passes in flight at the peak the stage holds `q/v = p + 1` micro-batches' worth. Under GPipe
/// every stage holds all micro-batches.
///
/// Under ZB-H1 as many micro-batches wait for their backward as under 1F1B. Beside them those of stage i whose weight
/// gradients are still to come, i of them, hold what these need: the inputs of the products and the gradients of their
/// outputs. Together they are S on every stage, so that none holds more than the first one, as long as nothing is
/// recomputed (Qi et al. 2024, section 2.3).
struct ActivationsInFlight: Hashable {
  /// Activations held beside one whole micro-batch's [p]; not a whole number where stages are interleaved.
  var held: Double
  /// Further passes whose hidden states at the boundaries are held.
  var boundaries: Double
  /// Further micro-batches whose token ids the first stage holds.
  var tokenIds: Double
  /// Activations held beside one whole micro-batch's when the last chunk's optimizer states are whole in the first
  /// forward; 0 under 1F1B, where nothing is in flight then.
  var heldAtStep: Double
  /// Further passes in flight at that moment.
  var boundariesAtStep: Double
  /// Further micro-batches whose weight gradients are still to come; 0 where backwards have them in them.
  var deferred = 0.0
  /// Weight gradients are apart from backwards: a backward leaves what they need.
  var splitsBackward = false

  /// 1F1B with `further` micro-batches in flight.
  init(_ further: Int) {
    held = Double(further)
    boundaries = held
    tokenIds = held
    heldAtStep = 0
    boundariesAtStep = 0
  }

  /// A stage (from 0) of a pipeline with `chunks` chunks a GPU: for one under its schedule, else under Megatron-LM's
  /// interleaved one.
  ///
  /// Interleaved, `(S-i-1)*2 + (v-1)*S + 1` passes are in flight at the peak, and no more than there are (G*v). Of the
  /// first chunk they are `2S` micro-batches at most: the group that goes through all chunks and the next one behind.
  init(
    stage: Int, stages: Int, microBatches: Int, chunks: Int, schedule: PipelineSchedule = .oneForwardOneBackward
  ) {
    guard chunks > 1 else {
      self.init(schedule == .gpipe ? microBatches - 1 : min(stages - 1 - stage, microBatches - 1))
      splitsBackward = schedule == .zeroBubble
      deferred = splitsBackward ? Double(min(stage, microBatches - 1)) : 0
      return
    }
    self.init(0)
    let order = ScheduleOrder(stage: stage, stages: stages, microBatches: microBatches, chunks: chunks)
    let peak = Double(min(order.warmUp + 1, microBatches * chunks))
    held = peak / Double(chunks) - 1
    boundaries = peak - 1
    tokenIds = Double(min(2 * stages, microBatches) - 1)
    // The first micro-batch comes to the last chunk when all of its group have been through the chunks before.
    boundariesAtStep = Double((chunks - 1) * stages)
    heldAtStep = (boundariesAtStep + 1) / Double(chunks) - 1
  }
}
