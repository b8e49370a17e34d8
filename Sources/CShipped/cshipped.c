#include "cshipped.h"

// One line a file: SHIP(identifier, "path from the root"), and its bytes above the table.
// A test holds this list against the folders samples/ and themes/.
static const unsigned char placeholder[] = {0};

static const brume_shipped_file files[] = {
    {"placeholder", placeholder, 0},
};

size_t brume_shipped_count(void) { return sizeof files / sizeof files[0]; }

brume_shipped_file brume_shipped_file_at(size_t index) { return files[index]; }
