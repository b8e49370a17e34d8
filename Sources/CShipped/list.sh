#!/bin/sh
# Rewrites cshipped.c so that it embeds every file of samples/ and themes/.
# Run it from anywhere after a file there was added, renamed or removed; a test compares the list with the folders.
set -eu
here=$(CDPATH="" cd -- "$(dirname -- "$0")" && pwd)
root=$(CDPATH="" cd -- "$here/../.." && pwd)
cd "$root"
folders=
for folder in samples themes; do
  [ -d "$folder" ] && folders="$folders $folder"
done
# shellcheck disable=SC2086 # two folder names without spaces
files=$(find $folders -type f ! -name '.*' | LC_ALL=C sort)
{
  cat <<'HEAD'
// Written by list.sh: run it after a file was added to samples/ or themes/, renamed or removed there.
#include "cshipped.h"

// #embed is C23; clang offers it in C11 too, and writes the files into its dependency list.
#pragma clang diagnostic ignored "-Wc23-extensions"

HEAD
  number=0
  for file in $files; do
    printf 'static const unsigned char file%d[] = {\n#embed "../../%s"\n};\n' "$number" "$file"
    number=$((number + 1))
  done
  printf '\nstatic const brume_shipped_file files[] = {\n'
  number=0
  for file in $files; do
    printf '    {"%s", file%d, sizeof file%d},\n' "$file" "$number" "$number"
    number=$((number + 1))
  done
  cat <<'TAIL'
};

size_t brume_shipped_count(void) { return sizeof files / sizeof files[0]; }

brume_shipped_file brume_shipped_file_at(size_t index) { return files[index]; }
TAIL
} > "$here/cshipped.c"
