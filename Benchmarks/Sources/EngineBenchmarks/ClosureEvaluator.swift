import Engine

/// What evaluation costs without a tape: a tree of closures, each common subexpression computed once.
struct ClosureEvaluator {
  /// Inputs and results of one configuration; plain pointers, so that closures pay for being closures only.
  private struct State {
    let inputs: UnsafeMutablePointer<Double>
    let results: UnsafeMutablePointer<Double>
  }
  private typealias Step = (State) -> Double

  private var steps: [Step] = []
  private var numbers: [Expression: Int] = [:]
  private var outputs: [Int] = []
  private let inputNumbers: [Expression: Int]
  private let inputCount: Int

  init(outputs: [Expression], inputs: [Expression]) {
    inputNumbers = Dictionary(uniqueKeysWithValues: inputs.enumerated().map { ($0.element, $0.offset) })
    inputCount = inputs.count
    self.outputs = outputs.map { add($0) }
  }

  /// Rows of inputs to rows of outputs.
  func evaluate(_ inputs: Columns, into results: Columns, rows: Range<Int>) {
    let state = State(inputs: .allocate(capacity: inputCount + 1), results: .allocate(capacity: steps.count + 1))
    defer {
      state.inputs.deallocate()
      state.results.deallocate()
    }
    for row in rows {
      for number in 0..<inputCount { state.inputs[number] = inputs[row, number] }
      for (number, step) in steps.enumerated() { state.results[number] = step(state) }
      for (number, output) in outputs.enumerated() { results[row, number] = state.results[output] }
    }
  }

  private mutating func add(_ expression: Expression) -> Int {
    if let number = numbers[expression] { return number }
    let step = makeStep(expression)
    steps.append(step)
    numbers[expression] = steps.count - 1
    return steps.count - 1
  }

  private mutating func makeStep(_ expression: Expression) -> Step {
    switch expression.form {
    case .constant(let value): return { _ in value }
    case .variable:
      let number = inputNumbers[expression] ?? 0
      return { $0.inputs[number] }
    case .overlap(let channels, let interference):
      let numbers = channels.map { channel in channel.map { add($0) } }
      return { state in
        var seconds = SIMD4<Double>()
        for (channel, number) in numbers.enumerated() { seconds[channel] = number.map { state.results[$0] } ?? 0 }
        return interference.elapsed(seconds)
      }
    case .operation(let name, let operands):
      let numbers = operands.map { add($0) }
      return operation(name, numbers)
    }
  }

  private func operation(_ name: String, _ n: [Int]) -> Step {
    let (a, b, c) = (n[0], n.count > 1 ? n[1] : 0, n.count > 2 ? n[2] : 0)
    switch name {
    case "+": return { $0.results[a] + $0.results[b] }
    case "-" where n.count == 1: return { -$0.results[a] }
    case "-": return { $0.results[a] - $0.results[b] }
    case "*": return { $0.results[a] * $0.results[b] }
    case "/": return { $0.results[a] / $0.results[b] }
    case "max": return { max($0.results[a], $0.results[b]) }
    case "min": return { min($0.results[a], $0.results[b]) }
    default: return { $0.results[a] > 0 ? $0.results[b] : $0.results[c] }
    }
  }
}
