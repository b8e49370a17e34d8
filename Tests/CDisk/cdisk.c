#define _GNU_SOURCE
#include "cdisk.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define NEXT(type, name) ((type)dlsym(RTLD_NEXT, name))

static bool concerns(const char *path) {
  const char *folder = getenv("TEST_DISK_FOLDER");
  return folder != NULL && path != NULL && strncmp(path, folder, strlen(folder)) == 0;
}

/// The path of an open file; empty where it is none of ours.
static void path_of(int file, char path[PATH_MAX]) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t length = readlink(link, path, PATH_MAX - 1);
  path[length > 0 ? length : 0] = 0;
  if (!concerns(path)) path[0] = 0;
}

/// One line in one system call, so that lines of several threads do not mix.
static void note(const char *format, ...) {
  const char *path = getenv("TEST_DISK_LOG");
  if (path == NULL) return;
  char line[3 * PATH_MAX];
  va_list list;
  va_start(list, format);
  int length = vsnprintf(line, sizeof line, format, list);
  va_end(list);
  int saved = errno;
  long file = syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (file >= 0) {
    syscall(SYS_write, (int)file, line, (size_t)length);
    syscall(SYS_close, (int)file);
  }
  errno = saved;
}

/// The error that writing shall have now; 0 for none.
static int error_now(void) {
  const char *path = getenv("TEST_DISK_ERROR");
  if (path == NULL) return 0;
  char digits[16] = "";
  long file = syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
  if (file < 0) return 0;
  syscall(SYS_read, (int)file, digits, sizeof digits - 1);
  syscall(SYS_close, (int)file);
  return atoi(digits);
}

int fsync(int file) {
  char path[PATH_MAX];
  path_of(file, path);
  if (path[0] == 0) return NEXT(int (*)(int), "fsync")(file);
  const char *delay = getenv("TEST_DISK_DELAY_MS");
  if (delay != NULL) {
    long ms = atol(delay);
    nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000}, NULL);
  }
  const char *gate = getenv("TEST_DISK_GATE");
  while (gate != NULL && access(gate, F_OK) == 0) nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
  int result = NEXT(int (*)(int), "fsync")(file);
  if (result == 0) note("fsync %s\n", path);
  return result;
}

ssize_t write(int file, const void *bytes, size_t count) {
  ssize_t (*next)(int, const void *, size_t) = NEXT(ssize_t (*)(int, const void *, size_t), "write");
  struct stat status;
  if (fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) return next(file, bytes, count);
  char path[PATH_MAX];
  path_of(file, path);
  if (path[0] == 0) return next(file, bytes, count);
  int error = error_now();
  if (error == ENOSPC || error == EDQUOT) {
    // A disk takes what still fits, and refuses the rest.
    if (count > 1 && status.st_size == 0) return next(file, bytes, count / 2);
    errno = error;
    return -1;
  }
  ssize_t result = next(file, bytes, count);
  if (result > 0) note("write %s %zd\n", path, result);
  return result;
}

static int open_or_fail(const char *name, const char *path, int flags, mode_t mode) {
  if (concerns(path) && (flags & O_CREAT) != 0 && error_now() == EROFS) {
    errno = EROFS;
    return -1;
  }
  return NEXT(int (*)(const char *, int, ...), name)(path, flags, mode);
}

static mode_t mode_of(int flags, va_list list) {
  return (flags & (O_CREAT | O_TMPFILE)) != 0 ? (mode_t)va_arg(list, int) : 0;
}

int open(const char *path, int flags, ...) {
  va_list list;
  va_start(list, flags);
  mode_t mode = mode_of(flags, list);
  va_end(list);
  return open_or_fail("open", path, flags, mode);
}

int open64(const char *path, int flags, ...) {
  va_list list;
  va_start(list, flags);
  mode_t mode = mode_of(flags, list);
  va_end(list);
  return open_or_fail("open64", path, flags, mode);
}

int rename(const char *from, const char *to) {
  int result = NEXT(int (*)(const char *, const char *), "rename")(from, to);
  if (result == 0 && concerns(to)) note("rename %s %s\n", from, to);
  return result;
}

int link(const char *from, const char *to) {
  int result = NEXT(int (*)(const char *, const char *), "link")(from, to);
  if (result == 0 && concerns(to)) note("link %s %s\n", from, to);
  return result;
}

int unlink(const char *path) {
  int result = NEXT(int (*)(const char *), "unlink")(path);
  if (result == 0 && concerns(path)) note("unlink %s\n", path);
  return result;
}
