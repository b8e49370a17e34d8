import Engine

/// A key as the application sees it.
public enum Key: Sendable, Hashable {
  /// A printable character.
  case character(Character)
  /// Control and a letter a...z.
  case control(Character)
  /// Alt (or Escape then) a character.
  case alt(Character)
  case enter, escape, tab, backTab, backspace, delete, insert
  case up, down, left, right, home, end, pageUp, pageDown
  /// F1...F12.
  case function(Int)
}

/// What happens to the application: from the person, the terminal, or the engine.
public enum Event: Sendable {
  /// A key.
  case key(Key)
  /// A click or wheel turn at a cell.
  case mouse(MouseEvent)
  /// Pasted text, never taken for commands.
  case paste(String)
  /// The terminal has a new size.
  case resize(Size)
  /// The engine says something; `generation` tells which search it belongs to.
  case engine(EngineMessage, generation: Int)
  /// An answer to what a list of values asked; `ticket` tells which list.
  case list(CellListMessage, ticket: Int)
  /// An answer to what the Why pane asked; `ticket` tells which question.
  case why(WhyMessage, ticket: Int)
  /// What more of a resource buys; `ticket` tells which question it answers.
  case marginal(MarginalMessage, ticket: Int)
  /// An answer to what Compare or Runs asked; `ticket` tells which order.
  case compare(CompareMessage, ticket: Int)
  /// What is found of the sizes of the cluster; `ticket` tells which order is answered.
  case sizes(SizesMessage, ticket: Int)
  /// A file was written, or could not be (the error for people).
  case saved(path: String, error: String?)
  /// Nothing was written because a file is there already and overwriting was not asked for.
  case exists(path: String)
  /// A plan was exported, or could not be.
  case exported(ExportAnswer)
  /// What a launcher runs was read, or could not be; `ticket` tells which order is answered.
  case imported(ImportAnswer, ticket: Int)
  /// The settings were written, or could not be (the error for people).
  case settingsSaved(error: String?)
  /// How the keeping of the session goes.
  case session(SessionMessage)
  /// A copy was written to this file, or could not be (the error for people).
  case copied(path: String, error: String?)
}

/// A mouse event.
public struct MouseEvent: Sendable, Hashable {
  /// What was done.
  public enum Action: Sendable, Hashable {
    case press, release, drag, wheelUp, wheelDown
  }
  /// What was done.
  public var action: Action
  /// Column, from 0.
  public var x: Int
  /// Row, from 0.
  public var y: Int

  /// A mouse event.
  public init(action: Action, x: Int, y: Int) {
    self.action = action
    self.x = x
    self.y = y
  }
}

/// How the keeping of a session goes.
public enum SessionMessage: Sendable, Equatable {
  /// Writing it takes long.
  case saving
  /// It is on the disk, after it was said to take long or to be impossible.
  case kept
  /// It cannot be kept for now (the error for people).
  case lost(String)
}

/// What the engine posts to the application.
public enum EngineMessage: Sendable {
  /// An event of a running search.
  case tune(TuneEvent)
  /// The search has ended.
  case tuned(TuneResult)
  /// The frontier sweep has ended.
  case frontierDone
  /// The timeline of a plan that was asked for.
  case timeline(Plan, Timeline)
  /// A plan that was edited, with its score and schedule.
  case scored(ScoredPlan, Timeline)
  /// A plan that cannot be scored, and why.
  case unscored(Plan, String)
}

/// What `update` asks the outside to do; it does nothing itself.
public enum Effect: Sendable {
  /// Search and then sweep the frontier, in the background.
  case search(TuneRequest, generation: Int)
  /// Cancel the running search.
  case cancelSearch
  /// Find the best plan of each size of the cluster, in the background.
  case sweepSizes(TuneRequest, ticket: Int)
  /// Cancel that.
  case cancelSizes
  /// Go on with another workload: searches and scores are for it from now on.
  case open(Workload)
  /// Score this plan and simulate its schedule, in the background; only the last such order counts.
  case score(Plan, generation: Int)
  /// Score the values of a cell, alone and solved, in the background; nil stops what was asked before.
  case list(CellQuestion?, ticket: Int)
  /// Take a number apart, in the background; only the last such question counts, nil stops what was asked before.
  case why(WhyQuestion?, ticket: Int)
  /// Find what more of each resource buys, in the background; nil stops what was asked before.
  case marginal(MarginalQuestion?, ticket: Int)
  /// Do what Compare or Runs ask, in the background.
  case compare(CompareOrder, ticket: Int)
  /// Simulate this plan's schedule, in the background.
  case timeline(Plan, generation: Int)
  /// Write the plan and its pins to this path, in the background; never overwrite unless told so.
  case save(ScoredPlan, pins: PlanPins, path: String, overwrite: Bool)
  /// Export a plan for a launcher, in the background.
  case export(ExportOrder)
  /// Read what a launcher runs, and score it, in the background.
  case importPlan(ImportOrder, ticket: Int)
  /// Write the settings, in the background; of several only the last one need be written.
  case saveSettings(ExplorerSettings)
  /// Keep the session for the next one, in the background; of several only the last one need be kept.
  case keepSession(SessionSnapshot)
  /// Hand the text to the terminal for its clipboard.
  case copy(String)
  /// Write the text to the file that holds the last copy, in the background.
  case copyToFile(String)
  /// Switch mouse reports on, or off so that the terminal selects text.
  case mouse(Bool)
  /// Redraw everything (Ctrl-L).
  case redraw
  /// Suspend (Ctrl-Z).
  case suspend
  /// Leave.
  case quit
}
