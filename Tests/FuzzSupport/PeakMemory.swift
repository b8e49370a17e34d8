import Foundation

/// The largest size of the program since a moment.
enum PeakMemory {
  private static let status = open("/proc/self/status", O_RDONLY | O_CLOEXEC)
  private static let references = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC)

  /// Bytes in memory, now and at most since `start`.
  static var bytes: (now: Int, most: Int) {
    var text = [CChar](repeating: 0, count: 4_096)
    guard pread(status, &text, text.count - 1, 0) > 0 else { return (0, 0) }
    func kibibytes(_ name: String) -> Int {
      strstr(text, name).map { Int(strtol($0 + name.utf8.count, nil, 10)) } ?? 0
    }
    return (kibibytes("VmRSS:") << 10, kibibytes("VmHWM:") << 10)
  }

  /// Forgets what was before; bytes in memory now.
  static func start() -> Int {
    // See proc_pid_clear_refs(5).
    _ = write(references, "5", 1)
    return bytes.now
  }
}
