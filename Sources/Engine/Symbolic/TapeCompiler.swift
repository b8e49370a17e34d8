/// Turns expressions into the parts of a `Tape`: selects instructions, orders them, and assigns slots.
struct TapeCompiler {
  private let graph: ExpressionGraph
  private let outputs: [Int32]
  private let inputs: [Int32]
  /// The nodes needed, operands first.
  private let order: [Int32]
  /// Instructions by position in `order`, operands still positions; nil for leaves and for products that were taken
  /// into their only user.
  private var selected: [TapeInstruction?]
  /// Values of the constants that stand in slots.
  private(set) var constants: [Double] = []
  /// Constants of the overlap kernels.
  private(set) var factors: [Double] = []
  /// The finished program.
  private(set) var instructions: [TapeInstruction] = []
  /// Registers that it needs.
  private(set) var registerCount = 0

  /// Compiles. All outputs and inputs are of one graph, inputs are variables, and all free variables are among them.
  init(graph: ExpressionGraph, outputs: [Int32], inputs: [Int32]) {
    self.graph = graph
    self.outputs = outputs
    self.inputs = inputs
    order = graph.traverse(outputs)
    selected = [TapeInstruction?](repeating: nil, count: order.count)
    select()
    assignSlots(schedule())
  }

  private func position(_ id: Int32) -> Int { Int(graph.position(of: id)) }

  // MARK: Selection

  private mutating func select() {
    var uses = [Int32](repeating: 0, count: order.count)
    for output in outputs { uses[position(output)] += 2 }  // an output must be computed, so it cannot be taken in
    for id in order { graph.nodes[Int(id)].forEachOperand { uses[position($0)] += 1 } }
    var takenIn = [Bool](repeating: false, count: order.count)
    var tables: [SIMD2<UInt64>: Int32] = [:]
    for (index, id) in order.enumerated() {
      selected[index] = instruction(graph.nodes[Int(id)], uses: uses, takenIn: &takenIn, tables: &tables)
    }
    for index in order.indices where takenIn[index] { selected[index] = nil }
  }

  private mutating func instruction(
    _ node: ExpressionNode, uses: [Int32], takenIn: inout [Bool], tables: inout [SIMD2<UInt64>: Int32]
  ) -> TapeInstruction? {
    func at(_ id: Int32) -> Int32 { graph.position(of: id) }
    func plain(_ opcode: Opcode) -> TapeInstruction {
      TapeInstruction(opcode: opcode, a: at(node.a), b: node.b < 0 ? 0 : at(node.b), c: node.c < 0 ? 0 : at(node.c))
    }
    func immediate(_ opcode: Opcode, _ operand: Int32, _ value: Double) -> TapeInstruction {
      TapeInstruction(opcode: opcode, a: at(operand), immediate: value)
    }
    let right = node.b < 0 ? nil : graph.constantValue(node.b)
    switch node.kind {
    case .variable, .constant: return nil
    case .add, .subtract:
      if let right { return immediate(.addImmediate, node.a, right) }
      if node.kind == .subtract, let left = graph.constantValue(node.a) {
        return immediate(.immediateSubtract, node.b, left)
      }
      return fusedSum(node, uses: uses, takenIn: &takenIn) ?? plain(node.kind == .add ? .add : .subtract)
    case .multiply: return right.map { immediate(.multiplyImmediate, node.a, $0) } ?? plain(.multiply)
    case .divide:
      return graph.constantValue(node.a).map { immediate(.immediateDivide, node.b, $0) } ?? plain(.divide)
    case .negate: return plain(.negate)
    case .maximum: return right.map { immediate(.maximumImmediate, node.a, $0) } ?? plain(.maximum)
    case .minimum: return right.map { immediate(.minimumImmediate, node.a, $0) } ?? plain(.minimum)
    case .select: return plain(.select)
    case .overlap: return overlap(node, tables: &tables)
    }
  }

  /// A sum or difference of which one side is a product that nothing else uses, as one instruction.
  private func fusedSum(_ node: ExpressionNode, uses: [Int32], takenIn: inout [Bool]) -> TapeInstruction? {
    let isSum = node.kind == .add
    let (product, other, isLeft): (ExpressionNode, Int32, Bool)
    if let left = self.product(node.a, uses) {
      (product, other, isLeft) = (left, node.b, true)
      takenIn[position(node.a)] = true
    } else if let right = self.product(node.b, uses) {
      (product, other, isLeft) = (right, node.a, false)
      takenIn[position(node.b)] = true
    } else {
      return nil
    }
    let (a, c) = (graph.position(of: product.a), graph.position(of: other))
    if let factor = graph.constantValue(product.b) {
      if isSum || !isLeft {
        return TapeInstruction(opcode: .scaleAdd, a: a, b: c, immediate: isSum ? factor : -factor)
      }
      return TapeInstruction(opcode: .scaleSubtract, a: a, b: c, immediate: factor)
    }
    let opcode: Opcode = isSum ? .multiplyAdd : (isLeft ? .multiplySubtract : .subtractMultiply)
    return TapeInstruction(opcode: opcode, a: a, b: graph.position(of: product.b), c: c)
  }

  private func product(_ id: Int32, _ uses: [Int32]) -> ExpressionNode? {
    let candidate = graph.nodes[Int(id)]
    return candidate.kind == .multiply && uses[position(id)] == 1 ? candidate : nil
  }

