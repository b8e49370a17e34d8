import Foundation

/// A file that could not be written.
public enum OutputError: Error, Sendable, Equatable {
  /// There is a file already, and nobody said to replace it.
  case exists(path: String)
  /// The system refused; the reason is its own.
  case cannotWrite(path: String, reason: String)
}

extension OutputError: CustomStringConvertible {
  /// What is wrong and what to do.
  public var description: String { PlainText.line(text) }

  private var text: String {
    switch self {
    case .exists(let path): "\(path): this file exists; choose another name, or replace it (--force)"
    case .cannotWrite(let path, let reason): "\(path): cannot be written: \(reason)"
    }
  }
}

/// Writes whole files so that a reader, a full disk or a lost connection never leaves half of one.
public enum AtomicFile {
  /// Writes the text beside `path`, brings it to the disk, and then gives it its name.
  ///
  /// May take half a second on a network file system: not for the main thread of the explorer. A symbolic link is
  /// followed, and a replaced file keeps its mode. A process that is killed in between leaves
  /// `.brume-HOST-PROCESS.tmp` in the file's folder.
  /// - Parameters:
  ///   - overwrite: replaces an existing file; without it, one is an error and stays as it is.
  ///   - reachesDisk: waits for the disk, so that a power cut leaves the file of before or this one. Without it only
  ///     readers of now see a whole file.
  public static func write(
    _ text: String, to path: String, overwrite: Bool = false, reachesDisk: Bool = true
  ) throws(OutputError) {
    var target = path
    var mode: mode_t?
    if let existing = existingMode(path) {
      guard overwrite else { throw .exists(path: path) }
      guard existing & S_IFMT == S_IFREG else {
        throw .cannotWrite(path: path, reason: "it is not a regular file")
      }
      mode = existing & 0o7777
      target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    }
    do {
      let (file, temporary) = try openNew(beside: target)
      defer {
        close(file)
        unlink(temporary)
      }
      try fill(file, Array(text.utf8), of: temporary, mode: mode, reachesDisk: reachesDisk)
      try name(temporary, target, overwrite: overwrite)
    } catch {
      throw error.about(path)
    }
    if reachesDisk { syncFolder(of: target) }
  }

  /// Throws what `write` would throw for a name that is taken or a folder that cannot be written: to be asked before
  /// long work whose result shall be saved.
  public static func check(_ path: String, overwrite: Bool = false) throws(OutputError) {
    if existingMode(path) != nil, !overwrite { throw .exists(path: path) }
    guard access(folder(of: path), W_OK | X_OK) == 0 else { throw failure(path) }
  }

  private static func folder(of path: String) -> String {
    URL(fileURLWithPath: path).deletingLastPathComponent().path
  }

  private static func existingMode(_ path: String) -> mode_t? {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode : nil
  }

  /// Opens a file that nobody else has, beside the target. Homes are shared by machines whose processes have the same
  /// numbers, and what a killed process left is in nobody's way.
  private static func openNew(beside target: String) throws(OutputError) -> (file: Int32, path: String) {
    let start = "\(folder(of: target))/\(temporaryPrefix)\(HostName.current)-\(getpid())"
    for count in 1...maximumLeftOvers {
      let path = start + (count == 1 ? "" : "-\(count)") + temporarySuffix
      let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      if file >= 0 { return (file, path) }
      guard errno == EEXIST else { throw failure(target) }
    }
    throw .cannotWrite(
      path: target,
      reason: "its folder is full of earlier attempts; remove \(temporaryPrefix)*\(temporarySuffix) there")
  }

  /// How the name of a file starts that is not whole yet; the machine and the process follow.
  public static let temporaryPrefix = ".brume-"
  /// How it ends.
  public static let temporarySuffix = ".tmp"
  /// Most files of killed processes, of this number on this machine, that are passed over.
  private static let maximumLeftOvers = 100

  private static func fill(
    _ file: Int32, _ bytes: [UInt8], of path: String, mode: mode_t?, reachesDisk: Bool
  ) throws(OutputError) {
    if let mode, fchmod(file, mode) != 0 { throw failure(path) }
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes { Foundation.write(file, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw failure(path) }
      written += count
    }
    guard reachesDisk else { return }
    while fsync(file) != 0 {
      guard errno == EINTR else { throw failure(path) }
    }
  }

  /// Gives the file its name. Without `overwrite` by a hard link, which fails where the name is taken, and never leaves
  /// an empty file; file systems without links get the name claimed first.
  private static func name(_ temporary: String, _ target: String, overwrite: Bool) throws(OutputError) {
    if !overwrite {
      if link(temporary, target) == 0 { return }
      guard errno != EEXIST else { throw .exists(path: target) }
      let claim = open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      guard claim >= 0 else { throw errno == EEXIST ? .exists(path: target) : failure(target) }
      close(claim)
    }
    guard rename(temporary, target) == 0 else { throw failure(target) }
  }

  /// The new name reaches the disk too; where a folder cannot be synced, the file itself still was.
  private static func syncFolder(of path: String) {
    let folder = open(folder(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { return }
    fsync(folder)
    close(folder)
  }

  private static func failure(_ path: String) -> OutputError {
    .cannotWrite(path: path, reason: String(cString: strerror(errno)))
  }
}

extension OutputError {
  /// The same error about the path that the person named.
  fileprivate func about(_ path: String) -> OutputError {
    switch self {
    case .exists: .exists(path: path)
    case .cannotWrite(_, let reason): .cannotWrite(path: path, reason: reason)
    }
  }
}
