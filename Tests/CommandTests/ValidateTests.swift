import Foundation
import Testing

@testable import brume

/// `brume validate` and `brume runtimes`, as a shell sees them.
@Suite(.serialized) struct ValidateTests {
  @Test("runs that ship are predicted, with errors by source in JSON")
  func shipped() throws {
    let result = try Program.run(["validate", "--source", "mist-artifact-l4", "--json"])
    #expect(result.status == 0)
    let document = try #require(Self.object(result.output))
    let rows = try #require(document["rows"] as? [[String: Any]])
    #expect(rows.count == 7)
    for row in rows {
      let measured = try #require(row["measuredSeconds"] as? Double)
      let predicted = try #require(row["predictedSeconds"] as? Double)
      #expect(abs((row["error"] as? Double ?? .nan) - (predicted / measured - 1)) < 1e-12)
      #expect(row["skipped"] is NSNull)
    }
    let summary = try #require(document["summary"] as? [[String: Any]])
    #expect(summary.first?["source"] as? String == "mist-artifact-l4")
    #expect(summary.first?["memoryCount"] as? Int == 26)
    #expect((document["overall"] as? [String: Any])?["count"] as? Int == 7)
  }

  @Test("a table of one's own: a wrong line is named, a row that cannot be predicted is listed with the reason")
  func ownTable() throws {
    try Program.inFolder { folder in
      let path = folder.appendingPathComponent("runs.jsonl").path
      try Self.row.write(toFile: path, atomically: true, encoding: .utf8)
      let text = try Program.run(["validate", "--table", path])
      #expect(text.status == 0)
      #expect(text.output.contains("its micro-batch is not told"))
      let json = try #require(Self.object(try Program.run(["validate", "--table", path, "--json"]).output))
      let overall = try #require(json["overall"] as? [String: Any])
      #expect(overall["count"] as? Int == 0)
      #expect(overall["skipped"] as? Int == 1)
      #expect(overall["meanAbsoluteError"] is NSNull)
      let unknown = try Program.run(["validate", "--table", path, "--source", "other"])
      #expect(unknown.status == 65)
      #expect(unknown.error.contains("no source is called 'other'"))
      try (Self.row + "\n{\"id\": 3").write(toFile: path, atomically: true, encoding: .utf8)
      let broken = try Program.run(["validate", "--table", path])
      #expect(broken.status == 65)
      #expect(broken.error.contains("runs.jsonl:2"))
    }
    #expect(try Program.run(["validate", "--table", "none.jsonl"]).status == 65)
  }

  @Test("the page of tables has every source, the ten worst runs with their reasons, and the speed-ups")
  func page() throws {
    let page = try Program.run(["validate", "--source", "vtrain-multi", "--markdown"]).output
    #expect(page.contains("| vtrain-multi |") && page.contains("| gpt-7b-unfused |"))
    let worst = try #require(page.components(separatedBy: "## ").first { $0.hasPrefix("The worst runs") })
    let rows = worst.split(separator: "\n").filter { $0.hasPrefix("| vtrain-multi-") }
    #expect(rows.count == 10)
    #expect(rows.allSatisfy { !$0.contains("not known") })
    // Every row of a table has as many cells as its heading: a bar inside a cell is escaped.
    for block in page.components(separatedBy: "\n\n") where block.hasPrefix("|") {
      let cells = block.split(separator: "\n").map { $0.replacing("\\|", with: "").count { $0 == "|" } }
      #expect(Set(cells).count == 1, "\(block.prefix(80))")
    }
  }

  @Test("published plans are compared, predicted beside measured speed-ups")
  func speedups() throws {
    let document = try #require(Self.object(try Program.run(["validate", "--speedups", "--json"]).output))
    let rows = try #require(document["speedups"] as? [[String: Any]])
    #expect(rows.count == 9)
    #expect(rows.first?["published"] as? Double == 1.279)
    #expect(document["meanAbsoluteError"] is Double)
    let text = try Program.run(["validate", "--speedups"])
    #expect(text.status == 0 && text.output.contains("llama-2.7b"))
    #expect(try Program.run(["validate", "--speedups", "--source", "vtrain-multi"]).status == 64)
  }

  @Test("every figure of a runtime has an origin and a source")
  func runtimes() throws {
    #expect(try Program.run(["runtimes"]).output.contains("megatron-deepspeed"))
    let document = try #require(Self.object(try Program.run(["runtimes", "--json"]).output))
    let runtimes = try #require(document["runtimes"] as? [[String: Any]])
    let names = runtimes.compactMap { $0["name"] as? String }
    #expect(names.count == runtimes.count)
    for name in ["mist", "fsdp", "torchtitan", "megatron-lm", "megatron-core", "deepspeed"] {
      #expect(names.contains(name))
    }
    for figure in runtimes.flatMap(\.values).compactMap({ $0 as? [String: Any] }) {
      #expect((figure["source"] as? String)?.isEmpty == false)
      #expect(figure["origin"] is String)
    }
  }

  @Test("one runtime is explained: what it does, and each figure with its source; an unknown one gets a suggestion")
  func oneRuntime() throws {
    let text = try Program.run(["runtimes", "deepspeed"]).output
    #expect(text.contains("Offloads: optimizer states from ZeRO 2 on"))
    #expect(text.contains("reduce_bucket_size, 5e8 gradients"))
    let document = try #require(Self.object(try Program.run(["runtimes", "deepspeed", "--json"]).output))
    #expect((document["runtimes"] as? [[String: Any]])?.count == 1)
    let unknown = try Program.run(["runtimes", "depspeed"])
    #expect(unknown.status == 65 && unknown.error.contains("did you mean 'deepspeed'"))
  }

  /// One run whose micro-batch nobody told.
  private static let row = """
    {"id": "a", "source": "mine", "runtime": "fsdp", "gpu": "H100-80GB-SXM", "n_gpus": 8, "gpus_per_node": 8, \
    "model": {"name": "m", "family": "llama", "hidden": 4096, "layers": 32, "heads": 32, "ffn": 14336, \
    "vocab": 128256, "seq": 8192}, "precision": "bf16", "dp": 8, "global_batch": 16, "zero_stage": 3, \
    "recompute": "full", "flash_attention": true, "measured": {"iteration_s": 1}}
    """

  private static func object(_ text: String) -> [String: Any]? {
    (try? JSONSerialization.jsonObject(with: Data(text.utf8))) as? [String: Any]
  }
}