  private mutating func overlap(_ node: ExpressionNode, tables: inout [SIMD2<UInt64>: Int32]) -> TapeInstruction {
    let operands = [node.a, node.b, node.c, node.d]
    let channels = (0..<4).filter { operands[$0] >= 0 }
    let key = SIMD2(node.payload, channels.reduce(0) { $0 | 1 << UInt64($1) })
    let table = tables[key] ?? Int32(factors.count)
    if tables[key] == nil {
      tables[key] = table
      factors += OverlapTable.constants(graph.interferences[Int(node.payload)], channels: channels)
    }
    let opcodes: [Int: Opcode] = [2: .overlapPair, 3: .overlapTriple]
    var instruction = TapeInstruction(opcode: opcodes[channels.count] ?? .overlapQuad, table: table)
    for (operand, channel) in channels.enumerated() { instruction[operand] = graph.position(of: operands[channel]) }
    return instruction
  }

  // MARK: Order

  /// Positions of the instructions in the order of execution: operands first, of two operands the one that needs more
  /// registers first (Sethi and Ullman; exact for trees, a heuristic where nodes are shared).
  private func schedule() -> [Int] {
    var need = [Int](repeating: 0, count: order.count)
    for index in order.indices {
      guard let instruction = selected[index] else { continue }
      let needs = (0..<instruction.operandCount).map { need[Int(instruction[$0])] }.sorted(by: >)
      need[index] = max(1, needs.enumerated().map { $0.offset + $0.element }.max() ?? 0)
    }
    var visited = [Bool](repeating: false, count: order.count)
    var result: [Int] = []
    var stack = outputs.reversed().map { position($0) }
    while let top = stack.popLast() {
      if top < 0 {
        result.append(~top)
        continue
      }
      guard !visited[top], let instruction = selected[top] else { continue }
      visited[top] = true
      stack.append(~top)
      let operands = (0..<instruction.operandCount).map { Int(instruction[$0]) }
      for operand in operands.sorted(by: { need[$0] < need[$1] }) { stack.append(operand) }
    }
    return result
  }

  // MARK: Slots

  /// Slots are the inputs, the outputs, the constants, then the registers.
  private mutating func assignSlots(_ schedule: [Int]) {
    var slots = [Int32](repeating: -1, count: order.count)
    for (number, id) in inputs.enumerated() where graph.isVisited(id) { slots[position(id)] = Int32(number) }
    var copies: [TapeInstruction] = []
    for (number, id) in outputs.enumerated() {
      let slot = Int32(inputs.count + number)
      if selected[position(id)] != nil && slots[position(id)] < 0 {
        slots[position(id)] = slot
      } else {
        copies.append(TapeInstruction(opcode: .copy, destination: slot, a: Int32(position(id))))
      }
    }
    var lastUse = [Int](repeating: -1, count: order.count)
    for (time, index) in schedule.enumerated() {
      guard let instruction = selected[index] else { continue }
      for operand in 0..<instruction.operandCount { lastUse[Int(instruction[operand])] = time }
    }
    let firstConstant = inputs.count + outputs.count
    // Registers are numbered from 0 here and moved behind the constants below.
    var registers = [Int32](repeating: -1, count: order.count)
    var free: [Int32] = []
    for (time, index) in schedule.enumerated() {
      guard var instruction = selected[index] else { continue }
      for operand in 0..<instruction.operandCount {
        let source = Int(instruction[operand])
        instruction[operand] = slot(of: source, &slots, registers, firstConstant)
        if registers[source] >= 0 && lastUse[source] == time {
          free.append(registers[source])
          lastUse[source] = -1
        }
      }
      if slots[index] < 0 {
        if free.isEmpty {
          free.append(Int32(registerCount))
          registerCount += 1
        }
        registers[index] = free.removeLast()
      }
      instruction.destination = slots[index] >= 0 ? slots[index] : ~registers[index]
      instructions.append(instruction)
    }
    for copy in copies {
      var copy = copy
      copy.a = slot(of: Int(copy.a), &slots, registers, firstConstant)
      instructions.append(copy)
    }
    moveRegisters(behind: Int32(firstConstant + constants.count))
  }

  /// The slot of an operand; a register r is written as ~r until the number of constants is known.
  private mutating func slot(
    of index: Int, _ slots: inout [Int32], _ registers: [Int32], _ firstConstant: Int
  ) -> Int32 {
    if slots[index] >= 0 { return slots[index] }
    if registers[index] >= 0 { return ~registers[index] }
    let node = graph.nodes[Int(order[index])]
    guard node.kind == .constant else {
      preconditionFailure("\(graph.variableNames[Int(node.payload)]) is not among the inputs of the tape")
    }
    slots[index] = Int32(firstConstant + constants.count)
    constants.append(Double(bitPattern: node.payload))
    return slots[index]
  }

  private mutating func moveRegisters(behind first: Int32) {
    for index in instructions.indices {
      for operand in 0..<instructions[index].operandCount where instructions[index][operand] < 0 {
        instructions[index][operand] = first + ~instructions[index][operand]
      }
      if instructions[index].destination < 0 {
        instructions[index].destination = first + ~instructions[index].destination
      }
    }
  }
}
