/// Orders the steps of a tape.
enum TapeSchedule {
  /// Positions of the steps in the order of execution: operands before users, and of several operands the one that
  /// needs most registers first (Sethi and Ullman: exact for trees, a heuristic where nodes are shared).
  static func order(_ selection: TapeSelection, outputs: [Int32]) -> [Int32] {
    let (instructions, isStep) = (selection.instructions, selection.isStep)
    let need = registerNeeds(instructions, isStep)
    var isVisited = [Bool](repeating: false, count: instructions.count)
    var result: [Int32] = []
    result.reserveCapacity(instructions.count)
    var stack: [Int32] = outputs.reversed()
    while let top = stack.popLast() {
      if top < 0 {
        result.append(~top)
        continue
      }
      guard !isVisited[Int(top)], isStep[Int(top)] else { continue }
      isVisited[Int(top)] = true
      stack.append(~top)
      let first = stack.count
      let instruction = instructions[Int(top)]
      for operand in 0..<instruction.opcode.operandCount {
        // Insertion by need, the largest on top; equal needs in the order of the operands.
        let source = instruction[operand]
        guard isStep[Int(source)] else { continue }
        var place = stack.count
        stack.append(source)
        while place > first && need[Int(stack[place - 1])] >= need[Int(source)] {
          stack[place] = stack[place - 1]
          place -= 1
        }
        stack[place] = source
      }
    }
    return result
  }

  /// Registers that a step and all that it depends on would need if nothing were shared.
  private static func registerNeeds(_ instructions: [TapeInstruction], _ isStep: [Bool]) -> [Int32] {
    var need = [Int32](repeating: 0, count: instructions.count)
    for (position, instruction) in instructions.enumerated() where isStep[position] {
      var needs = SIMD4<Int32>(repeating: 0)
      for operand in 0..<instruction.opcode.operandCount { needs[operand] = need[Int(instruction[operand])] }
      // While the k-th largest is computed, k results are held.
      var held: Int32 = 0
      var most: Int32 = 1
      for _ in 0..<instruction.opcode.operandCount {
        var largest = 0
        for operand in 1..<4 where needs[operand] > needs[largest] { largest = operand }
        guard needs[largest] > 0 else { break }
        most = max(most, needs[largest] + held)
        needs[largest] = 0
        held += 1
      }
      need[position] = most
    }
    return need
  }
}
