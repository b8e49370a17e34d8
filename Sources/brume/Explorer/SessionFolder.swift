import Engine
import Foundation
import TUI

/// Where sessions of the explorer are kept, one file a process, and which are there.
struct SessionFolder {
  /// The folder; it need not exist.
  let path: String

  /// Most sessions that are kept.
  static let most = 20

  /// `$XDG_STATE_HOME/brume/sessions`, by default under `~/.local/state`; nil where there is no home.
  static var standard: SessionFolder? {
    let environment = ProcessInfo.processInfo.environment
    return SessionLog.stateDirectory(environment: { environment[$0] }).map { SessionFolder(path: $0 + "/sessions") }
  }

  /// A session file that is there.
  struct Entry {
    /// Its path.
    var path: String
    /// When it was written.
    var date: Date

    /// The lock of the explorer that writes it.
    var lock: OwnerLock { SessionFolder.lock(of: path) }

    /// The explorer that still writes it, as far as this machine can know.
    var holder: OwnerLock.Holder { lock.holder(patience: SessionFolder.secondsUntouched) }

    /// Some explorer may still write it.
    var isAlive: Bool { holder != .nobody }
  }

  /// Seconds after which an explorer on a machine that cannot be asked counts as ended; one that runs touches its lock
  /// many times in between.
  static let secondsUntouched = 24 * 3600.0

  /// The lock of a session's file.
  static func lock(of path: String) -> OwnerLock { OwnerLock(path: path + ".lock") }

  /// The file of this process: `20261123-0620-login1-1234.yaml`, by the clock in UTC; machines share homes, and their
  /// processes have the same numbers.
  func ownPath(at date: Date = Date()) -> String {
    let parts = Calendar(identifier: .gregorian).dateComponents(
      in: TimeZone(secondsFromGMT: 0) ?? .current, from: date)
    func digits(_ value: Int?, _ count: Int) -> String {
      let text = "\(value ?? 0)"
      return String(repeating: "0", count: max(0, count - text.count)) + text
    }
    let day = digits(parts.year, 4) + digits(parts.month, 2) + digits(parts.day, 2)
    let time = digits(parts.hour, 2) + digits(parts.minute, 2)
    let name = "\(path)/\(day)-\(time)-\(HostName.current)-\(getpid())"
    // Containers of one machine may have its name and the same numbers.
    var own = name + ".yaml"
    for count in 2...99 where access(own, F_OK) == 0 || access(Self.lock(of: own).path, F_OK) == 0 {
      own = "\(name)-\(count).yaml"
    }
    return own
  }

  /// The sessions, newest first.
  func entries() -> [Entry] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    let entries = names.filter { $0.hasSuffix(".yaml") }.compactMap { name -> Entry? in
      var status = stat()
      guard stat("\(path)/\(name)", &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
      let seconds = Double(status.st_mtim.tv_sec) + Double(status.st_mtim.tv_nsec) / 1e9
      return Entry(path: "\(path)/\(name)", date: Date(timeIntervalSince1970: seconds))
    }
    return entries.sorted { ($1.date, $1.path) < ($0.date, $0.path) }
  }

  /// Removes the oldest sessions until as many are left as are kept, never one whose explorer runs; and what killed
  /// explorers left: their locks, and files that were not whole yet.
  func prune() {
    for entry in entries().dropFirst(Self.most) where !entry.isAlive {
      unlink(entry.path)
      unlink(entry.lock.path)
    }
    for name in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] {
      let file = "\(path)/\(name)"
      if name.hasSuffix(".yaml.lock"), OwnerLock(path: file).holder(patience: Self.secondsUntouched) == .nobody {
        unlink(file)
      } else if name.hasPrefix(AtomicFile.temporaryPrefix), name.hasSuffix(AtomicFile.temporarySuffix), isLeft(file) {
        unlink(file)
      }
    }
  }

  /// Nobody writes this file any more: writing takes a second or two.
  private func isLeft(_ file: String) -> Bool {
    var status = stat()
    return stat(file, &status) == 0
      && Date().timeIntervalSince1970 - Double(status.st_mtim.tv_sec) > Self.secondsUntouched / 24
  }

  /// A session that can be gone on with.
  struct Found {
    /// Its file.
    var entry: Entry
    /// What it holds.
    var file: SessionFile
  }

  /// The newest sessions that can be read, at most `count`; `problems` say what is wrong with those that cannot.
  ///
  /// - Parameter source: only those in which this was opened.
  func newest(_ count: Int, of source: String? = nil) -> (found: [Found], problems: [String]) {
    var found: [Found] = []
    var problems: [String] = []
    for entry in entries() {
      guard found.count < count else { break }
      do throws(InputError) {
        let file = try SessionFile.read(entry.path)
        if source == nil || file.source == source { found.append(Found(entry: entry, file: file)) }
      } catch {
        problems.append(Self.short("\(error)"))
      }
    }
    return (found, problems)
  }

  /// What a session notes as its source: the name of a sample, or a path from the root.
  static func source(_ nameOrPath: String) -> String {
    let isSample = (Catalogue.samples + Catalogue.plans).contains { $0.name == nameOrPath }
    return isSample ? nameOrPath : URL(fileURLWithPath: HomePath.expanded(nameOrPath)).standardizedFileURL.path
  }

  /// A path, or a text that starts with one, with `~` for the home folder.
  static func short(_ text: String) -> String {
    guard let home = ProcessInfo.processInfo.environment["HOME"], home.count > 1, text.hasPrefix(home + "/") else {
      return text
    }
    return "~" + text.dropFirst(home.count)
  }
}
