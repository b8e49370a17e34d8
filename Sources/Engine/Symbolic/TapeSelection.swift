/// Chooses an instruction for each node: with constant operands inside it, and two operations in one where the first
/// has no other user.
struct TapeSelection {
  /// By position in the form; operands are positions. Meaningless where `isStep` is false.
  private(set) var instructions: [TapeInstruction]
  /// False for variables, constants, and operations that went into their only user.
  private(set) var isStep: [Bool]
  /// Constants of the overlap kernels.
  private(set) var factors: [Double] = []

  private let form: LinearForm
  private let interferences: [Interference]
  /// Where the constants of a table for a set of channels start, by `table * 16 + set`.
  private var tables: [UInt64: Int32] = [:]

  /// Selects for all nodes of the form; its roots stay steps.
  init(_ form: LinearForm, interferences: [Interference]) {
    self.form = form
    self.interferences = interferences
    let count = form.nodes.count
    instructions = [TapeInstruction](repeating: TapeInstruction(opcode: .copy), count: count)
    isStep = [Bool](repeating: false, count: count)
    var uses = [Int32](repeating: 0, count: count)
    for node in form.nodes { node.forEachOperand { uses[Int($0)] += 1 } }
    for root in form.roots { uses[Int(root)] += 2 }  // an output is needed as such
    var isFused = [Bool](repeating: false, count: count)
    for (position, node) in form.nodes.enumerated() {
      guard var instruction = instruction(node) else { continue }
      for operand in 0..<instruction.opcode.operandCount {
        let first = Int(instruction[operand])
        guard uses[first] == 1, isStep[first], !isFused[first],
          let fused = instruction.taking(instructions[first], operand: operand)
        else { continue }
        instruction = fused
        isStep[first] = false
        isFused[position] = true
        break
      }
      instructions[position] = instruction
      isStep[position] = true
    }
  }

  private mutating func instruction(_ node: ExpressionNode) -> TapeInstruction? {
    func plain(_ opcode: Opcode) -> TapeInstruction {
      TapeInstruction(opcode: opcode, a: node.a, b: max(0, node.b), c: max(0, node.c))
    }
    func immediate(_ opcode: Opcode, _ operand: Int32, _ value: Double) -> TapeInstruction {
      TapeInstruction(opcode: opcode, a: operand, immediate: value)
    }
    let left = node.a < 0 ? nil : form.constantValue(node.a)
    let right = node.b < 0 ? nil : form.constantValue(node.b)
    switch node.kind {
    case .variable, .constant: return nil
    case .add: return right.map { immediate(.addImmediate, node.a, $0) } ?? plain(.add)
    case .subtract: return left.map { immediate(.immediateSubtract, node.b, $0) } ?? plain(.subtract)
    case .multiply: return right.map { immediate(.multiplyImmediate, node.a, $0) } ?? plain(.multiply)
    case .divide: return left.map { immediate(.immediateDivide, node.b, $0) } ?? plain(.divide)
    case .negate: return plain(.negate)
    case .maximum: return right.map { immediate(.maximumImmediate, node.a, $0) } ?? plain(.maximum)
    case .minimum: return right.map { immediate(.minimumImmediate, node.a, $0) } ?? plain(.minimum)
    case .select: return plain(.select)
    case .overlap: return overlap(node)
    }
  }

  private mutating func overlap(_ node: ExpressionNode) -> TapeInstruction {
    let operands = SIMD4(node.a, node.b, node.c, node.d)
    var instruction = TapeInstruction(opcode: .overlapQuad)
    var channels: [Int] = []
    for channel in 0..<4 where operands[channel] >= 0 {
      instruction[channels.count] = operands[channel]
      channels.append(channel)
    }
    if channels.count == 2 { instruction.opcode = .overlapPair }
    if channels.count == 3 { instruction.opcode = .overlapTriple }
    let key = node.payload << 4 | UInt64(channels.reduce(0) { $0 | 1 << $1 })
    if let table = tables[key] {
      instruction.table = table
    } else {
      instruction.table = Int32(factors.count)
      tables[key] = instruction.table
      factors += OverlapTable.constants(interferences[Int(node.payload)], channels: channels)
    }
    return instruction
  }
}
