/// The three numbers of a batch, of which two say the third.
struct LaunchBatch: Sendable, Equatable {
  /// Samples of one optimizer step.
  var batch: Int
  /// Samples of one micro-batch on one data-parallel rank.
  var microBatch: Int
  /// Micro-batches of a step.
  var accumulation: Int
  /// Which of them are known.
  private var known: (batch: Bool, microBatch: Bool, accumulation: Bool)

  /// What files say; nil where they do not.
  init(batch: Int?, microBatch: Int?, accumulation: Int?) {
    self.batch = batch ?? 1
    self.microBatch = microBatch ?? 1
    self.accumulation = accumulation ?? 1
    known = (batch != nil, microBatch != nil, accumulation != nil)
  }

  /// Numbers are compared by value.
  static func == (a: LaunchBatch, b: LaunchBatch) -> Bool {
    (a.batch, a.microBatch, a.accumulation) == (b.batch, b.microBatch, b.accumulation)
  }

  /// All three: what files do not say comes from the flags, then from the other two, then accumulation is 1.
  ///
  /// Throws where they do not fit together, or too few are known.
  func completed(
    dataParallel: Int, _ context: LaunchContext, assumed: inout [String]
  ) throws(InputError) -> LaunchBatch {
    var full = self
    let place = InputPlace(file: context.file)
    if !full.known.microBatch, let flag = context.microBatch {
      full.microBatch = flag
      full.known.microBatch = true
      assumed.append("micro-batch \(flag): --micro-batch")
    }
    if !full.known.batch, let flag = context.batch {
      full.batch = flag
      full.known.batch = true
      assumed.append("batch \(flag): --batch")
    }
    if !full.known.accumulation, !(full.known.batch && full.known.microBatch) {
      full.known.accumulation = true
      assumed.append("1 micro-batch a step: the launcher's default for gradient accumulation")
    }
    switch full.known {
    case (_, true, true):
      let product = try product(full.microBatch, full.accumulation, dataParallel, at: place)
      if full.known.batch, full.batch != product {
        throw .conflict(
          at: place,
          problem: "the batch is \(full.batch), but micro-batch \(full.microBatch) x accumulation "
            + "\(full.accumulation) x \(dataParallel) data-parallel ranks is \(product)", remedy: "change one of them")
      }
      full.batch = product
    case (true, true, false):
      full.accumulation = try quotient(full, full.microBatch, dataParallel, at: place)
    case (true, false, _):
      full.microBatch = try quotient(full, full.accumulation, dataParallel, at: place)
    default:
      throw .missing(
        at: place, key: "--micro-batch",
        expected: "the samples of one micro-batch on one GPU: the files do not say it (and --batch, those of a step)")
    }
    full.known = (true, true, true)
    return full
  }

  private func product(_ a: Int, _ b: Int, _ c: Int, at place: InputPlace) throws(InputError) -> Int {
    let first = a.multipliedReportingOverflow(by: b)
    let second = first.partialValue.multipliedReportingOverflow(by: c)
    guard !first.overflow, !second.overflow else {
      throw .value(at: place, found: "a batch of \(a) x \(b) x \(c)", expected: "a number of samples")
    }
    return second.partialValue
  }

  private func quotient(
    _ full: LaunchBatch, _ other: Int, _ dataParallel: Int, at place: InputPlace
  ) throws(InputError) -> Int {
    let divisor = try product(other, dataParallel, 1, at: place)
    guard divisor > 0, full.batch.isMultiple(of: divisor) else {
      throw .conflict(
        at: place, problem: "the batch \(full.batch) is no multiple of \(other) x \(dataParallel) data-parallel ranks",
        remedy: "change one of them")
    }
    return full.batch / divisor
  }
}
