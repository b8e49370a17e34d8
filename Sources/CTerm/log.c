// Where printed text goes while the screen is up: one stray line from a library would garble it.
#define _GNU_SOURCE
#include "internal.h"

#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int saved_stdout = -1;
static int saved_stderr = -1;
static int log_file = -1;
static bool log_is_file = false;
static bool log_has_start = false;
static char log_path_copy[1024];
static char crash_text[1400];

/// Opens the log for appending, or what takes nothing: the null device, or a folder that was opened for reading where
/// there is no such device (a chroot without /dev).
static int open_target(const char *path) {
  log_is_file = false;
  log_path_copy[0] = 0;
  if (path != NULL && strlen(path) < sizeof log_path_copy) {
    int file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
    struct stat info;
    if (file >= 0 && fstat(file, &info) == 0 && S_ISREG(info.st_mode)) {
      log_is_file = true;
      log_has_start = info.st_size > 0;
      strcpy(log_path_copy, path);
      return file;
    }
    if (file >= 0) close(file);
  }
  int nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);
  return nothing >= 0 ? nothing : open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

int log_open(const char *name, const char *path) {
  fflush(stdout);
  fflush(stderr);
  int terminal = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
  if (terminal < 0) return -1;
  log_file = open_target(path);
  saved_stdout = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
  if (log_file < 0 || saved_stdout < 0 || dup2(log_file, STDOUT_FILENO) < 0) {
    int error = errno;
    log_close();
    close(terminal);
    errno = error;
    return -1;
  }
  // A stderr that the person sent elsewhere stays there.
  if (isatty(STDERR_FILENO)) {
    saved_stderr = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    if (saved_stderr >= 0) dup2(log_file, STDERR_FILENO);
  }
  // The first backtrace loads a library, which a signal handler must not do.
  void *frame[1];
  backtrace(frame, 1);
  if (log_is_file) {
    snprintf(crash_text, sizeof crash_text, "\r\n%s stopped by a fault of its own; details are in %s\r\n", name,
             log_path_copy);
  } else {
    snprintf(crash_text, sizeof crash_text, "\r\n%s stopped by a fault of its own\r\n", name);
  }
  return terminal;
}

bool log_close(void) {
  fflush(stdout);
  fflush(stderr);
  if (saved_stdout >= 0) {
    dup2(saved_stdout, STDOUT_FILENO);
    close(saved_stdout);
    saved_stdout = -1;
  }
  if (saved_stderr >= 0) {
    dup2(saved_stderr, STDERR_FILENO);
    close(saved_stderr);
    saved_stderr = -1;
  }
  bool written = false;
  if (log_file >= 0) {
    struct stat info;
    written = log_is_file && fstat(log_file, &info) == 0 && info.st_size > 0;
    if (log_is_file && !written && !log_has_start) unlink(log_path_copy);
    close(log_file);
    log_file = -1;
  }
  return written;
}

void log_crash(int signal_number) {
  if (log_file < 0) return;
  char line[] = "signal 00\n";
  line[7] = (char)('0' + signal_number / 10 % 10);
  line[8] = (char)('0' + signal_number % 10);
  ssize_t ignored = write(log_file, line, sizeof line - 1);
  void *frames[64];
  int count = backtrace(frames, 64);
  backtrace_symbols_fd(frames, count, log_file);
  int person = saved_stderr >= 0 ? saved_stderr : STDERR_FILENO;
  ignored = write(person, crash_text, strlen(crash_text));
  (void)ignored;
}
