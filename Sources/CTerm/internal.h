// What the .c files of CTerm share. Threads: main, unless a comment says otherwise.
#ifndef BRUME_CTERM_INTERNAL_H
#define BRUME_CTERM_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>

/// Our own codes for define_key: above curses' KEY_MAX and above the codes that it gives to extended keys.
enum {
  // How long the rest of a sequence may take after its ESC.
  ESCAPE_DELAY_MS = 25,
};
enum {
  CODE_MOUSE_SGR = 0x4001,
  CODE_MOUSE_X10 = 0x4002,
  CODE_PASTE_START = 0x4003,
  CODE_PASTE_END = 0x4004,
};

// input.c
/// The pipe that wakes cterm_wait; made once and never closed, so that a late cterm_wake cannot hit another file.
bool input_open_wake_pipe(void);
/// Creates the window that keys are read through, and the key sequences that terminfo lacks.
bool input_start(void);
/// Frees that window.
void input_stop(void);

// restore.c
/// Saves the modes of the terminal, and computes the bytes that enter and leave the screen from terminfo (setupterm
/// must have run). False with errno where the modes cannot be read.
bool restore_prepare(int tty);
/// Recomputes the bytes that leave the screen; they hold its height on terminals without an alternate screen.
void restore_set_height(int rows);
/// From here on cterm_restore has something to do.
void restore_arm(void);
/// Saves the modes that curses has set, for restore_enter.
void restore_save_screen_modes(void);
/// Sets the screen's modes again and sends the bytes that enter it; waits while the process is in the background.
void restore_enter(void);
/// Writes a frame, unless the terminal was given back: a crash on another thread does so, and nothing may be drawn over
/// its message.
void restore_draw(const char *bytes, size_t count);
/// Writes all bytes, giving up where the terminal takes none for a quarter of a second. Thread: any, signal.
void restore_write(const char *bytes, size_t count);

// share.c
/// Adds to $TERMINFO_DIRS, behind what it has, the folders of other distributions and the one that is shipped beside
/// the program; curses looks there from then on. False where they were added before, or cannot be. Changes the
/// environment: only before other threads read it.
bool share_add_descriptions(void);
/// Sets the characters to UTF-8 without a language: the system's, or else those that are shipped beside the program.
/// False, with nothing changed, where there are neither. Changes the environment for a moment.
bool share_take_utf8(void);

// signals.c
/// Installs the handlers; false with errno.
bool signals_install(void);
/// SIGTSTP and SIGWINCH once more, since newterm put its own.
void signals_override_curses(void);
/// The terminal is gone.
void signals_note_hangup(void);
/// Puts back what was there before; after a hangup SIGHUP stays ignored.
void signals_remove(void);
/// Reads and clears what the handlers noted; the signal that asks to leave is not cleared.
void signals_take(bool *resized, bool *suspend, bool *continued, int *leave);
/// Stops the process group; returns when it is continued, or where nobody can stop it.
void signals_stop_group(void);

// log.c
/// Sends stdout, and stderr where it is a terminal, to the file; the text of a crash names it. Returns a descriptor of
/// the terminal for curses to write to, -1 with errno.
int log_open(const char *name, const char *path);
/// Puts stdout and stderr back; removes the file where it is empty. Returns whether something was written.
bool log_close(void);
/// Writes the signal and a backtrace to the log, and a line about it to the person. Thread: any, signal.
void log_crash(int signal_number);

#endif
