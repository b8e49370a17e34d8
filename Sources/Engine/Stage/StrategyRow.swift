/// The tape's outputs for eight strategies, as the formulas read them.
struct StrategyRow {
  /// Slots of a stable micro-batch, forward + backward.
  var stable: PassSlots<Lanes>
  /// Slots of the first forward and the last backward together.
  var firstLast: PassSlots<Lanes>
  /// Memory.
  var memory: MemoryParts<Lanes>

  /// Columns of a search tape.
  static let columnCount = 2 * PassSlots<Lanes>.count + MemoryParts<Lanes>.count
}

extension StrategyRow {
  /// Rows `start ..< start + 8` of a search tape's output; `start` is a multiple of 8, `setting` the place of the setting
  /// among those of the tape.
  @inline(__always)
  init(_ columns: Columns, start: Int, setting: Int = 0) {
    let first = setting * Self.columnCount
    func lanes(_ column: Int) -> Lanes {
      UnsafeRawPointer(columns.column(first + column) + start).loadUnaligned(as: Lanes.self)
    }
    stable = PassSlots(values: lanes, start: 0)
    firstLast = PassSlots(values: lanes, start: PassSlots<Lanes>.count)
    memory = MemoryParts(values: lanes, start: 2 * PassSlots<Lanes>.count)
  }
}
