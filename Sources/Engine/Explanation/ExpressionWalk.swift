/// Turns an expression of the cost model into a tree, whose ends are quantities that have trees of their own.
///
/// Those quantities stand in the formula as variables: the code that traces a stage is run once more on them, so that
/// the tree has the very structure that searches compile, whatever it is.
struct ExpressionWalk {
  /// The graph of the expressions.
  let graph: ExpressionGraph
  /// Values of all variables.
  private(set) var values: [Expression: Double]
  private var nodes: [Expression: ExplanationNode] = [:]

  /// A walk over expressions whose own variables have these values.
  init(graph: ExpressionGraph, values: [Expression: Double]) {
    self.graph = graph
    self.values = values
  }

  /// The value of an expression.
  func value(_ expression: Expression) -> Double { expression.evaluate(values) }

  /// A variable that stands for a quantity; the constant 0 where it is nothing.
  mutating func variable(_ node: ExplanationNode) -> Expression {
    guard node.value != 0 else { return graph.constant(0) }
    let variable = graph.variable("part \(nodes.count)")
    nodes[variable] = node
    values[variable] = node.value
    return variable
  }

  /// The tree of an expression.
  func node(_ expression: Expression, _ name: String, formula: String = "") -> ExplanationNode {
    var found = tree(expression, name)
    // A quantity that is all there is keeps its tree and takes the name of its place.
    found.name = name
    if found.formula.isEmpty { found.formula = formula }
    return found
  }

  private func tree(_ expression: Expression, _ name: String) -> ExplanationNode {
    if let known = nodes[expression] { return known }
    let value = value(expression)
    guard isCompound(expression) else { return .leaf(name, value) }
    switch expression.form {
    case .operation("+", _), .operation("-", _):
      let parts = terms(expression, sign: 1)
      return .sum(name == Self.unnamed ? Self.joined(parts) : name, value, parts)
    case .operation("*", let operands):
      if let factor = operands.last?.constantValue, let part = operands.first {
        return .times(factor, tree(part, name), name)
      }
      return group(name, value, .product, operands)
    case .operation("max", let operands): return group(name, value, .maximum, operands)
    case .operation("min", let operands): return group(name, value, .minimum, operands)
    case .overlap(let channels, let interference): return overlap(name, value, channels, interference)
    default: return .leaf(name, value)
    }
  }

  /// The parts of a sum, sums in it opened.
  private func terms(_ expression: Expression, sign: Double) -> [ExplanationNode] {
    if nodes[expression] == nil, case .operation(let name, let operands) = expression.form {
      switch (name, operands.count) {
      case ("+", _): return operands.flatMap { terms($0, sign: sign) }
      case ("-", 1): return terms(operands[0], sign: -sign)
      case ("-", _): return terms(operands[0], sign: sign) + terms(operands[1], sign: -sign)
      case ("*", 2):
        if let factor = operands[1].constantValue, nodes[operands[0]] != nil || isCompound(operands[0]) {
          let part = tree(operands[0], Self.unnamed)
          return [.times(sign * factor, part, "\(Self.count(sign * factor)) x \(part.name)")]
        }
      default: break
      }
    }
    let part = tree(expression, Self.unnamed)
    return [.times(sign, part, sign < 0 ? "less \(part.name)" : part.name)]
  }

  private func group(
    _ name: String, _ value: Double, _ combination: ExplanationNode.Combination, _ operands: [Expression]
  ) -> ExplanationNode {
    ExplanationNode(
      name: name, formula: "", value: value, unit: .seconds, combination: combination,
      children: operands.map { tree($0, Self.unnamed) }, sources: [])
  }

  private func overlap(
    _ name: String, _ value: Double, _ channels: [Expression?], _ interference: Interference
  ) -> ExplanationNode {
    let names = ["kernels", "collectives", "copies from the host", "copies to the host"]
    let parts = zip(names, channels).map { name, channel in
      channel.map { tree($0, name) } ?? ExplanationNode.leaf(name, 0)
    }
    return ExplanationNode(
      name: name == Self.unnamed ? "kernels and transfers at once" : name, formula: "I(C; N, H, D)", value: value,
      unit: .seconds, combination: .overlap(interference), children: parts, sources: [])
  }

  /// True where the expression is made of quantities that have trees.
  private func isCompound(_ expression: Expression) -> Bool {
    let known = Set(nodes.keys.map(\.id))
    return graph.linearForm(of: [expression.id]).ids.contains { known.contains($0) }
  }

  /// `a and b`, `a less b`: the name of a sum that has none.
  private static func joined(_ parts: [ExplanationNode]) -> String {
    let names = parts.map(\.name)
    guard names.count == 2 else { return "\(names.count) parts" }
    return names[1].hasPrefix("less ") ? "\(names[0]) \(names[1])" : "\(names[0]) and \(names[1])"
  }

  /// What a part is called that has no name of its own.
  private static let unnamed = "other work"

  private static func count(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e9 ? "\(Int(value))" : "\(value)"
  }
}

extension Expression: CostScalar {
  /// The larger of two.
  static func larger(_ a: Expression, _ b: Expression) -> Expression { .maximum(a, b) }
}
