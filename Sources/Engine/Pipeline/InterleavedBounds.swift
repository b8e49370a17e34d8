/// Bounds on the simulated time of the interleaved schedule (docs/pipeline.md).
///
/// Write f, b for a chunk's passes with their point-to-point, n = G*v for the passes of a stage in one direction,
/// w_i for its warm-up, phi = max f and beta = max b over all chunks of all stages, T = phi + beta.
///
/// **From above.** Raised to phi and beta, no pass comes earlier. Then `F_i(r) = g(i + r)` with
/// `g(z) = z phi + max(0, z - v S + 1) beta` for the r-th forward of stage i, and its mirror image in time for the
/// backwards, `B_i(r) = E - beta - g'(i + n - 1 - r)` with `E = (n + S - 1) T` and phi, beta exchanged in g', keep
/// - the dependencies from stage to stage: g rises by phi or more, and in the ring too, because chunk k + 1 of stage 0
///   comes S passes after chunk k, whose last stage is S - 1 later: both are one step of g;
/// - the order in a stage: `F_i(w_i + m)` ends at `v S phi + (S-1-i+m) T`, where `B_i(m)` starts, and the next forward
///   starts where that ends; in warm-up and cool-down g and g' alone are enough.
///
/// So the schedule is no longer than `(G v + S - 1)(phi + beta)`, which is what the last stage's chain below comes to
/// where all passes are equal. The extras add at most X + Y:
/// - side work of the first forwards, done at `X_ik` at the earliest, moves everything by at most
///   `X = max (X_ik - (k S + i) phi - f_ik)^+`, since F_i(k S) is not before `(k S + i) phi`;
/// - the last backward of chunk k > 0 holds up what its stage still has to do: backwards of the chunks before, whose
///   neighbours are held up by their own in the same turn, so `max_i e'_ik` each; that of chunk 0 ends its stage, which
///   is done `i beta` before the iteration: `Y = sum_{k>0} max_i e'_ik + max_i (e'_i0 - i beta)^+`.
///
/// **From below**, three chains as for plain 1F1B: all passes of stage i between the first micro-batch's way to it and
/// the last one's way up from it; micro-batch 0 through all chunks down to the last stage and back up to stage i, which
/// then has all but `w_i + 1` forwards and no backward done; and stage i's last forward, with all but `w_i + 1` of its
/// backwards done, on to the end and all the way back.
///
/// **Without a barrier** (`ScheduleBounds+Steady.swift`) stage i is free at `i phi` or before, by as much as its side work
/// needs, and done at `E - i beta` and its own extra. So the period is at most `(G v + S - 1) T + sum_{k>0} max_i e'_ik`
/// and `max_i (max(0, X_ik - k S phi - f_ik) + e'_i0 - i T)`; and at least each of the chains that begin and end at the
/// same stage.
struct InterleavedBounds {
  /// The simulated time is at least this, seconds.
  let lower: Double
  /// The simulated time is at most this, seconds.
  let upper: Double

  /// The bounds of stages with equally many chunks.
  ///
  /// - Complexity: O(S * G * v).
  init(stages: [StageScore], microBatches: Int, hasBarrier: Bool) {
    let chunks = stages.map { $0.chunks.map(Pass.init) }
    lower = hasBarrier ? Self.longestChain(chunks, microBatches) : Self.longestCircuit(chunks, microBatches)
    upper = Self.raised(chunks, microBatches, hasBarrier: hasBarrier)
  }

  // MARK: from above

  private static func raised(_ stages: [[Pass]], _ microBatches: Int, hasBarrier: Bool) -> Double {
    let slowestForward = stages.joined().map(\.forward).max() ?? 0
    let slowestBackward = stages.joined().map(\.backward).max() ?? 0
    let chunks = stages.first?.count ?? 1
    var (sideWork, end, both) = (0.0, 0.0, 0.0)
    var turns = [Double](repeating: 0, count: chunks)
    for (stage, passes) in stages.enumerated() {
      var (sideEnd, early) = (0.0, 0.0)
      for (chunk, pass) in passes.enumerated() {
        if pass.firstExtra > 0 {
          sideEnd += pass.firstForward - pass.transfer + pass.firstExtra
          let start = Double(chunk * stages.count) * slowestForward
          early = max(early, sideEnd - start - (pass.forward - pass.transfer))
        }
        if chunk > 0 { turns[chunk] = max(turns[chunk], pass.lastExtra) }
      }
      let place = Double(stage)
      sideWork = max(sideWork, early - place * slowestForward)
      end = max(end, passes[0].lastExtra - place * slowestBackward)
      both = max(both, early + passes[0].lastExtra - place * (slowestForward + slowestBackward))
    }
    let plain = Double(chunks * microBatches + stages.count - 1) * (slowestForward + slowestBackward)
    return plain + turns.reduce(0, +) + (hasBarrier ? sideWork + end : both)
  }

  // MARK: from below

