import Engine
import Testing

@testable import TUI

/// Lanes of the timeline: what a column shows, which lanes are open, and what the mouse does.
@Suite struct TimelineLaneTests {
  /// One stage, one micro-batch: a forward of 4 s and a backward of 4 s.
  private func timeline() -> Timeline {
    func kernel(_ work: LayerWork, _ layer: Int, _ start: Double) -> LayerPiece {
      LayerPiece(channel: .compute, work: work, part: .layer(layer), start: start, end: start + 1)
    }
    var layers = StageLayers()
    layers.forwardFirst = PassLayers(
      seconds: 4,
      pieces: [
        kernel(.forward, 0, 0), kernel(.forward, 1, 1),
        LayerPiece(channel: .collective, work: .gather, part: .layer(0), start: 0, end: 2),
        LayerPiece(channel: .collective, work: .gather, part: .layer(1), start: 2, end: 4, isExposed: true),
      ])
    layers.backwardLast = PassLayers(
      seconds: 4,
      pieces: [
        kernel(.backward, 1, 0), kernel(.recomputation, 0, 1), kernel(.backward, 0, 2), kernel(.optimizerStep, 0, 3),
        LayerPiece(channel: .hostToDevice, work: .copyIn, part: .layer(1), start: 0, end: 0.125),
      ])
    let passes = [
      TimelineInterval(kind: .forward, microBatch: 0, start: 0, end: 4),
      TimelineInterval(kind: .backward, microBatch: 0, start: 4, end: 8),
    ]
    return Timeline(passes: [passes], transfers: [[]], makespan: 8, criticalPath: []).with(layers: [[layers]])
  }

  private func row(_ lane: TimelineLane, width: Int) throws -> String {
    let timeline = timeline()
    let lanes = try #require(StageLanes(timeline, stage: 0))
    let scale = TimelineScale(time: VisibleTime(makespan: 8), width: width, zoom: 1, centre: 0)
    let chart = LaneChart(scale: scale, lane: lane, lanes: lanes)
    var canvas = Canvas(size: Size(width: width, height: 1), look: try Scenes.look())
    chart.draw(&canvas, x: 0, y: 0)
    return plainText(canvas.frame)[0]
  }

  @Test("what kernels wait for is in capitals all along, what they hide a small letter and a line")
  func letters() throws {
    #expect(try row(.collectives, width: 8) == "n─NN")
    #expect(try row(.collectives, width: 16) == "n1──NNNN")
    #expect(try row(.kernels, width: 8) == "FF  BRBS")
    #expect(try row(.kernels, width: 24) == "F1─F2─      B2─R1─B1─S1─")
  }

  @Test("a column in which a lane is busy for less than half of the time has a dot")
  func partlyBusy() throws {
    #expect(try row(.copiesIn, width: 8) == "    ·")
    #expect(try row(.copiesIn, width: 4) == "  ·")
    #expect(try row(.copiesIn, width: 64).dropFirst(32).first == "h")
  }

  @Test("shares of the iteration add up to all of it")
  func shares() throws {
    let shares = try #require(timeline().shares)
    #expect(shares.kernels == 0.75 && shares.recomputation == 0.125)
    #expect(shares.exposedCollectives == 0.25 && shares.exposedCopies == 0 && shares.bubble == 0)
  }

