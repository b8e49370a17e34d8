/// Memory of the host, of `/proc/meminfo`.
enum HostMemory {
  /// Bytes of its first line, `MemTotal:  1056270336 kB`; nil where it is not there.
  static func bytes(_ output: SavedOutput) -> Double? {
    for line in output.lines where line.hasPrefix("MemTotal:") {
      guard line.hasSuffix("kB"), let (_, value) = line.keyAndValue, let number = value.leadingNumber,
        (1e6...5e11).contains(number)
      else { continue }
      // The kernel's kB are KiB.
      return number * 1_024
    }
    return nil
  }
}
