extension Tape {
  /// Runs all instructions over `vectors` vectors of each slot.
  func run(_ slots: Slots, vectors n: Int) {
    instructions.withUnsafeBufferPointer { instructions in
      factors.withUnsafeBufferPointer { factors in
        guard var next = instructions.baseAddress else { return }
        let end = next + instructions.count
        while next < end {
          Tape.execute(next, slots, n, factors)
          next += 1
        }
      }
    }
  }

  @inline(__always)
  private static func execute(
    _ step: UnsafePointer<TapeInstruction>, _ slots: Slots, _ n: Int, _ factors: UnsafeBufferPointer<OverlapKernel.Lane>
  ) {
    let i = Vector(repeating: step.pointee.immediate)
    switch step.pointee.opcode {
    case .copy: unary(step, slots, n) { $0 }
    case .negate: unary(step, slots, n) { -$0 }
    case .add: binary(step, slots, n) { $0 + $1 }
    case .subtract: binary(step, slots, n) { $0 - $1 }
    case .multiply: binary(step, slots, n) { $0 * $1 }
    case .divide: binary(step, slots, n) { $0 / $1 }
    case .maximum: binary(step, slots, n) { larger($0, $1) }
    case .minimum: binary(step, slots, n) { $0.replacing(with: $1, where: $1 .< $0) }
    case .addImmediate: unary(step, slots, n) { $0 + i }
    case .multiplyImmediate: unary(step, slots, n) { $0 * i }
    case .immediateSubtract: unary(step, slots, n) { i - $0 }
    case .immediateDivide: unary(step, slots, n) { i / $0 }
    case .maximumImmediate: unary(step, slots, n) { larger($0, i) }
    case .minimumImmediate: unary(step, slots, n) { $0.replacing(with: i, where: i .< $0) }
    case .select: ternary(step, slots, n) { $2.replacing(with: $1, where: $0 .> 0) }
    case .overlapPair, .overlapTriple, .overlapQuad:
      if let factors = factors.baseAddress { OverlapKernel.run(step, slots, n, factors) }
    default: executeFused(step, slots, n)
    }
  }

  /// The instructions of two operations.
  @inline(__always)
  private static func executeFused(_ step: UnsafePointer<TapeInstruction>, _ slots: Slots, _ n: Int) {
    let i = Vector(repeating: step.pointee.immediate)
    let j = Vector(repeating: step.pointee.secondImmediate)
    switch step.pointee.opcode {
    case .multiplyAdd: ternary(step, slots, n) { $0 * $1 + $2 }
    case .multiplySubtract: ternary(step, slots, n) { $0 * $1 - $2 }
    case .subtractProduct: ternary(step, slots, n) { $2 - $0 * $1 }
    case .multiplyOffset: binary(step, slots, n) { $0 * $1 + i }
    case .multiplyMultiply: ternary(step, slots, n) { $0 * $1 * $2 }
    case .multiplyScale: binary(step, slots, n) { $0 * $1 * i }
    case .multiplyMaximum: ternary(step, slots, n) { larger($0 * $1, $2) }
    case .scaleAdd: binary(step, slots, n) { $0 * i + $1 }
    case .scaleSubtract: binary(step, slots, n) { $0 * i - $1 }
    case .subtractScaled: binary(step, slots, n) { $1 - $0 * i }
    case .scaleOffset: unary(step, slots, n) { $0 * i + j }
    case .scaleMultiply: binary(step, slots, n) { $0 * i * $1 }
    case .scaleMaximum: binary(step, slots, n) { larger($0 * i, $1) }
    case .addAdd: ternary(step, slots, n) { $0 + $1 + $2 }
    case .addOffset: binary(step, slots, n) { $0 + $1 + i }
    case .addMultiply: ternary(step, slots, n) { ($0 + $1) * $2 }
    case .addScale: binary(step, slots, n) { ($0 + $1) * i }
    case .addMaximum: ternary(step, slots, n) { larger($0 + $1, $2) }
    case .offsetMultiply: binary(step, slots, n) { ($0 + i) * $1 }
    case .offsetScale: unary(step, slots, n) { ($0 + i) * j }
    case .offsetMaximum: binary(step, slots, n) { larger($0 + i, $1) }
    case .offsetSelect: ternary(step, slots, n) { $2.replacing(with: $1, where: $0 + i .> 0) }
    case .subtractMultiply: ternary(step, slots, n) { ($0 - $1) * $2 }
    case .subtractAdd: ternary(step, slots, n) { $0 - $1 + $2 }
    case .subtractMaximumImmediate: binary(step, slots, n) { larger($0 - $1, i) }
    case .complementMultiply: binary(step, slots, n) { (i - $0) * $1 }
    case .maximumAdd: ternary(step, slots, n) { larger($0, $1) + $2 }
    default: preconditionFailure("not an instruction of two operations")
    }
  }

  @inline(__always)
  private static func larger(_ x: Vector, _ y: Vector) -> Vector { x.replacing(with: y, where: y .> x) }

  @inline(__always)
  private static func unary(
    _ step: UnsafePointer<TapeInstruction>, _ slots: Slots, _ n: Int, _ body: (Vector) -> Vector
  ) {
    let (a, result) = (slots[Int(step.pointee.a)], slots[Int(step.pointee.destination)])
    var k = 0
    while k < n {
      result[k] = body(a[k])
      k &+= 1
    }
  }

  @inline(__always)
  private static func binary(
    _ step: UnsafePointer<TapeInstruction>, _ slots: Slots, _ n: Int, _ body: (Vector, Vector) -> Vector
  ) {
    let (a, b, result) = (slots[Int(step.pointee.a)], slots[Int(step.pointee.b)], slots[Int(step.pointee.destination)])
    var k = 0
    while k < n {
      result[k] = body(a[k], b[k])
      k &+= 1
    }
  }

  @inline(__always)
  private static func ternary(
    _ step: UnsafePointer<TapeInstruction>, _ slots: Slots, _ n: Int, _ body: (Vector, Vector, Vector) -> Vector
  ) {
    let (a, b, c) = (slots[Int(step.pointee.a)], slots[Int(step.pointee.b)], slots[Int(step.pointee.c)])
    let result = slots[Int(step.pointee.destination)]
    var k = 0
    while k < n {
      result[k] = body(a[k], b[k], c[k])
      k &+= 1
    }
  }
}
