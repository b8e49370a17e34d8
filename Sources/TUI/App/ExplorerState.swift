import Engine

/// All that the explorer knows; `update` changes it, `render` draws it, and nothing else happens in between.
public struct ExplorerState: Sendable {
  /// What is asked.
  public internal(set) var workload: Workload
  /// What is searched.
  public internal(set) var request: TuneRequest
  /// Theme, colours and characters; set by the caller, changed by the person.
  public var look: Look
  /// What the person has chosen for every session, the keys among it.
  var settings = ExplorerSettings()
  /// What the terminal can do.
  var terminal = TerminalAbilities()
  /// Why the settings file could not be read; while there is a reason, it is not written.
  var settingsProblem: String?
  /// Themes to choose from.
  let themes: [Theme]
  /// Columns and rows.
  public internal(set) var size: Size
  /// The focused pane has the whole screen, whatever its size.
  var isAlone = false
  /// The pane with the keys.
  public internal(set) var focus = Pane.frontier {
    didSet {
      if focus.isSide { side = focus } else { mainFocus = focus }
    }
  }
  /// Why, Compare or Runs, where one is open.
  var side: Pane?
  /// The pane whose cursor they speak of: the last one with the keys that is none of them.
  var mainFocus = Pane.frontier
  /// What lies over the panes.
  var dialog: Dialog?
  /// A line for people, until the next key.
  var message: Message?
  /// Measured runs that error bars come from.
  let records: RunRecords
  /// What they say of the shown plan, as of the last event.
  var experience: PlanExperience?
  /// The search.
  var search = SearchState()
  /// What earlier searches of this workload have found.
  var earlier: [EarlierSearch] = []
  /// The plans.
  var plans = PlansState()
  /// Schedules that have been simulated, newest last.
  var timelines: [KnownTimeline] = []
  /// Plans of the present workload whose scores are known, newest last.
  var known: [ScoredPlan] = []
  /// The edits so far.
  var history = EditHistory()
  /// What Compare and Runs know and ask.
  var compare = CompareState()
  /// Counts the lists of values that were opened.
  var listTicket = 0
  /// Counts the imports that were ordered.
  var importTicket = 0
  /// What stood when the person asked to solve the rest, until the answer comes.
  var solving: Draft?
  /// The generation of the first search of the present workload: scores and schedules of earlier ones are dropped.
  var openedGeneration = 0
  /// The plan whose schedule was asked for last.
  var awaitedTimeline: Plan?
  /// The stage under the cursor, from 0; -1 is the row of the plan, -2 that of the run. It may lie beyond the shown
  /// plan's stages.
  var stageRow = 0
  /// The column under the cursor in the stage table.
  var stageColumn = 0
  /// The choice under the cursor in the row of the run.
  var runKnob = WorkloadKnob.batch
  /// The choice under the cursor in the plan's own row.
  var planKnob = PlanKnob.stages
  /// Runs of like stages each have their rows.
  var isUnfolded = false
  /// What the frontier shows.
  var axes = FrontierAxes()
  /// The best plans of the sizes of the cluster.
  var sizes = SizesState()
  /// The terminal reports the mouse.
  var usesMouse = true
  /// The timeline's cursor, zoom and fold.
  var timeline = TimelineViewState()
  /// What the Why pane knows, and its cursor.
  var why = WhyState()
  /// A path that is being written, and that a first `q` waits for.
  var pendingPath: String?
  /// What is being written there.
  var pendingContent: PlanOfWorkload?
  /// What was saved last, and where.
  var saved: SavedPlan?
  /// How the session is kept for the next one; nil where it is not.
  var session: SessionKeeping?

  /// A line for people.
  struct Message: Sendable, Equatable {
    /// What it says.
    var text: String
    /// How it looks.
    var role: Role
  }

  /// A plan with its schedule.
  struct KnownTimeline: Sendable {
    /// The plan.
    var plan: Plan
    /// Its schedule.
    var timeline: Timeline
  }

  /// A state before the first search; `plan` is one that was opened from a file, and then the reference.
  ///
  /// `records` are the measured runs that error bars come from.
  public init(
    workload: Workload, request: TuneRequest = TuneRequest(), look: Look, themes: [Theme] = [], size: Size,
    plan: ScoredPlan? = nil, records: RunRecords = .shipped
  ) {
    self.records = records
    self.workload = workload
    self.request = request
    self.look = look
    self.themes = themes
    self.size = size
    if let plan {
      plans.taken = plan
      plans.chosenReference = plan
      compare.opened = (workload, plan)
      plans.referenceWorkload = workload
    }
  }

  /// The plan on the screen: a preview, the person's own, or the best.
  public var shown: ScoredPlan? { plans.shown }
  /// Where the plan was saved last.
  public var savedPath: String? { saved?.path }
  /// True while the shown plan is only looked at.
  public var isPreview: Bool { plans.preview != nil }
  /// True while a search or sweep runs.
  public var isSearching: Bool { search.isRunning }
  /// True while something runs that can be stopped.
  var isWorking: Bool { search.isRunning && !search.isStopping || sizes.isRunning && !sizes.isStopping }

  /// What the best plan of the search is called: the optimum is that of the closed form, once proved.
  var bestName: String { search.result?.status == .optimal ? "optimum" : "best" }

  /// Where everything stands.
  var layout: ScreenLayout { ScreenLayout(size: size, focus: focus, side: side, speaksOf: mainFocus, alone: isAlone) }

  /// The schedule of the shown plan, where it has been simulated.
  var shownTimeline: Timeline? {
    guard let plan = shown?.plan else { return nil }
    return timelines.last { $0.plan == plan }?.timeline
  }

  /// The stage that all panes speak of; 0 where there is none.
  var selectedStage: Int {
    max(0, min(stageRow, (shown?.plan.stages.count ?? 1) - 1))
  }

  /// Where a plan is saved when nobody says otherwise: `gpt-22b-32xl4.plan.yaml`.
  var defaultPath: String {
    let name = String(workload.name.map { $0.isLetter || $0.isNumber || "-_.".contains($0) ? $0 : "-" })
    let trimmed = String(name.drop { $0 == "." || $0 == "-" })
    return (trimmed.isEmpty ? "brume" : trimmed) + ".plan.yaml"
  }
}

/// The timeline's view.
struct TimelineViewState: Sendable, Equatable {
  /// How much wider than the screen the schedule is drawn; a power of two.
  var zoom = 1
  /// The cursor, seconds from the start of the iteration.
  var cursorSeconds = 0.0
  /// The moment in the middle of the screen.
  var centreSeconds = 0.0
  /// The steady part is shown too.
  var isUnfolded = false
  /// Which stages show their lanes.
  var lanes = TimelineLaneChoice.automatic
  /// Where the picture is held by the mouse; nil while no button is down on it.
  var grip: Grip?

  /// A held picture.
  struct Grip: Sendable, Equatable {
    /// The column of the screen at which it was taken.
    var column: Int
    /// What the columns showed then.
    var scale: TimelineScale
  }

  /// The largest zoom.
  static let mostZoom = 4096
}
