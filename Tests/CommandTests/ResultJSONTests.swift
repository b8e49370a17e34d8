import Engine
import Foundation
import Testing

@testable import brume

@Suite struct ResultJSONTests {
  private let top = [
    "format", "status", "workload", "iterationSeconds", "closedFormSeconds", "tokensPerSecond",
    "tokensPerSecondPerGPU", "tflopsPerGPU", "trainingDays", "trainingCost", "mfu", "bubbleShare",
    "lowerBoundSeconds", "gradientAccumulation", "idleNodes", "runtime", "space", "schedule", "interleave",
    "sequenceParallel",
    "contextParallel", "hostBytesPerNode", "pins", "errorBar", "memoryErrorBar", "fit",
  ]

  @Test("a tuned result has every key that scripts rely on, in their order")
  func tunedKeys() throws {
    let document = ResultJSON.tuned(try Fixtures.report(Fixtures.scored, status: .optimal), result: Fixtures.result)
    #expect(keys(document) == top + ["alternatives", "robust", "stages", "search", "notes"])
    #expect(
      keys(try #require(document["search"]))
        == ["configurations", "plans", "firstPlanSeconds", "seconds", "covers", "solver", "certificate"])
    #expect(
      keys(try #require(document["search"]?["certificate"])) == ["solver", "objective", "bound", "gap", "covers"])
    let stage = try first(document["stages"])
    #expect(
      keys(stage) == [
        "layers", "nodes", "gpusPerNode", "microBatch", "dataParallel", "tensorParallel", "zero",
        "checkpointedLayers", "recompute", "offload", "stableSeconds", "deltaSeconds",
        "pointToPointSeconds", "memory",
      ])
    let memory = keys(try #require(stage["memory"]))
    for key in [
      "weights", "gradients", "optimizer", "activations", "transient", "buffers", "allocated", "reserved", "capacity",
    ] { #expect(memory.contains(key)) }
    #expect(
      stage["offload"] == [
        "weights": .number(0.125), "gradients": .number(0), "optimizer": .number(0.375), "activations": .number(1),
      ])
    let alternative = try first(document["alternatives"])
    #expect(alternative["iterationSeconds"] == .number(9.2689241))
    #expect(alternative["stages"] != nil)
  }

  @Test("a score has the same keys without search, alternatives and robust")
  func scoredKeys() throws {
    let document = ResultJSON.scored(try Fixtures.report(Fixtures.scored, status: .feasible))
    #expect(keys(document) == top + ["stages", "notes"])
    #expect(document["lowerBoundSeconds"] == .null)
  }

  @Test("without a plan the keys stay, their values are null, and the reason stands beside them")
  func infeasible() throws {
    var result = TuneResult(status: .infeasible)
    result.infeasibility = Infeasibility(
      stage: 1, part: .host, missingBytes: 5e9,
      suggestions: [FittingChange("twice the nodes", set: ["cluster.nodes=8"])])
    let document = ResultJSON.tuned(try Fixtures.report(nil, status: .infeasible), result: result)
    #expect(
      keys(document) == top + ["alternatives", "robust", "stages", "search", "infeasibility", "notes"])
    #expect(document["iterationSeconds"] == .null)
    #expect(document["stages"] == [])
    #expect(
      document["infeasibility"]
        == [
          "stage": 2, "binds": "host", "part": "host", "missingBytes": .number(5e9),
          "suggestions": [["text": "twice the nodes", "set": ["cluster.nodes=8"], "flags": []]],
        ])
  }

  @Test("a figure that is not finite is null, and a note names it")
  func nonFinite() throws {
    var scored = Fixtures.scored
    scored.score.stages[1].deltaSeconds = .infinity
    let document = ResultJSON.scored(try Fixtures.report(scored, status: .feasible))
    guard case .array(let notes) = document["notes"] else {
      Issue.record("no notes")
      return
    }
    #expect(notes.last == "stages[1].deltaSeconds is not a finite number; null stands for it")
    let text = JSONWriter().text(document)
    let parsed = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
    #expect(parsed?["iterationSeconds"] as? Double == 9.2689241)
  }

  @Test("the notes define TFLOP/s and MFU, tell prediction from objective, and name what nobody measured")
  func notes() throws {
    let notes = Notes.standard(for: try Fixtures.workload(), score: Fixtures.scored.score).joined(separator: "\n")
    #expect(notes.contains("as Megatron-LM does"))
    #expect(notes.contains("the simulation is 0.0189 s (0.20 %) longer here"))
    #expect(notes.contains("assumed, not measured, on l4-vm:"))
    #expect(notes.contains("gpu launchSeconds"))
  }

  @Test("a workload's JSON has the keys and the numbers of its file")
  func workload() throws {
    let document = WorkloadJSON.value(try Fixtures.workload())
    #expect(document["run"]?["batch"] == 32)
    #expect(document["model"]?["tiedEmbeddings"] == .bool(false))
    #expect(document["cluster"]?["node"]?["gpu"]?["name"] == "l4")
  }

  @Test("a point of the frontier is a plan with its memory share first")
  func frontierPoint() {
    let point = FrontierCommand.point(
      FrontierPoint(memoryShare: 0.5, best: Fixtures.scored), context: PlanJSON.Context(runtime: "mist", space: "mist"))
    #expect(keys(point).prefix(3) == ["memoryShare", "peakReservedBytes", "iterationSeconds"])
    #expect(point["peakReservedBytes"] == .number(21_474_836_480))
  }

  private func keys(_ value: JSONValue) -> [String] {
    guard case .object(let members) = value else { return [] }
    return members.map(\.key)
  }

  private func first(_ value: JSONValue?) throws -> JSONValue {
    guard case .array(let items) = value else { throw Missing() }
    return try #require(items.first)
  }

  private struct Missing: Error {}
}
