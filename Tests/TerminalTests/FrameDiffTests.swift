import Testing

@testable import TUI

@Suite("Frame diff and pace")
struct FrameDiffTests {
  private func frame(_ rows: String...) -> Frame {
    let width = rows.first?.count ?? 0
    return Frame(size: Size(width: width, height: rows.count), cells: rows.joined().map { Cell(text: String($0)) })
  }

  @Test("equal frames differ nowhere")
  func equal() {
    let difference = FrameDiff(from: frame("abc", "def"), to: frame("abc", "def"))
    #expect(difference.runs.isEmpty)
    #expect(difference.changedCells == 0)
  }

  @Test("changes are runs of neighbours within a row, and counted exactly")
  func runs() {
    let difference = FrameDiff(from: frame("abcdef", "ghijkl"), to: frame("XbcYZW", "ghijkX"))
    #expect(
      difference.runs == [
        .init(row: 0, columns: 0..<1), .init(row: 0, columns: 3..<6), .init(row: 1, columns: 5..<6),
      ])
    #expect(difference.changedCells == 5)
  }

  @Test("a change of style alone is a change")
  func style() {
    var after = [Cell](repeating: Cell(text: "a"), count: 3)
    after[1].style.bold = true
    let difference = FrameDiff(from: frame("aaa"), to: Frame(size: Size(width: 3, height: 1), cells: after))
    #expect(difference.runs == [.init(row: 0, columns: 1..<2)])
  }

  @Test("without a frame before, or with one of another size, everything changed")
  func whole() {
    for before in [nil, frame("abc"), frame("ab", "cd", "ef")] {
      let difference = FrameDiff(from: before, to: frame("abc", "def"))
      #expect(difference.runs == [.init(row: 0, columns: 0..<3), .init(row: 1, columns: 0..<3)])
      #expect(difference.changedCells == 6)
    }
    #expect(FrameDiff(from: nil, to: Frame(size: Size(width: 0, height: 0))).runs.isEmpty)
  }

  @Test("messages wait for the next frame time, but for the first after a key; without either the loop sleeps for ever")
  func pace() {
    let start = ContinuousClock.now
    var pacer = FramePacer(framesPerSecond: 10)
    #expect(pacer.millisecondsToWait(at: start) == nil)
    pacer.drew(at: start)
    #expect(!pacer.isDue(at: start + .seconds(9)))
    pacer.messageCame()
    #expect(!pacer.isDue(at: start + .milliseconds(30)))
    #expect(pacer.millisecondsToWait(at: start + .milliseconds(30)) == 70)
    #expect(pacer.isDue(at: start + .milliseconds(100)))
    #expect(pacer.millisecondsToWait(at: start + .milliseconds(130)) == 0)
    pacer.drew(at: start + .milliseconds(140), forInput: true)
    #expect(pacer.millisecondsToWait(at: start + .milliseconds(141)) == nil)
    pacer.messageCame()
    #expect(pacer.millisecondsToWait(at: start + .milliseconds(141)) == 0)
    #expect(pacer.isDue(at: start + .milliseconds(141)))
    pacer.drew(at: start + .milliseconds(141))
    pacer.messageCame()
    #expect(!pacer.isDue(at: start + .milliseconds(150)))
  }
}
