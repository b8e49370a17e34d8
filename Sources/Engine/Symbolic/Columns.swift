/// Column-major storage of Doubles: each column is contiguous, 64-byte aligned and padded to a multiple of 8 rows.
///
/// Not synchronised: threads may work on disjoint rows, from a multiple of 8 to a multiple of 8.
public final class Columns {
  /// Rows that hold data.
  public let rows: Int
  /// Columns.
  public let columns: Int
  /// Values from one column to the next.
  let stride: Int
  private let storage: UnsafeMutableRawPointer

  /// Zeros. Both counts are >= 0.
  public init(rows: Int, columns: Int) {
    precondition(rows >= 0 && columns >= 0, "a table has no negative size")
    self.rows = rows
    self.columns = columns
    let padded = (rows + 7) / 8 * 8
    // Long columns must not all start in the same cache sets: each is shifted by a block of the tape (1 KiB).
    stride = padded < 512 ? padded : (padded + 511) / 512 * 512 + 128
    let count = max(1, stride * columns)
    storage = .allocate(byteCount: count * MemoryLayout<Double>.stride, alignment: 64)
    storage.initializeMemory(as: Double.self, repeating: 0, count: count)
  }

  deinit { storage.deallocate() }

  /// One value.
  public subscript(row: Int, column: Int) -> Double {
    get {
      precondition(row >= 0 && row < rows, "row out of range")
      return self.column(column)[row]
    }
    set {
      precondition(row >= 0 && row < rows, "row out of range")
      self.column(column)[row] = newValue
    }
  }

  /// The first value of a column: `rows` values and the padding follow. Valid as long as the table.
  public func column(_ column: Int) -> UnsafeMutablePointer<Double> {
    precondition(column >= 0 && column < columns, "column out of range")
    return storage.assumingMemoryBound(to: Double.self) + column * stride
  }
}
