/// The mixed-integer programme of a `PipelineProblem`, as plain values (docs/model.md section 8, docs/pipeline.md).
///
/// Columns, from 1: one binary x for each point; W_1...W_S; Tmax; one integer layer count for each stage, last, so that
/// GLPK's rule "branch on the last fractional column" decides layers before points.
/// Rows: each stage takes one point; its layer count is that of its point; the counts add up; `W_i >= W_{i-1} + t_i`;
/// `W_i >= firstLast_i`; `Tmax >= t_i`. Times are in units of the least slow split, so that GLPK's absolute tolerances
/// are relative ones.
struct CertifierModel: Sendable {
  /// A binary column.
  struct Column: Sendable, Equatable {
    /// Stage, from 0.
    var stage: Int
    /// Layers that it gives the stage.
    var layers: Int
    /// Index into `PipelineProblem.options[stage][layers]`.
    var point: Int
    /// Stable micro-batch [t], in units.
    var stable: Double
    /// First and last micro-batch [t + d], in units.
    var firstLast: Double
    /// By what it sets the pace as the slowest stage, in units.
    var pace: Double
  }

  /// Stages [S].
  let stages: Int
  /// Layers to distribute [N].
  let layers: Int
  /// `G - 1`.
  let rounds: Double
  /// Seconds of one unit of time.
  let unit: Double
  /// The binaries, in order of stage and layers.
  let columns: [Column]
  /// Points of the problem before the cut (dominated ones are left out of both).
  let candidates: Int
  /// Positions in `columns` of the given solution, one a stage; empty where none was given.
  let given: [Int]
  /// Lower bound on the objective from the relaxations alone, seconds.
  let relaxedBound: Double

  /// The programme; columns that only choices worse than `incumbent` (a checked one) can have are left out.
  init(_ problem: PipelineProblem, incumbent: PipelineSolution?) throws(CertifierError) {
    guard let options = StageOptions(problem) else { throw .infeasible }
    let bounds = CompletionBounds(options)
    rounds = Double(problem.microBatches - 1)
    relaxedBound = bounds.objective(rounds: rounds)
    guard relaxedBound < .infinity else { throw .infeasible }
    stages = options.stages
    layers = options.layers
    candidates = options.stable.count
    unit = bounds.bottleneck[0] > 0 ? bounds.bottleneck[0] : 1
    // A little above the incumbent, so that rounding cuts nothing that ties with it.
    let limit = incumbent.map { $0.objective + 1e-9 * abs($0.objective) } ?? .greatestFiniteMagnitude
    let cut = ColumnCut(options, bounds, rounds: rounds)
    var kept: [Column] = []
    for stage in 0..<stages {
      for count in 1...layers {
        let slot = options.slot(stage, count)
        for point in Int(options.start[slot])..<Int(options.start[slot + 1])
        where cut.objective(stage: stage, layers: count, point: point) <= limit {
          kept.append(
            Column(
              stage: stage, layers: count, point: Int(options.source[point]), stable: options.stable[point] / unit,
              firstLast: options.firstLast[point] / unit, pace: options.pace[point] / unit))
        }
      }
    }
    columns = Self.adding(incumbent, of: problem, to: kept, unit: unit)
    given = Self.positions(incumbent, in: columns)
    if let wild = columns.first(where: { max(abs($0.stable), abs($0.firstLast), abs($0.pace)) > 1e9 }) {
      throw .invalid("stage \(wild.stage + 1) has a point \(wild.stable) times slower than the slowest stage need be")
    }
  }

  /// The columns with those of a solution added where the cut or dominance took them, in order.
  private static func adding(
    _ solution: PipelineSolution?, of problem: PipelineProblem, to kept: [Column], unit: Double
  ) -> [Column] {
    guard let solution else { return kept }
    var all = kept
    for (stage, (count, point)) in zip(solution.layers, solution.points).enumerated() {
      if all.contains(where: { $0.stage == stage && $0.layers == count && $0.point == point }) { continue }
      let option = problem.options[stage][count][point]
      let rounds = Double(problem.microBatches - 1)
      let extra = problem.slowestExtra.isEmpty || rounds == 0 ? 0 : problem.slowestExtra[stage][count]
      all.append(
        Column(
          stage: stage, layers: count, point: point, stable: option.stable / unit, firstLast: option.firstLast / unit,
          pace: (option.stable + extra * (rounds + 1) / max(1, rounds)) / unit))
    }
    return all.sorted { ($0.stage, $0.layers, $0.stable) < ($1.stage, $1.layers, $1.stable) }
  }

  /// Where the columns of a solution stand.
  private static func positions(_ solution: PipelineSolution?, in columns: [Column]) -> [Int] {
    guard let solution else { return [] }
    return zip(solution.layers, solution.points).enumerated().compactMap { stage, choice in
      columns.firstIndex { $0.stage == stage && $0.layers == choice.0 && $0.point == choice.1 }
    }
  }

  /// What GLPK is given.
  var programme: MixedProgramme {
    var programme = MixedProgramme()
    let ways = columns.map { column in
      MixedProgramme.Way(
        binary: programme.add(MixedProgramme.Column(kind: .binary)), stage: column.stage, layers: column.layers,
        stable: column.stable, firstLast: column.firstLast, pace: column.pace)
    }
    var chain = programme.addChain(stages: stages, rounds: rounds)
    let total = programme.add(.fixed(Double(layers)))
    programme.addRows(of: ways, to: &chain, total: total)
    if !given.isEmpty { programme.give(given.map { ways[$0] }, chain) }
    return programme
  }

  /// The choice that the binaries of GLPK's answer stand for; nil where a stage has none or two.
  func solution(_ values: [Double], of problem: PipelineProblem) -> PipelineSolution? {
    let chosen = columns.indices.filter { values[1 + $0] > 0.5 }.map { columns[$0] }
    guard chosen.map(\.stage) == Array(0..<stages) else { return nil }
    let (layers, points) = (chosen.map(\.layers), chosen.map(\.point))
    guard let objective = problem.objective(layers: layers, points: points) else { return nil }
    return PipelineSolution(objective: objective, layers: layers, points: points)
  }
}
