import Engine
import Foundation

/// A file that says who has something: made only where there is none, which holds on network file systems too, where
/// flock may be missing or mean nothing.
///
/// It ends with its owner: by the process where that ran on this machine, by its age where it ran on another.
struct OwnerLock {
  /// The file.
  let path: String

  /// Who has it.
  enum Holder: Equatable {
    /// Nobody, or somebody who has ended.
    case nobody
    /// A process; nil where the file does not say which.
    case somebody(ProcessIdentity?)
  }

  /// Who holds the lock.
  ///
  /// - Parameter patience: seconds after which an owner whose process cannot be looked up counts as ended.
  func holder(patience: Double) -> Holder {
    guard let age else { return .nobody }
    let text = (try? ConfigNode.readText(path)) ?? ""
    let owner = try? ProcessIdentity(text: text, file: path)
    switch owner?.state {
    case .running: return .somebody(owner)
    case .ended: return .nobody
    case .elsewhere, nil: return age < patience ? .somebody(owner) : .nobody
    }
  }

  /// Takes the lock where nobody has it; false where somebody does.
  ///
  /// What an owner who has ended left is taken away first. Throws `OutputError` where the folder cannot be written.
  func take(patience: Double) throws(OutputError) -> Bool {
    for _ in 0..<3 {
      do {
        // The disk need not have it: after a power cut its owner has ended.
        try AtomicFile.write(ProcessIdentity.own.text, to: path, reachesDisk: false)
        return true
      } catch .exists {
        guard holder(patience: patience) == .nobody, takeAway(patience: patience) else { return false }
      }
    }
    return false
  }

  /// Gives the lock back, where it is this process's own.
  func release() {
    guard (try? ProcessIdentity(text: (try? ConfigNode.readText(path)) ?? "", file: path)) == .own else { return }
    unlink(path)
  }

  /// Says that its owner still runs, to those who can judge by its age only.
  func touch() { utimes(path, nil) }

  /// Seconds since it was made or touched; nil where there is none. Clocks of machines differ: never below 0.
  private var age: Double? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return max(0, Date().timeIntervalSince1970 - Double(status.st_mtim.tv_sec))
  }

  /// Takes away the lock of somebody who has ended. Only who holds the second file does so, and looks once more: else of
  /// two who saw the old lock the slower one would take away the new one.
  private func takeAway(patience: Double) -> Bool {
    let second = OwnerLock(path: path + ".breaking")
    let file = open(second.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard file >= 0 else {
      // Killed within these few lines.
      if second.age ?? 0 > Self.mostSecondsToBreak { unlink(second.path) }
      return false
    }
    close(file)
    defer { unlink(second.path) }
    guard holder(patience: patience) == .nobody else { return false }
    unlink(path)
    return true
  }

  private static let mostSecondsToBreak = 60.0
}
