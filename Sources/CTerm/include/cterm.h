// The C border to ncurses: plain structs and integers only, so that Swift sees neither curses macros nor curses globals.
//
// Each function says on which thread it may run. "Main" is the thread that called cterm_start; "any" is every thread;
// "signal" means that a signal handler may call it too. There is one terminal per process.
#ifndef BRUME_CTERM_H
#define BRUME_CTERM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// How cterm_start ended.
enum cterm_status {
  /// The screen is up.
  CTERM_OK = 0,
  /// Standard input or output is not a terminal.
  CTERM_NOT_A_TERMINAL = 1,
  /// $TERM is not set, or has no description.
  CTERM_UNKNOWN_TERMINAL = 2,
  /// The terminal cannot move its cursor.
  CTERM_DUMB_TERMINAL = 3,
  /// The screen is up already.
  CTERM_ALREADY_STARTED = 4,
  /// A system call failed; errno says why.
  CTERM_SYSTEM_ERROR = 5,
};

/// What cterm_read returns beside bytes (0...255).
enum cterm_code {
  CTERM_NONE = -1,
  CTERM_UP = 1000,
  CTERM_DOWN,
  CTERM_LEFT,
  CTERM_RIGHT,
  CTERM_HOME,
  CTERM_END,
  CTERM_PAGE_UP,
  CTERM_PAGE_DOWN,
  CTERM_INSERT,
  CTERM_DELETE,
  CTERM_BACKSPACE,
  CTERM_ENTER,
  CTERM_BACK_TAB,
  CTERM_SUSPEND,
  /// ESC [ < : the digits of an SGR mouse report follow as bytes.
  CTERM_MOUSE_SGR,
  /// ESC [ M : three bytes of an X10 mouse report follow.
  CTERM_MOUSE_X10,
  CTERM_PASTE_START,
  CTERM_PASTE_END,
  /// A key of no use here.
  CTERM_OTHER,
  /// CTERM_FUNCTION + n is Fn, n in 1...12.
  CTERM_FUNCTION = 1100,
};

/// Columns and rows.
typedef struct {
  int32_t width;
  int32_t height;
} cterm_size;

/// Why cterm_wait returned; several can hold at once.
typedef struct {
  /// Bytes can be read.
  bool input;
  /// The terminal is gone: it hung up, or reads end or fail.
  bool hangup;
  /// The window changed its size: call cterm_resize.
  bool resized;
  /// Somebody sent SIGTSTP: call cterm_suspend.
  bool suspend;
  /// The process was stopped and goes on: call cterm_resume.
  bool continued;
  /// Of TERM INT HUP QUIT and the like: the one that asks to leave; 0 without. It stays until cterm_stop, which must
  /// come within 5 s: then the signal ends the process, so that a terminal that takes no bytes cannot keep it.
  int32_t signal;
} cterm_wakeup;

/// Whether cterm_start would find a terminal that it can use: CTERM_OK, or why not. Sends nothing. Thread: main.
int32_t cterm_check(void);

/// Takes the terminal: alternate screen, raw keys, mouse and paste reports, signal handlers. Sends nothing where it
/// fails. While the screen is up, what is printed to stdout, and to stderr where that is a terminal, is appended to the
/// file at log_path (NULL or not writable: dropped). name stands in front of what a crash tells. use_colour false keeps
/// the terminal's own colours. Returns cterm_status. Thread: main.
int32_t cterm_start(const char *name, const char *log_path, bool use_colour);

/// Gives the terminal back; nothing where it is not up. Returns whether something is in the log. Thread: main.
bool cterm_stop(void);

/// Colours of the terminal, 0 without; known after cterm_start. Thread: main.
int32_t cterm_colours(void);

/// Whether the locale's characters are UTF-8; known after cterm_start. Thread: main.
bool cterm_is_utf8(void);

/// Columns and rows as of the last cterm_start, cterm_resize or cterm_resume, at most 1,024 and 512: a pseudo-terminal
/// can claim 65,535 of each. Where the window says none: $COLUMNS and $LINES, then the description's. Thread: main.
cterm_size cterm_get_size(void);

/// Reads the window's size, and returns it as cterm_get_size does; what the screen shows is unknown then. Thread: main.
cterm_size cterm_resize(void);

/// The bytes of a capability of terminfo with its parameters and without padding; returns how many, 0 where the terminal
/// lacks it or they do not fit into capacity. After cterm_start. Thread: main.
int32_t cterm_capability(const char *name, int32_t first, int32_t second, char *bytes, int32_t capacity);

/// A number of terminfo, 0 where the terminal lacks it. After cterm_start. Thread: main.
int32_t cterm_number(const char *name);

/// A flag of terminfo. After cterm_start. Thread: main.
bool cterm_flag(const char *name);

/// Whether the locale shows a character in that many columns; after cterm_start. Thread: main.
bool cterm_shows(uint32_t scalar, int32_t width);

/// Sends the bytes of a frame, all of them, however long it takes; nothing where the screen is not up. Thread: main.
void cterm_paint(const void *bytes, size_t count);

/// The next byte (0...255) or cterm_code; CTERM_NONE when the input is drained. Waits up to 25 ms after an ESC, for the
/// rest of its sequence. Thread: main.
int32_t cterm_read(void);

/// Reads bytes that wait as they are, no keys recognised; how many, 0 where there are none. Only where cterm_read was at
/// the end of a key or of its input. Waits up to 25 ms where the last byte is an ESC, for the rest of its sequence.
/// Thread: main.
int32_t cterm_read_bytes(void *bytes, int32_t capacity);

/// Sleeps until input, cterm_wake, a signal, or the time is over (milliseconds; negative: for ever). Thread: main.
cterm_wakeup cterm_wait(int32_t timeout_ms);

/// Ends the sleep of cterm_wait, now or the next one. Thread: any, signal.
void cterm_wake(void);

/// Switches mouse reports on or off; off lets people select text. Thread: main.
void cterm_set_mouse(bool on);

/// Sends bytes that move nothing on the screen, such as those for the clipboard; nothing where it is not up. Waits while
/// the terminal takes them slowly, and gives up where it takes none for 250 ms. Thread: main.
void cterm_send(const void *bytes, size_t count);

/// Gives the terminal back, stops the process group until it is continued, and takes the terminal again.
/// Thread: main.
void cterm_suspend(void);

/// Takes the terminal again after the process was stopped from outside. Thread: main.
void cterm_resume(void);

/// Writes the reset bytes and the modes of before; nothing where the screen is not up. Thread: any, signal.
void cterm_restore(void);

#endif
