import Foundation

/// What a person's own runs say of their clusters: figures that moved, and records for error bars.
///
/// Everything is computed from the runs alone, so that taking one away gives back what was before it, to the last bit, and
/// their order does not matter (docs/observe.md).
public struct ObservedRuns: Sendable {
  /// The runs of one kind of node, which started from the same figures.
  public struct Group: Sendable {
    /// Which kind of node.
    public let key: NodeKey
    /// The figures that the runs started from.
    public let base: NodeType
    /// The runs, by name.
    public let runs: [ObservedRun]
    /// What they say.
    let fit: FigureFit
    /// The kind of node with the figures moved.
    let moved: NodeType
  }

  /// The groups, in the order of their keys.
  public let groups: [Group]

  /// Fits the runs of each kind of node; complexity: a dozen scores a run.
  public init(_ runs: [ObservedRun]) {
    let errors = FigureErrors(records: .shipped)
    var found: [[ObservedRun]] = []
    for run in runs.sorted(by: { $0.id < $1.id }) {
      let index = found.firstIndex { $0.first.map { Self.haveSameFigures($0, run) } ?? false }
      if let index { found[index].append(run) } else { found.append([run]) }
    }
    func mark(_ group: Group) -> (String, String, String) {
      (group.key.node, group.key.gpu, group.runs.first?.id ?? "")
    }
    groups = found.compactMap { Group($0, errors: errors) }.sorted { mark($0) < mark($1) }
  }

  /// The cluster with the figures that its runs moved: those whose values are still what the runs started from.
  ///
  /// Pure: a cluster that nobody measured, or that holds moved figures already, stays as it is.
  public func adjusted(_ cluster: Cluster) -> Cluster {
    var cluster = cluster
    guard let group = group(of: cluster.nodeType), !group.fit.chosen.isEmpty else { return cluster }
    var type = cluster.nodeType
    var (hasLinks, hasPairs, hasHost): (String?, String?, String?)
    for figure in MovableFigure.all(of: type) where group.fit.chosen.contains(figure.kind) {
      guard figure.isEqual(in: type, group.base), let old = figure.value(in: group.base),
        let new = figure.value(in: group.moved), old > 0, !figure.isAdjusted(in: cluster.nodeType)
      else { continue }
      let source = AdjustmentSource.by(group.runs, factor: new / old)
      figure.copy(from: group.moved, to: &type, source: source)
      switch figure {
      case .figure, .power: break
      case .measured, .allReduce: hasLinks = hasLinks ?? source
      case .pair: hasPairs = hasPairs ?? source
      case .host: hasHost = hasHost ?? source
      }
    }
    if let hasLinks { type.links.measuredSource = AdjustmentSource.text(hasLinks, before: type.links.measuredSource) }
    if let hasPairs, let old = type.links.pairs?.source {
      type.links.pairs?.source = AdjustmentSource.text(hasPairs, before: old)
    }
    if let hasHost { type.links.hostSource = AdjustmentSource.text(hasHost, before: type.links.hostSource) }
    cluster.nodeType = type
    return cluster
  }

  /// The workload with its cluster adjusted.
  public func adjusted(_ workload: Workload) -> Workload {
    var workload = workload
    workload.cluster = adjusted(workload.cluster)
    return workload
  }

  /// The cluster with the figures that runs moved as they were before, where these runs say what that was.
  public func original(_ cluster: Cluster) -> Cluster {
    let key = NodeKey(cluster.nodeType)
    var cluster = cluster
    let adjusted = MovableFigure.all(of: cluster.nodeType).filter { $0.isAdjusted(in: cluster.nodeType) }
    guard !adjusted.isEmpty, let base = latest(groups.filter { $0.key == key })?.base else { return cluster }
    for figure in adjusted { figure.restore(from: base, to: &cluster.nodeType) }
    return cluster
  }

  /// The runs as records for error bars: what was measured over what is predicted with the figures moved.
  ///
  /// Complexity: a score a run.
  public var records: [RunRecord] {
    let runs = groups.flatMap(\.runs)
    return ParallelMap.map(runs.count) { record(runs[$0]) }.compactMap { $0 }
  }

