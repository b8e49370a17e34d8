import Foundation
import FuzzSupport
import Testing

@testable import Engine

/// Texts of files on their way to a terminal, and names on their way into files.
@Suite struct PlainTextTests {
  @Test("what is hidden is written out, ends of lines among it, and what can be seen stays")
  func line() {
    #expect(
      PlainText.line("a\u{1B}[2J\nb\t\u{9B}c\u{202E}\u{FEFF}\u{7F}")
        == #"a\u{1B}[2J\u{A}b\u{9}\u{9B}c\u{202E}\u{FEFF}\u{7F}"#)
    for text in ["", "plain ~", "漢字 é e\u{301} 😀 \u{1F9D1}", "\\u{1B}"] { #expect(PlainText.line(text) == text) }
    #expect(PlainText.lines("a\n\tb\u{1B}\r\n") == "a\n\tb\\u{1B}\\u{D}\n")
  }

  @Test("no scalar of Unicode leaves a line with something that a terminal could act upon")
  func everyScalar() {
    for value in UInt32(0)...0x2_FFFF {
      guard let scalar = Unicode.Scalar(value) else { continue }
      for text in [PlainText.line(String(scalar)), PlainText.lines(String(scalar))] {
        let kept = text.unicodeScalars.filter { $0 != "\n" && $0 != "\t" }
        if kept.contains(where: FuzzSweep.isHostile) { Issue.record("U+\(value)") }
      }
      if PlainText.isForbidden(scalar) != (PlainText.isForbidden(scalar) && PlainText.isHidden(scalar)) {
        Issue.record("U+\(value) is forbidden and not hidden")
      }
    }
  }

  @Test("a long text is cut, and the cut is seen")
  func cut() {
    #expect(PlainText.line("abcdef", most: 5) == "ab...")
    #expect(PlainText.line("ab\u{1B}", most: 5) == "ab...")
    #expect(PlainText.line(String(repeating: "e\u{301}", count: 100_000)).unicodeScalars.count == PlainText.most)
  }

  @Test("an error says file and field in at most 2,000 characters, whatever stands in the file and what it is called")
  func errors() {
    let long = String(repeating: "\u{1B}[2J", count: 50_000)
    let place = InputPlace(file: "f" + long, line: 3, field: long)
    let errors: [InputError] = [
      .unreadable(file: "f" + long, problem: long, remedy: long), .syntax(at: place, problem: long),
      .unknownKey(at: place, key: long, suggestion: nil, allowed: [long]),
      .missing(at: place, key: long, expected: long),
      .value(at: place, found: long, expected: long), .conflict(at: place, problem: long, remedy: long),
      .unknownName(at: place, kind: "model", name: long, suggestion: long, known: []),
      .unsupported(at: place, what: long, remedy: long),
    ]
    for error in errors {
      let text = "\(error)"
      #expect(text.hasPrefix(#"f\u{1B}[2J"#) && text.unicodeScalars.count <= PlainText.most)
      #expect(!text.unicodeScalars.contains(where: FuzzSweep.isHostile))
    }
    let unknown =
      "\(InputError.unknownKey(at: InputPlace(file: "w.yaml", line: 2), key: long, suggestion: nil, allowed: ["run"]))"
    #expect(unknown.hasSuffix("keys here: run"), "\(unknown)")
  }

  @Test(
    "a name may hold no control character, no end of a line and nothing that turns the text around it",
    arguments: [
      "\u{1B}", "\u{7F}", "\u{80}", "\u{9B}", "\u{85}", "\u{2028}", "\u{2029}", "\u{202E}", "\u{2066}", "\u{2069}",
    ])
  func names(mark: String) throws {
    let scalar = try #require(mark.unicodeScalars.first)
    let code = String(scalar.value, radix: 16)
    let escaped = "\\u" + String(repeating: "0", count: 4 - code.count) + code
    let text = (ShippedFiles.text("samples/gpt-7b-8xl4.yaml") ?? "") + "\nname: \"a\(escaped)b\"\n"
    let error = #expect(throws: InputError.self) { try WorkloadSource.load("-", standardInput: text) }
    #expect(error?.place.field == "name")
  }

  @Test("letters that need what cannot be seen may stand in names, and are written so that they can be seen")
  func joined() throws {
    let name = "می\u{200C}خواهم \u{1F468}\u{200D}\u{1F469}"
    let sample = ShippedFiles.text("samples/gpt-7b-8xl4.yaml") ?? ""
    let workload = try WorkloadSource.load("-", standardInput: sample + "\nname: \"\(name)\"\n")
    #expect(workload.name == name)
    let text = WorkloadWriter.yaml(of: workload)
    #expect(try WorkloadSource.load("-", standardInput: text) == workload)
    #expect(!text.unicodeScalars.contains { $0 != "\n" && PlainText.isHidden($0) })
  }

  @Test(
    "a file whose own name holds anything gives a workload that can be saved and read",
    arguments: [
      "a\nb", "\u{1B}]0;x\u{7}", "\u{202E}", ".", String(repeating: "n", count: 240), "\u{85}\u{2028}", "x\r",
    ])
  func fileNames(stem: String) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("brume-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = "\(folder)/\(stem).yaml"
    // A model by value: where it was read is a source in the file that is saved.
    let sample = try WorkloadSource.load("gpt-1.3b-2xl4")
    let node = ConfigNode.object([
      ("brume", .number(1)), ("model", .object([("from", .text("gpt-1.3b")), ("layers", .number(4))])),
      ("cluster", .object([("from", .text("2xl4")), ("hostMemoryBytes", .number(1e12))])),
      ("run", .object([("sequence", .number(1_024)), ("batch", .number(8))])),
    ])
    try node.yaml().write(toFile: path, atomically: false, encoding: .utf8)
    let workload = try WorkloadSource.load(path)
    #expect(try WorkloadSource.load("-", standardInput: WorkloadWriter.yaml(of: workload)) == workload)
    let plan = PlanFile(workload: workload, plan: Plan(gradientAccumulation: 8, stages: [sample.anyStage(layers: 4)]))
    #expect(try PlanFile(ConfigNode.parse(plan.text, file: "plan.yaml")) == plan)
    let comment = plan.text.prefix { $0 != "\n" }
    #expect(comment.hasPrefix("# A plan for ") && !comment.unicodeScalars.contains(where: PlainText.isHidden))
  }
}

extension Workload {
  /// A stage on both GPUs of the smallest sample.
  fileprivate func anyStage(layers: Int) -> StageChoice {
    StageChoice(
      layers: layers, nodes: 1, gpusPerNode: 2, microBatch: 1, dataParallel: 1, tensorParallel: 2, zero: 0,
      checkpointedLayers: 0)
  }
}
