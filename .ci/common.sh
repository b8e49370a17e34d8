# Shared by ./explore, ./test, ./package and .ci/run: what the build needs from the system, and a quiet build.
# shellcheck shell=bash

# The root of the project, from wherever the caller stands.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# Says what is wrong and ends.
fail() {
  printf '%s\n' "$@" >&2
  exit 1
}

# Puts the Swift toolchain on the path, or says where to get it.
need_swift() {
  local folder
  for folder in "" /opt/swift/usr/bin /usr/local/swift/usr/bin /usr/share/swift/usr/bin \
    "${HOME:-/root}/.local/share/swiftly/bin"; do
    if [ -z "$folder" ]; then
      command -v swift >/dev/null && return
    elif [ -x "$folder/swift" ]; then
      PATH="$folder:$PATH"
      export PATH
      return
    fi
  done
  fail "Brume is written in Swift, and no Swift toolchain (6.2 or later) was found." \
    "Install one from https://www.swift.org/install/ and run this again."
}

# True when a C program that includes the header links with the libraries: links HEADER LIBRARY...
links() {
  local header=$1 compiler
  shift
  compiler=$(command -v clang || command -v cc) || return 1
  printf '#include <%s>\nint main(void) { return 0; }\n' "$header" |
    "$compiler" -x c - -o /dev/null "${@/#/-l}" >/dev/null 2>&1
}

# Prints the Debian packages that the build lacks, one a line.
missing_packages() {
  links ncurses.h ncursesw tinfo || echo libncurses-dev
  links glpk.h glpk || echo libglpk-dev
}

# Installs Debian packages: install_packages PACKAGE...; false when it cannot.
install_packages() {
  local as_root=()
  command -v apt-get >/dev/null || return 1
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || return 1
    as_root=(sudo)
    # Without a terminal nobody can type a password.
    [ -t 0 ] || as_root=(sudo -n)
  fi
  echo "installing $*" >&2
  local get=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -y)
  if ! "${get[@]}" install "$@" >/dev/null 2>&1; then
    "${get[@]}" update >/dev/null && "${get[@]}" install "$@" >/dev/null
  fi
}

# Makes sure that the build has what it needs from the system, or says exactly what is missing.
need_packages() {
  local missing
  mapfile -t missing < <(missing_packages)
  [ "${#missing[@]}" -eq 0 ] && return
  if ! install_packages "${missing[@]}"; then
    fail "Brume needs these packages, and they could not be installed from here: ${missing[*]}" \
      "As root:  apt-get install ${missing[*]}" \
      "(other systems: the headers and libraries of ncurses with wide characters, and of GLPK)"
  fi
  mapfile -t missing < <(missing_packages)
  [ "${#missing[@]}" -eq 0 ] || fail "installed, but still not usable by the C compiler: ${missing[*]}"
}

# Prints the Debian packages whose static libraries ./package lacks, and what it takes texts from, one a line.
missing_archives() {
  local compiler library package
  compiler=$(command -v clang || command -v cc)
  while read -r library package; do
    [[ $("$compiler" -print-file-name="lib$library.a") == */* ]] || echo "$package"
  done <<'END'
c libc6-dev
stdc++ g++
ncursesw libncurses-dev
tinfo libncurses-dev
glpk libglpk-dev
ltdl libltdl-dev
z zlib1g-dev
END
  [ -e /usr/share/doc/libyaml-0-2/copyright ] || echo libyaml-0-2
}

# Makes sure that ./package has the static libraries that it links, or says which are missing.
need_archives() {
  local missing
  mapfile -t missing < <(missing_archives)
  [ "${#missing[@]}" -eq 0 ] && return
  install_packages "${missing[@]}" || true
  mapfile -t missing < <(missing_archives)
  [ "${#missing[@]}" -eq 0 ] || fail "a static executable needs these packages: ${missing[*]}" \
    "As root:  apt-get install ${missing[*]}"
}

# Bytes in megabytes (10^6), with one decimal: megabytes BYTES
megabytes() { awk -v bytes="$1" 'BEGIN { printf "%.1f", bytes / 1e6 }'; }

# Builds with one progress line on a terminal; the whole output only when it fails: quiet_build ARGUMENT...
quiet_build() {
  local log=$root/.build/build.log line
  mkdir -p "$root/.build"
  if ! swift build --package-path "$root" "$@" 2>&1 | tee "$log" | while IFS= read -r line; do
    [ -t 2 ] && [[ $line == \[* ]] && printf '\r\033[Kbuilding %.60s' "$line" >&2
    true
  done; then
    [ -t 2 ] && printf '\r\033[K' >&2
    if ! grep -E -A 3 'error:' "$log" >&2; then cat "$log" >&2; fi
    fail "the build failed; its whole output is in $log"
  fi
  [ -t 2 ] && printf '\r\033[K' >&2
  true
}
