import Dispatch

/// Proves a solution between stages of unlike meshes with GLPK, as `GLPKCertifier` does between equal ones.
///
/// Each number of stages whose bound is below the incumbent is a programme of its own; the least of their bounds holds for
/// all plans.
public enum GLPKMeshCertifier {
  /// Most binaries of a programme; where more would be needed, it tells less of where stages stand.
  private static let mostBinaries = 6000
  /// Most places of a problem that is put to GLPK whole, without anything left out by an incumbent.
  private static let mostPlaces = 20_000

  /// A certificate for a problem: the best objective known, a lower bound, and what is between them.
  ///
  /// The contract is that of `GLPKCertifier.certify`. A programme that would be too large leaves out where stages stand
  /// (layers and GPUs still add up), and one that is too large even then is not asked: `covers` says so, and the bound
  /// holds all the same. Without an incumbent a small problem is put to GLPK
  /// whole; of a larger one the solver's own plan is the incumbent.
  /// - Parameters:
  ///   - incumbent: a solution of this problem; its objective is computed anew.
  ///   - timeLimitSeconds: for all programmes together; 0 or less asks GLPK nothing.
  ///   - cancel: looked at every 10 ms.
  /// - Throws: `CertifierError`: no plan exists, none was found or given in time, or what was given is not valid.
  public static func certify(
    _ problem: MeshPipelineProblem, incumbent: MeshPipelineSolution?, timeLimitSeconds: Double,
    cancel: CancelToken = CancelToken()
  ) throws(CertifierError) -> Certificate {
    guard problem.isWellFormed else { throw .infeasible }
    var best: MeshPipelineSolution?
    if let incumbent {
      guard let objective = problem.objective(incumbent.stages) else {
        throw .invalid("the given solution is not one of this problem")
      }
      best = MeshPipelineSolution(objective: objective, stages: incumbent.stages)
    }
    if best == nil, problem.options.count > mostPlaces {
      best = MeshPipelineSolver.solve(problem, isCancelled: { cancel.isCancelled })
      if cancel.isCancelled { throw .cancelled }
      if best == nil { throw .infeasible }
    }
    let limit = MeshReduction.inclusive(best?.objective ?? .infinity)
    let reduction = MeshReduction(problem, upperBound: limit, isCancelled: { cancel.isCancelled })
    if cancel.isCancelled { throw .cancelled }
    guard let reduction, reduction.root.objective < .infinity else { throw .infeasible }
    let (table, root) = (reduction.table, reduction.root)
    let unit = root.bottleneck > 0 && root.bottleneck < .infinity ? root.bottleneck : 1
    if table.stable.contains(where: { $0 / unit > 1e9 }) || table.firstLast.contains(where: { abs($0) / unit > 1e9 }) {
      throw .invalid("a point is more than 10^9 times slower than the slowest stage need be")
    }
    var run = Run(
      problem, reduction.layout, table, limit: limit, root: root.objective, unit: unit,
      seconds: timeLimitSeconds, cancel: cancel)
    if timeLimitSeconds > 0 {
      for behind in reduction.lattice.firsts where run.holds(behind, reduction.lattice) {
        try run.certify(stages: behind + 1, &best)
      }
    } else {
      run.bound = root.objective
    }
    guard let best else {
      if run.bound >= .greatestFiniteMagnitude { throw .infeasible }
      throw .undecided(bound: max(root.objective, run.bound))
    }
    let bound = min(best.objective, max(root.objective, run.bound))
    return Certificate(
      solver: "glpk", objective: best.objective, bound: bound,
      gap: best.objective > 0 ? (best.objective - bound) / best.objective : 0, covers: run.words)
  }

  /// The programmes of one certificate, one number of stages after another.
  private struct Run {
    /// Least lower bound of the numbers of stages so far, seconds.
    var bound = Double.infinity

    private let problem: MeshPipelineProblem
    private let layout: MeshLayout
    private let table: MeshStageTable
    private let limit: Double
    private let root: Double
    private let unit: Double
    private let cancel: CancelToken
    private let end: DispatchTime
    private var binaries = 0
    private var asked: [Int] = []
    private var relaxed: [Int] = []
    private var skipped: [Int] = []
    private var hasFailed = false

