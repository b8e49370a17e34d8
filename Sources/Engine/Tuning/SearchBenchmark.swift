import Synchronization

/// Times what a person waits for: the first plan, the optimum, the optimum again after a pin, and the end after a cancel
/// (`brume bench --search`).
///
/// The caller gives the clock: the engine reads none.
public enum SearchBenchmark {
  /// What one workload took.
  public struct Timing: Sendable {
    /// Name of the workload.
    public var workload: String
    /// Seconds to the first plan.
    public var firstPlanSeconds: Double?
    /// Seconds to the optimum, from nothing.
    public var optimumSeconds: Double
    /// Seconds of each solve after a pin, in rising order.
    public var pinSeconds: [Double]
    /// Pins under which nothing fits; they are among `pinSeconds`.
    public var conflicts: Int
    /// The pins that took longest, with their seconds, the longest first.
    public var slowestPins: [(pin: String, seconds: Double)]
    /// Seconds from a cancel to the answer, in rising order.
    public var cancelSeconds: [Double]
  }

  /// Tunes a workload, then again under `pins` random pins in the same session, then cancels as often at random moments.
  ///
  /// Pins are drawn from the values that the space has: of the plan, of all stages, of the last or of one of the
  /// optimum's stages.
  /// - Parameters:
  ///   - later: calls a closure after some seconds, from another thread.
  public static func run(
    _ workload: Workload, request: TuneRequest, pins count: Int = 200, cancels: Int = 50,
    now: @escaping @Sendable () -> Double, later: (Double, @escaping @Sendable () -> Void) -> Void
  ) -> Timing {
    let session = TuningSession(workload: workload, now: now)
    let begin = now()
    let first = session.tune(request)
    var timing = Timing(
      workload: workload.name, firstPlanSeconds: first.firstPlanSeconds, optimumSeconds: now() - begin, pinSeconds: [],
      conflicts: 0, slowestPins: [], cancelSeconds: [])
    guard let best = first.best else { return timing }
    var noise = SyntheticPipelines.Sequence(seed: 4)
    let domains = PinDomains(workload: workload, space: request.space)
    for _ in 0..<count {
      var asked = request
      asked.pins = PlanPins([pin(of: best.plan, domains, &noise)])
      let begin = now()
      let result = session.tune(asked)
      let seconds = now() - begin
      timing.pinSeconds.append(seconds)
      if result.best == nil { timing.conflicts += 1 }
      timing.slowestPins.append((asked.pins.texts.joined(), seconds))
    }
    timing.pinSeconds.sort()
    timing.slowestPins = Array(timing.slowestPins.sorted { $0.seconds > $1.seconds }.prefix(8))
    for _ in 0..<cancels {
      let token = CancelToken()
      let moment = Stamp()
      later(noise.unit() * timing.optimumSeconds) {
        moment.set(now())
        token.cancel()
      }
      // A session of its own: the other one would be done before the cancel.
      _ = TuningSession(workload: workload, now: now).tune(request, cancel: token)
      if let asked = moment.value { timing.cancelSeconds.append(now() - asked) }
    }
    timing.cancelSeconds.sort()
    return timing
  }

  /// A pin on a random knob, at a random place, to a random value of the space.
  private static func pin(
    of plan: Plan, _ domains: PinDomains, _ noise: inout SyntheticPipelines.Sequence
  ) -> Pin {
    let knobs = PlanKnob.allCases.filter { domains.values(of: $0).count > 1 }
    let knob = knobs[Int(noise.unit() * Double(knobs.count))]
    let values = domains.values(of: knob)
    var place = Pin.Place.everywhere
    if !knob.isOfPlan {
      let turn = noise.unit()
      if turn < 0.4 {
        place = .stage(1 + Int(noise.unit() * Double(plan.stages.count)))
      } else if turn < 0.6 {
        place = .last
      }
    }
    return Pin(knob, PinValues(values[Int(noise.unit() * Double(values.count))]), at: place)
  }
}

/// A moment that another thread notes.
private final class Stamp: Sendable {
  private let seconds = Mutex<Double?>(nil)

  /// The moment, where it was noted.
  var value: Double? { seconds.withLock { $0 } }

  /// Notes it.
  func set(_ now: Double) { seconds.withLock { $0 = now } }
}
