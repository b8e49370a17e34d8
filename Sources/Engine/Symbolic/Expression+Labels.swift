/// What an expression is called in an explanation, and where its formula stands.
public struct ExpressionLabel: Sendable, Hashable {
  /// Name of the quantity.
  public let name: String
  /// Where its formula stands, e.g. "model.md section 6".
  public let source: String?
}

/// What an expression is made of, for those who explain or translate it.
public enum ExpressionForm {
  /// A variable by its name.
  case variable(String)
  /// A constant.
  case constant(Double)
  /// An operation on the operands in order: `+ - * /` of two, `-` of one, `max`, `min` of two, `select` of three.
  case operation(String, [Expression])
  /// Overlapping channels, in the order of `Channel`; nil where a channel has nothing to do.
  case overlap([Expression?], Interference)
}

extension Expression {
  /// The same expression, with a label for explanations.
  ///
  /// Labels stand beside the graph: they change neither the value nor the sharing of nodes, and cost nothing on a
  /// tape. One node can have several labels, since equal formulas are one node.
  public func named(_ name: String, source: String? = nil) -> Expression {
    graph.add(ExpressionLabel(name: name, source: source), to: id)
    return self
  }

  /// The labels of the node, in the order in which they were given.
  public var labels: [ExpressionLabel] { graph.labels[id] ?? [] }

  /// What the expression is made of, after folding; a product with a reciprocal is shown as the quotient.
  public var form: ExpressionForm {
    let node = graph.nodes[Int(id)]
    func make(_ id: Int32) -> Expression { Expression(graph: graph, id: id) }
    func operation(_ name: String) -> ExpressionForm {
      .operation(name, [node.a, node.b, node.c].filter { $0 >= 0 }.map(make))
    }
    switch node.kind {
    case .variable: return .variable(graph.variableNames[Int(node.payload)])
    case .constant: return .constant(Double(bitPattern: node.payload))
    case .add: return operation("+")
    case .subtract, .negate: return operation("-")
    case .multiply:
      let reciprocal = graph.nodes[Int(node.b)]
      guard reciprocal.kind == .divide, graph.constantValue(reciprocal.a) == 1 else { return operation("*") }
      return .operation("/", [make(node.a), make(reciprocal.b)])
    case .divide: return operation("/")
    case .maximum: return operation("max")
    case .minimum: return operation("min")
    case .select: return operation("select")
    case .overlap:
      let channels = [node.a, node.b, node.c, node.d].map { $0 < 0 ? nil : make($0) }
      return .overlap(channels, graph.interferences[Int(node.payload)])
    }
  }
}

extension ExpressionGraph {
  /// Adds a label to a node unless it has it.
  func add(_ label: ExpressionLabel, to id: Int32) {
    if labels[id]?.contains(label) != true { labels[id, default: []].append(label) }
  }

  /// Gives the labels of a node also to the one that it became; a constant keeps none, since unlike quantities share
  /// a constant's node.
  func carryLabels(from old: Int32, to new: Int32) {
    guard !labels.isEmpty, old != new, nodes[Int(new)].kind != .constant, let carried = labels[old] else { return }
    for label in carried { add(label, to: new) }
  }
}
