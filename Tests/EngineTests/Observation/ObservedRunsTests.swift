import Foundation
import Testing

@testable import Engine

@Suite("What observed runs change")
struct ObservedRunsTests {
  private static func cluster() throws -> Cluster { try ObservedTableTests.file().workload.cluster }

  @Test("runs that took longer make rates slower, as measured, with a source that says by what")
  func movesFigures() throws {
    let told = try Self.cluster()
    let runs = ObservedRuns([try ObservedTableTests.run(1.2, date: "2026-11-23")])
    let moved = runs.adjusted(told)
    #expect(moved.nodeType.gpu.gemm.share.value < told.nodeType.gpu.gemm.share.value)
    #expect(moved.nodeType.gpu.gemm.share.provenance == .measured)
    #expect(moved.nodeType.gpu.gemm.share.source.hasPrefix("adjusted x0."))
    #expect(moved.nodeType.gpu.gemm.share.source.contains("by 1 observed run (latest \(runs.groups[0].runs[0].id))"))
    #expect(AdjustedFigures(moved).summary?.figures.hasPrefix("gemm share x0.") == true)
    #expect(AdjustedFigures(moved).summary?.runs == "1 observed run")
    #expect(AdjustedFigures(told).summary == nil)
    // Nothing is offloaded by that plan, and interference is nobody's to move.
    #expect(moved.nodeType.interference == told.nodeType.interference)
    #expect(moved.nodeType.gpu.memoryBytes == told.nodeType.gpu.memoryBytes)
  }

  @Test("figures that were adjusted are not adjusted again, and are given back as they were")
  func adjustsOnce() throws {
    let told = try Self.cluster()
    let runs = ObservedRuns([try ObservedTableTests.run(1.2)])
    let moved = runs.adjusted(told)
    #expect(runs.adjusted(moved) == moved)
    #expect(runs.original(moved) == told)
    #expect(runs.original(told) == told)
  }

  @Test("a figure that somebody changed stays as it is, the others move")
  func leavesOthers() throws {
    var own = try Self.cluster()
    own.nodeType.gpu.gemm.share.value = 0.47
    let runs = ObservedRuns([try ObservedTableTests.run(1.2)])
    let moved = runs.adjusted(own)
    #expect(moved.nodeType.gpu.gemm.share == own.nodeType.gpu.gemm.share)
    #expect(moved.nodeType.gpu.memoryBandwidth.value < own.nodeType.gpu.memoryBandwidth.value)
    var other = own
    other.nodeType.name = "another"
    #expect(runs.adjusted(other) == other)
  }

  @Test("taking a run back gives clusters and records as they were, to the last bit; order does not matter")
  func undoesExactly() throws {
    let told = try Self.cluster()
    let first = try ObservedTableTests.run(1.15)
    let second = try ObservedTableTests.run(1.25, among: [first])
    var table = ObservedTable()
    table.append(first)
    let before = (
      ObservedRuns(table.runs).adjusted(told), RunRecords.shipped.adding(ObservedRuns(table.runs)), table.text
    )
    table.append(second)
    #expect(ObservedRuns(table.runs).adjusted(told) != before.0)
    #expect(ObservedRuns([second, first]).adjusted(told) == ObservedRuns([first, second]).adjusted(told))
    #expect(ObservedRuns([second, first]).records == ObservedRuns([first, second]).records)
    _ = table.removeLast()
    #expect(table.text == before.2)
    #expect(ObservedRuns(table.runs).adjusted(told) == before.0)
    #expect(RunRecords.shipped.adding(ObservedRuns(table.runs)) == before.1)
    _ = table.removeLast()
    #expect(ObservedRuns(table.runs).adjusted(told) == told)
    #expect(RunRecords.shipped.adding(ObservedRuns(table.runs)) == .shipped)
  }

  @Test("own runs are records against the adjusted prediction, and stand nearest to their plan")
  func becomesRecords() throws {
    let file = try ObservedTableTests.file()
    let run = try ObservedTableTests.run(
      1.2, memory: [MeasuredMemory(kind: .reserved, stage: 0, bytes: 2e10)])
    let runs = ObservedRuns([run])
    let record = try #require(runs.records.first)
    #expect(record.source == "observed" && record.memory.count == 1)
    let score = try #require(ObservedRuns.score(run, on: runs.adjusted(run.workload.cluster).nodeType))
    #expect(record.timeRatio == run.seconds / score.iterationSeconds)
    #expect((record.timeRatio ?? 2) < 1.2)
    let near = RunRecords.shipped.adding(runs).nearest(
      to: RunFeatures(workload: file.workload, plan: file.plan), count: 3)
    #expect(near.first?.record == record && near.first?.isBehindBar == true)
  }

  @Test("an adjusted workload is written by value and read back as it is")
  func isWritten() throws {
    let runs = ObservedRuns([try ObservedTableTests.run(1.2)])
    let workload = runs.adjusted(try ObservedTableTests.file().workload)
    let root = try ConfigNode.parse(WorkloadWriter.yaml(of: workload), file: "w.yaml")
    #expect(try WorkloadSource.workload(root, folder: nil, defaultName: nil) == workload)
  }
}
