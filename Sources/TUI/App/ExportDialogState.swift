import Engine

/// What the explorer asks for when a plan becomes the files of a launcher.
public struct ExportOrder: Sendable {
  /// The plan.
  public var plan: ScoredPlan
  /// The launcher.
  public var launcher: Launcher
  /// The folder that the files go to.
  public var folder: String
  /// The nearest plan may be taken.
  public var takesNearest = false
  /// A plan that is over its memory may be taken.
  public var allowsOver = false
  /// Files that exist may be replaced.
  public var overwrite = false
}

/// How an export ended.
public enum ExportAnswer: Sendable {
  /// The files were written.
  case written(folder: String, files: [String])
  /// The launcher cannot run the plan, or it does not fit there: what stands in the way, and the nearest plan that it
  /// can run with what differs, where there is one.
  case offer(reasons: [String], nearest: [String])
  /// The plan does not fit its memory, nor is there a nearer one.
  case over(String)
  /// A file is there already.
  case exists(path: String)
  /// It could not be done.
  case failed(String)
}

/// The export dialog.
struct ExportDialogState: Sendable {
  /// What it waits for.
  enum Step: Sendable, Equatable {
    /// A launcher and a folder.
    case choosing
    /// The files, or what stands in the way.
    case working
    /// Whether the nearest plan shall be exported: why, and which it is.
    case offering(reasons: [String], nearest: [String])
    /// Whether a plan over its memory shall be exported.
    case over(String)
    /// Whether files may be replaced.
    case confirming(path: String)
  }

  /// The plan that was shown when the dialog opened, whatever arrives meanwhile.
  let plan: ScoredPlan
  /// For each launcher what it cannot do of the plan.
  let refusals: [[LaunchRefusal]]
  /// The launcher under the cursor.
  var row: Int
  /// The folder.
  var folder: TextField
  /// The person has typed the folder: it no longer follows the launcher.
  var hasTyped = false
  /// What it waits for.
  var step = Step.choosing
  /// What went wrong the last time.
  var error: String?
  /// What was agreed to so far.
  var agreed = Agreement()

  /// What a person said yes to.
  struct Agreement: Sendable, Equatable {
    /// The nearest plan.
    var nearest = false
    /// A plan over its memory.
    var over = false
    /// Files replaced.
    var overwrite = false
  }

  /// The launcher under the cursor.
  var launcher: Launcher { Launcher.allCases[row] }
}
