/// A plan as the files of one launcher, or why it cannot be, with the nearest plan that can.
public struct LaunchExport: Sendable {
  /// How it ended.
  public enum Status: String, Sendable {
    /// The files say the plan that was asked for.
    case exported
    /// The files say the nearest plan.
    case nearest
    /// There are no files: the launcher cannot run the plan.
    case refused
    /// There are no files: on the launcher's runtime the plan needs more memory than there is.
    case over
  }

  /// How it ended.
  public var status: Status
  /// The launcher.
  public var launcher: Launcher
  /// The workload, on a runtime of the launcher.
  public var workload: Workload
  /// What the launcher cannot do of the plan that was asked for.
  public var refusals: [LaunchRefusal]
  /// The nearest plan, where one was looked for and found.
  public var nearest: NearestPlan?
  /// The plan of the files, with its score on the launcher's runtime; of a plan that is over its memory its score.
  public var scored: ScoredPlan?
  /// The files.
  public var files: [LaunchFile]
}

/// What a person asks of an export.
public struct ExportRequest: Sendable {
  /// The launcher.
  public var launcher: Launcher
  /// Take the nearest plan where the launcher cannot run the one that was asked for.
  public var takesNearest: Bool
  /// Export a plan that needs more memory than there is.
  public var allowsOver: Bool
  /// Where the plan came from, for people.
  public var origin: String
  /// Worker threads of the search for the nearest plan.
  public var threads: Int
  /// The measured runs that the error bar in the files comes from.
  public var records: RunRecords

  /// A request.
  public init(
    launcher: Launcher, takesNearest: Bool = false, allowsOver: Bool = false, origin: String, threads: Int = 2,
    records: RunRecords = .shipped
  ) {
    self.launcher = launcher
    self.takesNearest = takesNearest
    self.allowsOver = allowsOver
    self.origin = origin
    self.threads = threads
    self.records = records
  }

  /// Exports a plan of a workload.
  ///
  /// Where the launcher cannot run it, or it does not fit on the launcher's runtime, the nearest plan that it can run is
  /// looked for; it is exported where that was asked for. Throws `PlanError` where the plan breaks a rule of its workload.
  public func export(
    _ plan: Plan, of workload: Workload, cancel: CancelToken = CancelToken(), now: @escaping @Sendable () -> Double
  ) throws(PlanError) -> LaunchExport {
    let target = launcher.workload(workload)
    let refusals = launcher.refusals(plan, of: workload)
    var result = LaunchExport(
      status: .refused, launcher: launcher, workload: target, refusals: refusals, nearest: nil, scored: nil, files: [])
    if refusals.isEmpty {
      let scored = ScoredPlan(plan: plan, score: try TuningSession(workload: target, now: now).score(plan))
      result.scored = scored
      if scored.score.fits || allowsOver {
        result.status = .exported
        result.files = launcher.exporter.files(job(scored, target))
        return result
      }
      result.status = .over
    }
    let search = NearestSearch(workload: workload, launcher: launcher, threads: threads, now: now)
    result.nearest = try search.nearest(to: plan, cancel: cancel)
    if takesNearest, let nearest = result.nearest {
      result.status = .nearest
      result.scored = nearest.scored
      result.files = launcher.exporter.files(job(nearest.scored, nearest.workload))
    }
    return result
  }

  private func job(_ scored: ScoredPlan, _ workload: Workload) -> LaunchJob {
    let bar = PlanConfidence(workload: workload, plan: scored.plan, score: scored.score, records: records).seconds
    var text: String?
    if let low = bar.low, let high = bar.high {
      text = "\(LaunchHeader.number(low, 4)) to \(LaunchHeader.number(high, 4)) s"
    }
    return LaunchJob(
      workload: workload, plan: scored.plan, score: scored.score, errorBar: text, origin: origin,
      importCommand: launcher.importCommand(workload))
  }
}

extension Launcher {
  /// The file of an export that is imported again.
  public var mainFile: String { self == .mist ? "mist.yaml" : "train.sh" }

  /// The arguments of `brume` that read an export back.
  func importCommand(_ workload: Workload) -> String {
    let cluster = workload.cluster
    var words = ["import", mainFile, "--from", rawValue]
    if self != .mist { words += ["--cluster", "\(cluster.nodes)x\(cluster.gpusPerNode)x\(cluster.nodeType.name)"] }
    if self == .deepspeed || self == .accelerate {
      words += ["--model", workload.model.name, "--sequence", "\(workload.run.sequenceLength)"]
    }
    return words.map(ShellText.quoted).joined(separator: " ")
  }
}
