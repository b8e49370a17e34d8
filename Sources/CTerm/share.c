// What is shipped beside the program for machines that lack it: descriptions of terminals, and the UTF-8 characters.
#define _GNU_SOURCE
#include "internal.h"

#include <errno.h>
#include <limits.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/// Where distributions keep descriptions of terminals; the curses that is linked in knows those of its own only.
static const char system_descriptions[] =
    "/etc/terminfo:/lib/terminfo:/usr/share/terminfo:/usr/lib/terminfo:/usr/lib64/terminfo:/usr/local/share/terminfo";

/// The whole path of a file in one of the folders of $PATH; false where it is in none.
static bool find_on_path(const char *name, char path[PATH_MAX]) {
  const char *folder = getenv("PATH");
  while (folder != NULL) {
    const char *end = strchrnul(folder, ':');
    char candidate[PATH_MAX];
    int length = snprintf(candidate, sizeof candidate, "%.*s/%s", (int)(end - folder), folder, name);
    bool fits = end > folder && length > 0 && (size_t)length < sizeof candidate;
    if (fits && access(candidate, X_OK) == 0) return realpath(candidate, path) != NULL;
    folder = *end == 0 ? NULL : end + 1;
  }
  return false;
}

/// The executable's path without links: from /proc, and where there is none from how the program was called.
static bool find_executable(char path[PATH_MAX]) {
  if (realpath("/proc/self/exe", path) != NULL) return true;
  const char *name = program_invocation_name;
  if (name == NULL || name[0] == 0) return false;
  return strchr(name, '/') != NULL ? realpath(name, path) != NULL : find_on_path(name, path);
}

/// The folder share/NAME beside the folder that the executable is in; false where there is none.
static bool find_share(const char *name, char folder[PATH_MAX]) {
  char executable[PATH_MAX];
  if (!find_executable(executable)) return false;
  for (int level = 0; level < 2; level++) {
    char *slash = strrchr(executable, '/');
    if (slash == NULL) return false;
    *slash = 0;
  }
  int length = snprintf(folder, PATH_MAX, "%s/share/%s", executable, name);
  return length > 0 && length < PATH_MAX && access(folder, R_OK | X_OK) == 0;
}

bool share_add_descriptions(void) {
  char shipped[PATH_MAX];
  const char *before = getenv("TERMINFO_DIRS");
  bool has_before = before != NULL && before[0] != 0;
  bool has_shipped = find_share("terminfo", shipped);
  char *all = NULL;
  if (asprintf(&all, "%s%s%s%s%s", has_before ? before : "", has_before ? ":" : "", system_descriptions,
               has_shipped ? ":" : "", has_shipped ? shipped : "") < 0) {
    return false;
  }
  bool is_new = !has_before || strstr(before, system_descriptions) == NULL;
  bool done = is_new && setenv("TERMINFO_DIRS", all, 1) == 0;
  free(all);
  return done;
}

bool share_take_utf8(void) {
  if (setlocale(LC_CTYPE, "C.UTF-8") != NULL) return true;
  char shipped[PATH_MAX];
  if (!find_share("locale", shipped)) return false;
  const char *set = getenv("LOCPATH");
  char *before = set == NULL ? NULL : strdup(set);
  bool done = setenv("LOCPATH", shipped, 1) == 0 && setlocale(LC_CTYPE, "C.UTF-8") != NULL;
  if (before != NULL) {
    setenv("LOCPATH", before, 1);
  } else {
    unsetenv("LOCPATH");
  }
  free(before);
  return done;
}
