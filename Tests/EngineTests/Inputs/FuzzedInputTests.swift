import Foundation
import FuzzSupport
import Testing

@testable import Engine

/// Broken and hostile inputs for every reader of the engine; see `FuzzSweep` for how to run one of them again.
@Suite struct FuzzedInputTests {
  static let isSlow = ProcessInfo.processInfo.environment["BRUME_SLOW"] == "1"

  @Test("whatever stands in a file is used or refused with file and field: no trap, not over 1 s, not over 200 MB")
  func sweep() throws {
    let readers = try EngineReaders.all()
    let sweep = FuzzSweep(
      readers, count: Self.isSlow ? 900_000 : readers.count * 150, least: Self.isSlow ? 20_000 : 150,
      isTyped: EngineReaders.isTyped)
    let figures = sweep.run()
    print("reliability: engine, \(readers.count) readers, \(figures.summary)")
    for problem in figures.problems + figures.slow { Issue.record("\(problem)") }
    #expect(figures.slow == [] && figures.largestGrowth.bytes < FuzzSweep.mostGrowth)
    #expect(figures.read > figures.inputs / 50 && figures.refused > figures.inputs / 10)
  }

  @Test("the real files that mutations start from are read, and make what is used")
  func corpus() throws {
    for reader in try EngineReaders.all() {
      let failures = reader.failuresOfCorpus()
      #expect(failures == [], "\(reader.name)")
    }
  }

  @Test("no path of keys grows with the names of the keys: each of the values of a file keeps one")
  func longPaths() throws {
    var text = "brume: 1\n"
    for level in 0..<14 { text += String(repeating: "  ", count: level) + String(repeating: "k", count: 900) + ":\n" }
    text += String(repeating: "  ", count: 14) + "x: [1, 2, 3]\n"
    var node = try ConfigNode.parse(text, file: "w.yaml")
    var depth = 0
    while true {
      #expect(node.place.field.utf8.count <= 1_000)
      switch node.content {
      case .mapping(let entries): node = try #require(entries.last).value
      case .sequence(let items): node = try #require(items.last)
      case .scalar(let text, _):
        #expect(text == "3" && depth == 16)
        return
      }
      depth += 1
    }
  }

  @Test("a key of a megabyte is refused where it stands, and a table of nothing but damage is given up")
  func longKeys() {
    let error = #expect(throws: InputError.self) {
      try ConfigNode.parse("a: 1\n? \(String(repeating: "k", count: 9_000))\n: [1]\n", file: "w.yaml")
    }
    #expect(error?.description == "w.yaml:2: not valid YAML: a key of 9000 bytes; at most 1000 are read")
    let damage = String(repeating: "{}\n", count: 1_000)
    let table = ObservedTable(text: damage, file: "observed.jsonl")
    #expect(table.problems.count == ObservedTable.mostProblems && table.text == damage)
  }

  @Test("a factor of a run that makes no sense is told without a trap, in a source that can be read again")
  func nonsenseFactor() {
    for factor in [1e300, .infinity, -.infinity, .nan, -1, 0, 1e-300] {
      #expect(AdjustmentSource.isOne(AdjustmentSource.by([], factor: factor)))
    }
    let marks = "e" + String(repeating: "\u{301}", count: 5_000)
    let text = AdjustmentSource.text("x", before: Figure(1, .assumed, source: marks))
    #expect(text.unicodeScalars.count < 1_000)
  }

  @Test(
    "the largest files, of values, keys, lines and nesting alone, take less than 1 s and 200 MB", .enabled(if: isSlow))
  func largest() {
    func repeated(_ text: String, upTo bytes: Int = ConfigNode.maximumBytes - 20_000) -> String {
      String(repeating: text, count: bytes / text.utf8.count)
    }
    var deep = "a: 1\n"
    for level in 0..<14 { deep += String(repeating: "  ", count: level) + String(repeating: "k", count: 1_000) + ":\n" }
    let texts = [
      "a: [\(repeated("0,"))0]\n", "a:\n" + repeated("- 1\n"), (0..<90_000).map { "k\($0): 1\n" }.joined(),
      repeated("a: 1\n"), deep + String(repeating: "  ", count: 14) + "x: [\(repeated("0,", upTo: 900_000))0]\n",
      "? \(repeated("k", upTo: 300_000))\n: [\(repeated("0,", upTo: 600_000))0]\n", "a: \"\(repeated("\\u202e"))\"\n",
      "a: \(repeated("e\u{301}"))\n", "a: \(repeated("1"))\n", repeated("[{"), repeated("- "), repeated("#\n"),
      repeated("\n"),
      "{" + repeated("\"a\": ") + "}", repeated("? "), repeated("\""), repeated("'"), "a: |\n" + repeated("  b\n"),
    ]
    let reader = FuzzedReader("largest", .plain, place: nil, corpus: texts) { text, _ in
      _ = try WorkloadSource.load("-", standardInput: text)
      return .read
    }
    let figures = FuzzSweep([reader], count: texts.count, least: texts.count, isTyped: EngineReaders.isTyped)
      .run(threads: 1)
    print("reliability: largest files, \(figures.summary)")
    for problem in figures.problems + figures.slow { Issue.record("\(problem)") }
    #expect(figures.refused == texts.count && figures.slow == [])
    #expect(figures.largestGrowth.bytes < FuzzSweep.mostGrowth)
  }

  @Test("logs of 64 MiB take less than 1 s and 200 MB", .enabled(if: isSlow))
  func largestLogs() throws {
    let plan = try #require(try InputDocument.load("gpt-22b-32xl4.plan").plan)
    let lines = [
      "of 4 ranks one says that it goes on\n", "\u{1B}[32mgoes on\u{1B}[0m\n", "x", "\n", "\u{1B}]",
    ]
    let reader = FuzzedReader("largest logs", .plain, place: nil, corpus: lines) { line, _ in
      let piece = Array(String(repeating: line, count: (1 << 20) / line.utf8.count).utf8)
      var log = RunLogReader(workload: plan.workload, plan: plan.plan)
      for _ in 0..<64 { piece.withUnsafeBufferPointer { log.take($0) } }
      _ = try log.log(file: "run.log")
      return .read
    }
    let figures = FuzzSweep([reader], count: lines.count, least: lines.count, isTyped: EngineReaders.isTyped)
      .run(threads: 1)
    print("reliability: largest logs, \(figures.summary)")
    #expect(figures.problems.isEmpty && figures.refused == lines.count && figures.slow == [])
    #expect(figures.largestGrowth.bytes < FuzzSweep.mostGrowth)
  }

  @Test("an input of a number is always the same, and inputs differ")
  func replay() throws {
    let readers = try EngineReaders.all()
    for reader in readers {
      #expect((0..<40).allSatisfy { reader.input($0 + 100) == reader.input($0 + 100) })
      #expect(Set((0..<40).map { reader.input($0 + 100) }).count > 20, "\(reader.name)")
    }
    #expect(Set(readers.map(\.name)).count == readers.count)
  }
}
