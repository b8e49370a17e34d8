/// What a tape instruction does to its operands `a`, `b`, `c`, `d` and `immediate`.
enum Opcode: UInt8, Sendable {
  /// `a`.
  case copy
  /// `-a`.
  case negate
  /// `a + b`.
  case add
  /// `a - b`.
  case subtract
  /// `a * b`.
  case multiply
  /// `a / b`.
  case divide
  /// `b > a ? b : a`.
  case maximum
  /// `b < a ? b : a`.
  case minimum
  /// `a + immediate`.
  case addImmediate
  /// `a * immediate`.
  case multiplyImmediate
  /// `immediate - a`.
  case immediateSubtract
  /// `immediate / a`.
  case immediateDivide
  /// `immediate > a ? immediate : a`.
  case maximumImmediate
  /// `immediate < a ? immediate : a`.
  case minimumImmediate
  /// `a * b + c`, each step rounded.
  case multiplyAdd
  /// `a * b - c`, each step rounded.
  case multiplySubtract
  /// `c - a * b`, each step rounded.
  case subtractMultiply
  /// `a * immediate + b`, each step rounded.
  case scaleAdd
  /// `a * immediate - b`, each step rounded.
  case scaleSubtract
  /// `a > 0 ? b : c`.
  case select
  /// Elapsed seconds of the channels `a`, `b`; the factors start at `table`.
  case overlapPair
  /// Elapsed seconds of the channels `a`, `b`, `c`; the factors start at `table`.
  case overlapTriple
  /// Elapsed seconds of the channels `a`...`d`; the factors start at `table`.
  case overlapQuad
}

/// One step of a tape: plain data. Operands and destination are numbers of slots.
struct TapeInstruction: Sendable, Equatable {
  /// The operation.
  var opcode: Opcode
  /// Where the factors of an overlap start in the tape's table.
  var table: Int32 = 0
  /// Slot that receives the result.
  var destination: Int32 = 0
  /// Slot of the first operand.
  var a: Int32 = 0
  /// Slot of the second operand.
  var b: Int32 = 0
  /// Slot of the third operand.
  var c: Int32 = 0
  /// Slot of the fourth operand.
  var d: Int32 = 0
  /// Constant operand.
  var immediate: Double = 0

  /// Number of slots that it reads: the first ones of `a`, `b`, `c`, `d`.
  var operandCount: Int {
    switch opcode {
    case .copy, .negate, .addImmediate, .multiplyImmediate, .immediateSubtract, .immediateDivide, .maximumImmediate,
      .minimumImmediate:
      1
    case .add, .subtract, .multiply, .divide, .maximum, .minimum, .scaleAdd, .scaleSubtract, .overlapPair: 2
    case .multiplyAdd, .multiplySubtract, .subtractMultiply, .select, .overlapTriple: 3
    case .overlapQuad: 4
    }
  }

  /// One of the operands, by number.
  subscript(operand: Int) -> Int32 {
    get {
      switch operand {
      case 0: a
      case 1: b
      case 2: c
      default: d
      }
    }
    set {
      switch operand {
      case 0: a = newValue
      case 1: b = newValue
      case 2: c = newValue
      default: d = newValue
      }
    }
  }
}
