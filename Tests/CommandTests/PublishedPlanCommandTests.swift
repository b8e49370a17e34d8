import Foundation
import Testing

@testable import brume

/// `brume validate --plans`, as a shell sees it.
@Suite(.serialized) struct PublishedPlanCommandTests {
  private static let question = """
    "gpu": "L4", "nodes": 1, "gpus_per_node": 2, "model": {"family": "gpt", "size": "1.3b", "seq": 2048, \
    "flash": true}, "global_batch": 32
    """
  private static let lines = [
    """
    {"launcher": "megatron-lm", \(question), "grad_accum": 2, "dp": 2, "tp": 1, "pp": 1, "recompute": "full", "zero": 1}
    """,
    """
    {"launcher": "deepspeed", \(question), "grad_accum": 1, "dp": 2, "tp": 1, "pp": 1, "recompute": "none", "zero": 0}
    """,
  ]

  private func withTable(_ text: String, _ body: (String) throws -> Void) throws {
    try Program.inFolder { folder in
      let path = folder.appendingPathComponent("plans.jsonl").path
      try text.write(toFile: path, atomically: true, encoding: .utf8)
      try body(path)
    }
  }

  @Test("plans are printed as JSON with what the search finds, verdicts and a summary")
  func json() throws {
    try withTable(Self.lines.joined(separator: "\n")) { path in
      let result = try Program.run(["validate", "--plans", path, "--json"])
      #expect(result.status == 0 && result.error.isEmpty)
      let document = try #require(
        try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
      #expect(document["format"] as? String == "brume/1" && document["speedups"] == nil)
      let plans = try #require(document["plans"] as? [[String: Any]])
      #expect(plans.map { $0["line"] as? Int } == [1, 2])
      #expect(plans.map { $0["runtime"] as? String } == ["megatron-lm-2023", "deepspeed"])
      #expect(plans.map { $0["verdict"] as? String } == ["beaten", "better, does not fit"])
      for plan in plans {
        let published = try #require(plan["closedFormSeconds"] as? Double)
        let best = try #require(plan["bestSeconds"] as? Double)
        #expect(abs((plan["ratio"] as? Double ?? .nan) - published / best) < 1e-12)
      }
      #expect(plans[0]["fits"] as? Bool == true && plans[0]["roomierSeconds"] is NSNull)
      #expect(plans[1]["fits"] as? Bool == false && (plans[1]["excessBytes"] as? Double ?? 0) > 1e9)
      let summary = try #require(document["summary"] as? [String: Any])
      #expect(summary["count"] as? Int == 2 && summary["fit"] as? Int == 1)
      #expect((summary["verdicts"] as? [String: Int])?["beaten"] == 1)
    }
  }

  @Test("the page has a verdict for each plan, and the speed-ups of the workloads; the text has the plans alone")
  func page() throws {
    try withTable(Self.lines[0]) { path in
      let page = try Program.run(["validate", "--plans", path, "--markdown"])
      #expect(page.status == 0)
      #expect(page.output.contains("| gpt-1.3b-2xl4-vm | flash | 32 | megatron-lm |"))
      #expect(page.output.contains("| mean (largest) of 1: all |"))
      for block in page.output.components(separatedBy: "\n\n") where block.hasPrefix("|") {
        let bars = block.split(separator: "\n").map { $0.filter { $0 == "|" }.count }
        #expect(Set(bars).count == 1, "\(block)")
      }
      let text = try Program.run(["validate", "--plans", path])
      #expect(text.output.contains("megatron-lm") && !text.output.contains("speed-ups"))
      let speedups = try Program.run(["validate", "--plans", path, "--speedups"])
      #expect(speedups.output.hasPrefix("speed-ups of mist's space") && !speedups.output.contains("verdict"))
    }
  }

  @Test("a wrong line is named; tables of runs and of plans do not go together")
  func wrong() throws {
    try withTable(Self.lines[0] + "\n" + Self.lines[1].replacing("\"dp\": 2", with: "\"dp\": 4")) { path in
      let result = try Program.run(["validate", "--plans", path])
      #expect(result.status == 65 && result.error.contains("plans.jsonl:2"))
      #expect(try Program.run(["validate", "--plans", path, "--table", path]).status == 64)
      #expect(try Program.run(["validate", "--plans", path, "--threads", "0"]).status == 64)
    }
    #expect(try Program.run(["validate", "--plans", "none.jsonl"]).status == 65)
  }
}
