// The C border to GLPK: the library, and its two solvers guarded against its habit of ending the process.
//
// GLPK calls abort() when it meets an error, a failed assertion of its own among them. Its manual allows one way out:
// an error hook that jumps back, after which glp_free_env() is the only call allowed. Jumping over frames of Swift is
// not allowed at all, so the jump, the callback and what it calls stand here, in C.
#ifndef BRUME_CGLPK_H
#define BRUME_CGLPK_H

#include <glpk.h>

// What a guarded solver returns when GLPK met an error: no code of GLPK's own. Only glp_free_env() may follow.
#define CGLPK_FAILED (-1)

// What a branch and cut reports to and asks its caller.
typedef struct cglpk_watch {
  const double *given;            // values of all columns of a solution to hand in, [0] unused; NULL for none
  int (*is_cancelled)(void *);    // not 0 ends the search; calls nothing of GLPK
  void *context;                  // its argument
  double bound;                   // the best global bound so far: set it to -DBL_MAX, read it afterwards
  int is_handed_in;               // set it to 0
} cglpk_watch;

// Silences GLPK on the calling thread for good, its error messages too. On the thread that solves, before anything
// else, and again after glp_free_env().
void cglpk_silence(void);

// glp_simplex, or CGLPK_FAILED. On the thread that made the problem.
int cglpk_simplex(glp_prob *problem, const glp_smcp *parameters);

// glp_intopt with `watch` as its callback, or CGLPK_FAILED. On the thread that made the problem.
int cglpk_intopt(glp_prob *problem, const glp_iocp *parameters, cglpk_watch *watch);

#endif