  private func record(_ run: ObservedRun) -> RunRecord? {
    guard let score = Self.score(run, on: adjusted(run.workload.cluster).nodeType) else { return nil }
    return RunRecord(
      id: Self.recordName(run), source: Self.source, features: run.features,
      timeRatio: run.seconds / score.iterationSeconds,
      memory: run.memory.compactMap { amount in
        guard let predicted = amount.predicted(score), predicted > 0 else { return nil }
        return RunRecord.Memory(kind: amount.kind, ratio: amount.bytes / predicted)
      })
  }

  /// What a run is called among records: `observed-1a2b3c4d`.
  public static func recordName(_ run: ObservedRun) -> String { "\(source)-\(run.id)" }

  /// What own runs are called among publications.
  public static let source = "observed"

  /// The group whose figures a kind of node has: the one with most of them, of equals the latest.
  public func group(of type: NodeType) -> Group? {
    let key = NodeKey(type)
    let figures = MovableFigure.all(of: type)
    let counted = groups.filter { $0.key == key }.map { group in
      (group, figures.filter { $0.isEqual(in: type, group.base) }.count)
    }
    let most = counted.map(\.1).max() ?? 0
    return most > 0 ? latest(counted.filter { $0.1 == most }.map(\.0)) : nil
  }

  /// The score of a run's plan on a kind of node; nil where it breaks a rule.
  static func score(_ run: ObservedRun, on type: NodeType) -> PlanScore? {
    var question = run.workload
    question.cluster.nodeType = type
    var scorer = PlanScorer(model: StageModel(workload: question))
    guard let score = try? scorer.score(run.plan), score.iterationSeconds > 0, score.iterationSeconds.isFinite else {
      return nil
    }
    return score
  }

  private func latest(_ groups: [Group]) -> Group? {
    func mark(_ group: Group) -> (String, String) {
      let newest = group.runs.max { ($0.date ?? "", $0.id) < ($1.date ?? "", $1.id) }
      return (newest?.date ?? "", newest?.id ?? "")
    }
    return groups.max { mark($0) < mark($1) }
  }

  private static func haveSameFigures(_ run: ObservedRun, _ other: ObservedRun) -> Bool {
    let (type, another) = (run.workload.cluster.nodeType, other.workload.cluster.nodeType)
    let figures = MovableFigure.all(of: type)
    return NodeKey(type) == NodeKey(another) && figures.count == MovableFigure.all(of: another).count
      && figures.allSatisfy { $0.isEqual(in: type, another) }
  }
}

extension ObservedRuns.Group {
  /// Fits runs that start from the same figures; nil of none.
  fileprivate init?(_ runs: [ObservedRun], errors: FigureErrors) {
    guard let first = runs.first else { return nil }
    let type = first.workload.cluster.nodeType
    var alike: [[ObservedRun]] = []
    for run in runs {
      if let index = alike.firstIndex(where: { $0.first?.isOf(run.workload, run.plan) ?? false }) {
        alike[index].append(run)
      } else {
        alike.append([run])
      }
    }
    let witnesses = alike.compactMap { runs -> FigureWitness? in
      guard let run = runs.first else { return nil }
      // Of several runs the middle one: a run that went wrong does not speak for the others.
      let middle = runs.map { log($0.seconds) }.median ?? log(run.seconds)
      return FigureWitness(ids: runs.map(\.id), measured: middle) { type in
        ObservedRuns.score(run, on: type)?.iterationSeconds
      }
    }
    let fit = FigureFit(witnesses, on: type, errors: errors)
    self.init(key: NodeKey(type), base: type, runs: runs, fit: fit, moved: fit.shifted(type, errors: errors))
  }
}

extension MeasuredMemory {
  /// The bytes that a score predicts for this amount: of its stage, or of the fullest one; nil where there is no such stage.
  public func predicted(_ score: PlanScore) -> Double? {
    let bytes = score.stages.map { kind.bytes(of: $0.memory) }
    guard let stage else { return bytes.max() }
    return bytes.indices.contains(stage) ? bytes[stage] : nil
  }
}

extension MeasuredMemory.Kind {
  /// What of a stage's predicted memory this reads.
  func bytes(of memory: MemoryBreakdown) -> Double {
    switch self {
    case .allocated: memory.allocated
    case .reserved: memory.reserved
    case .nvidiaSMI: memory.reserved + memory.context
    }
  }
}

extension RunRecords {
  /// These records with those of a person's own runs behind them.
  public func adding(_ runs: ObservedRuns) -> RunRecords { RunRecords(records: records + runs.records) }
}
