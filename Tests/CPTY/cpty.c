#define _GNU_SOURCE
#include "cpty.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

enum { REPORTS = 3 };

// Between fork and exec, and in the shell, only async-signal-safe calls: the parent has threads.

static void report(int32_t kind, int32_t value) {
  cpty_report line = {.kind = kind, .value = value};
  ssize_t ignored = write(REPORTS, &line, sizeof line);
  (void)ignored;
}

/// What a shell gives its programs: default actions, nothing blocked (the threads of a test block nearly everything).
static void reset_signals(void) {
  for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

/// The program's side of the fork: the foreground job.
static _Noreturn void become(const char *path, char *const *arguments, char *const *environment) {
  setpgid(0, 0);
  tcsetpgrp(STDIN_FILENO, getpid());
  close(REPORTS);
  reset_signals();
  execve(path, arguments, environment);
  _exit(127);
}

/// Takes the terminal back, with a mark behind everything that the program sent: its bytes may still be on their way.
static void take_terminal(void) {
  tcsetpgrp(STDIN_FILENO, getpid());
  ssize_t ignored = write(STDOUT_FILENO, CPTY_MARK, sizeof CPTY_MARK - 1);
  (void)ignored;
}

/// Says what happened to the program since the last time; whether it has ended.
static bool reap(pid_t program) {
  int status = 0;
  while (waitpid(program, &status, WNOHANG | WUNTRACED) == program) {
    take_terminal();
    if (WIFSTOPPED(status)) {
      report(CPTY_STOPPED, WSTOPSIG(status));
    } else {
      if (WIFEXITED(status)) report(CPTY_EXITED, WEXITSTATUS(status));
      if (WIFSIGNALED(status)) report(CPTY_SIGNALLED, WTERMSIG(status));
      return true;
    }
  }
  return false;
}

/// The shell: starts the program, and stays until it is killed or the terminal is gone.
static _Noreturn void be_shell(const char *path, char *const *arguments, char *const *environment, int slave,
                               int reports) {
  for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
  signal(SIGTTOU, SIG_IGN);
  sigset_t awaited;
  sigemptyset(&awaited);
  sigaddset(&awaited, SIGCHLD);
  sigaddset(&awaited, SIGHUP);
  sigaddset(&awaited, SIGUSR1);
  sigaddset(&awaited, SIGUSR2);
  sigprocmask(SIG_SETMASK, &awaited, NULL);
  // Nothing of other tests may stay open here: a terminal hangs up only when nobody has it.
  int high = fcntl(reports, F_DUPFD, 10);
  if (setsid() < 0 || ioctl(slave, TIOCSCTTY, 0) != 0) _exit(126);
  for (int target = 0; target < 3; target++) dup2(slave, target);
  dup2(high, REPORTS);
  close_range(REPORTS + 1, ~0U, 0);
  pid_t program = fork();
  if (program == 0) become(path, arguments, environment);
  setpgid(program, program);
  report(CPTY_STARTED, program);
  bool has_ended = false;
  for (;;) {
    int number = sigwaitinfo(&awaited, NULL);
    if (number == SIGCHLD && !has_ended) has_ended = reap(program);
    if (number == SIGUSR1) tcsetpgrp(STDIN_FILENO, program);
    if (number == SIGUSR1 || number == SIGUSR2) kill(-program, SIGCONT);
    if (number == SIGHUP && has_ended) _exit(0);
    if (number == SIGHUP) {
      kill(-program, SIGHUP);
      kill(-program, SIGCONT);
    }
  }
}

int32_t cpty_spawn(const char *path, char *const *arguments, char *const *environment, uint16_t columns, uint16_t rows,
                   cpty_process *process, char *modes, int32_t capacity) {
  int reports[2] = {-1, -1};
  int slave = -1;
  int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0) {
    slave = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
  }
  struct winsize size = {.ws_col = columns, .ws_row = rows};
  if (slave < 0 || ioctl(master, TIOCSWINSZ, &size) != 0 || pipe2(reports, O_CLOEXEC) != 0) goto failed;
  if (cpty_modes(slave, modes, capacity) != 0) goto failed;
  pid_t shell = fork();
  if (shell < 0) goto failed;
  if (shell == 0) be_shell(path, arguments, environment, slave, reports[1]);
  close(reports[1]);
  cpty_report first = {0};
  ssize_t count = read(reports[0], &first, sizeof first);
  fcntl(reports[0], F_SETFL, O_NONBLOCK);
  *process = (cpty_process){.master = master, .slave = slave, .reports = reports[0], .shell = shell,
                            .program = count == sizeof first ? first.value : -1};
  return 0;
failed:;
  int error = errno;
  if (reports[0] >= 0) close(reports[0]);
  if (reports[1] >= 0) close(reports[1]);
  if (slave >= 0) close(slave);
  if (master >= 0) close(master);
  return error;
}

