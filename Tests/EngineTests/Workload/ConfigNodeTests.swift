import Foundation
import Testing

@testable import Engine

@Suite struct ConfigNodeTests {
  private func message(_ text: String, _ read: (ConfigNode) throws -> Void) -> String {
    do {
      try read(try ConfigNode.parse(text, file: "w.yaml"))
      return "no error"
    } catch {
      return "\(error)"
    }
  }

  @Test("values are read with their kinds")
  func values() throws {
    let text = "a: 4_096\nb: 1e6\nc: -2.5\nd: yes\ne: \"12\"\nf: [1, 2]\ng: ~\nh: 384 GiB\ni: 100 Gb/s\n"
    let root = try ConfigNode.parse(text, file: "w.yaml").anyMapping()
    #expect(try root.int("a", 1...10_000) == 4096)
    #expect(try root.int("b", 1...10_000_000) == 1_000_000)
    #expect(try root.double("c", -3...3) == -2.5)
    #expect(try root.bool("d", or: false))
    #expect(try root.string("e") == "12")
    #expect(try root.required("f", "a list").list().map { (n) throws(InputError) in try n.int(0...9) } == [1, 2])
    #expect(root["g"] == nil)
    #expect(try root.required("h", "").quantity(.bytes, 0...1e15) == 384 * 1_073_741_824)
    #expect(try root.required("i", "").quantity(.bytesPerSecond, 0...1e15) == 12.5e9)
  }

  @Test("a misspelt key is an error with file, line, field and a suggestion")
  func unknownKey() {
    let text = "run:\n  batch: 1\n  sequnce: 2048\n"
    let found = message(text) { root in
      let run = try root.mapping(["run"]).required("run", "a mapping")
      _ = try run.mapping(["sequence", "batch"])
    }
    #expect(found == "w.yaml:3: run: unknown key 'sequnce'; did you mean 'sequence'?")
  }

  @Test("an unknown key that resembles nothing lists the keys that are known")
  func strangeKey() {
    let found = message("zzzzzzzz: 1") { _ = try $0.mapping(["sequence", "batch"]) }
    #expect(found == "w.yaml:1: unknown key 'zzzzzzzz'; keys here: sequence, batch")
  }

  @Test("a missing key says what it must be")
  func missing() {
    let found = message("a:\n  b: 1\n") { root in
      _ = try root.anyMapping().required("a", "").anyMapping().int("layers", 1...10_000)
    }
    #expect(found == "w.yaml:2: a: 'layers' is missing; it must be a whole number from 1 to 10000")
  }

  @Test(
    "numbers out of their range, not numbers, not finite and not whole are refused",
    arguments: [
      "-3", "0", "10001", "2.5", "nan", ".nan", ".inf", "inf", "-.inf", "1e400", "0x10", "\"5\"", "five", "[1]", "",
      "1__e", "1_",
    ])
  func badIntegers(_ value: String) {
    let found = message("run:\n  layers: \(value)\n") { root in
      _ = try root.anyMapping().required("run", "").anyMapping().int("layers", 1...10_000)
    }
    #expect(found.hasPrefix("w.yaml:2: run"))
    #expect(found.contains("a whole number from 1 to 10000"))
  }

  @Test("a quantity of another kind says what to write")
  func wrongUnit() {
    let found = message("m: 3 GB/s") { _ = try $0.anyMapping().required("m", "").quantity(.bytes, 1...1e12) }
    #expect(found == "w.yaml:1: m: found '3 GB/s', must be bytes, such as 384 GiB, within 1 to 1000000000000 B")
  }

  @Test("a list item is named by its number")
  func listItem() {
    let found = message("stages:\n  - layers: 4\n  - layers: x\n") { root in
      for stage in try root.anyMapping().required("stages", "").list() {
        _ = try stage.anyMapping().int("layers", 1...9)
      }
    }
    #expect(found == "w.yaml:3: stages[2].layers: found 'x', must be a whole number from 1 to 9")
  }

  @Test("a choice is suggested")
  func choice() {
    let found = message("p: bf61") { _ = try $0.anyMapping().required("p", "").choice(Precision.self) }
    #expect(found == "w.yaml:1: p: found 'bf61', must be one of fp16, bf16, fp8; did you mean 'bf16'?")
  }

  @Test(
    "anchors, aliases, tags, duplicate keys, two documents and odd keys are refused with their line",
    arguments: [
      ("a: 1\nb: &x 2\n", 2, "anchors"), ("a: &x 1\nb: *x\n", 1, "anchors"), ("a: [1, *x]\n", 1, "anchors"),
      ("a: 1\nb: !!python/object 2\n", 2, "tags"), ("{a: !t 1}\n", 1, "tags"), ("a: 1\n\na: 2\n", nil, "stands twice"),
      ("a: 1\n---\nb: 2\n", nil, "another document"), ("? [1, 2]\n: 3\n", 1, "a key must be a text"),
      ("a: [1, 2\nb: 3\n", nil, "not valid YAML"), ("a: \"open\n", nil, "not valid YAML"), ("", nil, "empty"),
    ] as [(String, Int?, String)])
  func refused(_ text: String, _ line: Int?, _ problem: String) {
    let found = message(text) { _ in }
    #expect(found.hasPrefix(line.map { "w.yaml:\($0):" } ?? "w.yaml"), "\(found)")
    #expect(found.contains(problem), "\(found)")
  }

