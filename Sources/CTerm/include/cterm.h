// The C border to ncurses: plain structs and integers only; see CONTRIBUTING.md.
#ifndef BRUME_CTERM_H
#define BRUME_CTERM_H
#endif
