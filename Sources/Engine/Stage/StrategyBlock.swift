/// The tape's answers for up to 512 strategies that are near to each other, and for every eight rows of eight the least of
/// each column.
///
/// Times and memory of a stage rise with every column, so the least of them bounds each strategy of a row from below: a
/// sweep leaves out rows that cannot add a point. Small enough for the second-level cache; filled again and again.
final class StrategyBlock {
  /// Strategies that fit in.
  static let capacity = 512
  /// Lanes of a row.
  static let width = 8
  /// Rows of strategies.
  private static let leafRows = capacity / width
  /// Rows whose lanes are rows of strategies.
  private static let innerRows = leafRows / width

  /// Strategies in it.
  private(set) var count = 0
  /// Their indices in the grid, in the order of the rows.
  private var indices: [Int32] = []
  private let inputs = Columns(rows: capacity, columns: 7)
  private let outputs: Columns
  private let tape: Tape

  /// An empty block for a tape of `StageModel.searchTape`.
  init(_ tape: Tape) {
    self.tape = tape
    outputs = Columns(
      rows: Self.width * (Self.leafRows + Self.innerRows + 1), columns: tape.outputCount)
  }

  /// Evaluates some strategies of a grid, at most `capacity`.
  ///
  /// - Complexity: one tape row a strategy.
  func fill(_ strategies: [Strategy], _ chosen: ArraySlice<Int32>) {
    count = chosen.count
    indices = Array(chosen)
    let rows = (count + Self.width - 1) / Self.width * Self.width
    while indices.count < rows, let last = indices.last { indices.append(last) }
    for row in 0..<rows {
      for (column, value) in strategies[Int(indices[row])].inputs.enumerated() { inputs[row, column] = value }
    }
    tape.evaluate(inputs, into: outputs, rows: 0..<rows)
    for column in 0..<tape.outputCount { bound(outputs.column(column), rows / Self.width) }
  }

  /// Fills the inner rows of a column from the rows of strategies; lanes without a row keep what they have.
  private func bound(_ values: UnsafeMutablePointer<Double>, _ rows: Int) {
    func least(_ row: Int) -> Double {
      UnsafeRawPointer(values + Self.width * row).loadUnaligned(as: Lanes.self).min()
    }
    let inner = Self.width * Self.leafRows
    for row in 0..<rows { values[inner + row] = least(row) }
    // A partly filled row of rows repeats its last.
    for lane in rows..<(rows + Self.width - 1) / Self.width * Self.width {
      values[inner + lane] = values[inner + rows - 1]
    }
    let top = Self.width * (Self.leafRows + Self.innerRows)
    for row in 0..<(rows + Self.width - 1) / Self.width { values[top + row] = least(Self.leafRows + row) }
  }

  /// Eight strategies.
  @inline(__always)
  func leaf(_ row: Int, setting: Int) -> StrategyRow { StrategyRow(outputs, start: Self.width * row, setting: setting) }

  /// The least of eight rows of strategies each in a lane.
  @inline(__always)
  func inner(_ row: Int, setting: Int) -> StrategyRow { leaf(Self.leafRows + row, setting: setting) }

  /// The least of all rows, 64 strategies in a lane.
  @inline(__always)
  func top(setting: Int) -> StrategyRow { leaf(Self.leafRows + Self.innerRows, setting: setting) }

  /// The strategies of a row.
  @inline(__always)
  func lanes(_ row: Int) -> StrategyLanes {
    StrategyLanes(indices, start: Self.width * row, count: count - Self.width * row)
  }
}
