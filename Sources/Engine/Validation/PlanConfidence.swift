/// How surely a plan fits its memory.
public enum MemoryFit: String, Sendable, Equatable, CaseIterable {
  /// Even the upper end of a measured error bar fits, in every stage.
  case sure
  /// The prediction fits, with the headroom free.
  case likely
  /// The prediction fits, but only without the headroom.
  case tight
  /// The prediction does not fit, on a device or on a host.
  case no
}

/// How far a plan's prediction is to be trusted: error bars from measured runs, and how surely it fits.
public struct PlanConfidence: Sendable, Equatable {
  /// A predicted value with its error bar.
  public struct Range: Sendable, Equatable {
    /// Lower end; nil where nothing is known.
    public var low: Double?
    /// Upper end; nil where nothing is known.
    public var high: Double?
    /// Where the bar comes from, or why there is none.
    public var from: String
    /// Measured runs behind it.
    public var runs: Int
  }

  /// Seconds of an iteration.
  public var seconds: Range
  /// Reserved bytes of the fullest stage.
  public var reservedBytes: Range
  /// How surely it fits.
  public var fit: MemoryFit

  /// The confidence in a score; complexity: a few hundred distances.
  public init(workload: Workload, plan: Plan, score: PlanScore, records: RunRecords = .shipped) {
    let features = RunFeatures(workload: workload, plan: plan)
    let runtime = RuntimeProfile.of(workload.run)
    seconds = Self.seconds(score, records.timeBar(features), features)
    let peak = score.peakReservedBytes
    /// The upper end of what a stage may reserve that is predicted to reserve this much.
    let upper: (Double) -> Double
    if let bar = records.memoryBar(features) {
      reservedBytes = Range(
        low: peak * bar.low, high: peak * bar.high, from: Self.origin(bar, "with \(features.runtime)"), runs: bar.runs)
      upper = { $0 * bar.high }
    } else {
      let error = runtime.reservedErrorBytes
      reservedBytes = Range(
        low: peak - error, high: peak + error,
        from: "no measured memory with \(features.runtime): its figure for the error of reserved memory, "
          + runtime.reservedError.provenance.rawValue, runs: 0)
      upper = { $0 + error }
    }
    let share = workload.limits.memoryShare
    let hostFits = score.hostBytesPerNode <= score.hostCapacityBytes
    func all(_ holds: (MemoryBreakdown) -> Bool) -> Bool { hostFits && score.stages.allSatisfy { holds($0.memory) } }
    // An assumed error makes nobody sure.
    let isMeasured = reservedBytes.runs > 0 || runtime.reservedError.provenance == .measured
    if isMeasured && all({ $0.spare >= 0 && upper($0.reserved) + $0.context <= $0.capacity * share }) {
      fit = .sure
    } else if all({ $0.spare >= 0 }) {
      fit = .likely
    } else {
      fit = all({ $0.reserved + $0.context <= $0.capacity * share }) ? .tight : .no
    }
  }

  private static func seconds(_ score: PlanScore, _ bar: ErrorBar?, _ features: RunFeatures) -> Range {
    let place = "on \(features.gpu) with \(features.runtime)"
    guard let bar else { return Range(low: nil, high: nil, from: "no measured runs \(place)", runs: 0) }
    let seconds = score.iterationSeconds
    return Range(low: seconds * bar.low, high: seconds * bar.high, from: origin(bar, place), runs: bar.runs)
  }

  private static func origin(_ bar: ErrorBar, _ place: String) -> String {
    "\(bar.runs) measured \(bar.runs == 1 ? "figure" : "figures") of runs \(place): \(bar.sources.joined(separator: ", "))"
  }
}
