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
  /// followed, and a replaced file keeps its mode.
  /// - Parameter overwrite: replaces an existing file; without it, one is an error and stays as it is.
  public static func write(_ text: String, to path: String, overwrite: Bool = false) throws(OutputError) {
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
    let temporary = "\(target).\(getpid()).tmp"
    do {
      try writeNew(Array(text.utf8), to: temporary, mode: mode)
      try name(temporary, target, overwrite: overwrite)
    } catch {
      unlink(temporary)
      throw error.about(path)
    }
    syncFolder(of: target)
  }

  /// Throws what `write` would throw for a name that is taken or a folder that cannot be written: to be asked before
  /// long work whose result shall be saved.
  public static func check(_ path: String, overwrite: Bool = false) throws(OutputError) {
    if existingMode(path) != nil, !overwrite { throw .exists(path: path) }
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    guard access(folder, W_OK | X_OK) == 0 else { throw failure(path) }
  }

  private static func existingMode(_ path: String) -> mode_t? {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode : nil
  }

  private static func writeNew(_ bytes: [UInt8], to path: String, mode: mode_t?) throws(OutputError) {
    let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard file >= 0 else { throw failure(path) }
    defer { close(file) }
    if let mode, fchmod(file, mode) != 0 { throw failure(path) }
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes { Foundation.write(file, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw failure(path) }
      written += count
    }
    guard fsync(file) == 0 else { throw failure(path) }
  }

  /// Without `overwrite` the name is claimed first: creating it fails where somebody else was faster.
  private static func name(_ temporary: String, _ target: String, overwrite: Bool) throws(OutputError) {
    if !overwrite {
      let claim = open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      guard claim >= 0 else { throw errno == EEXIST ? .exists(path: target) : failure(target) }
      close(claim)
    }
    guard rename(temporary, target) == 0 else { throw failure(target) }
  }

  /// The new name reaches the disk too; where a folder cannot be synced, the file itself still was.
  private static func syncFolder(of path: String) {
    let folder = open(URL(fileURLWithPath: path).deletingLastPathComponent().path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
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