    init(
      _ problem: MeshPipelineProblem, _ layout: MeshLayout, _ table: MeshStageTable, limit: Double, root: Double,
      unit: Double, seconds: Double, cancel: CancelToken
    ) {
      self.problem = problem
      self.layout = layout
      self.table = table
      self.limit = limit
      self.root = root
      self.unit = unit
      self.cancel = cancel
      end = .now() + min(seconds, 1e6)
    }

    private var secondsLeft: Double {
      let (now, end) = (DispatchTime.now().uptimeNanoseconds, end.uptimeNanoseconds)
      return now < end ? Double(end - now) * 1e-9 : 0
    }

    /// True where a plan of one more stage than `behind` can be as good as the limit.
    func holds(_ behind: Int, _ lattice: MeshLattice) -> Bool {
      layout.steps(from: 0).contains { step in
        let child = lattice.index(behind, Int(step.after))
        return table.firstRow(behind, Int(step.size)) >= 0 && lattice.low[child] <= lattice.high[child]
      }
    }

    /// Certifies the plans of one number of stages; a better one than `best` takes its place.
    mutating func certify(stages: Int, _ best: inout MeshPipelineSolution?) throws(CertifierError) {
      guard secondsLeft > 0.001 else {
        skipped.append(stages)
        bound = min(bound, root)
        return
      }
      let isCancelled = { [cancel] in cancel.isCancelled }
      let lattice = MeshLattice(
        problem, layout, table, limit: limit, stages: stages, isCancelled: isCancelled)
      guard let lattice else { throw .cancelled }
      var lower = MeshRoot(layout, table, lattice, rounds: problem.rounds).objective
      guard lower <= limit else { return }
      defer { bound = min(bound, lower) }
      let left = secondsLeft
      guard left > 0.001, let model = try model(stages, lattice, best) else {
        skipped.append(stages)
        return
      }
      guard model.hasPlans else {
        lower = limit
        return
      }
      if model.detail == .sums { relaxed.append(stages) } else { asked.append(stages) }
      binaries += model.columns.count
      let outcome = try GLPKThread.solve(model.programme, max(0.001, min(left, secondsLeft)), cancel)
      hasFailed = hasFailed || outcome.hasFailed
      // What the programme leaves out is worse than the limit, so nothing of this number of stages is better than that.
      lower = max(lower, outcome.isInfeasible ? limit : outcome.bound * unit)
      guard !outcome.values.isEmpty, let found = model.stages(outcome.values) else { return }
      guard let objective = problem.objective(found), objective < best?.objective ?? .infinity else { return }
      best = MeshPipelineSolution(objective: objective, stages: found)
    }

    /// The most detailed programme that is not too large.
    private func model(
      _ stages: Int, _ lattice: MeshLattice, _ best: MeshPipelineSolution?
    ) throws(CertifierError) -> MeshCertifierModel? {
      for detail in [MeshCertifierModel.Detail.states, .offsets, .sums] {
        let model = MeshCertifierModel(
          problem, layout, table, lattice, stages: stages, detail: detail, limit: limit, unit: unit, incumbent: best,
          most: mostBinaries, isCancelled: { cancel.isCancelled || secondsLeft <= 0 })
        if cancel.isCancelled { throw .cancelled }
        if let model { return model }
      }
      return nil
    }

    /// What was certified, in words.
    var words: String {
      var words =
        "every tiling of \(problem.devices) GPUs by up to \(problem.maximumStages) stages and every split of "
        + "\(problem.layers) layers with \(problem.microBatches) micro-batches on the given points; "
        + (binaries > 0 ? "\(binaries) ways of single stages could be in a better plan" : "GLPK was not asked")
      if !asked.isEmpty { words += "; GLPK on \(MeshWords.list(asked)) stages" }
      if !relaxed.isEmpty { words += "; on \(MeshWords.list(relaxed)) stages without where they stand" }
      if !skipped.isEmpty { words += "; the bound alone on \(MeshWords.list(skipped)) stages" }
      return words + (hasFailed ? "; GLPK stopped on an error of its own" : "")
    }
  }
}

/// Numbers in a sentence.
private enum MeshWords {
  /// `1, 2 and 4`.
  static func list(_ numbers: [Int]) -> String {
    guard let last = numbers.last, numbers.count > 1 else { return numbers.first.map(String.init) ?? "" }
    return numbers.dropLast().map(String.init).joined(separator: ", ") + " and \(last)"
  }
}
