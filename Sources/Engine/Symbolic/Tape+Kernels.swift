extension Tape {
  /// Runs all instructions over `vectors` vectors of each slot.
  func run(_ slots: Slots, vectors n: Int) {
    instructions.withUnsafeBufferPointer { instructions in
      factors.withUnsafeBufferPointer { factors in
        for index in 0..<instructions.count { Tape.step(instructions[index], slots, n, factors) }
      }
    }
  }

  @inline(__always)
  private static func step(
    _ i: TapeInstruction, _ slots: Slots, _ n: Int, _ factors: UnsafeBufferPointer<Double>
  ) {
    let constant = Vector(repeating: i.immediate)
    switch i.opcode {
    case .copy: unary(i, slots, n) { $0 }
    case .negate: unary(i, slots, n) { -$0 }
    case .add: binary(i, slots, n) { $0 + $1 }
    case .subtract: binary(i, slots, n) { $0 - $1 }
    case .multiply: binary(i, slots, n) { $0 * $1 }
    case .divide: binary(i, slots, n) { $0 / $1 }
    case .maximum: binary(i, slots, n) { $0.replacing(with: $1, where: $1 .> $0) }
    case .minimum: binary(i, slots, n) { $0.replacing(with: $1, where: $1 .< $0) }
    case .addImmediate: unary(i, slots, n) { $0 + constant }
    case .multiplyImmediate: unary(i, slots, n) { $0 * constant }
    case .immediateSubtract: unary(i, slots, n) { constant - $0 }
    case .immediateDivide: unary(i, slots, n) { constant / $0 }
    case .maximumImmediate: unary(i, slots, n) { $0.replacing(with: constant, where: constant .> $0) }
    case .minimumImmediate: unary(i, slots, n) { $0.replacing(with: constant, where: constant .< $0) }
    case .multiplyAdd: ternary(i, slots, n) { $0 * $1 + $2 }
    case .multiplySubtract: ternary(i, slots, n) { $0 * $1 - $2 }
    case .subtractMultiply: ternary(i, slots, n) { $2 - $0 * $1 }
    case .scaleAdd: binary(i, slots, n) { $0 * constant + $1 }
    case .scaleSubtract: binary(i, slots, n) { $0 * constant - $1 }
    case .select: ternary(i, slots, n) { $2.replacing(with: $1, where: $0 .> 0) }
    case .overlapPair: OverlapKernel.pair(i, slots, n, factors)
    case .overlapTriple: OverlapKernel.triple(i, slots, n, factors)
    case .overlapQuad: OverlapKernel.quad(i, slots, n, factors)
    }
  }

  @inline(__always)
  private static func unary(_ i: TapeInstruction, _ slots: Slots, _ n: Int, _ body: (Vector) -> Vector) {
    let (a, result) = (slots[Int(i.a)], slots[Int(i.destination)])
    var k = 0
    while k < n {
      result[k] = body(a[k])
      k &+= 1
    }
  }

  @inline(__always)
  private static func binary(_ i: TapeInstruction, _ slots: Slots, _ n: Int, _ body: (Vector, Vector) -> Vector) {
    let (a, b, result) = (slots[Int(i.a)], slots[Int(i.b)], slots[Int(i.destination)])
    var k = 0
    while k < n {
      result[k] = body(a[k], b[k])
      k &+= 1
    }
  }

  @inline(__always)
  private static func ternary(
    _ i: TapeInstruction, _ slots: Slots, _ n: Int, _ body: (Vector, Vector, Vector) -> Vector
  ) {
    let (a, b, c) = (slots[Int(i.a)], slots[Int(i.b)], slots[Int(i.c)])
    let result = slots[Int(i.destination)]
    var k = 0
    while k < n {
      result[k] = body(a[k], b[k], c[k])
      k &+= 1
    }
  }
}
