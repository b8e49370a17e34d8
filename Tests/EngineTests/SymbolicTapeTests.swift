import Testing

@testable import Engine

@Suite("Symbolic tape") struct SymbolicTapeTests {
  /// A tape of random expressions, and the row of inputs that they were made with.
  private func randomTape(
    operations: Int, outputs: Int, interference: Interference?, random: inout SymbolicRandom
  ) -> (tape: Tape, expressions: RandomExpressions, outputs: [Expression]) {
    var expressions = RandomExpressions(variables: 6, interference: interference, random: &random)
    let results = (0..<outputs).map { _ in expressions.grow(operations / outputs, random: &random).expression }
    return (Tape(outputs: results, inputs: expressions.variables), expressions, results)
  }

  @Test("a tape gives the bits of the interpreter (2,000 random expressions)")
  func againstInterpreter() {
    var random = SymbolicRandom(seed: 10)
    for round in 0..<2000 {
      let (tape, expressions, outputs) = randomTape(
        operations: 2 + round % 40, outputs: 1 + round % 2, interference: nil, random: &random)
      let expected = outputs.map { $0.evaluate(expressions.assignment) }
      let results = tape.evaluate(expressions.values)
      #expect(results.map(\.bitPattern) == expected.map(\.bitPattern), "round \(round)")
    }
  }

  @Test("with overlaps a tape agrees with the interpreter (1,000 random expressions)")
  func againstInterpreterWithOverlaps() {
    var random = SymbolicRandom(seed: 11)
    for round in 0..<1000 {
      let (tape, expressions, outputs) = randomTape(
        operations: 30, outputs: 2, interference: random.interference(), random: &random)
      for (result, output) in zip(tape.evaluate(expressions.values), outputs) {
        let expected = output.evaluate(expressions.assignment)
        #expect(isClose(result, expected, 1e-10), "round \(round): \(result) is not \(expected)")
      }
    }
  }

  @Test("a batch, parts of it and single configurations give the same bits")
  func batches() {
    var random = SymbolicRandom(seed: 12)
    for rows in [1, 7, 8, 9, 127, 128, 129, 200, 391] {
      let (tape, _, outputs) = randomTape(
        operations: 30, outputs: 3, interference: random.interference(), random: &random)
      let inputs = Columns(rows: rows, columns: 6)
      for row in 0..<rows {
        for column in 0..<6 { inputs[row, column] = random.once(in: 6) ? 0 : .random(in: 0.1...8, using: &random) }
      }
      let whole = Columns(rows: rows, columns: outputs.count)
      tape.evaluate(inputs, into: whole)
      let parts = Columns(rows: rows, columns: outputs.count)
      let cut = min(rows, 8 * Int.random(in: 0...(rows / 8), using: &random))
      tape.evaluate(inputs, into: parts, rows: cut..<rows)
      tape.evaluate(inputs, into: parts, rows: 0..<cut)
      for row in 0..<rows {
        let single = tape.evaluate((0..<6).map { inputs[row, $0] }).map(\.bitPattern)
        #expect((0..<outputs.count).map { whole[row, $0].bitPattern } == single)
        #expect((0..<outputs.count).map { parts[row, $0].bitPattern } == single)
      }
    }
  }

