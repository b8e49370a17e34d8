/// What a node of an expression graph computes.
enum NodeKind: UInt8, Sendable {
  case variable, constant
  case add, subtract, multiply, divide, negate, maximum, minimum
  /// `a > 0 ? b : c`.
  case select
  /// Elapsed seconds of overlapping channels; `a`...`d` are the channels in the order of `Channel`.
  case overlap
}

/// One hash-consed node: two nodes of a graph are never equal, so equal identifiers mean equal expressions.
///
/// Operands are identifiers of earlier nodes (hence identifiers are a topological order), or `ExpressionNode.none`.
struct ExpressionNode: Hashable {
  /// Stands where a node has no such operand.
  static let none: Int32 = -1

  /// The operation.
  var kind: NodeKind
  /// First operand.
  var a: Int32 = ExpressionNode.none
  /// Second operand.
  var b: Int32 = ExpressionNode.none
  /// Third operand.
  var c: Int32 = ExpressionNode.none
  /// Fourth operand.
  var d: Int32 = ExpressionNode.none
  /// Bits of the constant, number of the variable, or number of the interference table.
  var payload: UInt64 = 0

  /// Calls `body` with each operand, in order.
  @inline(__always)
  func forEachOperand(_ body: (Int32) -> Void) {
    if a >= 0 { body(a) }
    if b >= 0 { body(b) }
    if c >= 0 { body(c) }
    if d >= 0 { body(d) }
  }

  /// The same node with each operand replaced.
  @inline(__always)
  func mappingOperands(_ transform: (Int32) -> Int32) -> ExpressionNode {
    var node = self
    if a >= 0 { node.a = transform(a) }
    if b >= 0 { node.b = transform(b) }
    if c >= 0 { node.c = transform(c) }
    if d >= 0 { node.d = transform(d) }
    return node
  }

  /// A multiplicative mix of all fields: the same in every process, unlike Swift's seeded hashes, and several times
  /// as fast (a graph is rebuilt whenever variables are fixed).
  var mix: UInt64 {
    let multiplier: UInt64 = 0x9E37_79B9_7F4A_7C15
    var hash = UInt64(kind.rawValue) &+ payload &* multiplier
    hash = (hash ^ (hash >> 29)) &+ (UInt64(UInt32(bitPattern: a)) << 32 | UInt64(UInt32(bitPattern: b)))
    hash = hash &* multiplier
    hash = (hash ^ (hash >> 32)) &+ (UInt64(UInt32(bitPattern: c)) << 32 | UInt64(UInt32(bitPattern: d)))
    hash = hash &* multiplier
    return hash ^ (hash >> 29)
  }
}
