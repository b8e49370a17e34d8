// Taking the terminal and leaving it as it was, whatever ends the process.
#define _GNU_SOURCE
#define NCURSES_WIDECHAR 1
#include "cterm.h"
#include "internal.h"

#include <curses.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <term.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum { SEQUENCE_CAPACITY = 512, WRITE_WAIT_MS = 250 };

typedef struct {
  char bytes[SEQUENCE_CAPACITY];
  size_t count;
} sequence;

static int tty = -1;
static bool knows_mouse = false;
static bool knows_paste = false;
static bool mouse_is_wanted = true;
static struct termios modes_before;
static struct termios modes_of_screen;
static sequence enter_sequence;
// Two, so that a signal that arrives while one is rewritten finds the other whole.
static sequence leave_sequences[2];
static atomic_int leave_index;
static atomic_bool screen_is_up;
static atomic_bool is_drawing;
static pthread_t drawing_thread;

static const char mouse_on[] = "\033[?1000h\033[?1002h\033[?1006h";
static const char mouse_off[] = "\033[?1006l\033[?1002l\033[?1000l";
static const char paste_on[] = "\033[?2004h";
static const char paste_off[] = "\033[?2004l";

/// Appends text without its padding marks ($<5>), which only real terminals of old needed.
static void append(sequence *target, const char *text) {
  while (*text != 0 && target->count + 1 < SEQUENCE_CAPACITY) {
    const char *end = text[0] == '$' && text[1] == '<' ? strchr(text, '>') : NULL;
    if (end != NULL) {
      text = end + 1;
    } else {
      target->bytes[target->count++] = *text++;
    }
  }
}

/// The terminal's string for a capability, NULL where it has none.
static char *capability(const char *name) {
  char *text = tigetstr((char *)name);
  return text == (char *)-1 || text == NULL || text[0] == 0 ? NULL : text;
}

static void append_capability(sequence *target, const char *name) {
  const char *text = capability(name);
  if (text != NULL) append(target, text);
}

bool restore_prepare(int descriptor) {
  if (tcgetattr(descriptor, &modes_before) != 0) return false;
  modes_of_screen = modes_before;
  tty = descriptor;
  const char *move = capability("cup");
  knows_mouse = capability("kmous") != NULL;
  knows_paste = move != NULL && strncmp(move, "\033[", 2) == 0;
  enter_sequence.count = 0;
  append_capability(&enter_sequence, "smcup");
  append_capability(&enter_sequence, "smkx");
  append_capability(&enter_sequence, "civis");
  mouse_is_wanted = true;
  return true;
}

void restore_set_height(int rows) {
  int next = 1 - atomic_load(&leave_index);
  sequence *leave = &leave_sequences[next];
  leave->count = 0;
  if (knows_mouse) append(leave, mouse_off);
  if (knows_paste) append(leave, paste_off);
  append_capability(leave, "sgr0");
  append_capability(leave, "rmkx");
  if (capability("rmcup") != NULL) {
    append_capability(leave, "rmcup");
  } else {
    // Without an alternate screen the prompt goes to an empty last line.
    const char *last_line = tiparm(capability("cup"), rows - 1, 0);
    if (last_line != NULL) append(leave, last_line);
    append_capability(leave, "el");
  }
  append_capability(leave, "cnorm");
  atomic_store(&leave_index, next);
}

void restore_arm(void) { atomic_store(&screen_is_up, true); }

/// Asks the terminal to report pastes and, where wanted, the mouse.
static void write_reports(void) {
  if (knows_paste) restore_write(paste_on, strlen(paste_on));
  if (knows_mouse && mouse_is_wanted) restore_write(mouse_on, strlen(mouse_on));
}

void restore_save_screen_modes(void) {
  if (tcgetattr(tty, &modes_of_screen) != 0) return;
  // Eight bits a character, whatever the line was set to: input is UTF-8.
  modes_of_screen.c_iflag &= ~(tcflag_t)ISTRIP;
  modes_of_screen.c_cflag = (modes_of_screen.c_cflag & ~(tcflag_t)CSIZE) | CS8;
  tcsetattr(tty, TCSANOW, &modes_of_screen);
  write_reports();
}

void restore_enter(void) {
  // In the background this stops the process (SIGTTOU) until it is in the foreground; then it is interrupted.
  while (tcsetattr(tty, TCSANOW, &modes_of_screen) != 0 && errno == EINTR) continue;
  atomic_store(&screen_is_up, true);
  restore_write(enter_sequence.bytes, enter_sequence.count);
  write_reports();
}

/// Writes all bytes, however slowly the terminal takes them: half a frame would leave a wrong screen. Signals that ask to
/// leave end the process in the end, and a terminal that is gone fails.
static void write_patiently(const char *bytes, size_t count) {
  while (count > 0) {
    ssize_t written = write(tty, bytes, count);
    if (written > 0) {
      bytes += written;
      count -= (size_t)written;
    } else if (written < 0 && errno == EAGAIN) {
      poll(&(struct pollfd){.fd = tty, .events = POLLOUT}, 1, WRITE_WAIT_MS);
    } else if (written == 0 || errno != EINTR) {
      return;
    }
    // Another thread has crashed, or a second signal has come: the terminal was given back.
    if (!atomic_load(&screen_is_up)) return;
  }
}

void restore_draw(const char *bytes, size_t count) {
  drawing_thread = pthread_self();
  atomic_store(&is_drawing, true);
  if (atomic_load(&screen_is_up)) write_patiently(bytes, count);
  atomic_store(&is_drawing, false);
}

/// Waits for another thread's drawing to end, not longer than for a terminal that takes nothing. Thread: any, signal.
static void wait_for_drawing(void) {
  for (int waited = 0; waited < WRITE_WAIT_MS && atomic_load(&is_drawing); waited++) {
    if (pthread_equal(drawing_thread, pthread_self())) return;
    nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
  }
}

void restore_write(const char *bytes, size_t count) {
  while (count > 0) {
    struct pollfd terminal = {.fd = tty, .events = POLLOUT};
    int ready = poll(&terminal, 1, WRITE_WAIT_MS);
    if (ready < 0 && errno == EINTR) continue;
    // A terminal that takes nothing (a dropped line) must not keep the process alive.
    if (ready <= 0 || (terminal.revents & POLLOUT) == 0) return;
    ssize_t written = write(tty, bytes, count);
    if (written < 0 && errno != EINTR && errno != EAGAIN) return;
    if (written > 0) {
      bytes += written;
      count -= (size_t)written;
    }
  }
}

void cterm_restore(void) {
  if (!atomic_exchange(&screen_is_up, false)) return;
  int saved_errno = errno;
  wait_for_drawing();
  const sequence *leave = &leave_sequences[atomic_load(&leave_index)];
  restore_write(leave->bytes, leave->count);
  // From the background tcsetattr would stop the process; leaving must not.
  sigset_t background, before;
  sigemptyset(&background);
  sigaddset(&background, SIGTTOU);
  pthread_sigmask(SIG_BLOCK, &background, &before);
  while (tcsetattr(tty, TCSANOW, &modes_before) != 0 && errno == EINTR) continue;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  errno = saved_errno;
}

void cterm_set_mouse(bool on) {
  mouse_is_wanted = on;
  if (!knows_mouse || !atomic_load(&screen_is_up)) return;
  const char *bytes = on ? mouse_on : mouse_off;
  restore_write(bytes, strlen(bytes));
}

void cterm_send(const void *bytes, size_t count) {
  if (bytes != NULL && atomic_load(&screen_is_up)) restore_write(bytes, count);
}
