// The screen: start and end, cells, size.
#define _GNU_SOURCE
#define NCURSES_WIDECHAR 1
#include "cterm.h"
#include "internal.h"

#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <term.h>
#include <unistd.h>
#include <wchar.h>

// The largest window of which everything is used: twice what a wall of screens shows. A pseudo-terminal can say 65,535 in
// both directions, and each cell costs memory.
enum { MOST_COLUMNS = 1024, MOST_ROWS = 512, USUAL_COLUMNS = 80, USUAL_ROWS = 24 };

static SCREEN *screen = NULL;
static FILE *output = NULL;
static bool is_utf8 = false;
static int32_t colours = 0;
static bool may_use_colour = false;
static cterm_size window_size;

/// Takes the character set of the environment, of the locale nothing else, so that numbers stay as they are. Where the
/// locale is not installed here but asks for UTF-8 (common over SSH), UTF-8 without a language stands in. Any other
/// set is as good as ASCII, since frames are ASCII then; and a program that is linked statically must not load the
/// system's conversions of it, which belong to another C library.
static void take_character_set(void) {
  if (setlocale(LC_CTYPE, "") == NULL) {
    const char *names[] = {getenv("LC_ALL"), getenv("LC_CTYPE"), getenv("LANG")};
    const char *wanted = "";
    for (int i = 0; i < 3 && wanted[0] == 0; i++) wanted = names[i] == NULL ? "" : names[i];
    bool wants_utf8 = strcasestr(wanted, "utf-8") != NULL || strcasestr(wanted, "utf8") != NULL;
    if (!wants_utf8 || !share_take_utf8()) setlocale(LC_CTYPE, "C");
  }
  is_utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
  if (!is_utf8) setlocale(LC_CTYPE, "C");
}

/// Has curses read the terminal's description; where it finds none, also from where other systems have theirs, and from
/// what is shipped beside the program. Returns setupterm's error: 1 found (status OK) or no use, else not found.
static int read_description(int *status) {
  int error = 0;
  *status = setupterm(NULL, STDOUT_FILENO, &error);
  if (*status != OK && error != 1 && share_add_descriptions()) *status = setupterm(NULL, STDOUT_FILENO, &error);
  return error;
}

/// Looks the terminal up without sending a byte. Returns cterm_status.
static int32_t look_up_terminal(void) {
  if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) return CTERM_NOT_A_TERMINAL;
  const char *name = getenv("TERM");
  if (name == NULL || name[0] == 0) return CTERM_UNKNOWN_TERMINAL;
  int status = ERR;
  int error = read_description(&status);
  if (status != OK && error != 1) return CTERM_UNKNOWN_TERMINAL;
  const char *move = status == OK ? tigetstr("cup") : NULL;
  return move == NULL || move == (char *)-1 || move[0] == 0 ? CTERM_DUMB_TERMINAL : CTERM_OK;
}

int32_t cterm_check(void) { return screen != NULL ? CTERM_ALREADY_STARTED : look_up_terminal(); }

/// Sets a variable of the environment, or takes it away where the value is NULL.
static void set_variable(const char *name, const char *value) {
  if (value != NULL) setenv(name, value, 1);
  else unsetenv(name);
}

/// Opens curses' screen, in our size: it takes cells for all that the window or $LINES and $COLUMNS claim, and sets the
/// region that scrolls to so many rows. Changes the environment for a moment.
static SCREEN *open_screen(void) {
  static const char *const names[] = {"LINES", "COLUMNS"};
  const int32_t counts[] = {window_size.height, window_size.width};
  char *before[2];
  for (int i = 0; i < 2; i++) {
    const char *value = getenv(names[i]);
    before[i] = value == NULL ? NULL : strdup(value);
    char text[16];
    snprintf(text, sizeof text, "%d", counts[i]);
    set_variable(names[i], text);
  }
  SCREEN *opened = newterm(NULL, output, stdin);
  for (int i = 0; i < 2; i++) {
    set_variable(names[i], before[i]);
    free(before[i]);
  }
  return opened;
}

/// Sets curses up on a terminal that was looked up.
static bool start_curses(int terminal) {
  output = fdopen(terminal, "w");
  screen = output == NULL ? NULL : open_screen();
  if (screen == NULL) return false;
  signals_override_curses();
  raw();
  noecho();
  nonl();
  set_escdelay(ESCAPE_DELAY_MS);
  curs_set(0);
  leaveok(stdscr, TRUE);
  scrollok(stdscr, FALSE);
  // Frames are painted without curses, which takes the screen here and reads the keys.
  if (has_colors()) colours = cterm_number("colors");
  return input_start();
}

int32_t cterm_start(const char *name, const char *log_path, bool use_colour) {
  if (screen != NULL) return CTERM_ALREADY_STARTED;
  take_character_set();
  int32_t status = look_up_terminal();
  if (status != CTERM_OK) return status;
  colours = 0;
  may_use_colour = use_colour;
  if (!input_open_wake_pipe()) return CTERM_SYSTEM_ERROR;
  int terminal = log_open(name, log_path);
  if (terminal < 0) return CTERM_SYSTEM_ERROR;
  if (!restore_prepare(terminal)) {
    close(terminal);
    log_close();
    return CTERM_SYSTEM_ERROR;
  }
  window_size = (cterm_size){0};
  cterm_resize();
  signals_install();
  restore_arm();
  if (!start_curses(terminal)) {
    cterm_stop();
    return CTERM_SYSTEM_ERROR;
  }
  restore_save_screen_modes();
  return CTERM_OK;
}

bool cterm_stop(void) {
  cterm_restore();
  signals_remove();
  input_stop();
  if (screen != NULL) delscreen(screen);
  screen = NULL;
  if (output != NULL) fclose(output);
  output = NULL;
  return log_close();
}

int32_t cterm_colours(void) { return may_use_colour ? colours : 0; }

bool cterm_is_utf8(void) { return is_utf8; }

cterm_size cterm_get_size(void) { return window_size; }

/// A number of columns or rows: the window's; where it says none the variable's, then the description's; within the
/// bounds.
static int32_t extent(int window, const char *variable, const char *capability, int usual, int most) {
  const char *text = getenv(variable);
  long count = window > 0 ? window : text == NULL ? 0 : strtol(text, NULL, 10);
  if (count <= 0) count = cterm_number(capability);
  if (count <= 0) count = usual;
  return (int32_t)(count < most ? count : most);
}

cterm_size cterm_resize(void) {
  struct winsize window = {0};
  bool is_known = ioctl(STDIN_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_row > 0 && window.ws_col > 0;
  if (is_known || window_size.width == 0) {
    window_size.width = extent(is_known ? window.ws_col : 0, "COLUMNS", "cols", USUAL_COLUMNS, MOST_COLUMNS);
    window_size.height = extent(is_known ? window.ws_row : 0, "LINES", "lines", USUAL_ROWS, MOST_ROWS);
  }
  restore_set_height(window_size.height);
  return window_size;
}

void cterm_suspend(void) {
  if (screen == NULL) return;
  cterm_restore();
  signals_stop_group();
  cterm_resume();
}

void cterm_resume(void) {
  if (screen == NULL) return;
  restore_enter();
  cterm_resize();
}
