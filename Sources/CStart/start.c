// Runs before the Swift runtime starts.
#define _GNU_SOURCE
#include "cstart.h"

#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

// The first that is left to programs.
enum { BEFORE_OTHERS = 101 };

// A search frees most of what it took, in blocks of up to some MiB. Left to itself glibc takes ever larger ones from its
// own heaps, one for each thread, and keeps them: 170 MiB at rest where 50 are in use.
enum { LARGE_BLOCK_BYTES = 1 << 18 };

static int32_t word_count = 0;
static char **words = NULL;

/// Takes the numbers of those of standard input, output and error that the caller has closed. Else the next file that is
/// opened would get the number, and be read as input or have messages written into it. What stands there cannot be
/// read (input) or written (output, error), so that an attempt fails as on a closed one. Thread: main, alone.
static void keep_standard_numbers(void) {
  for (int file = 0; file < 3; file++) {
    if (fcntl(file, F_GETFD) >= 0) continue;
    // The lowest free number is this one. Without a null device (a chroot without /dev) a folder does as well.
    if (open("/dev/null", file == 0 ? O_WRONLY : O_RDONLY) < 0) (void)!open("/", O_RDONLY | O_DIRECTORY);
  }
}

/// Lets the signals through by which people end and stop programs: a caller that left them blocked would have to kill
/// this one. Thread: main, alone.
static void let_signals_through(void) {
  static const int numbers[] = {SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGALRM, SIGTERM, SIGTSTP, SIGCONT};
  sigset_t own;
  sigemptyset(&own);
  for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) sigaddset(&own, numbers[i]);
  sigprocmask(SIG_UNBLOCK, &own, NULL);
}

/// Notes the words (glibc hands them to constructors), and keeps a Swift runtime that is linked in from ending the
/// program where there is no /proc: at the start it asks for its own path, to find its crash reporter, unless it is
/// told a root. Thread: main, alone.
__attribute__((constructor(BEFORE_OTHERS))) static void note_start(int count, char **given, char **environment) {
  (void)environment;
  word_count = count;
  words = given;
  keep_standard_numbers();
  let_signals_through();
  mallopt(M_MMAP_THRESHOLD, LARGE_BLOCK_BYTES);
  mallopt(M_TRIM_THRESHOLD, LARGE_BLOCK_BYTES);
  if (access("/proc/self/exe", F_OK) != 0) setenv("SWIFT_ROOT", "/", 0);
}

int32_t cstart_word_count(void) { return word_count; }

const char *cstart_word(int32_t index) { return index >= 0 && index < word_count ? words[index] : NULL; }

void cstart_give_memory_back(void) { malloc_trim(0); }
