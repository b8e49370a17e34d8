/// A mixed-integer programme as plain values: columns, rows and the coefficients where they cross. Minimised.
struct MixedProgramme: Sendable {
  /// What values a column can take.
  enum Kind: Sendable {
    /// 0 or 1.
    case binary
    /// Whole numbers within its bounds.
    case integer
    /// Any within its bounds.
    case continuous
  }

  /// From where to where; nil is without end.
  struct Bounds: Sendable, Equatable {
    /// Least value.
    var lower: Double?
    /// Largest value.
    var upper: Double?

    /// Any value.
    static let free = Bounds()

    /// One value only.
    static func fixed(_ value: Double) -> Bounds { Bounds(lower: value, upper: value) }

    /// A value or more.
    static func atLeast(_ value: Double) -> Bounds { Bounds(lower: value, upper: nil) }
  }

  /// A variable.
  struct Column: Sendable {
    /// What values it can take; a binary has no other bounds.
    var kind: Kind
    /// Its bounds.
    var bounds = Bounds.free
    /// What it adds to the objective for each unit.
    var cost = 0.0
  }

  /// A place of the matrix.
  struct Coefficient: Sendable {
    /// Position in `rows`.
    var row: Int
    /// Position in `columns`.
    var column: Int
    /// Its value.
    var value: Double
  }

  /// The variables. GLPK branches on the last fractional one, so what should be decided first stands last.
  private(set) var columns: [Column] = []
  /// Bounds of each sum.
  private(set) var rows: [Bounds] = []
  /// What the sums are of; each place at most once.
  private(set) var coefficients: [Coefficient] = []
  /// Values of all columns of a known choice, index 0 unused, to be handed in; empty where there is none.
  var given: [Double] = []

  /// Adds a column; its position.
  mutating func add(_ column: Column) -> Int {
    columns.append(column)
    return columns.count - 1
  }

  /// Adds a row; its position.
  mutating func add(_ row: Bounds) -> Int {
    rows.append(row)
    return rows.count - 1
  }

  /// Adds a coefficient.
  mutating func set(_ row: Int, _ column: Int, _ value: Double) {
    coefficients.append(Coefficient(row: row, column: column, value: value))
  }
}
