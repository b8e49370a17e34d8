/// For each block of strategies the least of every column of the tape, from the corners of the box around them alone.
///
/// Slots are taken without interference: then their times rise with every share of offload, and each part of memory rises
/// or falls with each share, so that the least over a box is that of a corner (docs/pipeline.md, "Inside a stage").
struct BlockBounds {
  private let outputs: Columns

  /// The bounds of all blocks of an order, from a tape of `StageModel.boundTape`.
  ///
  /// - Complexity: up to 16 tape rows a block and ZeRO level.
  init(_ tape: Tape, _ order: StrategyOrder) {
    let corners = order.corners.flatMap { $0 }
    let rows = (corners.count + 7) / 8 * 8
    let inputs = Columns(rows: rows, columns: 7)
    let values = Columns(rows: rows, columns: tape.outputCount)
    for row in 0..<rows {
      for (column, value) in corners[min(row, corners.count - 1)].inputs.enumerated() { inputs[row, column] = value }
    }
    tape.evaluate(inputs, into: values)
    outputs = Columns(rows: (order.corners.count + 7) / 8 * 8, columns: tape.outputCount)
    for column in 0..<tape.outputCount {
      let (from, into) = (values.column(column), outputs.column(column))
      var start = 0
      for (block, corners) in order.corners.enumerated() {
        var least = Double.infinity
        for row in start..<start + corners.count { least = min(least, from[row]) }
        into[block] = least
        start += corners.count
      }
    }
  }

  /// Eight blocks, as the formulas read them; lanes behind the last block hold zeros.
  @inline(__always)
  func row(_ row: Int, setting: Int) -> StrategyRow { StrategyRow(outputs, start: 8 * row, setting: setting) }
}
