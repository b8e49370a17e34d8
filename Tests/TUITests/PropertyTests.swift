import Engine
import Testing

@testable import TUI

/// What holds of frames at all sizes, and of `update`.
@Suite struct PropertyTests {
  @Test("every size from 1x1 to 300x100 gives a whole frame")
  func sizes() throws {
    var states: [ExplorerState] = []
    for stages in [1, 4, 16] {
      states.append(try Scenes.finished(stages: stages, size: Size(width: 1, height: 1)))
    }
    states.append(try Scenes.infeasible(size: Size(width: 1, height: 1)))
    var random = SeededRandom(seed: 9)
    for step in 0..<240 {
      let wide = step % 6 == 0
      let size = Size(
        width: Int.random(in: 1...(wide ? 300 : 60), using: &random),
        height: Int.random(in: 1...(wide ? 100 : 30), using: &random))
      var state = states[step % states.count]
      _ = update(&state, .resize(size))
      Scenes.type("\(1 + step % 4)", &state)
      if step % 5 == 0 { Scenes.type(["?", "s", "i"][step % 3], &state) }
      check(render(state, size: size), size)
      check(render(state, pane: Pane.allCases[step % 4], size: size), size)
    }
  }

  @Test("update is pure: the same events give the same frames and effects")
  func pure() throws {
    func play() throws -> [Frame] {
      var events = RandomEvents(seed: 21, desk: .samples)
      var state = try Scenes.finished(stages: 4, size: Size(width: 60, height: 20))
      return (0..<300).compactMap { step in
        let before = step % 10 == 0 ? render(state, size: Size(width: 60, height: 20)) : nil
        events.ask(update(&state, events.next(state)), in: state)
        return before
      }
    }
    #expect(try play() == play())
  }

  @Test("names from files cannot steer the terminal")
  func names() throws {
    let name = "\u{1B}]0;x\u{7}漢字\u{202E}e\u{301}\u{9B}"
    var state = ExplorerState(
      workload: Samples.workload(name: name), look: try Scenes.look(), size: Size(width: 100, height: 30))
    state.workload.model.name = name
    _ = start(&state)
    var progress = SearchProgress()
    progress.total = 2
    progress.current = name
    Scenes.send(.tune(.progress(progress)), to: &state)
    Scenes.type("i", &state)
    let frame = render(state, size: state.size)
    check(frame, state.size)
    #expect(plainText(frame)[0].contains("?]0;x?漢字?e\u{301}?"))
    for line in plainText(frame) {
      #expect(line.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control })
    }
  }

  @Test("panes do not draw into each other")
  func overlap() throws {
    let size = Size(width: 120, height: 36)
    let state = try Scenes.finished(stages: 4, size: size)
    let layout = ScreenLayout(size: size, focus: state.focus)
    let whole = render(state, size: size)
    #expect(Pane.allCases.compactMap(layout.area).count == 4)
    for pane in Pane.allCases where !pane.isSide {
      let area = try #require(layout.area(pane))
      var canvas = Canvas(size: size, look: state.look)
      pane.view(state).drawFramed(&canvas, area)
      let blank = Canvas(size: size, look: state.look).frame.cells[0]
      for y in 0..<size.height {
        for x in 0..<size.width {
          let cell = canvas.frame.cells[y * size.width + x]
          if area.contains(x: x, y: y) {
            #expect(cell == whole.cells[y * size.width + x])
          } else {
            #expect(cell == blank)
          }
        }
      }
    }
  }

  // MARK: helpers

  private func check(_ frame: Frame, _ size: Size) { FrameCheck.expectWhole(frame, size) }
}
