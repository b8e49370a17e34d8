import Engine

/// What lies over the panes and takes the keys.
enum Dialog: Sendable {
  /// The commands that work here.
  case help(HelpDialogState)
  /// The values of a cell.
  case cell(CellListState)
  /// The edits so far; the value is the row under the cursor.
  case history(row: Int)
  /// Where to save the plan.
  case save(SaveDialogState)
  /// For which launcher the plan is exported, and where to.
  case export(ExportDialogState)
  /// Which of a launcher's files becomes a plan.
  case importing(ImportDialogState)
  /// Everything that the two header lines say, in full; the value is the first row in sight.
  case details(scroll: Int)
  /// Looks and keys.
  case settings(SettingsDialogState)
  /// Kinds of node to compare with.
  case clusters(ClusterListState)
  /// What can be copied.
  case copy(CopyDialogState)
}

/// The help: what was typed to search it, and the row under the cursor.
struct HelpDialogState: Sendable, Equatable {
  /// It was opened to run a command by its name.
  var isPalette = false
  /// What was typed.
  var query = TextField()
  /// Row among those that match.
  var row = 0
}

/// The save dialog.
struct SaveDialogState: Sendable {
  /// What it waits for.
  enum Step: Sendable, Equatable {
    /// The path.
    case typing
    /// The answer whether the existing file may be replaced.
    case confirming
    /// The file is being written.
    case writing
  }

  /// What is saved: the plan that was shown when the dialog opened, whatever arrives meanwhile.
  let plan: ScoredPlan
  /// The path.
  var path: TextField
  /// What it waits for.
  var step = Step.typing
  /// What went wrong the last time.
  var error: String?
}
