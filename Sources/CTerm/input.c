// Reading: bytes and keys by curses, and the sleep between them.
#define _GNU_SOURCE
#define NCURSES_WIDECHAR 1
#include "cterm.h"
#include "internal.h"

#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { EMPTY_READS_TO_LEAVE = 3 };

static int wake_pipe[2] = {-1, -1};
// A pad: reading through it never refreshes the screen, as reading through a window does.
static WINDOW *keys = NULL;
static bool read_something = false;
static int empty_reads = 0;

bool input_open_wake_pipe(void) {
  return wake_pipe[0] >= 0 || pipe2(wake_pipe, O_NONBLOCK | O_CLOEXEC) == 0;
}

/// What terminals send beside what terminfo knows: cursor keys of both modes, and our own reports.
static void define_sequences(void) {
  static const struct {
    const char *sequence;
    int code;
  } extra[] = {
      {"\033[A", KEY_UP},         {"\033[B", KEY_DOWN},       {"\033[C", KEY_RIGHT},
      {"\033[D", KEY_LEFT},       {"\033OA", KEY_UP},         {"\033OB", KEY_DOWN},
      {"\033OC", KEY_RIGHT},      {"\033OD", KEY_LEFT},       {"\033[H", KEY_HOME},
      {"\033[F", KEY_END},        {"\033OH", KEY_HOME},       {"\033OF", KEY_END},
      {"\033[1~", KEY_HOME},      {"\033[4~", KEY_END},       {"\033[2~", KEY_IC},
      {"\033[3~", KEY_DC},        {"\033[5~", KEY_PPAGE},     {"\033[6~", KEY_NPAGE},
      {"\033[Z", KEY_BTAB},       {"\033[<", CODE_MOUSE_SGR}, {"\033[M", CODE_MOUSE_X10},
      {"\033[200~", CODE_PASTE_START}, {"\033[201~", CODE_PASTE_END},
  };
  for (size_t i = 0; i < sizeof extra / sizeof extra[0]; i++) define_key(extra[i].sequence, extra[i].code);
}

bool input_start(void) {
  keys = newpad(1, 1);
  if (keys == NULL) return false;
  keypad(keys, TRUE);
  nodelay(keys, TRUE);
  define_sequences();
  read_something = false;
  empty_reads = 0;
  return true;
}

void input_stop(void) {
  if (keys != NULL) delwin(keys);
  keys = NULL;
}

/// A curses key in the numbers of the header.
static int32_t translate(int code) {
  if (code >= KEY_F(1) && code <= KEY_F(12)) return CTERM_FUNCTION + (code - KEY_F(0));
  switch (code) {
    case KEY_UP: return CTERM_UP;
    case KEY_DOWN: return CTERM_DOWN;
    case KEY_LEFT: return CTERM_LEFT;
    case KEY_RIGHT: return CTERM_RIGHT;
    case KEY_HOME: case KEY_FIND: case KEY_A1: return CTERM_HOME;
    case KEY_END: case KEY_SELECT: case KEY_C1: return CTERM_END;
    case KEY_PPAGE: case KEY_A3: return CTERM_PAGE_UP;
    case KEY_NPAGE: case KEY_C3: return CTERM_PAGE_DOWN;
    case KEY_IC: return CTERM_INSERT;
    case KEY_DC: return CTERM_DELETE;
    case KEY_BACKSPACE: return CTERM_BACKSPACE;
    case KEY_ENTER: return CTERM_ENTER;
    case KEY_BTAB: return CTERM_BACK_TAB;
    case KEY_SUSPEND: return CTERM_SUSPEND;
    case CODE_MOUSE_SGR: return CTERM_MOUSE_SGR;
    case CODE_MOUSE_X10: return CTERM_MOUSE_X10;
    case CODE_PASTE_START: return CTERM_PASTE_START;
    case CODE_PASTE_END: return CTERM_PASTE_END;
    default: return CTERM_OTHER;
  }
}

int32_t cterm_read(void) {
  int code = keys == NULL ? ERR : wgetch(keys);
  if (code == ERR) return CTERM_NONE;
  read_something = true;
  return code >= 0 && code < 256 ? code : translate(code);
}

int32_t cterm_read_bytes(void *bytes, int32_t capacity) {
  struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
  if (keys == NULL || capacity <= 0 || poll(&input, 1, 0) <= 0 || (input.revents & POLLIN) == 0) return 0;
  ssize_t count = read(STDIN_FILENO, bytes, (size_t)capacity);
  if (count <= 0) return 0;
  read_something = true;
  if (((const char *)bytes)[count - 1] == 27) poll(&input, 1, ESCAPE_DELAY_MS);
  return (int32_t)count;
}

/// Whether the input has ended, though poll says that it can be read: nothing is there, and nothing was read before.
static bool input_has_ended(bool readable) {
  int waiting = 0;
  bool is_empty = readable && !read_something && ioctl(STDIN_FILENO, FIONREAD, &waiting) == 0 && waiting == 0;
  empty_reads = is_empty ? empty_reads + 1 : 0;
  read_something = false;
  return empty_reads >= EMPTY_READS_TO_LEAVE;
}

cterm_wakeup cterm_wait(int32_t timeout_ms) {
  struct pollfd sources[2] = {{.fd = STDIN_FILENO, .events = POLLIN}, {.fd = wake_pipe[0], .events = POLLIN}};
  int ready = poll(sources, 2, timeout_ms);
  cterm_wakeup result = {0};
  if (ready > 0 && sources[1].revents != 0) {
    char bytes[64];
    while (read(wake_pipe[0], bytes, sizeof bytes) == sizeof bytes) continue;
  }
  if (ready > 0) {
    result.input = (sources[0].revents & POLLIN) != 0;
    result.hangup = (sources[0].revents & (POLLHUP | POLLERR | POLLNVAL)) != 0 || input_has_ended(result.input);
    if (result.hangup) signals_note_hangup();
  }
  int leave = 0;
  signals_take(&result.resized, &result.suspend, &result.continued, &leave);
  result.signal = leave;
  return result;
}

void cterm_wake(void) {
  int saved_errno = errno;
  // A full pipe wakes as well as one byte more.
  ssize_t ignored = wake_pipe[1] >= 0 ? write(wake_pipe[1], "", 1) : 0;
  (void)ignored;
  errno = saved_errno;
}
