import Foundation

/// Reads files of launchers: regular ones, of at most 1 MB, as text.
public enum LaunchText {
  /// Largest file, bytes.
  public static let maximumBytes = ConfigNode.maximumBytes

  /// The text of the file at a path.
  public static func read(_ path: String) throws(InputError) -> String {
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw .unreadable(file: path, problem: String(cString: strerror(errno)), remedy: "name a file that exists")
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw .unreadable(file: path, problem: "it is not a regular file", remedy: "name a script or a configuration")
    }
    guard status.st_size <= maximumBytes else {
      throw .unreadable(
        file: path, problem: "it is larger than \(maximumBytes) bytes", remedy: "name a script or a configuration")
    }
    guard let data = FileManager.default.contents(atPath: path), let text = String(data: data, encoding: .utf8) else {
      throw .unreadable(file: path, problem: "this is not UTF-8 text", remedy: "save it as UTF-8")
    }
    return text
  }
}

extension LaunchContext {
  /// The text of a file beside the one that is read; nil where there is none.
  ///
  /// Only a plain name is followed: a configuration from elsewhere must not make the program read other files.
  func sibling(_ name: String) throws(InputError) -> String? {
    guard let folder, LaunchFolder.isInside(name), !name.contains("/") else { return nil }
    let path = folder.isEmpty ? name : folder + "/" + name
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return try LaunchText.read(path)
  }
}
