import Engine
import Foundation
import Synchronization
import TUI

/// Writes sessions on a thread of its own: at once, then at most four times a second, and the last one always.
final class SessionWriter: Sendable {
  /// The file that is written.
  let path: String
  private let folder: SessionFolder
  private let predecessor: SessionFolder.Entry?
  private let lose: @Sendable (String) -> Void
  private let queue = DispatchQueue(label: "brume.session")
  private let desk = Mutex(Desk())

  private struct Desk {
    var waiting: SessionSnapshot?
    var isOrdered = false
    var hasWritten = false
  }

  /// Seconds between two files: a person who holds a key down does not wear the disk.
  private static let pause = 0.25

  /// A writer to a folder; `lose` is told why a session cannot be kept.
  ///
  /// - Parameter predecessor: the session that is gone on with; its file goes once this one's is there, unless its
  ///   explorer runs.
  init(folder: SessionFolder, predecessor: SessionFolder.Entry? = nil, lose: @escaping @Sendable (String) -> Void) {
    self.folder = folder
    self.predecessor = predecessor
    self.lose = lose
    path = folder.ownPath()
  }

  /// True once a file is there.
  var hasWritten: Bool { desk.withLock { $0.hasWritten } }

  /// Keeps a session in place of the one before; returns at once.
  func keep(_ snapshot: SessionSnapshot) {
    let mustOrder = desk.withLock { desk in
      desk.waiting = snapshot
      defer { desk.isOrdered = true }
      return !desk.isOrdered
    }
    if mustOrder { queue.async { [self] in write() } }
  }

  /// Waits until the last session is written, three seconds at most: the process is about to end.
  func finish() {
    let finished = DispatchSemaphore(value: 0)
    queue.async { [self] in
      write()
      finished.signal()
    }
    _ = finished.wait(timeout: .now() + 3)
  }

  /// Writes what waits, on the writer's queue, and then looks again after the pause.
  private func write() {
    let next = desk.withLock { desk -> SessionSnapshot? in
      defer { desk.waiting = nil }
      if desk.waiting == nil { desk.isOrdered = false }
      return desk.waiting
    }
    guard let next else { return }
    if let problem = OwnFile.write(next.file.text, to: path) {
      lose(problem)
    } else if desk.withLock({ desk in
      defer { desk.hasWritten = true }
      return !desk.hasWritten
    }) {
      if let predecessor, !predecessor.isAlive, predecessor.path != path { unlink(predecessor.path) }
      folder.prune()
    }
    queue.asyncAfter(deadline: .now() + Self.pause) { [self] in write() }
  }
}
