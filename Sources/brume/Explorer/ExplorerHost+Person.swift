import Foundation
import TUI

extension ExplorerHost {
  /// Writes the settings in the background.
  func saveSettings(_ settings: ExplorerSettings) {
    let mailbox = mailbox
    settingsWriter.write(settings) { mailbox.post(.settingsSaved(error: $0)) }
  }

  /// Writes a copy to `copied.txt` beside the logs, in the background.
  func copyToFile(_ text: String) {
    let mailbox = mailbox
    let environment = ProcessInfo.processInfo.environment
    guard let folder = SessionLog.stateDirectory(environment: { environment[$0] }) else {
      return mailbox.post(.copied(path: "", error: "there is no home folder: set HOME or XDG_STATE_HOME"))
    }
    let path = folder + "/copied.txt"
    Self.detach { mailbox.post(.copied(path: path, error: OwnFile.write(text, to: path))) }
  }
}