  private static func longestChain(_ stages: [[Pass]], _ microBatches: Int) -> Double {
    let all = stages.joined()
    let through = all.reduce(0) { $0 + $1.firstForward }
    let chunks = stages.first?.count ?? 1
    // The last micro-batch's way back, and after it what a stage's last backward takes more.
    let ends = stages.reduce((way: 0.0, closes: 0.0)) { sum, passes in
      (sum.way + passes[0].lastBackward, max(sum.closes, passes[0].lastExtra - sum.way))
    }
    let back = all.reduce(0) { $0 + $1.lastBackward } + ends.closes
    var longest = through + back
    var (begins, closes, later) = (0.0, 0.0, Pass.Sums())
    later = stages.reduce(into: later) { $0.add($1[chunks - 1]) }
    for (stage, passes) in stages.enumerated() {
      later.remove(passes[chunks - 1])
      begins = max(begins, passes[0].firstExtra)
      closes = max(closes, passes[0].lastExtra)
      let order = ScheduleOrder(stage: stage, stages: stages.count, microBatches: microBatches, chunks: chunks)
      let work = Work(passes, order)
      longest = max(longest, begins + work.all + closes)
      if order.warmUp < microBatches * chunks {
        longest = max(longest, through + later.backward + work.afterFirstBackward + closes)
        longest = max(longest, begins + work.toLastForward + later.forward + back)
      }
      begins += passes[0].firstForward
      closes += passes[0].lastBackward
    }
    return longest
  }

  /// The same chains where they end with the stage in which they begin.
  private static func longestCircuit(_ stages: [[Pass]], _ microBatches: Int) -> Double {
    let all = stages.joined()
    let through = all.reduce(0) { $0 + $1.firstForward }
    let back = all.reduce(0) { $0 + $1.lastBackward }
    guard let first = stages.first else { return 0 }
    let chunks = first.count
    // What goes all the way through begins, or ends, with the first stage.
    let extra = first[0].firstExtra + first[0].lastExtra
    var longest = extra + through + back
    var (before, down, up, later) = (0.0, 0.0, 0.0, Pass.Sums())
    later = stages.reduce(into: later) { $0.add($1[chunks - 1]) }
    for (stage, passes) in stages.enumerated() {
      later.remove(passes[chunks - 1])
      before = max(before, passes[0].firstExtra + passes[0].lastExtra)
      let order = ScheduleOrder(stage: stage, stages: stages.count, microBatches: microBatches, chunks: chunks)
      let work = Work(passes, order)
      longest = max(longest, before + work.all)
      if order.warmUp < microBatches * chunks {
        longest = max(longest, extra + through + later.backward + work.afterFirstBackward + up)
        longest = max(longest, extra + down + work.toLastForward + later.forward + back)
      }
      down += passes[0].firstForward
      up += passes[0].lastBackward
      before += passes[0].firstForward + passes[0].lastBackward
    }
    return longest
  }

  /// Seconds of a stage's own operations.
  private struct Work {
    /// All of them, without what chunk 0's last backward takes more.
    var all = 0.0
    /// Those after the forwards of the warm-up and the one before the first backward.
    var afterFirstBackward = 0.0
    /// Those up to its last forward.
    var toLastForward = 0.0

    init(_ passes: [Pass], _ order: ScheduleOrder) {
      let lastForward = order.count - 2 - order.warmUp
      for number in 0..<order.count {
        let operation = order[number]
        let seconds = passes[operation.chunk].seconds(operation, of: order.microBatches)
        all += seconds
        if number > order.warmUp { afterFirstBackward += seconds }
        if number <= lastForward { toLastForward += seconds }
      }
    }
  }

  /// Seconds of the passes of a chunk, each with its point-to-point.
  private struct Pass {
    var forward: Double
    var backward: Double
    /// The first forward without the extra that can hide; less than `forward` where it takes less.
    var firstForward: Double
    /// The last backward without the extra that its neighbour does not wait for.
    var lastBackward: Double
    /// What the first forward takes more.
    var firstExtra: Double
    /// What the last backward takes more.
    var lastExtra: Double
    var transfer: Double

    init(_ chunk: ChunkScore) {
      transfer = chunk.pointToPointSeconds
      forward = chunk.forward.elapsed + transfer
      backward = chunk.backward.elapsed + transfer
      firstForward = min(chunk.forward.elapsed, chunk.forwardFirst.elapsed) + transfer
      lastBackward = min(chunk.backward.elapsed, chunk.backwardLast.elapsed) + transfer
      firstExtra = max(0, chunk.forwardFirst.elapsed - chunk.forward.elapsed)
      lastExtra = max(0, chunk.backwardLast.elapsed - chunk.backward.elapsed)
    }

    /// At least what an operation keeps its stage busy; chunk 0's last backward without its extra.
    func seconds(_ operation: ScheduleOrder.Operation, of microBatches: Int) -> Double {
      if operation.isForward { return operation.microBatch == 0 ? firstForward : forward }
      guard operation.microBatch == microBatches - 1 else { return backward }
      return operation.chunk == 0 ? lastBackward : lastBackward + lastExtra
    }

    /// Passes of one chunk on several stages, one after the other.
    struct Sums {
      var forward = 0.0
      var backward = 0.0

      mutating func add(_ pass: Pass) {
        forward += min(pass.firstForward, pass.forward)
        backward += min(pass.lastBackward, pass.backward)
      }

      mutating func remove(_ pass: Pass) {
        forward -= min(pass.firstForward, pass.forward)
        backward -= min(pass.lastBackward, pass.backward)
      }
    }
  }
}
