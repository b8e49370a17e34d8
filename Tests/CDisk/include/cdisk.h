// A disk that is slow, full, or keeps a record: loaded into the program by LD_PRELOAD, by the tests alone.
//
// It concerns regular files and folders below $TEST_DISK_FOLDER:
//   TEST_DISK_DELAY_MS  fsync takes so long.
//   TEST_DISK_GATE      while this file exists, fsync does not return.
//   TEST_DISK_ERROR     while this file exists, what writes fails with the number that the file holds: 28 (ENOSPC) and
//                       122 (EDQUOT) when bytes are written, after half of them; 30 (EROFS) when a file is made.
//   TEST_DISK_LOG       a line for each write, fsync, rename, link and unlink that was done.
#ifndef BRUME_CDISK_H
#define BRUME_CDISK_H

/// Nothing is called by name: the functions stand in for those of the C library.
static const int cdisk_is_preloaded = 1;

#endif
