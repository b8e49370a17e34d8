/// Bounds on the simulated time of 1F1B, and with them on its distance from the closed form (docs/pipeline.md).
///
/// Write f, b for `forward`, `backward`, each with the stage's point-to-point in it, t = f + b, T = max t, and
/// w_i = S-1-i. e_i, e'_i are what `forwardFirst`, `backwardLast` take more, 0 where they take less. The first forward
/// ends at `max(A_i, e_i) + f_i` if its micro-batch comes at A_i, so all ends are sums and maxima of what is given.
///
/// **From below**, by three chains of operations that must follow each other. Each starts at time 0 with the side work
/// of a stage or its first forward, goes down to stage i, and ends after the last backward has gone up from there and
/// the stage that it reached has done its own e'. Let h_i be the latest time at which such a start lets stage i begin,
/// and u_i the longest such end (`Passes.begins`, `Passes.closes`). Then
/// - at stage i all of its passes come between the two: `h_i + G t_i + u_i`;
/// - micro-batch 0 goes down and back up to stage i, which then has all but w_i + 1 forwards and no backward done;
/// - stage i comes to its last forward, with all but w_i + 1 backwards done, which goes down and back up.
///
/// **From above**: with no extras, the times `F_i(m) = s_i + m phi` for m <= w_i and `s_i + o_i + (m - w_i) T` after,
/// `B_i(m) = c_i + m T`, with `s_i = sum_{j<i} f_j`, `phi = max f`, and o_i, c_i the least that keep the order of the
/// passes, keep every dependency (because t_i <= T), so the schedule is at most as long:
/// `(G-1) T + max_i (sum_{j<=i} t_j + (S-1-i) phi)`. The extras add at most X + Y to that, with
///
///     X = max_i (e_i - sum_{j<i} f_j)^+,   Y = max_i (e'_i - sum_{j<i} b_j)^+
///
/// (A pass that is shorter for being first or last is first raised to the plain one; no time falls by that.) First
/// forwards end at `max_{k<=i} (e_k + sum_{k<=j<=i} f_j)`, at most X later than without extras; a schedule in which
/// every stage's first pass ends at most X later is at most X later everywhere. A last backward's extra delays nobody,
/// and stage 0 hands over its last backward `sum_{j<i} b_j` or more after stage i did, so Y is all that it adds.
///
/// What follows for two micro-batches or more, with C the closed form and `D = max_i (d_i - sum_{j<i} t_j)^+` the part
/// of the extras that is exposed in it (D <= X + Y, because t = f + b):
/// - if no stage's t is below the slowest forward, the simulation is at most `C + X + Y - D`, so slower by at most the
///   largest e plus the largest e', however many stages have them;
/// - if all t are equal and no pass is shorter for being first or last, it is exactly that (the first chain, of the
///   last stage), and never faster than C. It equals C where one stage sets both X and Y, so also with one stage. Else
///   the closed form hides the first forward's extra behind the backwards of the fill too, which are at the other end
///   of the iteration, and the last backward's behind the forwards.
///
/// With one micro-batch, whose t is FL in the closed form, C adds all extras up where the simulation hides them: it is
/// `sum_i (f_i + b_i) + X + Y`, never more than C, if no pass is shorter for being first or last.
///
/// These are for a runtime with a barrier between iterations; `ScheduleBounds+Steady.swift` has those without one.
public struct ScheduleBounds: Sendable, Equatable {
  /// The simulated time is at least this, seconds.
  public var lower: Double
  /// The simulated time is at most this, seconds.
  public var upper: Double

