// Signals: crashes give the terminal back at once; requests to leave are noted, and the second one is obeyed at once.
#define _GNU_SOURCE
#include "cterm.h"
#include "internal.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// Leaving takes milliseconds; saving on a network home may take a second or two.
enum { ALTERNATE_STACK_BYTES = 128 * 1024, STOP_WAIT_MS = 250, LEAVE_SECONDS = 5 };

static const int crash_signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP, SIGSYS};
// Beside the four that people send: those whose default is to end the process.
static const int leave_signals[] = {SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGALRM,
                                    SIGXCPU, SIGVTALRM, SIGPROF, SIGIO, SIGPWR, SIGSTKFLT};
// A reader that went away and a file that may not grow (ulimit -f) are errors of write, not the end.
static const int ignored_signals[] = {SIGPIPE, SIGXFSZ};
static const int note_signals[] = {SIGTSTP, SIGCONT, SIGWINCH};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct sigaction actions_before[NSIG];
static bool is_installed[NSIG];
static stack_t stack_before;
static char alternate_stack[ALTERNATE_STACK_BYTES];

static atomic_bool noted_resize;
static atomic_bool noted_suspend;
static atomic_bool noted_continue;
static atomic_int noted_leave;
static atomic_bool noted_hangup;
static atomic_bool registered_exit;

static void on_crash(int number, siginfo_t *info, void *context) {
  (void)context;
  cterm_restore();
  log_crash(number);
  sigaction(number, &actions_before[number], NULL);
  // A fault happens again when the handler returns; what somebody sent (abort, kill) must be sent again.
  if (info == NULL || info->si_code <= 0) raise(number);
}

static void on_leave(int number) {
  int none = 0;
  if (atomic_compare_exchange_strong(&noted_leave, &none, number)) {
    cterm_wake();
    // The main thread may wait for a terminal that takes no more bytes, and would never see the request.
    alarm(LEAVE_SECONDS);
    return;
  }
  // A dropped line sends more than one (the shell, then the kernel when the shell ends), and nobody waits any more.
  if (number == SIGHUP) return;
  // The time is over: end as the first signal asked.
  if (number == SIGALRM) number = none;
  cterm_restore();
  signal(number, SIG_DFL);
  raise(number);
}

static void on_note(int number) {
  if (number == SIGWINCH) atomic_store(&noted_resize, true);
  if (number == SIGTSTP) atomic_store(&noted_suspend, true);
  if (number == SIGCONT) atomic_store(&noted_continue, true);
  cterm_wake();
}

/// Installs an action, and remembers the one before at the first time. A signal that the parent left blocked is let
/// through.
static bool install(int number, const struct sigaction *action) {
  sigset_t own;
  sigemptyset(&own);
  sigaddset(&own, number);
  pthread_sigmask(SIG_UNBLOCK, &own, NULL);
  struct sigaction before;
  if (sigaction(number, action, &before) != 0) return false;
  if (!is_installed[number]) {
    actions_before[number] = before;
    is_installed[number] = true;
  }
  return true;
}

/// Whether the process was started with the signal ignored (nohup), which is kept.
static bool is_ignored(int number) {
  struct sigaction action;
  return sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

static bool install_notes(void) {
  struct sigaction action = {.sa_handler = on_note, .sa_flags = SA_RESTART | SA_ONSTACK};
  sigemptyset(&action.sa_mask);
  bool done = true;
  for (size_t i = 0; i < COUNT(note_signals); i++) done = install(note_signals[i], &action) && done;
  return done;
}

static bool install_crashes(void) {
  struct sigaction action = {.sa_sigaction = on_crash, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};
  sigemptyset(&action.sa_mask);
  bool done = true;
  // The language's own crash handler, on unless told otherwise, waits half a minute for a key where stdin is a
  // terminal; so it comes after this one only where the person asked for it.
  bool keeps_crash_handler = getenv("SWIFT_BACKTRACE") != NULL;
  for (size_t i = 0; i < COUNT(crash_signals); i++) {
    done = install(crash_signals[i], &action) && done;
    if (!keeps_crash_handler) actions_before[crash_signals[i]] = (struct sigaction){.sa_handler = SIG_DFL};
  }
  return done;
}

bool signals_install(void) {
  stack_t stack = {.ss_sp = alternate_stack, .ss_size = sizeof alternate_stack};
  if (sigaltstack(&stack, &stack_before) != 0) return false;
  atomic_store(&noted_resize, false);
  atomic_store(&noted_suspend, false);
  atomic_store(&noted_continue, false);
  atomic_store(&noted_leave, 0);
  atomic_store(&noted_hangup, false);
  struct sigaction leave = {.sa_handler = on_leave, .sa_flags = SA_RESTART | SA_ONSTACK};
  sigemptyset(&leave.sa_mask);
  bool done = install_crashes() && install_notes();
  for (size_t i = 0; i < COUNT(leave_signals); i++) {
    if (!is_ignored(leave_signals[i])) done = install(leave_signals[i], &leave) && done;
  }
  struct sigaction ignore = {.sa_handler = SIG_IGN};
  for (size_t i = 0; i < COUNT(ignored_signals); i++) done = install(ignored_signals[i], &ignore) && done;
  if (!atomic_exchange(&registered_exit, true)) atexit(cterm_restore);
  return done;
}

void signals_override_curses(void) { install_notes(); }

void signals_remove(void) {
  if (atomic_load(&noted_leave) != 0) alarm(0);
  // The shell's SIGHUP may come after the end of the terminal was seen; it must not end the saving that follows.
  bool hung_up = atomic_load(&noted_hangup) || atomic_load(&noted_leave) == SIGHUP;
  if (hung_up) signal(SIGHUP, SIG_IGN);
  for (int number = 1; number < NSIG; number++) {
    if (is_installed[number] && !(hung_up && number == SIGHUP)) sigaction(number, &actions_before[number], NULL);
    is_installed[number] = false;
  }
  sigaltstack(&stack_before, NULL);
}

void signals_note_hangup(void) { atomic_store(&noted_hangup, true); }

void signals_take(bool *resized, bool *suspend, bool *continued, int *leave) {
  *resized = atomic_exchange(&noted_resize, false);
  *suspend = atomic_exchange(&noted_suspend, false);
  *continued = atomic_exchange(&noted_continue, false);
  *leave = atomic_load(&noted_leave);
}

void signals_stop_group(void) {
  struct sigaction stop = {.sa_handler = SIG_DFL}, before;
  sigaction(SIGTSTP, &stop, &before);
  atomic_store(&noted_continue, false);
  kill(0, SIGTSTP);
  // The stop happens within kill, and the process goes on here after SIGCONT. A process group without a shell that
  // could continue it is never stopped: then go on after a short wait instead of for ever.
  for (int waited = 0; waited < STOP_WAIT_MS && !atomic_load(&noted_continue); waited += 10) {
    poll(NULL, 0, 10);
  }
  sigaction(SIGTSTP, &before, NULL);
  atomic_store(&noted_continue, false);
  atomic_store(&noted_suspend, false);
}
