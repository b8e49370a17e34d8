import Engine

/// What the explorer asks for when a launcher's file becomes a plan.
public struct ImportOrder: Sendable {
  /// The file, as the person typed it.
  public var path: String
  /// The launcher; nil where it is to be guessed.
  public var launcher: Launcher?
  /// The question that stands, for what the file does not say.
  public var workload: Workload
}

/// How an import ended.
public enum ImportAnswer: Sendable {
  /// What is run today, on its own question, with its score.
  case found(Launcher, LaunchImport, ScoredPlan)
  /// It could not be read or scored: the error for people.
  case failed(String)
}

/// The import dialog.
struct ImportDialogState: Sendable, Equatable {
  /// The file.
  var path = TextField()
  /// The row under the cursor: 0 guesses, then the launchers.
  var row = 0
  /// The file is being read.
  var isWorking = false
  /// What went wrong the last time.
  var error: String?

  /// The launcher under the cursor; nil where it is to be guessed.
  var launcher: Launcher? { row > 0 ? Launcher.allCases[row - 1] : nil }

  /// Rows that the cursor can be on.
  static let rows = 0...Launcher.allCases.count
}
