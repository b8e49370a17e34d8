import Engine
import Testing

@testable import TUI

@Suite struct StageTableTests {
  private let medium = Size(width: 120, height: 36)

  @Test("columns that all stages have alike stand in the plan's row where the table is narrow, and only then")
  func shared() throws {
    var state = try Scenes.finished(stages: 4, size: medium)
    #expect(state.stageColumns == [0] + Array(5..<StageColumn.all.count))
    let narrow = plainText(render(state, size: medium))
    #expect(narrow[4].contains("mesh 1×8  b 1  dp 4  tp 2") && !narrow[5].contains("mesh"))
    let large = Size(width: 200, height: 60)
    _ = update(&state, .resize(large))
    #expect(state.stageColumns == Array(StageColumn.all.indices))
    #expect(plainText(render(state, size: large))[5].contains("mesh"))
  }

  @Test("a column that differs between stages is never hidden")
  func unlike() throws {
    var state = try Scenes.finished(stages: 4, size: medium)
    var plan = Samples.plan(stages: 4)
    plan.plan.stages[1].tensorParallel = 4
    state.plans.preview = plan
    #expect(state.stageColumns.contains(4) && !state.stageColumns.contains(3))
  }

  @Test("the cursor moves over the columns in sight, and stands on one of them after any change of size")
  func cursor() throws {
    var state = try Scenes.finished(stages: 4, size: medium)
    Scenes.type("2l", &state)
    #expect(state.selectedColumn == 5)
    Scenes.type(String(repeating: "l", count: 30), &state)
    #expect(state.selectedColumn == StageColumn.all.count - 1)
    Scenes.type(String(repeating: "h", count: 30), &state)
    #expect(state.selectedColumn == 0)
    state.stageColumn = 3
    #expect(state.stageColumns.contains(state.selectedColumn))
  }

  @Test("the table of one stage is turned: rows are choices, columns this plan and the next best")
  func turned() throws {
    for size in [Size(width: 80, height: 24), medium, Size(width: 200, height: 60)] {
      var state = try Scenes.finished(stages: 1, size: size)
      Scenes.type("2", &state)
      let text = plainText(render(state, size: size)).joined(separator: "\n")
      for word in ["this", "next 1", "next 3", "s/iter", "ZeRO", "ckpt", "WGOA"] { #expect(text.contains(word)) }
      for column in state.stageColumns {
        state.stageColumn = column
        let line = plainText(render(state, size: size)).first { $0.contains("▸" + title(column)) }
        #expect(line != nil, "\(title(column)) at \(size)")
      }
    }
  }

  @Test("the four offload shares of one stage are one row, in which the cursor goes sideways")
  func shares() throws {
    var state = try Scenes.finished(stages: 1, size: medium)
    Scenes.type("2", &state)
    (state.stageRow, state.stageColumn) = (0, StageColumn.firstOffload)
    let knobs: [PlanKnob] = [.weightOffload, .gradientOffload, .optimizerOffload, .activationOffload]
    var last: Int?
    for (place, knob) in knobs.enumerated() {
      #expect(state.cellUnderCursor == .plan(PlanCell(knob, stage: 0)))
      let frame = render(state, size: medium)
      let line = try #require(plainText(frame).firstIndex { $0.contains("▸WGOA") })
      let cursor = state.look.style(.selected)
      let marked = (0..<medium.width).filter { frame.cells[line * medium.width + $0].style == cursor }
      #expect(marked.count == 1)
      if place > 0 { #expect(marked == [try #require(last) + 1]) }
      last = marked.first
      Scenes.type("l", &state)
    }
    #expect(state.stageColumn == StageColumn.firstFigure)
    Scenes.type("h", &state)
    #expect(state.stageColumn == StageColumn.firstOffload)
  }

  @Test("the label of many like stages never touches its bar")
  func label() throws {
    var state = try Scenes.finished(stages: 16, size: medium)
    Scenes.type("3", &state)
    let lines = plainText(render(state, size: medium))
    let bars = lines.filter { $0.contains("of ") && $0.contains("wwg") }
    #expect(!bars.isEmpty)
    for line in bars { #expect(line.contains(" w"), "\(line)") }
  }

  private func title(_ column: Int) -> String {
    column == StageColumn.firstOffload ? "WGOA" : StageColumn.all[column].title
  }

  @Test("the numbers beside the bars fit at every width")
  func numbers() throws {
    for width in Array(stride(from: 40, through: 200, by: 8)) + [61, 62, 97, 98, 110, 118] {
      let size = Size(width: width, height: 24)
      let state = try Scenes.finished(stages: 4, size: size)
      let lines = plainText(render(state, pane: .memory, size: size)).filter { $0.contains("▕") }
      #expect(lines.count == 4)
      #expect(lines.allSatisfy { $0.contains(" spare") && !$0.contains("…") }, "\(width) columns")
    }
  }
}
