extension Tape {
  /// Eight configurations.
  typealias Vector = SIMD8<Double>
  /// Slots as the kernels see them: the first vector of each.
  typealias Slots = UnsafeMutablePointer<UnsafeMutablePointer<Vector>>
  /// Vectors of a block: 128 configurations.
  static let blockVectors = 16

  private var slotCount: Int { inputCount + outputCount + constants.count + registerCount }

  /// The outputs of one configuration, in the order of the outputs; the inputs in the order of the inputs.
  public func evaluate(_ inputs: [Double]) -> [Double] {
    precondition(inputs.count == inputCount, "a tape needs one value for each of its inputs")
    return withSlots(vectorsPerSlot: 1, ownInputsAndOutputs: true) { slots in
      for (number, value) in inputs.enumerated() { slots[number][0] = Vector(repeating: value) }
      run(slots, vectors: 1)
      return (0..<outputCount).map { slots[inputCount + $0][0][0] }
    }
  }

  /// The outputs of all rows: column i of `inputs` is input i, column j of `outputs` receives output j.
  public func evaluate(_ inputs: Columns, into outputs: Columns) {
    evaluate(inputs, into: outputs, rows: 0..<inputs.rows)
  }

  /// The outputs of some rows; several threads may take disjoint ranges.
  ///
  /// The range starts at a multiple of 8. Where it does not end at one, the rows up to the next multiple of 8 are
  /// computed too.
  public func evaluate(_ inputs: Columns, into outputs: Columns, rows: Range<Int>) {
    precondition(inputs.columns == inputCount && outputs.columns == outputCount, "one column for each input and output")
    precondition(inputs !== outputs, "outputs may not overwrite inputs")
    precondition(
      rows.lowerBound >= 0 && rows.upperBound <= min(inputs.rows, outputs.rows), "rows out of range")
    precondition(rows.lowerBound.isMultiple(of: 8), "a range of rows starts at a multiple of 8")
    let vectors = min(Tape.blockVectors, (rows.count + 7) / 8)
    withSlots(vectorsPerSlot: vectors, ownInputsAndOutputs: false) { slots in
      var row = rows.lowerBound
      while row < rows.upperBound {
        for number in 0..<inputCount { slots[number] = Tape.vectors(inputs.column(number) + row) }
        for number in 0..<outputCount { slots[inputCount + number] = Tape.vectors(outputs.column(number) + row) }
        run(slots, vectors: min(Tape.blockVectors, (rows.upperBound - row + 7) / 8))
        row += Tape.blockVectors * 8
      }
    }
  }

  private static func vectors(_ values: UnsafeMutablePointer<Double>) -> UnsafeMutablePointer<Vector> {
    UnsafeMutableRawPointer(values).assumingMemoryBound(to: Vector.self)
  }

  /// Calls `body` with a slot table; constants and registers (and, where asked, inputs and outputs) get memory of
  /// their own, constants filled in.
  private func withSlots<Result>(
    vectorsPerSlot: Int, ownInputsAndOutputs: Bool, _ body: (Slots) -> Result
  ) -> Result {
    let owned = ownInputsAndOutputs ? 0 : inputCount + outputCount
    let bytes = max(1, (slotCount - owned) * vectorsPerSlot * MemoryLayout<Vector>.stride)
    return withUnsafeTemporaryAllocation(of: UnsafeMutablePointer<Vector>.self, capacity: slotCount + 1) { table in
      withUnsafeTemporaryAllocation(byteCount: bytes, alignment: 64) { memory in
        guard let slots = table.baseAddress, let base = memory.baseAddress else {
          preconditionFailure("temporary memory of more than 0 bytes has an address")
        }
        let vectors = base.bindMemory(to: Vector.self, capacity: bytes / MemoryLayout<Vector>.stride)
        for slot in 0..<owned { slots[slot] = vectors }  // replaced before the first use
        for slot in owned..<slotCount { slots[slot] = vectors + (slot - owned) * vectorsPerSlot }
        for (number, value) in constants.enumerated() {
          for k in 0..<vectorsPerSlot { slots[inputCount + outputCount + number][k] = Vector(repeating: value) }
        }
        return body(slots)
      }
    }
  }
}
