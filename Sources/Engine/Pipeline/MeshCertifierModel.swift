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
    build(problem, layout)
    if let incumbent, incumbent.stages.count == stages { give(incumbent, problem, layout) }
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

  private mutating func build(_ problem: MeshPipelineProblem, _ layout: MeshLayout) {
    let binaries = columns.map { _ in programme.add(MixedProgramme.Column(kind: .binary)) }
    let whole = (0..<stages).map { stage in
      programme.add(MixedProgramme.Column(kind: .continuous, cost: stage == stages - 1 ? 1 : 0))
    }
    let slowest = programme.add(MixedProgramme.Column(kind: .continuous, cost: problem.rounds))
    if detail == .sums {
      addDevices(problem, layout, binaries)
    } else {
      addFlow(problem, binaries)
    }
    let total = programme.add(.fixed(Double(problem.layers)))
    var rows: [StageRows] = []
    for stage in 0..<stages {
      let counts = columns.lazy.filter { $0.stage == stage }.map(\.layers)
      let bounds = MixedProgramme.Bounds(lower: Double(counts.min() ?? 1), upper: Double(counts.max() ?? 1))
      let count = programme.add(MixedProgramme.Column(kind: .integer, bounds: bounds))
      let row = StageRows(&programme)
      programme.set(row.layers, count, -1)
      programme.set(row.chain, whole[stage], 1)
      if stage > 0 { programme.set(row.chain, whole[stage - 1], -1) }
      programme.set(row.full, whole[stage], 1)
      programme.set(row.slow, slowest, 1)
      programme.set(total, count, 1)
      rows.append(row)
    }
    for (binary, column) in zip(binaries, columns) {
      rows[column.stage].add(
        binary, column.layers, table.stable[column.point] / unit, table.firstLast[column.point] / unit, to: &programme)
    }
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

  /// Hands a solution in, where dominance has left its points.
  private mutating func give(
    _ solution: MeshPipelineSolution, _ problem: MeshPipelineProblem, _ layout: MeshLayout
  ) {
    guard detail != .sums else { return }
    var values = [Double](repeating: 0, count: 1 + programme.columns.count)
    var (offset, used, reached, slowest) = (0, 0, 0.0, 0.0)
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
      guard let found else { return }
      let point = columns[found].point
      reached = max(reached + table.stable[point] / unit, table.firstLast[point] / unit)
      slowest = max(slowest, table.stable[point] / unit)
      values[1 + found] = 1
      values[1 + columns.count + stage] = reached
      values[1 + columns.count + stages + 1 + stage] = Double(choice.layers)
      (offset, used) = (offset + size, used + choice.layers)
    }
    values[1 + columns.count + stages] = slowest
    programme.given = values
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
