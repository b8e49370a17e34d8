extension Expression {
  /// The expression with some variables fixed: rebuilt in the same graph with folding, labels carried along.
  ///
  /// Keys are variables of the same graph. Linear in the size of the expression.
  public func substituting(_ values: [Expression: Double]) -> Expression {
    Expression.substituting(values, in: [self])[0]
  }

  /// Several expressions of one graph with some variables fixed, in the order given.
  public static func substituting(_ values: [Expression: Double], in expressions: [Expression]) -> [Expression] {
    guard let graph = expressions.first?.graph else { return [] }
    precondition(expressions.allSatisfy { $0.graph === graph }, "expressions of different graphs do not mix")
    let fixed = values.byNode(of: graph)
    let form = graph.linearForm(of: expressions.map(\.id))
    var rebuilt = form.ids
    for (position, node) in form.nodes.enumerated() {
      switch node.kind {
      case .constant: break
      case .variable:
        if let value = fixed[form.ids[position]] { rebuilt[position] = graph.constantNode(value) }
      default:
        var isChanged = false
        let moved = node.mappingOperands { operand in
          isChanged = isChanged || rebuilt[Int(operand)] != form.ids[Int(operand)]
          return rebuilt[Int(operand)]
        }
        guard isChanged else { continue }
        rebuilt[position] = graph.rebuild(moved)
        graph.carryLabels(from: form.ids[position], to: rebuilt[position])
      }
    }
    return form.roots.map { Expression(graph: graph, id: rebuilt[Int($0)]) }
  }

  /// The value for given variables, node by node: the reference for tests, and for explanations.
  ///
  /// Every variable that the expression depends on needs a value.
  public func evaluate(_ values: [Expression: Double]) -> Double {
    let fixed = values.byNode(of: graph)
    let form = graph.linearForm(of: [id])
    var results = [Double](repeating: 0, count: form.nodes.count)
    func operand(_ position: Int32) -> Double { position < 0 ? 0 : results[Int(position)] }
    for (index, node) in form.nodes.enumerated() {
      let (a, b) = (operand(node.a), operand(node.b))
      switch node.kind {
      case .constant: results[index] = Double(bitPattern: node.payload)
      case .variable:
        guard let value = fixed[form.ids[index]] else {
          preconditionFailure("no value for the variable \(graph.variableNames[Int(node.payload)])")
        }
        results[index] = value
      case .add: results[index] = a + b
      case .subtract: results[index] = a - b
      case .multiply: results[index] = a * b
      case .divide: results[index] = a / b
      case .negate: results[index] = -a
      case .maximum: results[index] = b > a ? b : a
      case .minimum: results[index] = b < a ? b : a
      case .select: results[index] = a > 0 ? b : operand(node.c)
      case .overlap:
        let seconds = SIMD4(a, b, operand(node.c), operand(node.d))
        results[index] = graph.interferences[Int(node.payload)].elapsed(seconds)
      }
    }
    return results.last ?? 0
  }
}

extension [Expression: Double] {
  /// The values by node; every key must be a variable of that graph.
  fileprivate func byNode(of graph: ExpressionGraph) -> [Int32: Double] {
    var result: [Int32: Double] = [:]
    for (variable, value) in self {
      precondition(variable.graph === graph, "expressions of different graphs do not mix")
      precondition(graph.nodes[Int(variable.id)].kind == .variable, "values are given for variables only")
      result[variable.id] = value
    }
    return result
  }
}
