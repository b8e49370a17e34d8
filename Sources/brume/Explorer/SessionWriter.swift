import Engine
import Foundation
import Synchronization
import TUI

/// Writes sessions on a thread of its own, at once and then again soon after each change, and the last one always.
///
/// A disk that is full or gone is tried again until it takes the session.
final class SessionWriter: Sendable {
  /// The file that is written.
  let path: String
  private let folder: SessionFolder
  private let predecessor: SessionFolder.Entry?
  private let tell: @Sendable (SessionMessage) -> Void
  private let queue = DispatchQueue(label: "brume.session")
  /// Tells of writes that take long while the other queue does them.
  private let watch = DispatchQueue(label: "brume.session.watch")
  private let desk = Mutex(Desk())

  private struct Desk {
    /// What is not on the disk yet.
    var waiting: SessionSnapshot?
    /// A write is under way or ordered.
    var isOrdered = false
    /// Counts writes: tells one that still runs from the next.
    var writes = 0
    var isWriting = false
    /// The explorer was told that it is being saved.
    var isTold = false
    var hasWritten = false
    var problem: String?
  }

  /// Seconds from the end of a write to the next: with the write itself, what a kill can lose (docs/reliability.md).
  private static let pause = 0.05
  /// Seconds to the next attempt where one has failed.
  private static let pauseAfterFailure = 2.0
  /// Seconds after which a write is told.
  private static let longWrite = 0.2
  /// Seconds between touches of the lock.
  private static let secondsBetweenTouches = 3600.0
  /// Seconds that leaving may take: a network home takes two half seconds for a write, and one may be under way.
  private static let mostSecondsToFinish = 4.0

  /// A writer to a folder; `tell` hears how it goes, on threads of the writer.
  ///
  /// - Parameter predecessor: the session that is gone on with; its file goes once this one's is there, unless its
  ///   explorer runs.
  init(
    folder: SessionFolder, predecessor: SessionFolder.Entry? = nil,
    tell: @escaping @Sendable (SessionMessage) -> Void
  ) {
    self.folder = folder
    self.predecessor = predecessor
    self.tell = tell
    path = folder.ownPath()
  }

  /// How much of the session a file holds.
  enum Kept: Equatable {
    /// There is no file.
    case nothing
    /// All that was handed over.
    case all
    /// An earlier state.
    case earlier
  }

  /// What is on the disk now.
  var kept: Kept { desk.withLock { $0.hasWritten ? ($0.waiting == nil && !$0.isWriting ? .all : .earlier) : .nothing } }

  /// Keeps a session in place of the one before; returns at once.
  func keep(_ snapshot: SessionSnapshot) {
    let mustOrder = desk.withLock { desk in
      desk.waiting = snapshot
      defer { desk.isOrdered = true }
      return !desk.isOrdered
    }
    if mustOrder { queue.async { [self] in write() } }
  }

  /// Waits until the last session is written, a few seconds at most: the process is about to end.
  func finish() {
    let finished = DispatchSemaphore(value: 0)
    queue.async { [self] in
      write()
      SessionFolder.lock(of: path).release()
      finished.signal()
    }
    _ = finished.wait(timeout: .now() + Self.mostSecondsToFinish)
  }

  // MARK: on the queue

  /// Writes what waits, and then looks again after the pause.
  private func write() {
    guard let next = take() else { return }
    let isFirst = desk.withLock { !$0.hasWritten }
    let problem = put(next, claims: isFirst)
    end(next, problem)
    if isFirst, problem == nil { succeed() }
    let pause = problem == nil ? Self.pause : Self.pauseAfterFailure
    queue.asyncAfter(deadline: .now() + pause) { [self] in write() }
  }

  private func take() -> SessionSnapshot? {
    let (next, number) = desk.withLock { desk -> (SessionSnapshot?, Int) in
      defer { desk.waiting = nil }
      desk.isOrdered = desk.waiting != nil
      guard desk.isOrdered else { return (nil, 0) }
      desk.isWriting = true
      desk.writes += 1
      return (desk.waiting, desk.writes)
    }
    if next != nil { watch.asyncAfter(deadline: .now() + Self.longWrite) { [self] in tellOfLong(number) } }
    return next
  }

  /// Notes how a write ended. What was not written waits on, unless something newer does.
  private func end(_ snapshot: SessionSnapshot, _ problem: String?) {
    let news = desk.withLock { desk -> SessionMessage? in
      desk.isWriting = false
      if problem == nil { desk.hasWritten = true } else if desk.waiting == nil { desk.waiting = snapshot }
      defer { (desk.problem, desk.isTold) = (problem, false) }
      if let problem { return problem == desk.problem && !desk.isTold ? nil : .lost(problem) }
      return desk.isTold || desk.problem != nil ? .kept : nil
    }
    if let news { tell(news) }
  }

  private func tellOfLong(_ number: Int) {
    let isLong = desk.withLock { desk in
      guard desk.isWriting, desk.writes == number, !desk.isTold else { return false }
      desk.isTold = true
      return true
    }
    if isLong { tell(.saving) }
  }

  /// Writes the file, and before the first one says whose it is; why not, where that fails: the reason first, since the
  /// line that tells it may be short.
  private func put(_ snapshot: SessionSnapshot, claims: Bool) -> String? {
    do throws(OutputError) {
      if claims {
        try OwnFile.makeFolder(of: path)
        if try SessionFolder.lock(of: path).take(patience: SessionFolder.secondsUntouched) { touchLater() }
      }
      try OwnFile.put(snapshot.file.text, to: path)
      return nil
    } catch {
      guard case .cannotWrite(_, let reason) = error else { return error.description }
      return "\(reason) (\(SessionFolder.short(path)))"
    }
  }

  /// The first file is there: what it took over from is not needed any more.
  private func succeed() {
    if let predecessor, !predecessor.isAlive, predecessor.path != path {
      unlink(predecessor.path)
      unlink(predecessor.lock.path)
    }
    folder.prune()
  }

  private func touchLater() {
    watch.asyncAfter(deadline: .now() + Self.secondsBetweenTouches) { [weak self] in
      guard let self else { return }
      SessionFolder.lock(of: path).touch()
      touchLater()
    }
  }
}
