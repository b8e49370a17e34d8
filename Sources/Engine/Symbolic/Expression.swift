/// A formula over named variables: a node of an `ExpressionGraph`.
///
/// Equal expressions (after folding and ordering of operands) are the same node, and compare equal.
public struct Expression: Hashable {
  /// The graph that owns the node.
  let graph: ExpressionGraph
  /// Number of the node in the graph.
  let id: Int32

  /// A node of a graph.
  init(graph: ExpressionGraph, id: Int32) {
    self.graph = graph
    self.id = id
  }

  /// True for the same node of the same graph.
  public static func == (lhs: Expression, rhs: Expression) -> Bool {
    lhs.id == rhs.id && lhs.graph === rhs.graph
  }

  /// Feeds the node's number.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(id)
  }

  /// The value, where the expression folded to a constant.
  public var constantValue: Double? { graph.constantValue(id) }

  private func with(_ other: Expression, _ build: (ExpressionGraph) -> (Int32, Int32) -> Int32) -> Expression {
    precondition(graph === other.graph, "expressions of different graphs do not mix")
    return Expression(graph: graph, id: build(graph)(id, other.id))
  }

  /// Sum.
  public static func + (lhs: Expression, rhs: Expression) -> Expression { lhs.with(rhs, ExpressionGraph.addNode) }
  /// Difference.
  public static func - (lhs: Expression, rhs: Expression) -> Expression { lhs.with(rhs, ExpressionGraph.subtractNode) }
  /// Product.
  public static func * (lhs: Expression, rhs: Expression) -> Expression { lhs.with(rhs, ExpressionGraph.multiplyNode) }
  /// Quotient.
  public static func / (lhs: Expression, rhs: Expression) -> Expression { lhs.with(rhs, ExpressionGraph.divideNode) }
  /// Negation.
  public static prefix func - (operand: Expression) -> Expression {
    Expression(graph: operand.graph, id: operand.graph.negateNode(operand.id))
  }

  /// The larger of two.
  public static func maximum(_ a: Expression, _ b: Expression) -> Expression {
    a.with(b) { graph in { graph.extremeNode(.maximum, $0, $1) } }
  }

  /// The smaller of two.
  public static func minimum(_ a: Expression, _ b: Expression) -> Expression {
    a.with(b) { graph in { graph.extremeNode(.minimum, $0, $1) } }
  }

  /// `condition > 0 ? positive : otherwise`; both branches are computed.
  public static func select(
    _ condition: Expression, _ positive: Expression, _ otherwise: Expression
  ) -> Expression {
    let graph = condition.graph
    precondition(graph === positive.graph && graph === otherwise.graph, "expressions of different graphs do not mix")
    return Expression(graph: graph, id: graph.selectNode(condition.id, positive.id, otherwise.id))
  }

  /// Elapsed seconds of four channels that start together (docs/model.md, section 4; `Interference.elapsed`).
  ///
  /// Times are seconds >= 0 wherever the expression is evaluated. Channels that are the constant 0 cost nothing.
  public static func overlap(
    compute: Expression, collective: Expression, hostToDevice: Expression, deviceToHost: Expression,
    interference: Interference
  ) -> Expression {
    let graph = compute.graph
    precondition(
      graph === collective.graph && graph === hostToDevice.graph && graph === deviceToHost.graph,
      "expressions of different graphs do not mix")
    let channels = SIMD4(compute.id, collective.id, hostToDevice.id, deviceToHost.id)
    return Expression(graph: graph, id: graph.overlapNode(channels, graph.interferenceIndex(interference)))
  }
}

extension Expression {
  /// Sum with a constant.
  public static func + (lhs: Expression, rhs: Double) -> Expression { lhs + lhs.graph.constant(rhs) }
  /// Sum with a constant.
  public static func + (lhs: Double, rhs: Expression) -> Expression { rhs.graph.constant(lhs) + rhs }
  /// Difference with a constant.
  public static func - (lhs: Expression, rhs: Double) -> Expression { lhs - lhs.graph.constant(rhs) }
  /// Difference with a constant.
  public static func - (lhs: Double, rhs: Expression) -> Expression { rhs.graph.constant(lhs) - rhs }
  /// Product with a constant.
  public static func * (lhs: Expression, rhs: Double) -> Expression { lhs * lhs.graph.constant(rhs) }
  /// Product with a constant.
  public static func * (lhs: Double, rhs: Expression) -> Expression { rhs.graph.constant(lhs) * rhs }
  /// Quotient by a constant.
  public static func / (lhs: Expression, rhs: Double) -> Expression { lhs / lhs.graph.constant(rhs) }
  /// Quotient of a constant.
  public static func / (lhs: Double, rhs: Expression) -> Expression { rhs.graph.constant(lhs) / rhs }
}