cpty_report cpty_next_report(const cpty_process *process) {
  cpty_report next = {0};
  return read(process->reports, &next, sizeof next) == sizeof next ? next : (cpty_report){0};
}

void cpty_continue(const cpty_process *process, bool foreground) {
  kill(process->shell, foreground ? SIGUSR1 : SIGUSR2);
}

void cpty_end(cpty_process *process) {
  // The program first, and only while its parent has not taken its end: the number could be somebody else's.
  bool has_ended = false;
  for (cpty_report next = cpty_next_report(process); next.kind != CPTY_NOTHING; next = cpty_next_report(process)) {
    has_ended = has_ended || next.kind == CPTY_EXITED || next.kind == CPTY_SIGNALLED;
  }
  if (!has_ended && process->program > 0) kill(process->program, SIGKILL);
  kill(process->shell, SIGKILL);
  waitpid(process->shell, NULL, 0);
  if (process->master >= 0) close(process->master);
  close(process->slave);
  close(process->reports);
}

int32_t cpty_resize(int32_t master, uint16_t columns, uint16_t rows) {
  struct winsize size = {.ws_col = columns, .ws_row = rows};
  return ioctl(master, TIOCSWINSZ, &size) == 0 ? 0 : errno;
}

int32_t cpty_modes(int32_t terminal, char *text, int32_t capacity) {
  struct termios modes;
  if (tcgetattr(terminal, &modes) != 0) return errno;
  int count = snprintf(text, (size_t)capacity, "iflag %o oflag %o cflag %o lflag %o cc", modes.c_iflag, modes.c_oflag,
                       modes.c_cflag, modes.c_lflag);
  for (int i = 0; i < NCCS && count > 0 && count < capacity; i++) {
    count += snprintf(text + count, (size_t)(capacity - count), " %d", modes.c_cc[i]);
  }
  return 0;
}

int32_t cpty_waiting_input(int32_t slave) {
  int waiting = 0;
  return ioctl(slave, FIONREAD, &waiting) == 0 ? waiting : -1;
}

int32_t cpty_capture(const char *path, char *const *arguments, char *const *environment, uint8_t *output,
                     int32_t capacity, int32_t *count) {
  int ends[2];
  *count = 0;
  if (pipe2(ends, O_CLOEXEC) != 0) return -1;
  pid_t child = fork();
  if (child == 0) {
    int null = open("/dev/null", O_RDWR);
    dup2(null, 0);
    dup2(ends[1], 1);
    dup2(null, 2);
    close_range(3, ~0U, 0);
    reset_signals();
    execve(path, arguments, environment);
    _exit(127);
  }
  close(ends[1]);
  ssize_t piece = 1;
  while (child > 0 && piece > 0 && *count < capacity) {
    piece = read(ends[0], output + *count, (size_t)(capacity - *count));
    if (piece > 0) *count += (int32_t)piece;
  }
  close(ends[0]);
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) != child) return -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
