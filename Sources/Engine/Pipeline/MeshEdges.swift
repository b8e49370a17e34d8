/// The ways of each stage from one state of a `MeshLattice` to another that a plan below a limit can have.
struct MeshEdges {
  private let layout: MeshLayout
  private let table: MeshStageTable
  private let lattice: MeshLattice
  private let rounds: Double
  private let stages: Int
  private let limit: Double

  /// What is called with each way: offset and layers before it, its size in units, its layers, its point in the table;
  /// false ends the walk.
  typealias Visit = (_ offset: Int, _ used: Int, _ size: Int, _ layers: Int, _ point: Int) -> Bool

  /// The ways in a lattice of plans of `stages` stages.
  init(
    _ layout: MeshLayout, _ table: MeshStageTable, _ lattice: MeshLattice, rounds: Double, stages: Int, limit: Double
  ) {
    self.layout = layout
    self.table = table
    self.lattice = lattice
    self.rounds = rounds
    self.stages = stages
    self.limit = limit
  }

  /// Calls for each way of a stage, in a fixed order; false where the walk was ended.
  func forEach(_ stage: Int, _ visit: Visit) -> Bool {
    let behind = stages - 1 - stage
    guard stage > 0 else {
      for step in layout.steps(from: 0) {
        let row = table.firstRow(behind, Int(step.size))
        guard row < 0 || walk(0, step, lattice.layers, row, (reached: 0, slowest: -.infinity), behind, visit) else {
          return false
        }
      }
      return true
    }
    for offset in lattice.live[behind + 1] {
      let here = lattice.index(behind + 1, Int(offset))
      for left in Int(lattice.low[here])...Int(lattice.high[here]) {
        let cell = Int(lattice.base[here]) + left - Int(lattice.low[here])
        guard lattice.reached[cell] < .infinity else { continue }
        let before = (reached: lattice.reached[cell], slowest: lattice.slowest[cell])
        for step in layout.steps(from: Int(offset)) {
          let row = table.row(behind, Int(step.size), step.link)
          guard row < 0 || walk(Int(offset), step, left, row, before, behind, visit) else { return false }
        }
      }
    }
    return true
  }

  /// The ways from one state by one size.
  private func walk(
    _ offset: Int, _ step: MeshLayout.Step, _ left: Int, _ row: Int, _ before: (reached: Double, slowest: Double),
    _ behind: Int, _ visit: Visit
  ) -> Bool {
    let child = lattice.index(behind, Int(step.after))
    let (least, most) = (Int(lattice.low[child]), Int(lattice.high[child]))
    let (first, last) = (max(Int(table.low[row]), left - most), min(Int(table.high[row]), left - least))
    guard least <= most, first <= last else { return true }
    for count in first...last {
      let rest = Int(lattice.base[child]) + left - count - least
      guard lattice.sum[rest] < .infinity else { continue }
      let slot = row * table.width + count
      for point in Int(table.start[slot])..<Int(table.start[slot + 1]) {
        let seconds = table.stable[point]
        let slow = max(before.slowest, seconds, lattice.bottleneck[rest])
        let whole = max(before.reached + seconds, table.firstLast[point]) + lattice.sum[rest]
        guard rounds * slow + max(whole, lattice.whole[rest]) <= limit else { continue }
        let size = layout.sizes[Int(step.size)]
        guard visit(offset, lattice.layers - left, size, count, point) else { return false }
      }
    }
    return true
  }
}
