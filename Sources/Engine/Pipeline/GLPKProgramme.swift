import CGLPK

/// A `CertifierModel` inside GLPK: built, solved and deleted on one thread.
///
/// GLPK keeps its memory and its terminal switch per thread, and aborts the process when an object of one thread is
/// touched on another or an argument is out of range. So `solve` is synchronous, silences its own thread first, passes
/// only what `CertifierModel` has checked, and leaves no trace of GLPK on the thread. Errors inside its solvers, where
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

  private let model: CertifierModel
  private let problem: OpaquePointer

  /// Solves a model; returns when solved, when the time is over or when cancelled.
  ///
  /// On a thread that does nothing else with GLPK, with 1 MB of stack or more; frees all that GLPK holds on it.
  /// - Parameter integerTolerance: how far from an integer a binary may be.
  static func solve(
    _ model: CertifierModel, timeLimitSeconds: Double, cancel: CancelToken, integerTolerance: Double = 1e-5
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

  private func column(whole stage: Int) -> Int32 { Int32(1 + model.columns.count + stage) }
  private var slowest: Int32 { Int32(1 + model.columns.count + model.stages) }
  private func column(layers stage: Int) -> Int32 { slowest + 1 + Int32(stage) }

  private func addColumns() {
    let stages = model.stages
    glp_add_cols(problem, Int32(model.columns.count + 2 * stages + 1))
    for index in model.columns.indices { glp_set_col_kind(problem, Int32(1 + index), GLP_BV) }
    for stage in 0..<stages {
      glp_set_col_bnds(problem, column(whole: stage), GLP_FR, 0, 0)
      let counts = model.columns.lazy.filter { $0.stage == stage }.map(\.layers)
      let (least, most) = (counts.min() ?? 1, counts.max() ?? 1)
      glp_set_col_kind(problem, column(layers: stage), GLP_IV)
      glp_set_col_bnds(
        problem, column(layers: stage), least == most ? GLP_FX : GLP_DB, Double(least), Double(most))
    }
    glp_set_col_bnds(problem, slowest, GLP_FR, 0, 0)
    glp_set_obj_dir(problem, GLP_MIN)
    glp_set_obj_coef(problem, slowest, model.rounds)
    glp_set_obj_coef(problem, column(whole: stages - 1), 1)
  }

  private func addRows() {
    let stages = model.stages
    glp_add_rows(problem, Int32(5 * stages + 1))
    var matrix = Matrix()
    for stage in 0..<stages {
      let (one, layers, chain, full, slow) = rows(stage)
      glp_set_row_bnds(problem, one, GLP_FX, 1, 1)
      glp_set_row_bnds(problem, layers, GLP_FX, 0, 0)
      matrix.add(layers, column(layers: stage), -1)
      for row in [chain, full, slow] { glp_set_row_bnds(problem, row, GLP_LO, 0, 0) }
      matrix.add(chain, column(whole: stage), 1)
      if stage > 0 { matrix.add(chain, column(whole: stage - 1), -1) }
      matrix.add(full, column(whole: stage), 1)
      matrix.add(slow, slowest, 1)
    }
    let total = Int32(5 * stages + 1)
    glp_set_row_bnds(problem, total, GLP_FX, Double(model.layers), Double(model.layers))
    for stage in 0..<stages { matrix.add(total, column(layers: stage), 1) }
    for (index, column) in model.columns.enumerated() {
      let (one, layers, chain, full, slow) = rows(column.stage)
      let binary = Int32(1 + index)
      matrix.add(one, binary, 1)
      matrix.add(layers, binary, Double(column.layers))
      matrix.add(chain, binary, -column.stable)
      matrix.add(full, binary, -column.firstLast)
      matrix.add(slow, binary, -column.pace)
    }
    glp_load_matrix(problem, Int32(matrix.rows.count - 1), matrix.rows, matrix.columns, matrix.values)
  }

  private func rows(_ stage: Int) -> (one: Int32, layers: Int32, chain: Int32, full: Int32, slow: Int32) {
    let first = Int32(5 * stage + 1)
    return (first, first + 1, first + 2, first + 3, first + 4)
  }

  /// Coefficients as GLPK takes them: index 0 unused, each place at most once.
  private struct Matrix {
    var rows: [Int32] = [0]
    var columns: [Int32] = [0]
    var values: [Double] = [0]

    mutating func add(_ row: Int32, _ column: Int32, _ value: Double) {
      rows.append(row)
      columns.append(column)
      values.append(value)
    }
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
    let given = model.given.isEmpty ? [] : model.values(of: model.given)
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
      let count = model.columns.count + 2 * model.stages + 1
      outcome.values = [0] + (1...count).map { glp_mip_col_val(problem, Int32($0)) }
      if status == 0, glp_mip_status(problem) == GLP_OPT { outcome.bound = outcome.objective }
    case GLP_NOFEAS: outcome.isInfeasible = status == 0
    default: break
    }
  }
}