  @Test(
    "what cannot be parsed is told in the file's own format",
    arguments: [
      ("a.yaml", "YAML"), ("a.yml", "YAML"), ("ds_config.json", "JSON"), ("A.JSON", "JSON"), ("t.jsonl", "JSON"),
      ("stdin", "YAML or JSON"),
    ])
  func format(file: String, format: String) {
    do {
      _ = try ConfigNode.parse("{\"a\": [1, 2", file: file)
      Issue.record("parsed")
    } catch {
      #expect("\(error)".contains(": not valid \(format): "), "\(error)")
    }
  }

  @Test("text that looks like an anchor or a bracket inside a value, a comment or quotes is not refused")
  func notAnchors() throws {
    let brackets = String(repeating: "[", count: 40)
    let text =
      "a: R &D *x !y # &z *w\nb: \"&quoted \(brackets)\"\nc: it's {fine\n# \(brackets) &x\nd: '*'\n"
      + "e: ['it''s \(brackets)']\n"
    let root = try ConfigNode.parse(text, file: "w.yaml").anyMapping()
    #expect(try root.string("a") == "R &D *x !y")
    #expect(try root.string("d") == "*")
  }

  @Test(
    "nesting beyond 32 levels is refused, in brackets, dashes, keys and indentation, up to the size limit",
    arguments: [33, 1_000, 100_000])
  func nesting(_ depth: Int) {
    let indented = (0..<min(depth, 1_000)).map { String(repeating: " ", count: $0) + "a:" }.joined(separator: "\n")
    let texts = [
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth),
      String(repeating: "{a: ", count: depth),
      String(repeating: "- ", count: depth) + "a", String(repeating: "? ", count: depth) + "a", indented + " 1",
      "a: " + String(repeating: "[\"]\", ", count: depth),
    ]
    for text in texts {
      let found = message(text) { _ in }
      #expect(found.contains("deeper than 32 levels"), "\(found)")
    }
  }

  @Test("nesting of 30 levels is read")
  func allowedNesting() throws {
    _ = try ConfigNode.parse(String(repeating: "[", count: 30) + String(repeating: "]", count: 30), file: "w")
  }

  @Test("a file over 1 MB is refused with its size")
  func size() {
    let found = message("a: " + String(repeating: "x", count: 1_048_576)) { _ in }
    #expect(found == "w.yaml: the file has 1048579 bytes; the limit is 1048576")
  }

  @Test("a newer format is refused politely and an absent one is named")
  func format() {
    let newer = message("brume: 2\n") { try $0.anyMapping().checkFormat() }
    #expect(newer.hasPrefix("w.yaml:1: brume: this file has format 2, this program reads up to 1; use a newer brume"))
    let absent = message("a: 1\n") { try $0.anyMapping().checkFormat() }
    #expect(absent == "w.yaml:1: 'brume' is missing; it must be the format version, 1")
  }

  @Test("files that do not exist, folders and other encodings are refused by name")
  func unreadable() throws {
    #expect(throws: InputError.self) { try ConfigNode.parse(contentsOf: "/nowhere/w.yaml") }
    #expect(throws: InputError.self) { try ConfigNode.parse(contentsOf: "/") }
    #expect(throws: InputError.self) { try ConfigNode.parse(contentsOf: "/dev/zero") }
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("brume-\(UUID().uuidString).yaml")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data([0x61, 0x3A, 0x20, 0xFF, 0xFE]).write(to: file)
    #expect(
      message("a: 1") { _ in _ = try ConfigNode.parse(contentsOf: file.path) }
        == "\(file.path): the file is not UTF-8 text; save it as UTF-8")
  }

  @Test("the nearest name is suggested, and none where nothing is near")
  func suggestions() {
    let names = ["llama-3-8b", "llama-3-70b", "gpt-7b"]
    #expect(Suggestion.nearest(to: "lama3-8b", in: names) == "llama-3-8b")
    #expect(Suggestion.nearest(to: "gpt7b", in: names) == "gpt-7b")
    #expect(Suggestion.nearest(to: "t5", in: names) == nil)
    #expect(Suggestion.editDistance(Array("kitten".utf8), Array("sitting".utf8)) == 3)
    #expect(Suggestion.editDistance(Array("ab".utf8), Array("ba".utf8)) == 1)
  }
}
