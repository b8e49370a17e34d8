// Written by list.sh: run it after a file was added to samples/ or themes/, renamed or removed there.
#include "cshipped.h"

// #embed is C23; clang offers it in C11 too, and writes the files into its dependency list.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char file0[] = {
#embed "../../samples/hardware/gpus.yaml"
};
static const unsigned char file1[] = {
#embed "../../samples/hardware/interference.yaml"
};
static const unsigned char file2[] = {
#embed "../../samples/hardware/nodes.yaml"
};
static const unsigned char file3[] = {
#embed "../../samples/models/current.yaml"
};
static const unsigned char file4[] = {
#embed "../../samples/models/paper.yaml"
};
static const unsigned char file5[] = {
#embed "../../themes/contrast.yaml"
};
static const unsigned char file6[] = {
#embed "../../themes/dark.yaml"
};
static const unsigned char file7[] = {
#embed "../../themes/light.yaml"
};
static const unsigned char file8[] = {
#embed "../../themes/mono.yaml"
};

static const brume_shipped_file files[] = {
    {"samples/hardware/gpus.yaml", file0, sizeof file0},
    {"samples/hardware/interference.yaml", file1, sizeof file1},
    {"samples/hardware/nodes.yaml", file2, sizeof file2},
    {"samples/models/current.yaml", file3, sizeof file3},
    {"samples/models/paper.yaml", file4, sizeof file4},
    {"themes/contrast.yaml", file5, sizeof file5},
    {"themes/dark.yaml", file6, sizeof file6},
    {"themes/light.yaml", file7, sizeof file7},
    {"themes/mono.yaml", file8, sizeof file8},
};

size_t brume_shipped_count(void) { return sizeof files / sizeof files[0]; }

brume_shipped_file brume_shipped_file_at(size_t index) { return files[index]; }
