// The C border to GLPK: one function that builds a programme, solves it and frees all that GLPK holds.
//
// GLPK calls abort() when it meets an error: an argument out of range, two coefficients at one place, a failed assertion
// of its own, no more memory. Its manual allows one way out: an error hook that jumps back, after which glp_free_env() is
// the only call allowed. Jumping over frames of Swift is not allowed at all. So every call of GLPK stands here, between
// the setjmp and the hooks: a jump crosses frames of GLPK alone. What GLPK calls of Swift (`is_cancelled`) returns before
// anything jumps.
#ifndef BRUME_CGLPK_H
#define BRUME_CGLPK_H

// Kinds of columns.
#define CGLPK_CONTINUOUS 0
#define CGLPK_INTEGER 1
#define CGLPK_BINARY 2

// From where to where; a bound that is not there is 0.
typedef struct cglpk_bounds {
  int has_lower;
  int has_upper;
  double lower;
  double upper;
} cglpk_bounds;

// A variable; the bounds of a binary are its own.
typedef struct cglpk_column {
  int kind;
  cglpk_bounds bounds;
  double cost;
} cglpk_column;

// A programme to be minimised. Positions count from 1, entry 0 of the three lists of coefficients is unused.
typedef struct cglpk_model {
  const cglpk_column *columns;
  int column_count;
  const cglpk_bounds *rows;
  int row_count;
  const int *coefficient_rows;
  const int *coefficient_columns;
  const double *coefficient_values;
  int coefficient_count;
  const double *given;            // values of all columns of a solution to hand in, [0] unused; NULL for none
} cglpk_model;

// When to stop.
typedef struct cglpk_limits {
  double seconds;                 // 0.001 to 1e6
  int mebibytes;                  // most memory that GLPK may hold; more is an error of its own
  double integer_tolerance;       // how far from an integer a value may be
  int (*is_cancelled)(void *);    // not 0 ends the solve; calls nothing of GLPK and returns
  void *context;                  // its argument
} cglpk_limits;

// What was found. The caller makes it all 0, and then `bound` -DBL_MAX.
typedef struct cglpk_answer {
  double bound;                   // the best lower bound; -DBL_MAX where none was proved
  double objective;               // of `values`
  int has_values;                 // `values` of cglpk_solve are a choice, the best one found
  int is_infeasible;              // no choice exists
  int has_failed;                 // GLPK met an error of its own; the bound holds all the same
} cglpk_answer;

// Solves a model and leaves nothing of GLPK on the calling thread; prints nothing, never ends the process.
//
// `values` has room for all columns and entry 0, which is unused. On a thread that does nothing else with GLPK, with
// 1 MB of stack or more. Ends at the time limit, or when cancelled: looked at in every node, and in every linear programme
// 20 times a second.
void cglpk_solve(const cglpk_model *model, const cglpk_limits *limits, double *values, cglpk_answer *answer);

#endif
