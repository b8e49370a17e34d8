/// One step of a tape: plain data. Operands and destination are numbers of slots.
struct TapeInstruction: Sendable, Equatable {
  /// The operation.
  var opcode: Opcode
  /// Where the constants of an overlap start in the tape's table.
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
  /// Constant operand `i`.
  var immediate: Double = 0
  /// Second constant operand `j`.
  var secondImmediate: Double = 0

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

  /// Both steps in one, where such an opcode exists: `self`, with operand number `operand` computed by `first`.
  func taking(_ first: TapeInstruction, operand: Int) -> TapeInstruction? {
    guard let opcode = Opcode.fused(first.opcode, self.opcode, operand: operand) else { return nil }
    var fused = first
    fused.opcode = opcode
    var next = first.opcode.operandCount
    for other in 0..<self.opcode.operandCount where other != operand {
      fused[next] = self[other]
      next += 1
    }
    if self.opcode.takesImmediate {
      if first.opcode.takesImmediate { fused.secondImmediate = immediate } else { fused.immediate = immediate }
    }
    return fused
  }
}
