import Foundation
import Testing

@testable import brume

/// `brume explain --marginal`, as a shell sees it.
@Suite(.serialized) struct MarginalTests {
  private static func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test("a value is the difference of two searches with the assignments that it prints")
  func differences() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("marginal-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let plan = folder.appendingPathComponent("plan.yaml").path
    let flags = ["--space", "megatron-lm"]
    #expect(try Program.run(["tune", "gpt-1.3b-2xl4", "--out", plan, "--json"] + flags).status == 0)
    let result = try Program.run(["explain", plan, "--marginal", "--json"])
    #expect(result.status == 0)
    let answer = try Self.object(result.output)
    #expect(answer["space"] as? String == "megatron-lm")
    let before = try #require(answer["iterationSeconds"] as? Double)
    let values = try #require(answer["values"] as? [[String: Any]])
    #expect(values.count >= 7)
    for value in values.prefix(4) {
      let set = try #require(value["set"] as? [String])
      let tuned = try Program.run(["tune", plan, "--json"] + flags + set.flatMap { ["--set", $0] })
      let after = try #require(try Self.object(tuned.output)["iterationSeconds"] as? Double)
      // To what the reader of JSON rounds; the engine's tests compare bits.
      let seconds = try #require(value["seconds"] as? Double)
      #expect(abs(seconds - (after - before)) <= 1e-12 * before, "\(set)")
      #expect(value["iterationSeconds"] as? Double == after)
    }
    let text = try Program.run(["explain", plan, "--marginal"]).output
    #expect(text.contains("the best plan of space megatron-lm takes ") && text.contains("more host memory per node"))
    for line in text.split(separator: "\n") where !line.contains("brume tune") { #expect(line.count <= 80, "\(line)") }
  }

  @Test("--marginal is about the whole plan, and of a workload there is none")
  func usage() throws {
    #expect(try Program.run(["explain", "gpt-22b-32xl4.plan", "--marginal", "--stage", "1"]).status == 64)
    #expect(try Program.run(["explain", "gpt-1.3b-2xl4", "--marginal"]).status == 65)
  }
}
