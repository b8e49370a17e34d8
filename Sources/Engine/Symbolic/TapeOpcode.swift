/// What a tape instruction computes from its operands `a`, `b`, `c`, `d`, its constant `i` and second constant `j`.
///
/// Those of two operations stand for two instructions of which the first has no other user (see `fused`): they save
/// a store and a load, and round each step as the two would.
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
  /// `a + i`.
  case addImmediate
  /// `a * i`.
  case multiplyImmediate
  /// `i - a`.
  case immediateSubtract
  /// `i / a`.
  case immediateDivide
  /// `i > a ? i : a`.
  case maximumImmediate
  /// `i < a ? i : a`.
  case minimumImmediate
  /// `a > 0 ? b : c`.
  case select

  /// `a * b + c`.
  case multiplyAdd
  /// `a * b - c`.
  case multiplySubtract
  /// `c - a * b`.
  case subtractProduct
  /// `a * b + i`.
  case multiplyOffset
  /// `a * b * c`.
  case multiplyMultiply
  /// `a * b * i`.
  case multiplyScale
  /// `max(a * b, c)`.
  case multiplyMaximum
  /// `a * i + b`.
  case scaleAdd
  /// `a * i - b`.
  case scaleSubtract
  /// `b - a * i`.
  case subtractScaled
  /// `a * i + j`.
  case scaleOffset
  /// `a * i * b`.
  case scaleMultiply
  /// `max(a * i, b)`.
  case scaleMaximum
  /// `a + b + c`.
  case addAdd
  /// `a + b + i`.
  case addOffset
  /// `(a + b) * c`.
  case addMultiply
  /// `(a + b) * i`.
  case addScale
  /// `max(a + b, c)`.
  case addMaximum
  /// `(a + i) * b`.
  case offsetMultiply
  /// `(a + i) * j`.
  case offsetScale
  /// `max(a + i, b)`.
  case offsetMaximum
  /// `a + i > 0 ? b : c`.
  case offsetSelect
  /// `(a - b) * c`.
  case subtractMultiply
  /// `a - b + c`.
  case subtractAdd
  /// `max(a - b, i)`.
  case subtractMaximumImmediate
  /// `(i - a) * b`.
  case complementMultiply
  /// `max(a, b) + c`.
  case maximumAdd

  /// Elapsed seconds of the channels `a`, `b`; the constants start at `table`.
  case overlapPair
  /// Elapsed seconds of the channels `a`, `b`, `c`; the constants start at `table`.
  case overlapTriple
  /// Elapsed seconds of the channels `a`...`d`; the constants start at `table`.
  case overlapQuad
}

extension Opcode {
  /// Number of slots that it reads: the first ones of `a`, `b`, `c`, `d`.
  var operandCount: Int {
    switch self {
    case .copy, .negate, .addImmediate, .multiplyImmediate, .immediateSubtract, .immediateDivide, .maximumImmediate,
      .minimumImmediate, .scaleOffset, .offsetScale:
      1
    case .add, .subtract, .multiply, .divide, .maximum, .minimum, .multiplyOffset, .multiplyScale, .scaleAdd,
      .scaleSubtract, .subtractScaled, .scaleMultiply, .scaleMaximum, .addOffset, .addScale, .offsetMultiply,
      .offsetMaximum, .subtractMaximumImmediate, .complementMultiply, .overlapPair:
      2
    case .select, .multiplyAdd, .multiplySubtract, .subtractProduct, .multiplyMultiply, .multiplyMaximum, .addAdd,
      .addMultiply, .addMaximum, .offsetSelect, .subtractMultiply, .subtractAdd, .maximumAdd, .overlapTriple:
      3
    case .overlapQuad: 4
    }
  }

  /// Whether it has a constant operand and is a single operation.
  var takesImmediate: Bool {
    switch self {
    case .addImmediate, .multiplyImmediate, .immediateSubtract, .immediateDivide, .maximumImmediate, .minimumImmediate:
      true
    default: false
    }
  }

  /// The opcode that does `first` and then `second`, whose operand number `operand` is the first one's result.
  ///
  /// Its operands are those of the first, then the other ones of the second; its constants likewise.
  static func fused(_ first: Opcode, _ second: Opcode, operand: Int) -> Opcode? {
    switch (first, second) {
    case (.multiply, .add): .multiplyAdd
    case (.multiply, .subtract): operand == 0 ? .multiplySubtract : .subtractProduct
    case (.multiply, .addImmediate): .multiplyOffset
    case (.multiply, .multiply): .multiplyMultiply
    case (.multiply, .multiplyImmediate): .multiplyScale
    case (.multiply, .maximum): .multiplyMaximum
    case (.multiplyImmediate, .add): .scaleAdd
    case (.multiplyImmediate, .subtract): operand == 0 ? .scaleSubtract : .subtractScaled
    case (.multiplyImmediate, .addImmediate): .scaleOffset
    case (.multiplyImmediate, .multiply): .scaleMultiply
    case (.multiplyImmediate, .maximum): .scaleMaximum
    case (.add, .add): .addAdd
    case (.add, .addImmediate): .addOffset
    case (.add, .multiply): .addMultiply
    case (.add, .multiplyImmediate): .addScale
    case (.add, .maximum): .addMaximum
    case (.addImmediate, .multiply): .offsetMultiply
    case (.addImmediate, .multiplyImmediate): .offsetScale
    case (.addImmediate, .maximum): .offsetMaximum
    case (.addImmediate, .select): operand == 0 ? .offsetSelect : nil
    case (.subtract, .multiply): .subtractMultiply
    case (.subtract, .add): .subtractAdd
    case (.subtract, .maximumImmediate): .subtractMaximumImmediate
    case (.immediateSubtract, .multiply): .complementMultiply
    case (.maximum, .add): .maximumAdd
    default: nil
    }
  }
}
