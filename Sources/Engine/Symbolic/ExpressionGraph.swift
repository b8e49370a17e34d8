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
  /// Scratch of `linearForm`: position of a node in the form that `visitStamps` names (never cleared, so that a
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

  /// The nodes that the roots depend on, operands before users, each once.
  ///
  /// Linear in the nodes visited, whatever else the graph holds, and without recursion (sums may be thousands of
  /// terms deep).
  func linearForm(of roots: [Int32]) -> LinearForm {
    // Taken out while in use: local arrays need no access checks.
    var (stamps, positions) = (visitStamps, visitPositions)
    (visitStamps, visitPositions) = ([], [])
    defer { (visitStamps, visitPositions) = (stamps, positions) }
    currentStamp &+= 1
    let (nodes, stamp) = (nodes, currentStamp)
    if stamps.count < nodes.count {
      let missing = max(nodes.count, 2 * stamps.count) - stamps.count
      stamps.append(contentsOf: repeatElement(0, count: missing))
      positions.append(contentsOf: repeatElement(-1, count: missing))
    }
    var form = LinearForm()
    // Pushed in reverse so that roots and operands are visited in order; ~id marks "the operands are done".
    var stack: [Int32] = roots.reversed()
    while let top = stack.popLast() {
      if top < 0 {
        positions[Int(~top)] = Int32(form.nodes.count)
        form.ids.append(~top)
        form.nodes.append(nodes[Int(~top)].mappingOperands { positions[Int($0)] })
        continue
      }
      guard stamps[Int(top)] != stamp else { continue }
      stamps[Int(top)] = stamp
      stack.append(~top)
      let node = nodes[Int(top)]
      if node.d >= 0 { stack.append(node.d) }
      if node.c >= 0 { stack.append(node.c) }
      if node.b >= 0 { stack.append(node.b) }
      if node.a >= 0 { stack.append(node.a) }
    }
    form.roots = roots.map { positions[Int($0)] }
    return form
  }
}

/// Part of a graph, cut out and renumbered: what compiling, evaluating and substituting work on.
struct LinearForm {
  /// The nodes, operands before users; operands are positions in this array.
  var nodes: [ExpressionNode] = []
  /// Identifiers of the nodes in the graph.
  var ids: [Int32] = []
  /// Positions of the roots.
  var roots: [Int32] = []

  /// The value of a node that is a constant.
  func constantValue(_ position: Int32) -> Double? {
    let node = nodes[Int(position)]
    return node.kind == .constant ? Double(bitPattern: node.payload) : nil
  }
}
