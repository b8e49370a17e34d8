import Foundation

/// Writes exported files into one folder and nowhere else.
public enum LaunchFolder {
  /// Writes all files, or none where one of their names is taken and `overwrite` does not say otherwise.
  ///
  /// The folder is made where there is none, with those above it. A name that would leave the folder is refused.
  public static func write(_ files: [LaunchFile], to folder: String, overwrite: Bool = false) throws(OutputError) {
    for file in files {
      guard isInside(file.name) else {
        throw .cannotWrite(path: file.name, reason: "the name leaves the folder")
      }
      let path = folder + "/" + file.name
      guard overwrite || !FileManager.default.fileExists(atPath: path) else { throw .exists(path: path) }
    }
    try makeAll(folder)
    for file in files {
      let path = folder + "/" + file.name
      let parts = file.name.split(separator: "/").dropLast()
      if !parts.isEmpty { try makeAll(folder + "/" + parts.joined(separator: "/")) }
      try AtomicFile.write(file.text, to: path, overwrite: overwrite)
      guard file.isExecutable else { continue }
      var status = stat()
      guard stat(path, &status) == 0, chmod(path, status.st_mode & 0o7777 | 0o111) == 0 else {
        throw .cannotWrite(path: path, reason: String(cString: strerror(errno)))
      }
    }
  }

  /// Letters, digits, dots, dashes and underscores between slashes, no part of dots alone.
  static func isInside(_ name: String) -> Bool {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    return parts.allSatisfy { part in
      !part.isEmpty && part != "." && part != ".."
        && part.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }
    }
  }

  /// Makes a folder, and those above it that there are not.
  private static func makeAll(_ folder: String) throws(OutputError) {
    let parts = folder.split(separator: "/")
    let root = folder.hasPrefix("/") ? "/" : ""
    for count in parts.indices { try make(root + parts[...count].joined(separator: "/")) }
  }

  private static func make(_ folder: String) throws(OutputError) {
    var status = stat()
    if stat(folder, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFDIR else { throw .cannotWrite(path: folder, reason: "it is not a folder") }
      return
    }
    guard mkdir(folder, 0o777) == 0 else { throw .cannotWrite(path: folder, reason: String(cString: strerror(errno))) }
  }
}
