import CStart

/// The words that the program was started with.
///
/// Not from `CommandLine`, which reads them from /proc, and is empty in a chroot without it.
enum StartWords {
  /// The words behind the program's name.
  static var arguments: [String] {
    (0..<cstart_word_count()).dropFirst().compactMap { cstart_word($0).map { String(cString: $0) } }
  }
}
