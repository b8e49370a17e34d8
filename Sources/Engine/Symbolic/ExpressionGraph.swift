/// Owns the nodes of expressions and shares equal ones (hash-consing).
///
/// Building an expression that exists already gives back the same node, so a common subexpression is stored, and
/// later computed, once. Nodes are folded as they are built (see `ExpressionGraph+Folding.swift`); their order, and
/// with it everything that is compiled from them, depends only on the order of the calls.
///
///     let graph = ExpressionGraph()
///     let x = graph.variable("x"), y = graph.variable("y")
///     x + y == y + x  // true: one node
///
/// A graph only grows: it is meant to live as long as the problem that it describes. It is not thread-safe, and
/// compiling (`Tape.init`) and evaluating count as building; share the compiled `Tape` between threads instead.
/// Expressions of different graphs must not mix (a programmer's error, checked).
public final class ExpressionGraph {
  /// All nodes; operands come before the nodes that use them.
  private(set) var nodes: [ExpressionNode] = []
  /// Names of the variables, in the order of creation.
  private(set) var variableNames: [String] = []
  /// Interference tables in use.
  private(set) var interferences: [Interference] = []
  /// Labels by node, in the order in which they were given.
  var labels: [Int32: [ExpressionLabel]] = [:]

  private var variableNodes: [String: Int32] = [:]
  /// Open addressing over node identifiers; a power of two long, at most half full; -1 is free.
  private var buckets = [Int32](repeating: -1, count: 256)
  /// Traversal scratch by node: position in the traversal that `visitStamps` names (never cleared, so that a
  /// traversal costs what it visits and not what the graph holds).
  private var visitPositions: [Int32] = []
  private var visitStamps: [UInt32] = []
  private var currentStamp: UInt32 = 0

  /// An empty graph.
  public init() {}

  /// The variable of that name; the same name gives the same variable.
  public func variable(_ name: String) -> Expression {
    if let id = variableNodes[name] { return Expression(graph: self, id: id) }
    let id = intern(ExpressionNode(kind: .variable, payload: UInt64(variableNames.count)))
    variableNames.append(name)
    variableNodes[name] = id
    return Expression(graph: self, id: id)
  }

  /// A constant. The sign of a zero is dropped.
  public func constant(_ value: Double) -> Expression {
    Expression(graph: self, id: constantNode(value))
  }

  /// The node of a constant; the sign of a zero is dropped, and all NaN are one.
  func constantNode(_ value: Double) -> Int32 {
    let canonical = value == 0 ? 0 : (value.isNaN ? Double.nan : value)
    return intern(ExpressionNode(kind: .constant, payload: canonical.bitPattern))
  }

  /// The value of a node that is a constant.
  func constantValue(_ id: Int32) -> Double? {
    let node = nodes[Int(id)]
    return node.kind == .constant ? Double(bitPattern: node.payload) : nil
  }

  /// The number of a table, added if it is new.
  func interferenceIndex(_ interference: Interference) -> UInt64 {
    if let index = interferences.firstIndex(of: interference) { return UInt64(index) }
    interferences.append(interference)
    return UInt64(interferences.count - 1)
  }

  /// The identifier of that node: an existing equal one, or a new one. O(1) expected.
  func intern(_ node: ExpressionNode) -> Int32 {
    let mask = UInt64(buckets.count - 1)
    var slot = Int(node.mix & mask)
    while buckets[slot] >= 0 {
      if nodes[Int(buckets[slot])] == node { return buckets[slot] }
      slot = (slot + 1) & Int(mask)
    }
    precondition(nodes.count < Int(Int32.max), "an expression graph holds at most 2^31 - 1 nodes")
    let id = Int32(nodes.count)
    nodes.append(node)
    buckets[slot] = id
    if nodes.count * 2 > buckets.count { growBuckets() }
    return id
  }

  private func growBuckets() {
    var grown = [Int32](repeating: -1, count: buckets.count * 2)
    let mask = grown.count - 1
    for (id, node) in nodes.enumerated() {
      var slot = Int(node.mix & UInt64(mask))
      while grown[slot] >= 0 { slot = (slot + 1) & mask }
      grown[slot] = Int32(id)
    }
    buckets = grown
  }

  /// The nodes that the roots depend on, operands before users, each once; `position(of:)` is valid for them until
  /// the next traversal. Linear in the nodes visited, without recursion (sums may be thousands of terms deep).
  func traverse(_ roots: [Int32]) -> [Int32] {
    currentStamp &+= 1
    if visitStamps.count < nodes.count {
      let missing = max(nodes.count, 2 * visitStamps.count) - visitStamps.count
      visitStamps.append(contentsOf: repeatElement(0, count: missing))
      visitPositions.append(contentsOf: repeatElement(-1, count: missing))
    }
    var order: [Int32] = []
    // Roots and operands are pushed in reverse so that they are visited in order; ~id marks "operands are done".
    var stack: [Int32] = roots.reversed()
    while let top = stack.popLast() {
      if top < 0 {
        visitPositions[Int(~top)] = Int32(order.count)
        order.append(~top)
        continue
      }
      guard visitStamps[Int(top)] != currentStamp else { continue }
      visitStamps[Int(top)] = currentStamp
      stack.append(~top)
      let node = nodes[Int(top)]
      if node.d >= 0 { stack.append(node.d) }
      if node.c >= 0 { stack.append(node.c) }
      if node.b >= 0 { stack.append(node.b) }
      if node.a >= 0 { stack.append(node.a) }
    }
    return order
  }

  /// True when the latest `traverse` visited the node.
  func isVisited(_ id: Int32) -> Bool {
    Int(id) < visitStamps.count && visitStamps[Int(id)] == currentStamp
  }

  /// Position of a node in the order of the latest `traverse` that visited it.
  func position(of id: Int32) -> Int32 {
    precondition(visitStamps[Int(id)] == currentStamp, "this node is not part of the latest traversal")
    return visitPositions[Int(id)]
  }
}
