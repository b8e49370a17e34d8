/// The mixed-integer programme of the plans of one number of stages of a `MeshPipelineProblem` (docs/pipeline.md).
///
/// Columns: one binary for each way of a stage (where it stands, mesh, layers and point); W_1...W_S; Tmax; one integer
/// layer count for each stage, last, so that GLPK decides layers before the rest. Rows: as `CertifierModel`, and flow:
/// what ends at an offset begins there again, which makes the tiling and the point-to-point of each way exact.
struct MeshCertifierModel: Sendable {
  /// How much of where a stage stands the binaries tell.
  enum Detail: Sendable {
    /// Offset and layers before it: the fewest fractional answers.
    case states
    /// Offset: layers add up by the counts alone.
    case offsets
    /// Nothing: layers and GPUs add up, with the cheapest point-to-point. A relaxation.
    case sums
  }

  /// A binary.
  struct Column: Sendable, Hashable {
    /// Stage, from 0.
    var stage: Int
    /// Offset before it, in units; 0 where the detail has none.
    var offset: Int
    /// Layers before it; 0 where the detail has none.
    var used: Int
    /// GPUs in units.
    var size: Int
    /// Its layers.
    var layers: Int
    /// Index of its point in `MeshStageTable`.
    var point: Int
  }

  /// How much the binaries tell.
  let detail: Detail
  /// Stages [S].
  let stages: Int
  /// False where some stage has no binary: then no plan of so many stages is as good as the limit.
  private(set) var hasPlans = false
  /// The binaries, in order of stages.
  private(set) var columns: [Column] = []
  /// What GLPK is given; times in units.
  private(set) var programme = MixedProgramme()

  private let table: MeshStageTable
  private let unit: Double
  private var columnOf: [Column: Int] = [:]

  /// The programme of what a lattice of plans of `stages` stages holds; nil where it would need more than `most`
  /// binaries, and when cancelled.
  ///
  /// - Parameters:
  ///   - unit: seconds of a unit of time.
  ///   - incumbent: where it has as many stages, it is handed in.
  init?(
    _ problem: MeshPipelineProblem, _ layout: MeshLayout, _ table: MeshStageTable, _ lattice: MeshLattice,
    stages: Int, detail: Detail, limit: Double, unit: Double, incumbent: MeshPipelineSolution?, most: Int,
    isCancelled: () -> Bool
  ) {
    self.detail = detail
    self.stages = stages
    self.table = table
    self.unit = unit
    for stage in 0..<stages {
      let edges = MeshEdges(layout, table, lattice, rounds: problem.rounds, stages: stages, limit: limit)
      let isComplete = edges.forEach(stage) { offset, used, size, count, point in
        add(Column(stage: stage, offset: offset, used: used, size: size, layers: count, point: point))
        return columns.count <= most && !isCancelled()
      }
      guard isComplete else { return nil }
    }
    hasPlans = Set(columns.map(\.stage)).count == stages
    guard hasPlans else { return }
    let (ways, chain) = build(problem, layout)
    if let incumbent, incumbent.stages.count == stages, let chosen = chosen(incumbent, problem, layout) {
      programme.give(chosen.map { ways[$0] }, chain)
    }
  }

  /// Adds a binary where it is new, with what the detail does not tell left out.
  private mutating func add(_ column: Column) {
    let column = reduced(column)
    if columnOf[column] == nil {
      columnOf[column] = columns.count
      columns.append(column)
    }
  }

  private func reduced(_ column: Column) -> Column {
    var column = column
    if detail != .states { column.used = 0 }
    if detail == .sums { column.offset = 0 }
    return column
  }

  // MARK: Rows

  private mutating func build(
    _ problem: MeshPipelineProblem, _ layout: MeshLayout
  ) -> (ways: [MixedProgramme.Way], chain: MixedProgramme.Chain) {
    let ways = columns.map { column in
      let (stable, firstLast) = (table.stable[column.point] / unit, table.firstLast[column.point] / unit)
      return MixedProgramme.Way(
        binary: programme.add(MixedProgramme.Column(kind: .binary)), stage: column.stage, layers: column.layers,
        stable: stable, firstLast: firstLast, pace: stable)
    }
    var chain = programme.addChain(stages: stages, rounds: problem.rounds)
    if detail == .sums {
      addDevices(problem, layout, ways.map(\.binary))
    } else {
      addFlow(problem, ways.map(\.binary))
    }
    let total = programme.add(.fixed(Double(problem.layers)))
    programme.addRows(of: ways, to: &chain, total: total)
    return (ways, chain)
  }

  /// What ends in a state begins there again.
  private mutating func addFlow(_ problem: MeshPipelineProblem, _ binaries: [Int]) {
    var rowOf: [[Int]: Int] = [:]
    for (binary, column) in zip(binaries, columns) {
      let (offset, used) = (column.offset + column.size, detail == .states ? column.used + column.layers : 0)
      if column.stage > 0 {
        programme.set(row([column.stage, column.offset, column.used], &rowOf), binary, -1)
      }
      if column.stage < stages - 1 {
        programme.set(row([column.stage + 1, offset, used], &rowOf), binary, 1)
      }
    }
  }

  private mutating func row(_ state: [Int], _ rowOf: inout [[Int]: Int]) -> Int {
    if let row = rowOf[state] { return row }
    let row = programme.add(.fixed(0))
    rowOf[state] = row
    return row
  }

  /// The GPUs of all stages are those of the cluster, or whole nodes less.
  private mutating func addDevices(_ problem: MeshPipelineProblem, _ layout: MeshLayout, _ binaries: [Int]) {
    let row = programme.add(.fixed(Double(problem.devices)))
    for (binary, column) in zip(binaries, columns) { programme.set(row, binary, Double(column.size * layout.unit)) }
    guard problem.mayIdle else { return }
    let nodes = MixedProgramme.Bounds(lower: 0, upper: Double(problem.devices / problem.devicesPerNode + 1))
    let idle = programme.add(MixedProgramme.Column(kind: .integer, bounds: nodes))
    programme.set(row, idle, Double(problem.devicesPerNode))
  }

  // MARK: Answers

  /// Positions in `columns` of a solution; nil where the detail does not tell, or dominance took one of its points.
  private func chosen(
    _ solution: MeshPipelineSolution, _ problem: MeshPipelineProblem, _ layout: MeshLayout
  ) -> [Int]? {
    guard detail != .sums else { return nil }
    var chosen: [Int] = []
    var (offset, used) = (0, 0)
    for (stage, choice) in solution.stages.enumerated() {
      let size = problem.kinds[choice.kind].devices / layout.unit
      let found = columns.indices.first { index in
        let column = columns[index]
        let sought = reduced(
          Column(
            stage: stage, offset: offset, used: used, size: size, layers: choice.layers, point: column.point))
        return column == sought && Int(table.kind[column.point]) == choice.kind
          && Int(table.source[column.point]) == choice.point
      }
      guard let found else { return nil }
      chosen.append(found)
      (offset, used) = (offset + size, used + choice.layers)
    }
    return chosen
  }

  /// The stages that the binaries of GLPK's answer stand for; nil where a stage has none or two.
  func stages(_ values: [Double]) -> [MeshPipelineSolution.Stage]? {
    let chosen = columns.indices.filter { values[1 + $0] > 0.5 }.map { columns[$0] }
    guard chosen.map(\.stage) == Array(0..<stages) else { return nil }
    return chosen.map { column in
      MeshPipelineSolution.Stage(
        kind: Int(table.kind[column.point]), layers: column.layers, point: Int(table.source[column.point]))
    }
  }
}
