import Glibc

/// Where printed text goes while the screen is up.
package enum SessionLog {
  /// `$XDG_STATE_HOME/brume/brume-PID.log`, by default under `~/.local/state`; nil where there is no home or the
  /// directory cannot be made. One file a process: it is removed again if nothing was written.
  static func path(environment: (String) -> String?) -> String? {
    guard let state = stateDirectory(environment: environment), makeDirectories(state) else { return nil }
    return "\(state)/brume-\(getpid()).log"
  }

  /// The directory of sessions and logs; a relative `$XDG_STATE_HOME` is ignored, as its specification asks.
  package static func stateDirectory(environment: (String) -> String?) -> String? {
    if let state = environment("XDG_STATE_HOME"), state.hasPrefix("/") { return state + "/brume" }
    guard let home = environment("HOME"), home.hasPrefix("/") else { return nil }
    return home + "/.local/state/brume"
  }

  /// Makes a directory and those above it, for the user alone; false where one cannot be made.
  private static func makeDirectories(_ path: String) -> Bool {
    var partial = ""
    for part in path.split(separator: "/") {
      partial += "/" + part
      if mkdir(partial, 0o700) != 0 && errno != EEXIST && access(partial, X_OK) != 0 { return false }
    }
    return access(path, W_OK) == 0
  }
}