  @Test("the words at the cursor name the pass, its micro-batch, and what every lane does")
  func words() {
    let timeline = timeline()
    let words = TimelineWords(timeline: timeline, stage: 0, cursor: 1.5, critical: CriticalSteps(timeline))
    #expect(words.pass == "stage 1 micro-batch 1/1 forward   4000.0 ms          at    1.500 s")
    let end = TimelineWords(timeline: timeline, stage: 0, cursor: 8, critical: CriticalSteps(timeline))
    #expect(end.pass.contains("stage 1 micro-batch 1/1 backward"))
    #expect(
      words.lanes == "layer 2   ms: kern F 1000.0  net n 2000.0  h→d -         d→h -       ")
    #expect(words.shares(width: 78).count <= 76)
  }

  @Test("lanes open below the selected stage as there is room, of all stages, or of none, by one key")
  func lanes() throws {
    var state = try Scenes.finished(stages: 4, size: Size(width: 120, height: 36))
    Scenes.type("4j", &state)
    func rows(_ room: Int) throws -> [TimelineRows.Row] {
      let timeline = try #require(state.shownTimeline)
      return TimelineRows(state: state, timeline: timeline).rows(room: room)
    }
    #expect(try rows(4).map(\.stage) == [0, 1, 2, 3])
    let some = try rows(6)
    #expect(some.map(\.stage) == [0, 1, 1, 1, 2, 3] && some.filter { $0.lane != nil }.count == 2)
    #expect(try rows(40).compactMap(\.lane) == TimelineLane.allCases)
    Scenes.type("v", &state)
    #expect(try rows(4).filter { $0.lane != nil }.map(\.stage) == [1, 1, 1, 1, 1])
    Scenes.type("v", &state)
    #expect(try rows(4).filter { $0.lane != nil }.count == 4 * 5)
    Scenes.type("v", &state)
    #expect(try rows(40).allSatisfy { $0.lane == nil })
    Scenes.type("v", &state)
    #expect(state.timeline.lanes == .automatic)
  }

  @Test("one stage shows its first and last micro-batch in four lanes")
  func oneStage() throws {
    let state = try Scenes.finished(stages: 1, size: Size(width: 120, height: 36))
    let timeline = try #require(state.shownTimeline)
    let rows = TimelineRows(state: state, timeline: timeline).rows(room: 7)
    #expect(rows.compactMap(\.lane) == [.kernels, .collectives, .copiesIn, .copiesOut])
    let fold = try #require(TimelineFold(timeline))
    let forwards = timeline.passes[0].filter { $0.kind == .forward }
    #expect(fold.start == forwards[1].start && fold.end == forwards[forwards.count - 1].start)
    #expect(fold.count == forwards.count - 2)
  }

  // MARK: mouse

  private func mouse(_ action: MouseEvent.Action, _ x: Int, _ y: Int, _ state: inout ExplorerState) {
    _ = update(&state, .mouse(MouseEvent(action: action, x: x, y: y)))
  }

  @Test("a click on a pass selects its stage, the pane and the moment under the pointer")
  func click() throws {
    let size = Size(width: 120, height: 36)
    var state = try Scenes.finished(stages: 4, size: size)
    let hit = try #require(
      render(state, size: size).hits.first {
        if case .pass(stage: 2, interval: let interval) = $0.target { return interval > 0 }
        return false
      })
    guard case .pass(let stage, let interval) = hit.target else { return }
    let pass = try #require(state.shownTimeline).passes[stage][interval]
    mouse(.press, hit.area.x + hit.area.width / 2, hit.area.y, &state)
    #expect(state.focus == .timeline && state.selectedStage == 2)
    let column = try #require(state.shownTimeline).makespan / 60
    #expect(state.timelineCursor >= pass.start - column && state.timelineCursor <= pass.end)
  }

  @Test("the wheel zooms around the pointer, and the moment under it stays there")
  func wheel() throws {
    let size = Size(width: 120, height: 36)
    var state = try Scenes.finished(stages: 4, size: size)
    func moment(_ x: Int) throws -> Double {
      let area = try #require(state.layout.area(.timeline)).inset(columns: 1, rows: 1)
      let (columns, scale) = try #require(TimelinePane(state: state).scale(area))
      return try #require(scale.moments(column: x - columns.x)).lowerBound
    }
    let y = try #require(state.layout.area(.timeline)).y + 3
    let before = try moment(30)
    for _ in 0..<3 { mouse(.wheelUp, 30, y, &state) }
    #expect(state.timeline.zoom == 8)
    let time = try #require(state.visibleTime)
    #expect(abs(try moment(30) - before) <= time.total / 80)
    for _ in 0..<9 { mouse(.wheelDown, 30, y, &state) }
    #expect(state.timeline.zoom == 1)
  }

  @Test("dragging moves the picture with the pointer, until the button is let go")
  func drag() throws {
    let size = Size(width: 120, height: 36)
    var state = try Scenes.finished(stages: 4, size: size)
    let y = try #require(state.layout.area(.timeline)).y + 3
    for _ in 0..<3 { mouse(.wheelUp, 30, y, &state) }
    func first() throws -> Double {
      let area = try #require(state.layout.area(.timeline)).inset(columns: 1, rows: 1)
      let scale = try #require(TimelinePane(state: state).scale(area)).scale
      return try #require(scale.moments(column: 0)).lowerBound
    }
    let before = try first()
    mouse(.press, 60, y, &state)
    mouse(.drag, 50, y, &state)
    let area = try #require(state.layout.area(.timeline)).inset(columns: 1, rows: 1)
    let scale = try #require(TimelinePane(state: state).scale(area)).scale
    #expect(abs(try first() - before - 10 * scale.secondsPerColumn) <= 1.5 * scale.secondsPerColumn)
    mouse(.release, 50, y, &state)
    let after = try first()
    mouse(.drag, 20, y, &state)
    #expect(try first() == after)
  }
}
