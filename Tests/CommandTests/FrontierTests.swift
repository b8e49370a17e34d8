import Engine
import Foundation
import Testing

@testable import brume

/// Sweeps, robust plans and offered changes, as a shell sees them.
@Suite(.serialized) struct FrontierTests {
  private static let small = ["gpt-1.3b-2xl4", "--space", "megatron-lm"]

  private static let isSlow = ProcessInfo.processInfo.environment["BRUME_SLOW"] == "1"

  private func object(_ arguments: [String], status: Int32 = 0) throws -> [String: Any] {
    let result = try Program.run(arguments + ["--json"])
    #expect(result.status == status, "\(result.error)")
    return try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
  }

  @Test("where nothing fits the exit code is 1, and a change that is offered, given back as flags, finds a plan")
  func infeasible() throws {
    let question = ["tune"] + Self.small + ["--set", "cluster.gpusPerNode=1"]
    let reason = try #require(try object(question, status: 1)["infeasibility"] as? [String: Any])
    #expect(reason["stage"] as? Int == 1)
    #expect(MemoryPart(rawValue: reason["part"] as? String ?? "") != nil)
    #expect(reason["missingBytes"] as? Double ?? 0 > 0)
    let change = try #require((reason["suggestions"] as? [[String: Any]])?.first)
    let set = (change["set"] as? [String] ?? []).flatMap { ["--set", $0] }
    let answer = try Program.run(question + set + (change["flags"] as? [String] ?? []))
    #expect(answer.status == 0)
    let text = try Program.run(question)
    #expect(text.status == 1)
    #expect(text.output.contains("would fit: \(change["text"] as? String ?? "?") ("))
  }

  @Test("sizes have the keys of the documentation, and none is slower than a smaller one")
  func gpus() throws {
    let document = try object(["frontier"] + Self.small + ["--axes", "gpus"])
    let points = try #require(document["points"] as? [[String: Any]])
    #expect(points.map { $0["gpus"] as? Int } == [2])
    #expect((document["infeasible"] as? [[String: Any]])?.map { $0["gpus"] as? Int } == [1])
    for key in ["memoryShare", "nodes", "batch", "sequence", "idleGPUs", "speedup", "iterationCost", "stages"] {
      #expect(points[0][key] != nil, "\(key)")
    }
    #expect(try Program.run(["frontier"] + Self.small + ["--axes", "gpus"]).output.contains("none fits"))
  }

  @Test("without a price the cost axis says how to give one")
  func price() throws {
    let result = try Program.run(["frontier", "llama-70b-512xh100", "--axes", "cost"])
    #expect(result.status == 65)
    #expect(result.error.contains("dollarsPerGPUHour"))
    #expect(result.error.contains("--set cluster.dollarsPerGPUHour=2.5"))
  }

  @Test(
    "a range of batches is tuned, and the robust plan never loses more than the chosen one", .enabled(if: isSlow))
  func robust() throws {
    let document = try object(["tune"] + Self.small + ["--set", "run.batch=16..32", "--robust", "--top", "2"])
    let robust = try #require(document["robust"] as? [String: Any])
    let worst = try #require(robust["worstRegret"] as? Double)
    #expect(worst <= robust["chosenRegret"] as? Double ?? -1)
    #expect((document["alternatives"] as? [Any])?.count == 2)
    let run = (document["workload"] as? [String: Any])?["run"] as? [String: Any]
    #expect([16, 32].contains(run?["batch"] as? Int))
    #expect((document["notes"] as? [String])?.contains { $0.contains("the most tokens per second of 16, 32") } == true)
  }

  @Test("the screens of an answer have the size that was asked for; --axes belongs to scaling alone")
  func screens() throws {
    for screen in Self.isSlow ? ["scaling", "robust"] : ["scaling"] {
      let result = try Program.run(["render"] + Self.small + ["--screen", screen, "--size", "90x24"])
      #expect(result.status == 0)
      let lines = result.output.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
      #expect(lines.count == 24 && lines.allSatisfy { $0.count <= 90 })
    }
    #expect(try Program.run(["render"] + Self.small + ["--screen", "memory", "--axes", "gpus"]).status == 64)
  }
}
