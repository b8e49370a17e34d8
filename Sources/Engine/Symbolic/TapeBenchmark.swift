/// Measures the symbolic engine on an expression of the size of a stage's cost.
///
/// The expression has the shape of a cost model (operators bound by arithmetic or memory, collectives, shares in host
/// memory, a peak over two passes) and is only that: the product's formulas stand in Engine/Cost. The clock is the
/// caller's, so that the engine has none.
public enum TapeBenchmark {
  /// An expression to measure.
  public struct Subject {
    /// Seconds, seconds, bytes.
    public let outputs: [Expression]
    /// Eleven knobs of a stage.
    public let inputs: [Expression]
  }

  /// What was measured.
  public struct Result: Sendable {
    /// What the expression and the rows are.
    public let name: String
    /// Whether channels overlap with interference in it.
    public let overlaps: Bool
    /// Operations in the expression after folding and sharing; an overlap counts as one.
    public let operations: Int
    /// Instructions on the tape.
    public let instructions: Int
    /// Registers of the tape.
    public let registers: Int
    /// Seconds to compile the expression to a tape.
    public let compileSeconds: Double
    /// Evaluated configurations per second on one core.
    public let configurationsPerSecond: Double
    /// Seconds to fix seven of the eleven variables and compile the rest.
    public let fixingSeconds: Double
    /// Configurations per second of what is left then.
    public let fixedConfigurationsPerSecond: Double
  }

  /// The expression, with or without slots in which channels overlap.
  public static func subject(overlaps: Bool) -> Subject {
    let graph = ExpressionGraph()
    let names = [
      "microBatch", "tensorParallel", "weightShard", "gradientShard", "optimizerShard", "weightShare",
      "gradientShare", "optimizerShare", "activationShare", "layers", "checkpointed",
    ]
    let v = names.map { graph.variable($0) }
    let model = BenchmarkModel(
      microBatch: v[0], tensorParallel: v[1], weightShard: v[2], gradientShard: v[3], optimizerShard: v[4],
      weightShare: v[5], gradientShare: v[6], optimizerShare: v[7], activationShare: v[8], layers: v[9],
      checkpointed: v[10], overlaps: overlaps)
    return Subject(outputs: model.outputs, inputs: v)
  }

  /// Inputs of `rows` configurations. In the order of a search the shares vary fastest and many channels have no
  /// time; `allBusy` leaves no channel without time.
  public static func inputs(rows: Int, allBusy: Bool = false) -> Columns {
    let inputs = Columns(rows: rows, columns: 11)
    for row in 0..<rows {
      var digits = row
      func digit(_ base: Int) -> Double {
        defer { digits /= base }
        return Double(digits % base)
      }
      for share in 5...8 { inputs[row, share] = allBusy ? (1 + digit(4)) / 5 : digit(5) / 4 }
      inputs[row, 10] = digit(9)
      inputs[row, 9] = 8 + digit(4)
      let zero = digit(4)
      for shard in 2...4 { inputs[row, shard] = allBusy || zero + Double(shard) > 5 ? 4 : 1 }
      inputs[row, 1] = 1 + digit(4)
      inputs[row, 0] = 1 + digit(4)
    }
    return inputs
  }

  /// Measures without and with overlaps; takes about two seconds. `now` gives seconds on a clock that only rises.
  public static func run(now: () -> Double) -> [Result] {
    [
      measure("plain", overlaps: false, allBusy: false, now: now),
      measure("overlaps, rows in search order", overlaps: true, allBusy: false, now: now),
      measure("overlaps, every channel busy", overlaps: true, allBusy: true, now: now),
    ]
  }

  private static func measure(_ name: String, overlaps: Bool, allBusy: Bool, now: () -> Double) -> Result {
    let subject = subject(overlaps: overlaps)
    var tape = Tape(outputs: subject.outputs, inputs: subject.inputs)
    let compileSeconds = fastest(now: now) { tape = Tape(outputs: subject.outputs, inputs: subject.inputs) }
    let rows = 16_384
    let inputs = inputs(rows: rows, allBusy: allBusy)
    let outputs = Columns(rows: rows, columns: subject.outputs.count)
    let seconds = fastest(now: now) { tape.evaluate(inputs, into: outputs) }

    // What a search does: everything but the shares is fixed.
    let free = 5...8
    let last = subject.inputs.indices.filter { !free.contains($0) }.map { (subject.inputs[$0], inputs[rows - 1, $0]) }
    let fixedValues = Dictionary(uniqueKeysWithValues: last)
    let freeInputs = free.map { subject.inputs[$0] }
    var fixedTape = tape
    let fixingSeconds = fastest(now: now) {
      fixedTape = Tape(outputs: Expression.substituting(fixedValues, in: subject.outputs), inputs: freeInputs)
    }
    let shares = Columns(rows: rows, columns: free.count)
    for row in 0..<rows {
      for (column, share) in free.enumerated() { shares[row, column] = inputs[row, share] }
    }
    let fixedSeconds = fastest(now: now) { fixedTape.evaluate(shares, into: outputs) }
    return Result(
      name: name, overlaps: overlaps, operations: operationCount(subject.outputs),
      instructions: tape.instructionCount, registers: tape.registerCount, compileSeconds: compileSeconds,
      configurationsPerSecond: Double(rows) / seconds, fixingSeconds: fixingSeconds,
      fixedConfigurationsPerSecond: Double(rows) / fixedSeconds)
  }

  /// Seconds of the fastest of many runs (at least 5, for about 0.1 s): the one that was disturbed least.
  private static func fastest(now: () -> Double, _ body: () -> Void) -> Double {
    var best = Double.infinity
    let start = now()
    var runs = 0
    while runs < 5 || (now() - start < 0.1 && runs < 100_000) {
      let before = now()
      body()
      best = min(best, now() - before)
      runs += 1
    }
    return max(best, 1e-9)
  }

  /// Operations that the outputs depend on, shared ones once.
  private static func operationCount(_ outputs: [Expression]) -> Int {
    guard let graph = outputs.first?.graph else { return 0 }
    let nodes = graph.linearForm(of: outputs.map(\.id)).nodes
    return nodes.count { $0.kind != .variable && $0.kind != .constant }
  }
}
