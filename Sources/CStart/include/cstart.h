// What the program was started with, noted before anything of Swift runs: its runtime and its CommandLine read it from
// /proc, which a chroot or a container may not have.
#ifndef BRUME_CSTART_H
#define BRUME_CSTART_H

#include <stdint.h>

/// How many words the program was started with, its own name included; 0 where the caller gave none. Thread: any.
int32_t cstart_word_count(void);

/// The word at an index (0 is the program's name), as it was given; NULL outside. Never freed. Thread: any.
const char *cstart_word(int32_t index);

/// Gives memory that nothing uses back to the system; takes milliseconds. Thread: any.
void cstart_give_memory_back(void);

#endif
