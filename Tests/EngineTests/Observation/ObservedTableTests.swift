import Foundation
import Testing

@testable import Engine

@Suite("Tables of observed runs")
struct ObservedTableTests {
  static func file() throws -> PlanFile { try #require(try InputDocument.load("gpt-22b-32xl4.plan").plan) }

  /// A run of the sample that took so many times what is predicted.
  static func run(_ factor: Double, memory: [MeasuredMemory] = [], date: String? = nil, among: [ObservedRun] = [])
    throws
    -> ObservedRun
  {
    let file = try file()
    let predicted = try #require(
      ObservedRuns.score(
        ObservedRun(workload: file.workload, plan: file.plan, seconds: 1), on: file.workload.cluster.nodeType))
    return ObservedRun(
      workload: file.workload, plan: file.plan, seconds: predicted.iterationSeconds * factor, memory: memory,
      date: date,
      origin: "a \"test\" of \u{1F600} and \\", among: among)
  }

  @Test("a table reads back as what was written, to the last bit")
  func readsBack() throws {
    var table = ObservedTable()
    let memory = [
      MeasuredMemory(kind: .reserved, stage: 0, bytes: 2.1e10),
      MeasuredMemory(kind: .nvidiaSMI, stage: nil, bytes: 2.2e10),
    ]
    table.append(try Self.run(1.07, memory: memory, date: "2026-11-23"))
    table.append(try Self.run(1.07, among: table.runs))
    let read = ObservedTable(text: table.text, file: "observed.jsonl")
    #expect(read.problems.isEmpty)
    #expect(read.runs == table.runs)
    #expect(read.text == table.text)
  }

  @Test("the same run observed twice has two names")
  func namesDiffer() throws {
    let first = try Self.run(1)
    #expect(try Self.run(1, among: [first]).id != first.id)
    #expect(try Self.run(1).id == first.id)
  }

  @Test("a damaged line is named by file and line, kept to the byte, and harms no other")
  func namesDamage() throws {
    var table = ObservedTable()
    table.append(try Self.run(1.1))
    let text = "{\"brume\": 1, \"id\": \n" + table.text + "not a run\n" + table.text
    var read = ObservedTable(text: text, file: "observed.jsonl")
    #expect(read.runs.count == 1)
    #expect(read.problems.map(\.place.line) == [1, 3, 4])
    #expect(read.problems.allSatisfy { $0.place.file == "observed.jsonl" })
    #expect(read.text == text)
    let removed = read.removeLast()
    #expect(removed == table.runs.first)
    #expect(read.text == "{\"brume\": 1, \"id\": \nnot a run\n" + table.text)
  }

  @Test("a line with a value out of its range is named by its field")
  func namesFields() throws {
    let line = try Self.run(1).text
    for (old, new, field) in [
      ("\"iterationSeconds\": ", "\"iterationSeconds\": -", "iterationSeconds"),
      ("\"gradientAccumulation\": ", "\"gradientAccumulation\": -", "plan.gradientAccumulation"),
      ("\"iterationSeconds\"", "\"seconds\"", ""),
    ] {
      let table = ObservedTable(text: line.replacing(old, with: new), file: "t.jsonl")
      #expect(table.runs.isEmpty)
      #expect(table.problems.first?.place.line == 1)
      #expect(table.problems.first?.place.field == field)
    }
  }

  @Test("text that is cut or mixed up never ends the program")
  func survivesDamage() throws {
    let line = Array(try Self.run(1).text.utf8)
    var state: UInt64 = 3
    func next(_ below: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % max(1, below)
    }
    for _ in 0..<60 {
      var cut = Array(line[..<next(line.count)])
      if !cut.isEmpty { cut[next(cut.count)] = UInt8(next(256)) }
      let table = ObservedTable(text: String(decoding: cut, as: UTF8.self), file: "t.jsonl")
      #expect(table.runs.isEmpty)
    }
  }

  @Test("taking back the last run of a plan leaves the runs of others")
  func takesBackOfPlan() throws {
    var table = ObservedTable()
    let own = try Self.run(1.1)
    table.append(own)
    var other = own
    other.id = "other"
    other.plan.gradientAccumulation += 1
    table.append(other)
    let file = try Self.file()
    #expect(table.removeLast { $0.isOf(file.workload, file.plan) } == own)
    #expect(table.runs.map(\.id) == ["other"])
    #expect(table.removeLast { $0.isOf(file.workload, file.plan) } == nil)
  }
}
