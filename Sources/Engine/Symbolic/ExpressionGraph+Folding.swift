/// Building nodes with folding.
///
/// Operands are finite wherever an expression is evaluated, and divisors are not 0; that is what makes `x * 0 = 0`,
/// `x - x = 0` and `x / x = 1` right.
///
/// Every quotient is a product with a reciprocal, `x / y = x * (1 / y)`, so that quotients by the same divisor share
/// one division, and a divisor gives the same bits whether it is a variable or was fixed to a constant. It differs from
/// a division by at most 1 ulp (1/y is within half an ulp of the true reciprocal, and rounding is monotone) as long as
/// 1/y is a normal number; a constant divisor for which it is not stays a division. Constant factors of a product are
/// gathered, `(x * c1) * c2 = x * (c1 * c2)`, and so are constant terms of a sum,
/// `(x + c1) + (y + c2) = (x + y) + (c1 + c2)`, each with the rounding of the steps that it replaces. A condition of
/// `select` that compares quotients or fractions should leave room for that. All other rules are exact, but for the
/// sign of a zero, which is not kept.
///
/// So fixing variables may change the last bits of a value; which tape or batch it is computed in never does.
extension ExpressionGraph {
  /// `a + b`.
  func addNode(_ a: Int32, _ b: Int32) -> Int32 {
    if let left = constantValue(a) { return offsetNode(b, left) }
    if let right = constantValue(b) { return offsetNode(a, right) }
    let (x, y) = (withoutOffset(a), withoutOffset(b))
    if x.offset != 0 || y.offset != 0 { return offsetNode(addNode(x.node, y.node), x.offset + y.offset) }
    if nodes[Int(b)].kind == .negate { return subtractNode(a, nodes[Int(b)].a) }
    if nodes[Int(a)].kind == .negate { return subtractNode(b, nodes[Int(a)].a) }
    return internCommutative(.add, a, b)
  }

  /// `a - b`.
  func subtractNode(_ a: Int32, _ b: Int32) -> Int32 {
    if a == b { return constantNode(0) }
    if let right = constantValue(b) { return offsetNode(a, -right) }
    let (x, y) = (withoutOffset(a), withoutOffset(b))
    if let left = constantValue(a) {
      if y.offset != 0 { return subtractNode(constantNode(left - y.offset), y.node) }
      if left == 0 { return negateNode(b) }
    } else if x.offset != 0 || y.offset != 0 {
      return offsetNode(subtractNode(x.node, y.node), x.offset - y.offset)
    }
    if nodes[Int(b)].kind == .negate { return addNode(a, nodes[Int(b)].a) }
    return intern(ExpressionNode(kind: .subtract, a: a, b: b))
  }

  /// `a + offset`.
  private func offsetNode(_ a: Int32, _ offset: Double) -> Int32 {
    if let value = constantValue(a) { return constantNode(value + offset) }
    let inner = withoutOffset(a)
    if inner.offset != 0 { return offsetNode(inner.node, inner.offset + offset) }
    let node = nodes[Int(a)]
    if node.kind == .subtract, let left = constantValue(node.a) {
      return subtractNode(constantNode(left + offset), node.b)
    }
    return offset == 0 ? a : intern(ExpressionNode(kind: .add, a: a, b: constantNode(offset)))
  }

  /// The node and what a constant adds to it, where `id` is such a sum.
  private func withoutOffset(_ id: Int32) -> (node: Int32, offset: Double) {
    let node = nodes[Int(id)]
    if node.kind == .add, let offset = constantValue(node.b) { return (node.a, offset) }
    return (id, 0)
  }

  /// `-a`.
  func negateNode(_ a: Int32) -> Int32 {
    if let ca = constantValue(a) { return constantNode(-ca) }
    let node = nodes[Int(a)]
    switch node.kind {
    case .negate: return node.a
    case .subtract: return subtractNode(node.b, node.a)
    case .multiply:
      if let factor = constantValue(node.b) { return multiplyNode(node.a, constantNode(-factor)) }
    default: break
    }
    return intern(ExpressionNode(kind: .negate, a: a))
  }

  /// `a * b`.
  func multiplyNode(_ a: Int32, _ b: Int32) -> Int32 {
    let (ca, cb) = (constantValue(a), constantValue(b))
    if let ca, let cb { return constantNode(ca * cb) }
    if let ca { return scaleNode(b, ca) }
    if let cb { return scaleNode(a, cb) }
    return internCommutative(.multiply, a, b)
  }

  /// `a * factor`, where a is not a constant.
  private func scaleNode(_ a: Int32, _ factor: Double) -> Int32 {
    if factor == 0 { return constantNode(0) }
    if factor == 1 { return a }
    let node = nodes[Int(a)]
    if node.kind == .multiply, let inner = constantValue(node.b), (inner * factor).isNormal {
      return scaleNode(node.a, inner * factor)
    }
    if node.kind == .negate { return scaleNode(node.a, -factor) }
    if factor == -1 { return negateNode(a) }
    return intern(ExpressionNode(kind: .multiply, a: a, b: constantNode(factor)))
  }

