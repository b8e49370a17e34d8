// Runs before the Swift runtime starts.
#define _GNU_SOURCE
#include "cstart.h"

#include <malloc.h>
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

/// Notes the words (glibc hands them to constructors), and keeps a Swift runtime that is linked in from ending the
/// program where there is no /proc: at the start it asks for its own path, to find its crash reporter, unless it is
/// told a root. Thread: main, alone.
__attribute__((constructor(BEFORE_OTHERS))) static void note_start(int count, char **given, char **environment) {
  (void)environment;
  word_count = count;
  words = given;
  mallopt(M_MMAP_THRESHOLD, LARGE_BLOCK_BYTES);
  mallopt(M_TRIM_THRESHOLD, LARGE_BLOCK_BYTES);
  if (access("/proc/self/exe", F_OK) != 0) setenv("SWIFT_ROOT", "/", 0);
}

int32_t cstart_word_count(void) { return word_count; }

const char *cstart_word(int32_t index) { return index >= 0 && index < word_count ? words[index] : NULL; }

void cstart_give_memory_back(void) { malloc_trim(0); }
