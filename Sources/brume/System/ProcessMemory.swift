import Foundation

/// What this process has taken from the system.
enum ProcessMemory {
  /// Largest resident memory so far, bytes.
  static var peakResidentBytes: Double {
    var usage = rusage()
    guard getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 else { return 0 }
    // Linux counts in KiB.
    return Double(usage.ru_maxrss) * 1024
  }
}
