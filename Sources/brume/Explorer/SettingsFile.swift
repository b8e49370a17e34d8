import Engine
import Foundation
import TUI

/// Where the explorer's settings are, and what stands there.
enum SettingsFile {
  /// `$XDG_CONFIG_HOME/brume/settings.yaml`, by default under `~/.config`; nil where there is no home. A relative
  /// `$XDG_CONFIG_HOME` is ignored, as its specification asks.
  static var path: String? {
    let environment = ProcessInfo.processInfo.environment
    if let folder = environment["XDG_CONFIG_HOME"], folder.hasPrefix("/") { return folder + "/brume/settings.yaml" }
    guard let home = environment["HOME"], home.hasPrefix("/") else { return nil }
    return home + "/.config/brume/settings.yaml"
  }

  /// The settings, the defaults where there is no file.
  ///
  /// Throws `InputError` for a file that cannot be read, and `ThemeError` where the shipped themes cannot.
  static func read() throws -> ExplorerSettings {
    guard let path, FileManager.default.fileExists(atPath: path) else { return ExplorerSettings() }
    return try ExplorerSettings(
      try ConfigNode.parse(contentsOf: path), themes: try Theme.shipped().map(\.name))
  }

  /// The settings, or the defaults and why.
  static func load() -> (settings: ExplorerSettings, problem: String?) {
    do {
      return (try read(), nil)
    } catch {
      // The home folder is left out, so that more of the reason stands on the line.
      let home = ProcessInfo.processInfo.environment["HOME"] ?? ""
      let text = "\(error)"
      return (
        ExplorerSettings(), home.count > 1 && text.hasPrefix(home + "/") ? "~" + text.dropFirst(home.count) : text
      )
    }
  }
}

/// Writes the settings on a thread of its own, one after the other, so that the last ones stay.
final class SettingsWriter: Sendable {
  private let path: String?
  private let queue = DispatchQueue(label: "brume.settings")

  /// A writer to a file; nil for a person without a home.
  init(path: String? = SettingsFile.path) {
    self.path = path
  }

  /// Writes, and then says what went wrong, if anything, on the writer's thread.
  func write(_ settings: ExplorerSettings, then finish: @escaping @Sendable (String?) -> Void) {
    let path = path
    queue.async {
      guard let path else { return finish("there is no home folder for them: set HOME or XDG_CONFIG_HOME") }
      finish(OwnFile.write(settings.text, to: path))
    }
  }

  /// Waits until everything is written, two seconds at most: the process is about to end.
  func finish() {
    let finished = DispatchSemaphore(value: 0)
    queue.async { finished.signal() }
    _ = finished.wait(timeout: .now() + 2)
  }
}