  @Test("a part of a batch leaves the other rows alone")
  func subrange() {
    let graph = ExpressionGraph()
    let x = graph.variable("x")
    let tape = Tape(outputs: [x + 1], inputs: [x])
    let (inputs, outputs) = (Columns(rows: 400, columns: 1), Columns(rows: 400, columns: 1))
    for row in 0..<400 { (inputs[row, 0], outputs[row, 0]) = (Double(row), -1) }
    tape.evaluate(inputs, into: outputs, rows: 136..<280)
    for row in 0..<400 { #expect(outputs[row, 0] == ((136..<280).contains(row) ? Double(row) + 1 : -1)) }
    tape.evaluate(inputs, into: outputs, rows: 16..<16)
    #expect(outputs[16, 0] == -1)
  }

  @Test("tasks share one tape")
  func tasks() async {
    let graph = ExpressionGraph()
    let (x, y) = (graph.variable("x"), graph.variable("y"))
    let tape = Tape(outputs: [x * y + 3, x / (y + 1)], inputs: [x, y])
    await withTaskGroup(of: (Double, [Double]).self) { group in
      for task in 0..<4 {
        group.addTask {
          let (inputs, outputs) = (Columns(rows: 512, columns: 2), Columns(rows: 512, columns: 2))
          for row in 0..<512 { (inputs[row, 0], inputs[row, 1]) = (Double(row), Double(task)) }
          tape.evaluate(inputs, into: outputs)
          return (Double(task), (0..<512).map { outputs[$0, 0] + outputs[$0, 1] })
        }
      }
      for await (task, results) in group {
        for (row, result) in results.enumerated() {
          let x = Double(row)
          #expect(result == x * task + 3 + x * (1 / (task + 1)))
        }
      }
    }
  }

  @Test("every fused opcode computes what its two steps compute")
  func fusedOpcodes() {
    let graph = ExpressionGraph()
    let (a, b, c) = (graph.variable("a"), graph.variable("b"), graph.variable("c"))
    let firsts: [(Expression) -> Expression] = [
      { $0 * b }, { $0 * 3 }, { $0 + b }, { $0 + 3 }, { $0 - b }, { 3 - $0 }, { .maximum($0, b) },
    ]
    let seconds: [(Expression) -> Expression] = [
      { $0 + c }, { $0 - c }, { c - $0 }, { $0 + 5 }, { $0 * c }, { $0 * 5 }, { .maximum($0, c) },
      { .maximum($0, graph.constant(5)) }, { .select($0, b, c) }, { .select(c, $0, b) },
    ]
    var opcodes: Set<Opcode> = []
    for (value, other) in [(0.7, -4.3), (-2.9, 3.3)] {
      for first in firsts {
        for second in seconds {
          let output = second(first(a))
          let tape = Tape(outputs: [output], inputs: [a, b, c])
          opcodes.formUnion(tape.instructions.map(\.opcode))
          #expect(tape.evaluate([value, other, 1.1]) == [output.evaluate([a: value, b: other, c: 1.1])])
        }
      }
    }
    for raw in Opcode.multiplyAdd.rawValue...Opcode.maximumAdd.rawValue {
      #expect(Opcode(rawValue: raw).map(opcodes.contains) == true, "opcode \(raw) is never selected")
    }
  }

  @Test("common subexpressions are computed once, products join the sum that uses them, unused nodes cost nothing")
  func instructions() {
    let graph = ExpressionGraph()
    let (x, y, z) = (graph.variable("x"), graph.variable("y"), graph.variable("z"))
    _ = x / y  // never used
    #expect(Tape(outputs: [x + y], inputs: [x, y]).instructionCount == 1)
    #expect(Tape(outputs: [x * y + z], inputs: [x, y, z]).instructionCount == 1)
    #expect(Tape(outputs: [x * 3 + z, z - x * 3 * y], inputs: [x, y, z]).instructionCount == 3)
    #expect(Tape(outputs: [(x + y) * (x + y)], inputs: [x, y]).instructionCount == 2)
    #expect(Tape(outputs: [x * y, x * y + z], inputs: [x, y, z]).instructionCount == 2)
  }

  @Test("products and differences fuse with the right signs")
  func fusion() {
    let graph = ExpressionGraph()
    let (x, y, z) = (graph.variable("x"), graph.variable("y"), graph.variable("z"))
    let outputs = [
      x * y + z, x * y - z, z - x * y, x * 3 + z, x * 3 - z, z - x * 3, 5 - x * y, x * y - 5, x * y - x * z,
    ]
    let tape = Tape(outputs: outputs, inputs: [x, y, z])
    #expect(tape.evaluate([2, 7, 11]) == [25, 3, -3, 17, -5, 5, -9, 9, -8])
  }

  @Test("outputs may be constants, inputs or one another; inputs may be unused")
  func plainOutputs() {
    let graph = ExpressionGraph()
    let (x, y) = (graph.variable("x"), graph.variable("y"))
    let tape = Tape(outputs: [graph.constant(4), y, x + y, x + y, (x + y) * 2], inputs: [x, graph.variable("q"), y])
    #expect(tape.evaluate([1, 100, 2]) == [4, 2, 3, 3, 6])
    #expect(Tape(outputs: [], inputs: [x]).evaluate([1]).isEmpty)
  }

  @Test("a long sum of independent terms needs few registers")
  func registers() {
    let graph = ExpressionGraph()
    let x = graph.variable("x")
    let terms = (0..<400).map { .maximum(x * Double($0 + 2), x + Double($0)) / (x + 1) }
    let sum = terms.dropFirst().reduce(terms[0], +)
    let tape = Tape(outputs: [sum], inputs: [x])
    #expect(tape.registerCount <= 5)
    #expect(tape.evaluate([2]) == [sum.evaluate([x: 2])])
  }

  @Test("the same calls compile to the same tape")
  func deterministic() {
    func make() -> Tape {
      var random = SymbolicRandom(seed: 13)
      return randomTape(operations: 60, outputs: 3, interference: random.interference(), random: &random).tape
    }
    let (one, other) = (make(), make())
    #expect(one.instructions == other.instructions && one.constants == other.constants)
  }

  @Test("columns start as zeros, are aligned to 64 bytes and padded to 8 rows")
  func columns() {
    let columns = Columns(rows: 9, columns: 3)
    for column in 0..<3 {
      #expect(UInt(bitPattern: columns.column(column)) % 64 == 0)
      for row in 0..<9 { #expect(columns[row, column] == 0) }
    }
    columns[8, 1] = 5
    #expect(columns.column(1)[8] == 5 && columns.column(2) - columns.column(1) == 16)
    #expect(Columns(rows: 0, columns: 0).rows == 0)
  }
}
