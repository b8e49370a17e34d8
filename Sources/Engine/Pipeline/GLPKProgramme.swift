import CGLPK

/// A `MixedProgramme` inside GLPK: built, solved and deleted on one thread.
///
/// GLPK keeps its memory and its terminal switch per thread, and aborts the process when an object of one thread is
/// touched on another or an argument is out of range. So `solve` is synchronous, silences its own thread first, passes
/// only what its models have checked, and leaves no trace of GLPK on the thread. Errors inside its solvers, where
/// nothing can be checked beforehand, are caught at the C border.
struct GLPKProgramme {
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

  private let model: MixedProgramme
  private let problem: OpaquePointer

  /// Solves a model; returns when solved, when the time is over or when cancelled.
  ///
  /// On a thread that does nothing else with GLPK, with 1 MB of stack or more; frees all that GLPK holds on it.
  /// - Parameter integerTolerance: how far from an integer a binary may be.
  static func solve(
    _ model: MixedProgramme, timeLimitSeconds: Double, cancel: CancelToken, integerTolerance: Double = 1e-5
  ) -> Outcome {
    cglpk_silence()
    // Frees the problem too; after an error it is the only call that GLPK allows.
    defer { glp_free_env() }
    guard let problem = glp_create_prob() else { return Outcome() }
    let programme = GLPKProgramme(model: model, problem: problem)
    programme.addColumns()
    programme.addRows()
    return programme.run(milliseconds: max(1, min(timeLimitSeconds, 1e6) * 1000), cancel, integerTolerance)
  }

  // MARK: Columns and rows, from 1

  private func addColumns() {
    glp_add_cols(problem, Int32(model.columns.count))
    glp_set_obj_dir(problem, GLP_MIN)
    for (index, column) in model.columns.enumerated() {
      let position = Int32(1 + index)
      switch column.kind {
      case .binary: glp_set_col_kind(problem, position, GLP_BV)
      case .integer, .continuous:
        glp_set_col_kind(problem, position, column.kind == .integer ? GLP_IV : GLP_CV)
        glp_set_col_bnds(problem, position, column.bounds.type, column.bounds.lower ?? 0, column.bounds.upper ?? 0)
      }
      if column.cost != 0 { glp_set_obj_coef(problem, position, column.cost) }
    }
  }

  private func addRows() {
    glp_add_rows(problem, Int32(model.rows.count))
    for (index, row) in model.rows.enumerated() {
      glp_set_row_bnds(problem, Int32(1 + index), row.type, row.lower ?? 0, row.upper ?? 0)
    }
    // Index 0 is unused.
    let rows = [0] + model.coefficients.map { Int32(1 + $0.row) }
    let columns = [0] + model.coefficients.map { Int32(1 + $0.column) }
    glp_load_matrix(problem, Int32(rows.count - 1), rows, columns, [0] + model.coefficients.map(\.value))
  }

  // MARK: Solving

  private func run(milliseconds: Double, _ cancel: CancelToken, _ integerTolerance: Double) -> Outcome {
    let begin = glp_time()
    var outcome = Outcome()
    var relaxation = glp_smcp()
    glp_init_smcp(&relaxation)
    relaxation.msg_lev = GLP_MSG_OFF
    relaxation.tm_lim = Int32(milliseconds)
    let status = cglpk_simplex(problem, &relaxation)
    outcome.hasFailed = status == CGLPK_FAILED
    guard status == 0 else { return outcome }
    outcome.isInfeasible = glp_get_status(problem) == GLP_NOFEAS
    guard glp_get_status(problem) == GLP_OPT, !cancel.isCancelled else { return outcome }
    outcome.bound = glp_get_obj_val(problem)
    let left = max(1, milliseconds - glp_difftime(glp_time(), begin) * 1000)
    var search = glp_iocp()
    glp_init_iocp(&search)
    search.msg_lev = GLP_MSG_OFF
    search.tm_lim = Int32(left)
    search.tol_int = integerTolerance
    // Presolve would renumber the columns that the callback writes.
    search.presolve = GLP_OFF
    search.br_tech = GLP_BR_LFV
    branch(&search, cancel, &outcome)
    return outcome
  }

  private func branch(_ search: inout glp_iocp, _ cancel: CancelToken, _ outcome: inout Outcome) {
    let given = model.given
    let (status, bound) = given.withUnsafeBufferPointer { given in
      withExtendedLifetime(cancel) {
        var watch = cglpk_watch(
          given: given.isEmpty ? nil : given.baseAddress,
          is_cancelled: { context in
            guard let context else { return 0 }
            return Unmanaged<CancelToken>.fromOpaque(context).takeUnretainedValue().isCancelled ? 1 : 0
          }, context: Unmanaged.passUnretained(cancel).toOpaque(), bound: -Double.greatestFiniteMagnitude,
          is_handed_in: 0)
        let status = cglpk_intopt(problem, &search, &watch)
        return (status, watch.bound)
      }
    }
    outcome.bound = max(outcome.bound, bound)
    outcome.hasFailed = status == CGLPK_FAILED
    guard !outcome.hasFailed else { return }
    switch glp_mip_status(problem) {
    case GLP_OPT, GLP_FEAS:
      outcome.objective = glp_mip_obj_val(problem)
      outcome.values = [0] + (1...model.columns.count).map { glp_mip_col_val(problem, Int32($0)) }
      if status == 0, glp_mip_status(problem) == GLP_OPT { outcome.bound = outcome.objective }
    case GLP_NOFEAS: outcome.isInfeasible = status == 0
    default: break
    }
  }
}

extension MixedProgramme.Bounds {
  /// GLPK's name for bounds of this kind.
  fileprivate var type: Int32 {
    switch (lower, upper) {
    case (nil, nil): GLP_FR
    case (_?, nil): GLP_LO
    case (nil, _?): GLP_UP
    case (let lower?, let upper?): lower == upper ? GLP_FX : GLP_DB
    }
  }
}
