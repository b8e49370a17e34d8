#define _POSIX_C_SOURCE 200809L

#include "CGLPK.h"

#include <glpk.h>
#include <limits.h>
#include <setjmp.h>
#include <stddef.h>
#include <time.h>

// Why a jump came back.
enum { ERROR = 1, STOPPED = 2 };

// How often GLPK tells of itself, which is when a long linear programme can be stopped, milliseconds.
static const int TELLING = 50;

// How long after its time limit GLPK is stopped that did not stop by itself, seconds.
static const double GRACE = 0.2;

// What the hooks of one solve need; it lives in the frame of cglpk_solve.
typedef struct watch {
  const cglpk_model *model;
  const cglpk_limits *limits;
  cglpk_answer *answer;
  double end;
  int is_handed_in;
  jmp_buf back;
} watch;

// Seconds from some moment; on any thread.
static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

// Swallows a line that GLPK would print, and leaves GLPK where nobody waits for it any more; on the solver's thread.
static int swallow(void *context, const char *text) {
  (void)text;
  watch *watch = context;
  if (watch->limits->is_cancelled(watch->limits->context) || now() > watch->end + GRACE) {
    longjmp(watch->back, STOPPED);
  }
  return 1;
}

// Leaves GLPK in the middle of an error; on the solver's thread.
static void leap(void *context) { longjmp(((watch *)context)->back, ERROR); }

// Keeps the bound, hands in the given solution once, and ends a search that nobody waits for; on the solver's thread.
static void look(glp_tree *tree, void *context) {
  watch *watch = context;
  if (watch->limits->is_cancelled(watch->limits->context)) {
    glp_ios_terminate(tree);
    return;
  }
  int best = glp_ios_best_node(tree);
  if (best != 0) {
    double bound = glp_ios_node_bound(tree, best);
    if (bound > watch->answer->bound) watch->answer->bound = bound;
  }
  if (glp_ios_reason(tree) == GLP_IHEUR && watch->model->given != NULL && !watch->is_handed_in) {
    watch->is_handed_in = 1;
    glp_ios_heur_sol(tree, watch->model->given);
  }
}

// GLPK's name for bounds of this kind; on any thread.
static int type(const cglpk_bounds *bounds) {
  if (!bounds->has_lower) return bounds->has_upper ? GLP_UP : GLP_FR;
  if (!bounds->has_upper) return GLP_LO;
  return bounds->lower == bounds->upper ? GLP_FX : GLP_DB;
}

// Columns, rows and coefficients; on the solver's thread.
static void load(glp_prob *problem, const cglpk_model *model) {
  glp_set_obj_dir(problem, GLP_MIN);
  // GLPK takes adding none for an error.
  if (model->column_count > 0) glp_add_cols(problem, model->column_count);
  for (int index = 0; index < model->column_count; index++) {
    const cglpk_column *column = &model->columns[index];
    if (column->kind == CGLPK_BINARY) {
      glp_set_col_kind(problem, index + 1, GLP_BV);
    } else {
      glp_set_col_kind(problem, index + 1, column->kind == CGLPK_INTEGER ? GLP_IV : GLP_CV);
      const cglpk_bounds *bounds = &column->bounds;
      glp_set_col_bnds(problem, index + 1, type(bounds), bounds->lower, bounds->upper);
    }
    if (column->cost != 0) glp_set_obj_coef(problem, index + 1, column->cost);
  }
  if (model->row_count > 0) glp_add_rows(problem, model->row_count);
  for (int index = 0; index < model->row_count; index++) {
    const cglpk_bounds *bounds = &model->rows[index];
    glp_set_row_bnds(problem, index + 1, type(bounds), bounds->lower, bounds->upper);
  }
  glp_load_matrix(
      problem, model->coefficient_count, model->coefficient_rows, model->coefficient_columns,
      model->coefficient_values);
}

// Milliseconds that are left, at least 1; on the solver's thread.
static int left(const watch *watch) {
  double milliseconds = (watch->end - now()) * 1000;
  if (milliseconds < 1) return 1;
  return milliseconds > 2e9 ? INT_MAX : (int)milliseconds;
}

// The relaxation; not 0 where it has an optimum, which is then the first bound. On the solver's thread.
static int relax(glp_prob *problem, const watch *watch) {
  glp_smcp parameters;
  glp_init_smcp(&parameters);
  parameters.msg_lev = GLP_MSG_ON;
  parameters.out_frq = TELLING;
  parameters.tm_lim = left(watch);
  if (glp_simplex(problem, &parameters) != 0) return 0;
  watch->answer->is_infeasible = glp_get_status(problem) == GLP_NOFEAS;
  if (glp_get_status(problem) != GLP_OPT) return 0;
  watch->answer->bound = glp_get_obj_val(problem);
  return 1;
}

// The branch and cut that follows it, and its best choice; on the solver's thread.
static void branch(glp_prob *problem, watch *watch, double *values) {
  glp_iocp parameters;
  glp_init_iocp(&parameters);
  parameters.msg_lev = GLP_MSG_ON;
  parameters.out_frq = TELLING;
  parameters.out_dly = 0;
  parameters.tm_lim = left(watch);
  parameters.tol_int = watch->limits->integer_tolerance;
  // Presolve would renumber the columns that the callback writes.
  parameters.presolve = GLP_OFF;
  parameters.br_tech = GLP_BR_LFV;
  parameters.cb_func = look;
  parameters.cb_info = watch;
  int status = glp_intopt(problem, &parameters);
  cglpk_answer *answer = watch->answer;
  switch (glp_mip_status(problem)) {
    case GLP_OPT:
    case GLP_FEAS:
      answer->objective = glp_mip_obj_val(problem);
      answer->has_values = 1;
      for (int column = 1; column <= watch->model->column_count; column++) {
        values[column] = glp_mip_col_val(problem, column);
      }
      if (status == 0 && glp_mip_status(problem) == GLP_OPT) answer->bound = answer->objective;
      break;
    case GLP_NOFEAS: answer->is_infeasible = status == 0; break;
    default: break;
  }
}

void cglpk_solve(const cglpk_model *model, const cglpk_limits *limits, double *values, cglpk_answer *answer) {
  watch watch = {
      .model = model, .limits = limits, .answer = answer, .end = now() + limits->seconds, .is_handed_in = 0};
  // Without memory for its environment GLPK would abort at the first call.
  if (glp_init_env() > 1) {
    answer->has_failed = 1;
    return;
  }
  switch (setjmp(watch.back)) {
    case 0: {
      glp_error_hook(leap, &watch);
      // An error switches the terminal on before it prints; the hook catches that too, and is how GLPK is stopped.
      glp_term_hook(swallow, &watch);
      glp_mem_limit(limits->mebibytes);
      glp_prob *problem = glp_create_prob();
      load(problem, model);
      if (relax(problem, &watch) && !limits->is_cancelled(limits->context)) branch(problem, &watch, values);
      break;
    }
    case ERROR: answer->has_failed = 1; break;
    default: break;
  }
  // Frees the problem and all else; after a jump it is the only call that GLPK allows.
  glp_free_env();
}
