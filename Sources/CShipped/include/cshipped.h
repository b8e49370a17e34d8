// The files that ship inside the binary: samples, models, hardware and themes.
#ifndef BRUME_CSHIPPED_H
#define BRUME_CSHIPPED_H
#include <stddef.h>

/// One embedded file: its path from the repository's root and its bytes (not zero-terminated).
typedef struct {
  const char *path;
  const unsigned char *bytes;
  size_t count;
} brume_shipped_file;

/// Number of embedded files. Any thread.
size_t brume_shipped_count(void);

/// The embedded file at `index` (< count). Any thread; the memory is static.
brume_shipped_file brume_shipped_file_at(size_t index);

#endif
