extension ShapeSearch {
  /// What ends the work on one shape.
  var stop: SearchStop {
    SearchStop(
      cancel: cancel, isStopped: { self.isStopped || self.elapsed > Self.couplingSeconds },
      secondsForGLPK: {
        let left = (self.request.timeLimitSeconds ?? .infinity) - self.elapsed
        return max(0, min(Self.certifySeconds, left, Self.couplingSeconds - self.elapsed))
      })
  }

  /// Longest time that GLPK gets for one shape whose stages hang together, seconds.
  private static let certifySeconds = 5.0
  /// After so many seconds of a search nothing more is done about what couples stages: the bounds so far hold.
  private static let couplingSeconds = 20.0

  /// Which pins nothing fits under: pins of which none can be left out, found within what is left of the time limit;
  /// smaller sets are looked for no longer than `conflictSeconds`.
  func conflict() -> PinConflict.Answer {
    let limit = min(now() + Self.conflictSeconds, startSeconds + (request.timeLimitSeconds ?? .infinity))
    return PinConflict(
      workload: workload, request: asked, memory: memory, cancel: cancel, now: now, start: startSeconds,
      deadline: limit
    ).answer()
  }

  /// The longest look for a smaller conflict, seconds.
  private static let conflictSeconds = 10.0
}
