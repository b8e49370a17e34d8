import Engine
import Testing

@testable import TUI

@Suite struct HeaderTests {
  @Test("fits, time, difference, launcher and status stand at every width from 40 on")
  func never() throws {
    for width in stride(from: 40, through: 160, by: 1) {
      let size = Size(width: width, height: 24)
      var state = try Scenes.searching(found: true, size: size)
      let lines = plainText(render(state, size: size))
      let shown = try #require(state.shown)
      #expect(lines[0].contains("Mist") && lines[0].contains("searching"))
      #expect(lines[1].contains(Format.stepSeconds(shown.score.iterationSeconds)))
      #expect(lines[1].contains("best") && lines[1].contains("fits"))
      let best = Samples.plan(stages: 4)
      Scenes.send(.tune(.improved(best)), to: &state)
      state.plans.chosenReference = shown
      let later = plainText(render(state, size: size))
      let difference = Format.stepDifference(
        best.score.iterationSeconds - shown.score.iterationSeconds, reference: shown.score.iterationSeconds)
      #expect(later[1].contains(difference))
    }
  }

  @Test("only of the best plan of the search the header says that it is optimal, and of pins that it keeps them")
  func optimal() throws {
    let size = Size(width: 160, height: 40)
    var state = try Scenes.finished(stages: 4, size: size)
    func first() -> String { plainText(render(state, size: size))[0] }
    #expect(first().contains("│ optimal"))
    state.search.pins = PlanPins([Pin(.zero, PinValues(1))])
    #expect(first().contains("│ optimal as pinned"))
    state.plans.taken = Samples.plan(stages: 2)
    #expect(!first().contains("optimal") && first().contains("│ optimum in "))
  }

  @Test("what is dropped at 80 columns is what matters least")
  func eighty() throws {
    let state = try Scenes.finished(stages: 4, size: Size(width: 80, height: 24))
    let lines = plainText(render(state, size: Size(width: 80, height: 24)))
    #expect(lines[0].contains("4×8 A100-40") && !lines[0].contains("links"))
    #expect(lines[1].contains("GiB spare") && lines[1].contains(" %") && lines[1].contains("fits: "))
    #expect(!lines[1].contains("MFU") && !lines[1].contains("tok/s"))
  }

  @Test("the prediction has its error bar from measured runs, or says that there are none")
  func bar() throws {
    let size = Size(width: 160, height: 40)
    let state = try Scenes.finished(stages: 4, size: size)
    let shown = try #require(state.shown)
    let confidence = PlanConfidence(
      workload: state.workload, plan: shown.plan, score: shown.score, records: Samples.records)
    let high = try #require(confidence.seconds.high) / shown.score.iterationSeconds - 1
    let line = plainText(render(state, size: size))[1]
    #expect(line.contains("+\(Format.fixed(high * 100, decimals: 0)) % (3 runs)"))
    #expect(line.contains("fits: \(confidence.fit.rawValue)"))
    let alone = ExplorerState(
      workload: state.workload, look: state.look, size: size, plan: shown, records: RunRecords(text: ""))
    #expect(plainText(render(alone, size: size))[1].contains("no such run measured"))
  }

  @Test("a changed value moves no other figure of the second line")
  func steady() throws {
    let size = Size(width: 120, height: 36)
    var state = try Scenes.finished(stages: 4, size: size)
    func places() -> [Int?] {
      let line = Array(plainText(render(state, size: size))[1])
      return ["/iter", " GiB spare", " tok/s", "MFU"].map { word in
        line.indices.first { String(line[$0...].prefix(word.count)) == word }
      }
    }
    let before = places()
    #expect(!before.contains(nil))
    for _ in 0..<6 {
      Scenes.type("h", &state)
      #expect(places() == before)
    }
  }
}
