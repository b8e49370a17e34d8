/// Assigns slots: first the inputs, then the outputs, the constants, and the registers.
struct TapeAllocation {
  /// The finished program.
  private(set) var instructions: [TapeInstruction] = []
  /// Values of the constants that stand in slots.
  private(set) var constants: [Double] = []
  /// Registers used.
  private(set) var registerCount = 0

  private let form: LinearForm
  private let firstConstant: Int
  private let inputCount: Int
  /// Slot by position, or `unassigned`; while registers are counted, register r is written as ~r.
  private var slots: [Int32]
  private static let unassigned = Int32.max

  /// For the nodes of a form; `inputNumbers` has the number of the input by number of the variable.
  init(_ form: LinearForm, inputNumbers: [Int32], inputCount: Int) {
    self.form = form
    self.inputCount = inputCount
    firstConstant = inputCount + form.roots.count
    slots = [Int32](repeating: Self.unassigned, count: form.nodes.count)
    for (position, node) in form.nodes.enumerated() where node.kind == .variable {
      slots[position] = inputNumbers[Int(node.payload)]
    }
  }

  /// Assigns for the steps in the order given; a register is free again after its last use.
  mutating func run(_ selection: TapeSelection, order: [Int32]) {
    var copies: [(position: Int32, slot: Int32)] = []
    for (number, root) in form.roots.enumerated() {
      let slot = Int32(inputCount + number)
      if selection.isStep[Int(root)] && slots[Int(root)] == Self.unassigned {
        slots[Int(root)] = slot
      } else {
        copies.append((root, slot))
      }
    }
    var lastUse = [Int32](repeating: -1, count: form.nodes.count)
    for (time, position) in order.enumerated() {
      let instruction = selection.instructions[Int(position)]
      for operand in 0..<instruction.opcode.operandCount { lastUse[Int(instruction[operand])] = Int32(time) }
    }
    var free: [Int32] = []
    instructions.reserveCapacity(order.count + copies.count)
    for (time, position) in order.enumerated() {
      var instruction = selection.instructions[Int(position)]
      for operand in 0..<instruction.opcode.operandCount {
        let source = instruction[operand]
        instruction[operand] = slot(of: source)
        if instruction[operand] < 0 && lastUse[Int(source)] == Int32(time) {
          lastUse[Int(source)] = -1  // an operand that is read twice is freed once
          free.append(instruction[operand])
        }
      }
      if slots[Int(position)] == Self.unassigned {
        if free.isEmpty {
          free.append(~Int32(registerCount))
          registerCount += 1
        }
        slots[Int(position)] = free.removeLast()
      }
      instruction.destination = slots[Int(position)]
      instructions.append(instruction)
    }
    for copy in copies {
      instructions.append(TapeInstruction(opcode: .copy, destination: copy.slot, a: slot(of: copy.position)))
    }
    placeRegisters()
  }

  /// The slot of an operand; a constant gets one when it is first needed.
  private mutating func slot(of position: Int32) -> Int32 {
    if slots[Int(position)] == Self.unassigned, let value = form.constantValue(position) {
      slots[Int(position)] = Int32(firstConstant + constants.count)
      constants.append(value)
    }
    return slots[Int(position)]
  }

  /// Moves the registers behind the constants.
  private mutating func placeRegisters() {
    let first = Int32(firstConstant + constants.count)
    for index in instructions.indices {
      for operand in 0..<instructions[index].opcode.operandCount where instructions[index][operand] < 0 {
        instructions[index][operand] = first + ~instructions[index][operand]
      }
      if instructions[index].destination < 0 {
        instructions[index].destination = first + ~instructions[index].destination
      }
    }
  }
}
