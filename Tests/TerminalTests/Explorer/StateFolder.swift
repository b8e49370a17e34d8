import Foundation
import PTYSupport
import Testing

/// A folder for the state of several explorers, one after the other or at once; gone when nobody needs it.
final class StateFolder {
  /// What `$XDG_STATE_HOME` is.
  let path = NSTemporaryDirectory() + "brume-sessions-\(UUID().uuidString)"
  /// Variables of an explorer that keeps its state here.
  var environment: [String: String] { ["XDG_STATE_HOME": path] }
  /// Where sessions are.
  var sessions: String { path + "/brume/sessions" }

  /// All that is in the folder of sessions.
  var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: sessions)) ?? []).sorted() }

  /// The session files, oldest first by name.
  var files: [String] { names.filter { $0.hasSuffix(".yaml") }.map { sessions + "/" + $0 } }

  /// What all session files hold.
  var text: String { files.compactMap { try? String(contentsOfFile: $0, encoding: .utf8) }.joined() }

  /// Waits until something holds of it.
  func wait(_ location: SourceLocation = #_sourceLocation, until condition: (StateFolder) throws -> Bool) rethrows {
    let deadline = ContinuousClock.now + PTYSession.patience
    while ContinuousClock.now < deadline {
      if try condition(self) { return }
      usleep(5_000)
    }
    Issue.record("it did not come to hold", sourceLocation: location)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
