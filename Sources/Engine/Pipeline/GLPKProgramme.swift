import CGLPK

/// A `MixedProgramme` inside GLPK: built, solved and deleted on one thread.
///
/// GLPK keeps its memory and its terminal switch per thread, and aborts the process when an argument is out of range, so
/// all of it stands behind one C function (`cglpk_solve`): errors, time limit and cancelling come back out of it as an
/// outcome, and it leaves no trace of GLPK on the thread.
enum GLPKProgramme {
  /// What GLPK found.
  struct Outcome: Sendable, Equatable {
    /// Values of all columns of its best choice, index 0 unused; empty where it found none.
    var values: [Double] = []
    /// Its objective of that choice, in units.
    var objective = Double.infinity
    /// Lower bound that it proved, in units; minus infinity where it proved none.
    var bound = -Double.infinity
    /// True where it proved that no choice exists.
    var isInfeasible = false
    /// True where GLPK met an error of its own; the bound before it holds.
    var hasFailed = false
  }

  /// Most memory that one solve may hold, MiB; beyond it GLPK ends with an error of its own.
  static let mostMebibytes: Int32 = 1024

  /// Solves a model; returns when solved, when the time is over or when cancelled.
  ///
  /// On a thread that does nothing else with GLPK, with 1 MB of stack or more; frees all that GLPK holds on it. A model
  /// that breaks GLPK's rules (`MixedProgramme.fault`) is an outcome that has failed.
  /// - Parameters:
  ///   - timeLimitSeconds: held to 0.001 to 1e6.
  ///   - integerTolerance: how far from an integer a binary may be.
  static func solve(
    _ model: MixedProgramme, timeLimitSeconds: Double, cancel: CancelToken, integerTolerance: Double = 1e-5,
    mebibytes: Int32 = mostMebibytes
  ) -> Outcome {
    var values = [Double](repeating: 0, count: 1 + model.columns.count)
    var answer = cglpk_answer()
    answer.bound = -Double.greatestFiniteMagnitude
    withExtendedLifetime(cancel) {
      var limits = cglpk_limits(
        seconds: max(0.001, min(timeLimitSeconds, 1e6)), mebibytes: mebibytes, integer_tolerance: integerTolerance,
        is_cancelled: { context in
          guard let context else { return 0 }
          return Unmanaged<CancelToken>.fromOpaque(context).takeUnretainedValue().isCancelled ? 1 : 0
        }, context: Unmanaged.passUnretained(cancel).toOpaque())
      model.withGLPKModel { cglpk_solve($0, &limits, &values, &answer) }
    }
    var outcome = Outcome()
    outcome.isInfeasible = answer.is_infeasible != 0
    outcome.hasFailed = answer.has_failed != 0
    if answer.bound.isFinite, answer.bound > -Double.greatestFiniteMagnitude { outcome.bound = answer.bound }
    if answer.has_values != 0, answer.objective.isFinite {
      (outcome.values, outcome.objective) = (values, answer.objective)
    }
    return outcome
  }
}

extension MixedProgramme {
  /// The model as C takes it, for as long as `body` runs.
  fileprivate func withGLPKModel(_ body: (UnsafePointer<cglpk_model>) -> Void) {
    let columns = self.columns.map { column in
      cglpk_column(kind: column.kind.code, bounds: cglpk_bounds(column.bounds), cost: column.cost)
    }
    let rows = self.rows.map { cglpk_bounds($0) }
    // Positions count from 1; index 0 is unused.
    let places = (
      rows: [0] + coefficients.map { Int32(clamping: 1 + $0.row) },
      columns: [0] + coefficients.map { Int32(clamping: 1 + $0.column) }
    )
    let values = [0] + coefficients.map(\.value)
    let given = given.count == 1 + columns.count ? given : []
    columns.withUnsafeBufferPointer { columns in
      rows.withUnsafeBufferPointer { rows in
        given.withUnsafeBufferPointer { given in
          places.rows.withUnsafeBufferPointer { placeRows in
            places.columns.withUnsafeBufferPointer { placeColumns in
              values.withUnsafeBufferPointer { values in
                var model = cglpk_model(
                  columns: columns.baseAddress, column_count: Int32(clamping: columns.count), rows: rows.baseAddress,
                  row_count: Int32(clamping: rows.count), coefficient_rows: placeRows.baseAddress,
                  coefficient_columns: placeColumns.baseAddress, coefficient_values: values.baseAddress,
                  coefficient_count: Int32(clamping: values.count - 1),
                  given: given.isEmpty ? nil : given.baseAddress)
                body(&model)
              }
            }
          }
        }
      }
    }
  }
}

extension MixedProgramme.Kind {
  /// Its name at the C border.
  fileprivate var code: Int32 {
    switch self {
    case .binary: CGLPK_BINARY
    case .integer: CGLPK_INTEGER
    case .continuous: CGLPK_CONTINUOUS
    }
  }
}

extension cglpk_bounds {
  /// Bounds as C takes them.
  fileprivate init(_ bounds: MixedProgramme.Bounds) {
    self.init(
      has_lower: bounds.lower == nil ? 0 : 1, has_upper: bounds.upper == nil ? 0 : 1, lower: bounds.lower ?? 0,
      upper: bounds.upper ?? 0)
  }
}
