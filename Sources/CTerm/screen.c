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

enum { PALETTE = 256, ESCAPE_DELAY_MS = 25 };

static SCREEN *screen = NULL;
static FILE *output = NULL;
static bool is_utf8 = false;
static int32_t colours = 0;
static bool may_use_colour = false;
// Pair numbers by foreground and background (index 0: the terminal's own); 0: not allocated yet.
static int pairs[PALETTE + 1][PALETTE + 1];
static int pairs_used = 0;

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

/// Sets curses up on a terminal that was looked up.
static bool start_curses(int terminal) {
  output = fdopen(terminal, "w");
  screen = output == NULL ? NULL : newterm(NULL, output, stdin);
  if (screen == NULL) return false;
  signals_override_curses();
  raw();
  noecho();
  nonl();
  set_escdelay(ESCAPE_DELAY_MS);
  curs_set(0);
  leaveok(stdscr, TRUE);
  scrollok(stdscr, FALSE);
  pairs_used = 0;
  memset(pairs, 0, sizeof pairs);
  if (has_colors() && start_color() == OK) {
    use_default_colors();
    colours = COLORS;
  }
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
  restore_set_height(24);
  signals_install();
  restore_arm();
  if (!start_curses(terminal)) {
    cterm_stop();
    return CTERM_SYSTEM_ERROR;
  }
  restore_save_screen_modes();
  cterm_resize();
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

cterm_size cterm_get_size(void) { return (cterm_size){.width = COLS, .height = LINES}; }

cterm_size cterm_resize(void) {
  struct winsize window = {0};
  if (screen != NULL && ioctl(STDIN_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_row > 0 && window.ws_col > 0) {
    resizeterm(window.ws_row, window.ws_col);
  }
  restore_set_height(LINES);
  erase();
  // Terminals move what they show in their own ways when they shrink and grow.
  cterm_invalidate();
  return cterm_get_size();
}

/// The pair of two palette indices; the terminal's own colours where there are no more pairs.
static int pair_of(int foreground, int background) {
  if (colours == 0 || !may_use_colour || (foreground < 0 && background < 0)) return 0;
  int *pair = &pairs[foreground + 1][background + 1];
  if (*pair == 0 && pairs_used + 1 < COLOR_PAIRS) {
    if (init_extended_pair(pairs_used + 1, foreground, background) == OK) *pair = ++pairs_used;
  }
  return *pair;
}

/// An index that the terminal has; with 8 colours the bright eight are the dark ones, bold where in front.
static int fit_colour(int index, attr_t *bold) {
  if (index < 0 || index < colours) return index < PALETTE ? index : -1;
  if (index >= 16 || colours < 8) return -1;
  if (bold != NULL) *bold = A_BOLD;
  return index - 8;
}

/// The character of a cell, or '?' where the locale cannot show it in that width; curses would shift the row.
static void fill_text(const cterm_cell *cell, wchar_t text[CCHARW_MAX + 1]) {
  size_t count = 0;
  while (count < 5 && count < CCHARW_MAX && cell->text[count] != 0) {
    text[count] = (wchar_t)cell->text[count];
    count++;
  }
  text[count] = 0;
  if (count == 0) wcscpy(text, L" ");
  if (wcwidth(text[0]) != cell->width) wcscpy(text, L"?");
}

/// Puts one cell, and a space beside a wide character that became '?'.
static void put_cell(int row, int column, const cterm_cell *cell) {
  attr_t attributes = A_NORMAL;
  if (cell->attributes & CTERM_BOLD) attributes |= A_BOLD;
  if (cell->attributes & CTERM_DIM) attributes |= A_DIM;
  if (cell->attributes & CTERM_REVERSE) attributes |= A_REVERSE;
  if (cell->attributes & CTERM_UNDERLINE) attributes |= A_UNDERLINE;
  attr_t bright = A_NORMAL;
  int foreground = fit_colour(cell->foreground, &bright);
  int pair = pair_of(foreground, fit_colour(cell->background, NULL));
  if (pair != 0) attributes |= bright;
  wchar_t text[CCHARW_MAX + 1];
  fill_text(cell, text);
  cchar_t character;
  if (setcchar(&character, text, attributes, 0, &pair) == OK) mvadd_wch(row, column, &character);
  if (cell->width == 2 && wcwidth(text[0]) == 1 && column + 1 < COLS) {
    if (setcchar(&character, L" ", attributes, 0, &pair) == OK) mvadd_wch(row, column + 1, &character);
  }
}

void cterm_put(int32_t row, int32_t column, const cterm_cell *cells, int32_t count) {
  if (screen == NULL || row < 0 || row >= LINES) return;
  for (int32_t i = 0; i < count && column + i < COLS; i++) {
    cterm_cell cell = cells[i];
    if (column + i < 0 || cell.width == 0) continue;
    // Half of a wide character does not fit at the right border.
    if (cell.width == 2 && column + i + 1 >= COLS) {
      memset(cell.text, 0, sizeof cell.text);
      cell.width = 1;
    }
    put_cell(row, column + i, &cell);
  }
}

void cterm_flush(void) {
  if (screen == NULL) return;
  wnoutrefresh(stdscr);
  restore_draw(doupdate);
}

void cterm_invalidate(void) {
  if (screen != NULL) clearok(curscr, TRUE);
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
