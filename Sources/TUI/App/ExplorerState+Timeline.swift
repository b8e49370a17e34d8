import Engine

extension ExplorerState {
  /// What the timeline shows of the iteration, or nil before it is known.
  var visibleTime: VisibleTime? {
    shownTimeline.map {
      VisibleTime(makespan: $0.makespan, fold: timeline.isUnfolded ? nil : TimelineFold($0))
    }
  }

  /// The cursor inside the shown schedule.
  var timelineCursor: Double {
    max(0, min(timeline.cursorSeconds, shownTimeline?.makespan ?? 0))
  }

  /// Moves the cursor to the next or last moment at which the selected stage changes what it does.
  mutating func moveTimelineCursor(forward: Bool) -> [Effect] {
    guard let shown = shownTimeline, let time = visibleTime, shown.passes.indices.contains(selectedStage) else {
      return []
    }
    let passes = shown.passes[selectedStage]
    let cursor = timelineCursor
    let least = shown.makespan * 1e-9
    var target: Double?
    for (index, pass) in passes.enumerated() {
      let next = index + 1 < passes.count ? passes[index + 1].start : shown.makespan
      for moment in pass.end < next - least ? [pass.start, pass.end] : [pass.start] where !time.hides(moment) {
        if forward, moment > cursor + least { return setTimelineCursor(moment) }
        if !forward, moment < cursor - least { target = moment }
      }
    }
    return setTimelineCursor(target ?? (forward ? shown.makespan : 0))
  }

  /// Puts the cursor at a moment and the picture where it can be seen.
  mutating func setTimelineCursor(_ seconds: Double) -> [Effect] {
    guard let time = visibleTime else { return [] }
    timeline.cursorSeconds = max(0, min(seconds, time.makespan))
    let reach = time.total / Double(timeline.zoom) * 0.45
    if abs(time.shown(timeline.cursorSeconds) - time.shown(timeline.centreSeconds)) > reach {
      timeline.centreSeconds = timeline.cursorSeconds
    }
    return []
  }

  /// Halves or doubles the time in sight.
  mutating func zoomTimeline(closer: Bool) -> [Effect] {
    timeline.zoom = max(1, min(TimelineViewState.mostZoom, closer ? timeline.zoom * 2 : timeline.zoom / 2))
    timeline.centreSeconds = timelineCursor
    return []
  }

  /// Moves the picture by a quarter of what is in sight.
  mutating func panTimeline(later: Bool) -> [Effect] {
    guard let time = visibleTime else { return [] }
    let step = time.total / Double(timeline.zoom) / 4
    let centre = time.shown(timeline.centreSeconds) + (later ? step : -step)
    timeline.centreSeconds = time.moment(max(0, min(time.total, centre)))
    return []
  }

  /// Leaves out the steady part, or shows it.
  mutating func foldTimeline() -> [Effect] {
    timeline.isUnfolded.toggle()
    if let time = visibleTime, time.hides(timelineCursor) { return setTimelineCursor(time.fold?.end ?? 0) }
    timeline.centreSeconds = timelineCursor
    return []
  }
}
