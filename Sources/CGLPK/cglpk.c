#include "CGLPK.h"

#include <setjmp.h>
#include <stddef.h>

// Swallows a line that GLPK would print; on any thread.
static int swallow(void *context, const char *text) {
  (void)context;
  (void)text;
  return 1;
}

// Leaves GLPK in the middle of an error; on the thread that called it.
static void leap(void *context) { longjmp(*(jmp_buf *)context, 1); }

void cglpk_silence(void) {
  glp_term_out(GLP_OFF);
  // An error switches the terminal back on before it prints: the hook catches that.
  glp_term_hook(swallow, NULL);
}

int cglpk_simplex(glp_prob *problem, const glp_smcp *parameters) {
  jmp_buf back;
  if (setjmp(back) != 0) return CGLPK_FAILED;
  glp_error_hook(leap, &back);
  int code = glp_simplex(problem, parameters);
  glp_error_hook(NULL, NULL);
  return code;
}

// Keeps the bound, hands in the given solution once, and ends a search that nobody waits for; on the solver's thread.
static void look(glp_tree *tree, void *context) {
  cglpk_watch *watch = context;
  if (watch->is_cancelled(watch->context)) {
    glp_ios_terminate(tree);
    return;
  }
  int best = glp_ios_best_node(tree);
  if (best != 0) {
    double bound = glp_ios_node_bound(tree, best);
    if (bound > watch->bound) watch->bound = bound;
  }
  if (glp_ios_reason(tree) == GLP_IHEUR && watch->given != NULL && !watch->is_handed_in) {
    watch->is_handed_in = 1;
    glp_ios_heur_sol(tree, watch->given);
  }
}

int cglpk_intopt(glp_prob *problem, const glp_iocp *parameters, cglpk_watch *watch) {
  glp_iocp watched = *parameters;
  watched.cb_func = look;
  watched.cb_info = watch;
  jmp_buf back;
  if (setjmp(back) != 0) return CGLPK_FAILED;
  glp_error_hook(leap, &back);
  int code = glp_intopt(problem, &watched);
  glp_error_hook(NULL, NULL);
  return code;
}
