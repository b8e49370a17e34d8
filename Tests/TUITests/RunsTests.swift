import Engine
import Testing

@testable import TUI

/// The Runs pane: measured runs, and how the choice fares where the hardware is off.
@Suite struct RunsTests {
  private func text(_ state: ExplorerState) -> String {
    plainText(render(state, size: state.size)).joined(separator: "\n")
  }

  @Test("j and k choose a run, and the foot names its publication")
  func rows() throws {
    var host = SmallHost()
    var state = try SmallHost.opened()
    host.type("7", &state)
    let runs = state.nearRuns
    #expect(runs.count == 3 && text(state).contains("▸" + runs[0].record.id))
    host.type("j", &state)
    #expect(text(state).contains("▸" + runs[1].record.id))
    #expect(text(state).contains("published in") && text(state).contains("the table \(runs[1].record.source)"))
    host.type("jjjj", &state)
    #expect(state.compare.runRow == 2)
    host.type("g", &state)
    #expect(state.compare.runRow == 0)
  }

  @Test("a run that ships names the address of its publication")
  func address() throws {
    let record = try #require(RunRecords.shipped.records.first { $0.source == "vtrain-multi" })
    #expect(record.address?.hasPrefix("https://") == true)
    let all = Set(RunRecords.shipped.records.map(\.source))
    for source in all {
      let record = try #require(RunRecords.shipped.records.first { $0.source == source })
      #expect(record.address?.isEmpty == false, "\(source)")
    }
  }

  @Test("r judges the shown plan where the hardware is off, and the answer is for that plan alone")
  func robust() throws {
    var host = SmallHost()
    var state = try SmallHost.opened(size: Size(width: 200, height: 60))
    host.type("7r", &state)
    let shown = try #require(state.shown)
    let report = try #require(state.judgement?.report)
    #expect(report.candidates.first?.scored.plan == shown.plan)
    let share = Format.percent(report.chosenRegret)
    let screen = text(state)
    #expect(screen.contains("where the hardware is off") && screen.contains(share))
    #expect(report.worstRegret <= report.chosenRegret)
    host.type("2gjjllllll+", &state)
    #expect(state.shown != shown && state.judgement == nil && state.compare.judgement != nil)
    host.type("u", &state)
    #expect(state.judgement?.report == report)
  }

  @Test("a judgement that was stopped is dropped when it comes")
  func stopped() throws {
    var state = try SmallHost.opened(size: Size(width: 120, height: 36))
    Scenes.type("7r", &state)
    let asked = try #require(state.compare.judgement)
    #expect(asked.isRunning && text(state).contains("judging the plan"))
    Scenes.press([.escape], &state)
    #expect(state.compare.judgement == nil && state.focus == .runs)
    _ = update(&state, .compare(.judged(Samples.robust()), ticket: asked.ticket))
    #expect(state.compare.judgement == nil)
    #expect(text(state).contains("r says w"))
  }

  @Test("an error bar keeps its ends in order at any width, and shows the limit")
  func bars() throws {
    for width in 5...60 {
      var canvas = Canvas(size: Size(width: width, height: 1), look: try Scenes.look())
      ErrorBarChart(low: 20, value: 25, high: 40, limit: 50).draw(
        &canvas, Rect(x: 0, y: 0, width: width, height: 1))
      let line = canvas.frame.cells.map(\.text).joined()
      let places = ["◆", "┤", "▕"].map { sign in line.firstIndex { String($0) == sign } }
      let known = places.compactMap { $0 }
      #expect(known == known.sorted() && places[0] != nil, "\(width): \(line)")
      if width >= 12 { #expect(line.hasPrefix("├") && line.hasSuffix("▕") && known.count == 3) }
    }
  }
}
