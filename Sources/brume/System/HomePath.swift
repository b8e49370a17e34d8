import Foundation

/// Paths as people write them for a shell.
enum HomePath {
  /// The path with `~/` in front replaced by the home directory: no shell sees what is typed into the explorer.
  static func expanded(_ path: String) -> String {
    guard path.hasPrefix("~/"), let home = ProcessInfo.processInfo.environment["HOME"], home.hasPrefix("/") else {
      return path
    }
    return home + path.dropFirst()
  }

  /// The path as one word of a shell's command line; as it is where the shell leaves it alone.
  static func quoted(_ path: String) -> String {
    let plain = path.unicodeScalars.allSatisfy { scalar in
      scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || "/._-+,:@%=~".unicodeScalars.contains(scalar)
    }
    // Of a quoted ~ the shell would make no home directory.
    if plain && !path.isEmpty { return path }
    let (front, rest) = path.hasPrefix("~/") ? ("~/", path.dropFirst(2)) : ("", path[...])
    return front + "'" + rest.replacing("'", with: "'\\''") + "'"
  }
}