  /// `a / b`.
  func divideNode(_ a: Int32, _ b: Int32) -> Int32 {
    let (ca, cb) = (constantValue(a), constantValue(b))
    if let ca, let cb { return constantNode(ca / cb) }
    if ca == 0 { return constantNode(0) }
    if a == b { return constantNode(1) }
    if let cb {
      if cb == 1 { return a }
      let node = nodes[Int(a)]
      if node.kind == .multiply, let factor = constantValue(node.b), (factor / cb).isNormal {
        return multiplyNode(node.a, constantNode(factor / cb))
      }
      if (1 / cb).isNormal { return multiplyNode(a, constantNode(1 / cb)) }
      return intern(ExpressionNode(kind: .divide, a: a, b: b))
    }
    return multiplyNode(a, reciprocalNode(b))
  }

  /// `1 / a`, where a is not a constant.
  private func reciprocalNode(_ a: Int32) -> Int32 {
    let node = nodes[Int(a)]
    switch node.kind {
    case .divide:
      if constantValue(node.a) == 1 { return node.b }
    case .multiply:
      if let factor = constantValue(node.b), (1 / factor).isNormal {
        return scaleNode(reciprocalNode(node.a), 1 / factor)
      }
    case .negate: return negateNode(reciprocalNode(node.a))
    default: break
    }
    return intern(ExpressionNode(kind: .divide, a: constantNode(1), b: a))
  }

  /// The larger (or smaller) of two.
  func extremeNode(_ kind: NodeKind, _ a: Int32, _ b: Int32) -> Int32 {
    if a == b { return a }
    func pick(_ x: Double, _ y: Double) -> Double { kind == .maximum ? (y > x ? y : x) : (y < x ? y : x) }
    let (ca, cb) = (constantValue(a), constantValue(b))
    if let ca, let cb { return constantNode(pick(ca, cb)) }
    if let bound = ca ?? cb {
      let other = ca == nil ? a : b
      let node = nodes[Int(other)]
      if node.kind == kind, let inner = constantValue(node.b) {
        return intern(ExpressionNode(kind: kind, a: node.a, b: constantNode(pick(inner, bound))))
      }
    }
    return internCommutative(kind, a, b)
  }

  /// `condition > 0 ? positive : otherwise`.
  func selectNode(_ condition: Int32, _ positive: Int32, _ otherwise: Int32) -> Int32 {
    if positive == otherwise { return positive }
    if let value = constantValue(condition) { return value > 0 ? positive : otherwise }
    return intern(ExpressionNode(kind: .select, a: condition, b: positive, c: otherwise))
  }

  /// Elapsed seconds of four channels; channels that are the constant 0 drop out.
  ///
  /// One live channel runs alone; channels that do not disturb each other take as long as the longest.
  func overlapNode(_ channels: SIMD4<Int32>, _ table: UInt64) -> Int32 {
    let interference = interferences[Int(table)]
    var live: [Int32] = []
    var kept = SIMD4<Int32>(repeating: ExpressionNode.none)
    for channel in 0..<4 where channels[channel] >= 0 && constantValue(channels[channel]) != 0 {
      live.append(channels[channel])
      kept[channel] = channels[channel]
    }
    guard let first = live.first else { return constantNode(0) }
    if live.count == 1 { return first }
    let constants = live.compactMap { constantValue($0) }
    if constants.count == live.count {
      var seconds = SIMD4<Double>()
      for channel in 0..<4 where kept[channel] >= 0 { seconds[channel] = constantValue(kept[channel]) ?? 0 }
      return constantNode(interference.elapsed(seconds))
    }
    if !interference.slowsDown {
      return live.dropFirst().reduce(first) { extremeNode(.maximum, $0, $1) }
    }
    return intern(ExpressionNode(kind: .overlap, a: kept[0], b: kept[1], c: kept[2], d: kept[3], payload: table))
  }

  /// Constants stand second, other operands in the order of their creation: `a + b` and `b + a` are one node.
  private func internCommutative(_ kind: NodeKind, _ a: Int32, _ b: Int32) -> Int32 {
    let swapped = constantValue(a) != nil || (constantValue(b) == nil && b < a)
    return intern(ExpressionNode(kind: kind, a: swapped ? b : a, b: swapped ? a : b))
  }

  /// Builds a node of that kind anew, folding it.
  func rebuild(_ node: ExpressionNode) -> Int32 {
    switch node.kind {
    case .variable, .constant: intern(node)
    case .add: addNode(node.a, node.b)
    case .subtract: subtractNode(node.a, node.b)
    case .multiply: multiplyNode(node.a, node.b)
    case .divide: divideNode(node.a, node.b)
    case .negate: negateNode(node.a)
    case .maximum, .minimum: extremeNode(node.kind, node.a, node.b)
    case .select: selectNode(node.a, node.b, node.c)
    case .overlap: overlapNode(SIMD4(node.a, node.b, node.c, node.d), node.payload)
    }
  }
}

extension Interference {
  /// True when some set of two or more channels has a factor other than 1.
  var slowsDown: Bool {
    (1..<16).contains { set in
      set.nonzeroBitCount >= 2 && (0..<4).contains { set >> $0 & 1 == 1 && factors[set * 4 + $0] != 1 }
    }
  }
}
