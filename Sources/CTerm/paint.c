// What the terminal understands, and frames on their way to it. Threads: main.
#define _GNU_SOURCE
#define NCURSES_WIDECHAR 1
#include "cterm.h"
#include "internal.h"

#include <curses.h>
#include <string.h>
#include <term.h>
#include <wchar.h>

int32_t cterm_capability(const char *name, int32_t first, int32_t second, char *bytes, int32_t capacity) {
  char *text = tigetstr((char *)name);
  if (text == NULL || text == (char *)-1) return 0;
  text = tiparm(text, first, second);
  int32_t count = 0;
  while (text != NULL && *text != 0) {
    // Padding ($<5>), which only real terminals of old needed.
    const char *end = text[0] == '$' && text[1] == '<' ? strchr(text, '>') : NULL;
    if (end != NULL) {
      text += end + 1 - text;
      continue;
    }
    if (count == capacity) return 0;
    bytes[count++] = *text++;
  }
  return count;
}

int32_t cterm_number(const char *name) {
  int number = tigetnum((char *)name);
  return number < 0 ? 0 : number;
}

bool cterm_flag(const char *name) { return tigetflag((char *)name) > 0; }

bool cterm_shows(uint32_t scalar, int32_t width) { return wcwidth((wchar_t)scalar) == width; }

void cterm_paint(const void *bytes, size_t count) {
  if (bytes != NULL && count > 0) restore_draw(bytes, count);
}
