# Shared by ./package: the licence of everything that is linked in, from where it is installed.
# shellcheck shell=bash disable=SC2154 # root: common.sh

# The Debian package that owns a file; nothing where none does: owner FILE
owner() {
  local real candidate
  real=$(readlink -f "$1")
  # Packages name files by the folders of before /lib became a link to /usr/lib, or by those of after.
  for candidate in "$real" "${real#/usr}"; do
    if dpkg-query -S "$candidate" 2>/dev/null | sed -n '1s/[:,].*//p' | grep .; then return; fi
  done
}

# Copies the licence of the Debian package that owns a file, once: licence_of_file FILE FOLDER
licence_of_file() {
  local package text
  command -v dpkg-query >/dev/null || fail "licences are taken from Debian's packages, and there is no dpkg-query here"
  package=$(owner "$1") || true
  [ -n "$package" ] || fail "no package owns $1, so nothing says under which licence it goes into the archive"
  text=/usr/share/doc/$package/copyright
  [ -s "$text" ] || fail "$text is missing: the licence of $1"
  [ -e "$2/$package.txt" ] && return
  cp -L "$text" "$2/$package.txt"
  # shellcheck disable=SC2016 # dpkg-query's own variables
  dpkg-query -W -f '${Package}.txt: Debian ${Package} ${Version}, of ${source:Package} ${source:Version}\n' "$package" |
    head -1 >>"$2/INDEX"
}

# Copies a text that must be there, and says what it is of: licence_from FILE NAME FOLDER WHAT
licence_from() {
  [ -s "$1" ] || fail "$1 is missing: the licence of $4"
  cp -L "$1" "$3/$2.txt"
  echo "$2.txt: $4" >>"$3/INDEX"
}

# The licence of the ICU in Swift's Foundation, which the toolchain does not bring: from a package of the system that
# has it, a file that BRUME_ICU_LICENCE names, or its publisher.
unicode_licence() {
  local file
  for file in "${BRUME_ICU_LICENCE:-}" /usr/share/doc/libicu*/copyright /usr/share/doc/nodejs/LICENSE; do
    [ -r "$file" ] || continue
    # Node.js has it between others, in a pair of triple quotes.
    awk '/UNICODE LICENSE V3/ { inside = 1 } inside && /^ *"""$/ { exit } inside' "$file" >"$1"
    [ -s "$1" ] && return
  done
  command -v curl >/dev/null && curl -fsSL -m 30 -o "$1" https://www.unicode.org/license.txt &&
    grep -q 'UNICODE LICENSE V3' "$1" && return
  fail "the Unicode licence (of the ICU in Swift's Foundation) was found neither here nor at its publisher." \
    "Get https://www.unicode.org/license.txt and name the file in BRUME_ICU_LICENCE."
}

# The licences of what the linker took from the Swift toolchain: toolchain_licences FOLDER
toolchain_licences() {
  local resources
  resources=$(swift -print-target-info | sed -n 's/.*"runtimeResourcePath": "\(.*\)".*/\1/p')
  licence_from "$resources/../../share/swift/LICENSE.txt" swift "$1" \
    "runtime, standard library, Dispatch and Foundation of $(swift --version 2>/dev/null | sed -n '1s/ (.*//p')"
  unicode_licence "$1/icu.txt"
  echo "icu.txt: ICU and the Unicode data in Swift's Foundation" >>"$1/INDEX"
}

# Collects the licences of Brume and of all that went into it: collect_licences MAP SCRATCH FOLDER
collect_licences() {
  local map=$1 scratch=$2 folder=$3 archive package file
  licence_from "$root/LICENSE" brume "$folder" "Brume"
  toolchain_licences "$folder"
  while read -r archive; do
    case $archive in
      */swift_static/*) ;;
      *) licence_of_file "$archive" "$folder" ;;
    esac
  done < <(grep -oE '/[^ ()]+\.a\(' "$map" | tr -d '(' | sort -u)
  for package in "$scratch"/checkouts/*/; do
    package=$(basename "$package")
    file=$(find "$scratch/checkouts/$package" -maxdepth 1 -iname 'LICEN[SC]E*' | sort | head -1)
    licence_from "${file:-$scratch/checkouts/$package/LICENSE}" "$package" "$folder" \
      "$package $(git -C "$scratch/checkouts/$package" describe --tags 2>/dev/null || true)"
  done
  # Yams has the sources of LibYAML inside, without its licence.
  licence_from /usr/share/doc/libyaml-0-2/copyright libyaml "$folder" "LibYAML, in Yams"
  common_licences "$folder"
}

# Debian's texts name the long licences by their files: copies those that they name: common_licences FOLDER
common_licences() {
  local name
  while read -r name; do
    mkdir -p "$1/common-licenses"
    cp -L "/usr/share/common-licenses/$name" "$1/common-licenses/" || fail "the text of $name is missing"
  done < <(grep -ohE '/usr/share/common-licenses/[A-Za-z0-9.-]*[A-Za-z0-9]' "$1"/*.txt | sed 's|.*/||' | sort -u)
  sort -o "$1/INDEX" "$1/INDEX"
  echo "common-licenses: what those texts call /usr/share/common-licenses" >>"$1/INDEX"
}
