// A pseudo-terminal with a process on it, for tests: what Swift cannot call (fork) or would race with (descriptors that
// another test's child inherits). Every function may be called on any thread.
#ifndef BRUME_CPTY_H
#define BRUME_CPTY_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/// A program on a pseudo-terminal of its own, as the foreground job of a small shell.
///
/// The shell (the session's leader) is a process of its own and outlives the program: when the leader of a session
/// ends, the kernel resets the terminal's modes, and nothing could be said about what the program left behind.
/// As a shell does, it takes the terminal when the program stops, and passes a hangup on.
typedef struct {
  /// The terminal emulator's side.
  int32_t master;
  /// The program's side, for reading modes.
  int32_t slave;
  /// What cpty_next_report reads.
  int32_t reports;
  pid_t shell;
  pid_t program;
} cpty_process;

/// What happened to the program.
enum cpty_report_kind {
  CPTY_NOTHING = 0,
  /// It is running; value is its process.
  CPTY_STARTED = 1,
  /// It ended with the exit code value.
  CPTY_EXITED = 2,
  /// The signal value ended it.
  CPTY_SIGNALLED = 3,
  /// The signal value stopped it; the shell has the terminal.
  CPTY_STOPPED = 4,
};

/// What the shell writes to the terminal when the program ended or stopped, before it reports that.
#define CPTY_MARK "\033]cpty\a"

/// A report of the shell.
typedef struct {
  int32_t kind;
  int32_t value;
} cpty_report;

/// Starts path with arguments and environment (NULL-ended) on a new terminal of that size, with default signal
/// actions; modes is what cpty_modes says before that. Returns 0, or errno.
int32_t cpty_spawn(const char *path, char *const *arguments, char *const *environment, uint16_t columns, uint16_t rows,
                   cpty_process *process, char *modes, int32_t capacity);

/// The next report, CPTY_NOTHING where there is none.
cpty_report cpty_next_report(const cpty_process *process);

/// Continues a stopped program, in the foreground (`fg`) or not (`bg`).
void cpty_continue(const cpty_process *process, bool foreground);

/// Ends the shell and the program, and closes what is open.
void cpty_end(cpty_process *process);

/// Sets the terminal's size, which sends SIGWINCH to the foreground process group. Returns 0, or errno.
int32_t cpty_resize(int32_t master, uint16_t columns, uint16_t rows);

/// The modes of the terminal as text: every flag and control character, so that two can be compared and shown.
/// Returns 0, or errno.
int32_t cpty_modes(int32_t terminal, char *text, int32_t capacity);

/// The bytes that wait to be read by the child, or -1.
int32_t cpty_waiting_input(int32_t slave);

/// Runs a program to its end with no input, and takes what it prints, at most capacity bytes. Returns its exit code, or
/// -1.
int32_t cpty_capture(const char *path, char *const *arguments, char *const *environment, uint8_t *output,
                     int32_t capacity, int32_t *count);

#endif
