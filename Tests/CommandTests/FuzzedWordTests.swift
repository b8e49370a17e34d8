import Engine
import Foundation
import FuzzSupport
import Testing

@testable import brume

/// What is typed for the options that commands read by themselves, and texts on their way into JSON.
@Suite struct FuzzedWordTests {
  @Test("sizes and amounts of memory are read, or refused in words")
  func sweep() throws {
    let readers = [
      FuzzedReader("--size", .plain, place: nil, corpus: ["120x36", "80x24", "1000x1000"]) { text, _ in
        let size = try RenderCommand.size(text)
        try FuzzFinding.check((1...1_000).contains(size.width) && (1...1_000).contains(size.height), "\(size)")
        return .read
      },
      FuzzedReader("--stage-memory", .plain, place: "--stage-memory", corpus: ["20.4GiB,18.1 GiB", "1e9,2e9"]) {
        text, _ in
        let amounts = try ObserveCommand.amounts(text, .reserved, stages: 2)
        try FuzzFinding.check(
          amounts.count == 2 && amounts.allSatisfy { $0.bytes.isFinite && $0.bytes > 0 }, "\(amounts)")
        return .read
      },
    ]
    let isSlow = ProcessInfo.processInfo.environment["BRUME_SLOW"] == "1"
    // A size's error is the argument parser's, whose text is made fit by what prints it.
    let sweep = FuzzSweep(readers, count: isSlow ? 60_000 : 600, least: isSlow ? 30_000 : 300) { !($0 is FuzzFinding) }
    let figures = sweep.run()
    print("reliability: options, \(readers.count) readers, \(figures.summary)")
    for problem in figures.problems where !problem.hasPrefix("--size") { Issue.record("\(problem)") }
    #expect(figures.slow == [] && figures.read > 10 && figures.refused > figures.inputs / 10)
  }

  @Test("every scalar of the first planes comes back from JSON, and none that is hidden stands in it")
  func scalars() throws {
    for start in stride(from: UInt32(0), to: 0x1_2000, by: 512) {
      var text = ""
      for value in start..<start + 512 { if let scalar = Unicode.Scalar(value) { text.unicodeScalars.append(scalar) } }
      text += "\u{E0001}\u{1F600}"
      let line = JSONWriter.line([.string(text)])
      #expect(!line.unicodeScalars.contains(where: PlainText.isHidden))
      let back = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String]
      #expect(
        back.map { Array($0[0].unicodeScalars) } == Array(text.unicodeScalars), "from U+\(String(start, radix: 16))")
    }
  }
}