  /// The bounds of a plan's stages; those of interleaved stages are `InterleavedBounds`.
  ///
  /// - Parameter hasBarrier: a barrier stands between iterations; else the bounds are of the period of the steady ones.
  /// - Complexity: O(S), interleaved O(S * G * v).
  public init(stages: [StageScore], microBatches: Int, hasBarrier: Bool = true) {
    if let first = stages.first, !first.chunks.isEmpty {
      let bounds = InterleavedBounds(stages: stages, microBatches: microBatches, hasBarrier: hasBarrier)
      (lower, upper) = (bounds.lower, bounds.upper)
      return
    }
    let passes = Self.passes(of: stages)
    guard hasBarrier else {
      (lower, upper) = Self.steady(passes, microBatches)
      return
    }
    guard microBatches > 1, let last = passes.last else {
      // Down to the last stage and back up: with one micro-batch nothing else can be longer.
      lower = passes.last.map { $0.begins + $0.firstForward + $0.lastBackward + $0.closes } ?? 0
      upper = lower
      return
    }
    let slowest = passes.map { $0.forward + $0.backward }.max() ?? 0
    let slowestForward = passes.map(\.forward).max() ?? 0
    var (forwards, backwards, longest) = (0.0, 0.0, 0.0)
    var (exposedFirst, exposedLast) = (0.0, 0.0)
    for (stage, pass) in passes.enumerated() {
      exposedFirst = max(exposedFirst, pass.firstExtra - forwards)
      exposedLast = max(exposedLast, pass.lastExtra - backwards)
      forwards += pass.forward
      backwards += pass.backward
      longest = max(longest, forwards + backwards + Double(passes.count - 1 - stage) * slowestForward)
    }
    upper = Double(microBatches - 1) * slowest + longest + exposedFirst + exposedLast
    lower = Self.longestChain(passes, last, microBatches)
  }

  /// The longest of the three chains over all stages, for two micro-batches or more.
  private static func longestChain(_ passes: [Passes], _ last: Passes, _ microBatches: Int) -> Double {
    let rounds = Double(microBatches - 1)
    let down = last.begins + last.firstForward
    let up = last.lastBackward + last.closes
    var forwardAfter = passes.reduce(0) { $0 + $1.forward }
    var backwardAfter = passes.reduce(0) { $0 + $1.backward }
    var longest = 0.0
    for (stage, pass) in passes.enumerated() {
      forwardAfter -= pass.forward
      backwardAfter -= pass.backward
      let forwards = pass.firstForward + rounds * pass.forward
      let backwards = rounds * pass.backward + pass.lastBackward
      longest = max(longest, pass.begins + forwards + backwards + pass.closes)
      let warmUp = passes.count - 1 - stage
      if warmUp < microBatches {
        let left = Double(microBatches - 1 - warmUp)
        longest = max(longest, down + backwardAfter + left * pass.forward + backwards + pass.closes)
        longest = max(longest, pass.begins + forwards + left * pass.backward + forwardAfter + up)
      }
    }
    return longest
  }

  /// The passes of all stages, with what comes before and after each.
  private static func passes(of stages: [StageScore]) -> [Passes] {
    var passes = stages.map(Passes.init)
    var (begins, closes) = (0.0, 0.0)
    for stage in passes.indices {
      begins = max(begins, passes[stage].firstExtra)
      closes = max(closes, passes[stage].lastExtra)
      passes[stage].begins = begins
      passes[stage].closes = closes
      begins += passes[stage].firstForward
      closes += passes[stage].lastBackward
    }
    return passes
  }

  /// Seconds of the passes of a stage, each with its point-to-point.
  struct Passes {
    /// A plain forward [f].
    var forward: Double
    /// A plain backward [b].
    var backward: Double
    /// The first forward without the extra that can hide; less than `forward` where it takes less.
    var firstForward: Double
    /// The last backward without the extra that nobody waits for; less than `backward` where it takes less.
    var lastBackward: Double
    /// What the first forward takes more [e].
    var firstExtra: Double
    /// What the last backward takes more [e'].
    var lastExtra: Double
    /// From time 0, when the first forward without its extra can begin, at the earliest [h].
    var begins = 0.0
    /// From the gradient of the last backward to the end of the iteration, at least [u].
    var closes = 0.0

    /// The passes of a stage.
    init(_ stage: StageScore) {
      let transfer = stage.pointToPointSeconds
      forward = stage.forward.elapsed + transfer
      backward = stage.backward.elapsed + transfer
      firstForward = min(stage.forward.elapsed, stage.forwardFirst.elapsed) + transfer
      lastBackward = min(stage.backward.elapsed, stage.backwardLast.elapsed) + transfer
      firstExtra = max(0, stage.forwardFirst.elapsed - stage.forward.elapsed)
      lastExtra = max(0, stage.backwardLast.elapsed - stage.backward.elapsed)
    }
  }
}
