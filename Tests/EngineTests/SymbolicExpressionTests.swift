import Testing

@testable import Engine

@Suite("Symbolic expressions") struct SymbolicExpressionTests {
  let graph = ExpressionGraph()
  var x: Expression { graph.variable("x") }
  var y: Expression { graph.variable("y") }

  @Test("the same formula is the same node, whatever the order of commuting operands")
  func sharing() {
    #expect(x == graph.variable("x"))
    #expect(x + y == y + x)
    #expect(x * y == y * x)
    #expect(.maximum(x, y) == .maximum(y, x))
    #expect(.minimum(x, y) == .minimum(y, x))
    #expect((x * y + 1) / (y * x + 1) == (1 + y * x) / (1 + x * y))
    #expect(x - y != y - x)
    #expect(x / y != y / x)
    #expect(x != ExpressionGraph().variable("x"))
  }

  @Test("thousands of nodes keep being found")
  func growth() {
    func make(_ i: Int) -> Expression { x * Double(i + 2) + y / (x + Double(i)) }
    let first = (0..<3000).map(make)
    let count = graph.nodes.count
    #expect((0..<3000).map(make) == first)
    #expect(graph.nodes.count == count)
    #expect(Set(first).count == 3000)
  }

  @Test("constants fold and neutral operands drop out")
  func folding() {
    let (x, y) = (x, y)
    let (two, three) = (graph.constant(2), graph.constant(3))
    #expect((two * 3 + 4).constantValue == 10)
    #expect((7 / two).constantValue == 3.5)
    #expect(Expression.maximum(two, three).constantValue == 3)
    #expect(Expression.minimum(two, three).constantValue == 2)
    #expect((-two).constantValue == -2)
    let zeros: [Expression] = [x * 0, 0 * x, 0 / x, x - x]
    for zero in zeros { #expect(zero.constantValue == 0) }
    let unchanged: [Expression] = [
      x + 0, 0 + x, x - 0, x * 1, 1 * x, x / 1, -(-x), .maximum(x, x), .minimum(x, x), .select(two, x, y),
      .select(two - 2, y, x), .select(y, x, x),
    ]
    for expression in unchanged { #expect(expression == x) }
    let negated: [Expression] = [0 - x, x * -1, -1 * x]
    for expression in negated { #expect(expression == -x) }
    let differences: [Expression] = [x + -y, -y + x, -(y - x)]
    for expression in differences { #expect(expression == x - y) }
    #expect(x - -y == x + y)
    let scaled: [Expression] = [x * 2 * 3, x * 3 * 2, x * 18 / 3, -(x * -6), -x * -6]
    for expression in scaled { #expect(expression == x * 6) }
    let sums: [Expression] = [
      (x + 1) + (y + 4), (x + 7) + (y - 2), 5 + x + y, x + 5 + y, y + (5 + x), (x + 2) - (-y - 3),
    ]
    for expression in sums { #expect(expression == x + y + 5) }
    #expect((x + 3) - (y + 3) == x - y && 3 - (x + 1) == 2 - x && (3 - x) + 2 == 5 - x && (x + 1) - (x + 1) == two - 2)
    #expect((x + 3) - (x + 1) == two)
    #expect(.maximum(.maximum(x, two), three) == .maximum(x, three))
    #expect(.minimum(.minimum(x, two), three) == .minimum(x, two))
    #expect(x.constantValue == nil)
  }

  @Test("zero has one sign and one node")
  func zero() {
    #expect(graph.constant(0) == graph.constant(-0.0))
  }

  @Test("division by a constant is within 1 ulp of a division, and exact for powers of two")
  func division() {
    var random = SymbolicRandom(seed: 1)
    for _ in 0..<2000 {
      let divisor = Double.random(in: 0.001...1000, using: &random)
      let value = Double.random(in: 0.001...1000, using: &random)
      let quotient = (x / divisor).evaluate([x: value])
      #expect(abs(quotient - value / divisor) <= (value / divisor).ulp)
    }
    #expect((x / 8).evaluate([x: 0.3]) == 0.3 / 8)
  }

  @Test("quotients by the same divisor share one division, and a fixed divisor gives the same bits")
  func reciprocals() {
    let (x, y) = (x, y)
    let z = graph.variable("z")
    let tape = Tape(outputs: [x / y, z / y, 3 / (y * 2)], inputs: [x, y, z])
    #expect(tape.instructions.filter { $0.opcode == .divide || $0.opcode == .immediateDivide }.count == 1)
    #expect(1 / (1 / x) == x && (x / x).constantValue == 1 && 1 / -x == -(1 / x))
    var random = SymbolicRandom(seed: 4)
    for _ in 0..<1000 {
      let value = Double.random(in: 0.1...100, using: &random)
      let divisor = Double.random(in: 0.1...100, using: &random)
      let quotient = (x / y).evaluate([x: value, y: divisor])
      #expect(abs(quotient - value / divisor) <= (value / divisor).ulp)
      #expect((x / y).substituting([y: divisor]).evaluate([x: value]) == quotient)
    }
    guard case .operation("/", let operands) = (x / y).form else { return #expect(Bool(false)) }
    #expect(operands == [x, y])
  }

  @Test("a divisor whose reciprocal is not a normal number stays a divisor")
  func extremeDivision() {
    let tiny = Double.leastNonzeroMagnitude
    #expect((x / tiny).evaluate([x: tiny]) == 1)
    #expect((x / 0).evaluate([x: 1]) == .infinity)
    // A product of constants that would underflow is not formed either.
    let underflowing = x * 1e-200 * 1e-200
    #expect(underflowing.evaluate([x: 1e300]) == 1e300 * 1e-200 * 1e-200)
  }

  @Test("folding does not change values (2,000 random expressions)")
  func foldingKeepsValues() {
    var random = SymbolicRandom(seed: 2)
    for _ in 0..<2000 {
      let interference = random.once(in: 2) ? random.interference() : nil
      var expressions = RandomExpressions(variables: 5, interference: interference, random: &random)
      let (expression, value) = expressions.grow(Int.random(in: 1...24, using: &random), random: &random)
      let result = expression.evaluate(expressions.assignment)
      #expect(isClose(result, value, 1e-10), "\(result) is not \(value)")
    }
  }

  @Test("fixing variables gives the value that they would have given")
  func substituting() {
    var random = SymbolicRandom(seed: 3)
    for _ in 0..<500 {
      var expressions = RandomExpressions(variables: 5, interference: random.interference(), random: &random)
      let (expression, value) = expressions.grow(20, random: &random)
      let fixed = expressions.variables.filter { _ in random.once(in: 2) }
      let partly = expression.substituting(expressions.assignment.filter { fixed.contains($0.key) })
      let rest = expressions.assignment.filter { !fixed.contains($0.key) }
      #expect(isClose(partly.evaluate(rest), value, 1e-10))
      let all = expression.substituting(expressions.assignment)
      #expect(all.constantValue.map { isClose($0, value, 1e-10) } == true)
    }
  }

  @Test("fixing variables folds what they decide and shares what is left")
  func substitutingFolds() {
    let z = graph.variable("z")
    let formula = Expression.select(z, x * z + y, x / y) * z
    #expect(formula.substituting([z: 0]).constantValue == 0)
    #expect(formula.substituting([z: 1]) == x + y)
    #expect(formula.substituting([:]) == formula)
    let both = Expression.substituting([z: 1], in: [formula, x * z])
    #expect(both == [x + y, x])
    #expect(Expression.substituting([:], in: []).isEmpty)
  }

  @Test("labels change neither value nor sharing, and follow a substitution")
  func labels() {
    let sum = (x + y).named("sum", source: "model.md section 4")
    #expect(sum == y + x)
    #expect((y + x).labels == [ExpressionLabel(name: "sum", source: "model.md section 4")])
    _ = (x + y).named("total")
    #expect(sum.labels.map(\.name) == ["sum", "total"])
    #expect(sum.substituting([y: 2]).labels.map(\.name) == ["sum", "total"])
    #expect(sum.substituting([x: 1, y: 2]).labels.isEmpty)
  }

  @Test("the form of an expression names its operation and operands")
  func form() throws {
    let interference = try #require(Interference(published: [Double](repeating: 2, count: 28)))
    guard case .operation("-", let operands) = (x - y).form else { return #expect(Bool(false)) }
    #expect(operands == [x, y])
    guard case .variable("x") = x.form, case .constant(2) = graph.constant(2).form else { return #expect(Bool(false)) }
    let overlap = Expression.overlap(
      compute: x, collective: graph.constant(0), hostToDevice: y, deviceToHost: graph.constant(0),
      interference: interference)
    guard case .overlap(let channels, let table) = overlap.form else { return #expect(Bool(false)) }
    #expect(channels == [x, nil, y, nil] && table == interference)
  }

  @Test("a sum of 20,000 terms is built, evaluated, substituted and compiled without deep recursion")
  func deep() {
    var sum = x
    for i in 0..<20_000 { sum = sum * 0.5 + y / Double(i + 1) }
    let value = sum.evaluate([x: 1, y: 1])
    #expect(sum.substituting([y: 1]).evaluate([x: 1]) == value)
    let tape = Tape(outputs: [sum], inputs: [x, y])
    #expect(tape.evaluate([1, 1]) == [value])
    #expect(tape.registerCount <= 3)
  }
}
