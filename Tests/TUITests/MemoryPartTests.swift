import Engine
import Testing

@testable import TUI

/// The memory of one stage as rows of parts.
@Suite struct MemoryPartTests {
  @Test("the parts, what is kept free and what is spare add up to the capacity")
  func sum() {
    for slack in [0.0, -12] {
      let memory = Samples.plan(stages: 1, slack: slack).score.stages[0].memory
      let rows = MemoryPartRows(memory: memory).rows
      let sum = rows.filter { !$0.isSum }.reduce(0) { $0 + $1.bytes }
      #expect(abs(sum - memory.capacity) < 1)
      #expect(rows.first { $0.isSum }?.bytes == memory.allocated)
    }
  }

  @Test("where rows are few the parts stand side by side; where columns are few too, the largest remain")
  func few() throws {
    let memory = Samples.plan(stages: 1).score.stages[0].memory
    func lines(_ width: Int) throws -> [String] {
      var canvas = Canvas(size: Size(width: width, height: 4), look: try Scenes.look())
      MemoryPartRows(memory: memory).draw(&canvas, Rect(x: 0, y: 0, width: width, height: 4))
      return plainText(canvas.frame)
    }
    let wide = try lines(118).joined(separator: " ")
    let all = MemoryPartRows(memory: memory).rows
    #expect(all.allSatisfy { wide.contains("\($0.letter) \($0.name) ") })
    let names = try lines(50).map { $0.split(separator: " ")[1] }
    let largest = all.filter { !$0.isSum && $0.name != "spare" }.sorted { $0.bytes > $1.bytes }.prefix(3).map(\.name)
    // A name of two words is told by its first one.
    #expect(
      names.count == 4 && largest.allSatisfy { name in names.contains { name == $0 || name.hasPrefix("\($0) ") } })
  }

  @Test("a run of like stages says how many they are")
  func counted() {
    #expect(StageGroups.counted(2..<14) == "3-14 ×12")
    #expect(StageGroups.counted(2..<3) == "3")
  }
}
