#include "cshipped.h"

// #embed is C23; clang takes it in C11 and would warn.
#pragma clang diagnostic ignored "-Wc23-extensions"
// One line a file: SHIP(identifier, "path from the root"), and its bytes above the table.
// A test holds this list against the folders samples/ and themes/.
static const unsigned char themes_contrast[] = {
#embed "../../themes/contrast.yaml"
};
static const unsigned char themes_dark[] = {
#embed "../../themes/dark.yaml"
};
static const unsigned char themes_light[] = {
#embed "../../themes/light.yaml"
};
static const unsigned char themes_mono[] = {
#embed "../../themes/mono.yaml"
};

static const brume_shipped_file files[] = {
    {"themes/contrast.yaml", themes_contrast, sizeof themes_contrast},
    {"themes/dark.yaml", themes_dark, sizeof themes_dark},
    {"themes/light.yaml", themes_light, sizeof themes_light},
    {"themes/mono.yaml", themes_mono, sizeof themes_mono},
};

size_t brume_shipped_count(void) { return sizeof files / sizeof files[0]; }

brume_shipped_file brume_shipped_file_at(size_t index) { return files[index]; }
