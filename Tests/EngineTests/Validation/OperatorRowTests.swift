import Testing

@testable import Engine

/// Measured runs whose stages are cut and recomputed at operators (docs/validation.md).
@Suite struct OperatorRowTests {
  /// Aceso's GPT 1.3B on two L4, as its artifact in Mist's repository publishes it.
  private static let row = #"""
    {"id": "aceso-1.3b", "source": "aceso-in-mist-l4", "url": "https://github.com/Dazz993/Mist", "gpu": "L4-24GB",
    "n_gpus": 2, "gpus_per_node": 2, "model": {"name": "gpt-1.3B", "family": "gpt", "hidden": 2048, "layers": 24,
    "heads": 32, "kv_heads": 32, "ffn": 8192, "vocab": 50304, "seq": 2048}, "precision": "fp16", "tp": 1, "pp": 2,
    "dp": 1, "cp": 1, "vpp": 1, "micro_batch": 1, "global_batch": 32, "zero_stage": 0,
    "recompute": "per operator (recompute_ops)", "sequence_parallel": false, "flash_attention": false,
    "offload": "none", "measured": {"iteration_s": 14.24674, "stage_max_allocated_MB": {"0": 18100.1, "1": 16457.05},
    "stage_max_reserved_MB": {"0": 20082.0, "1": 17912.0}}, "stages": [
    {"gpus": 1, "ops": 159, "tp": 1, "dp": 1, "first_op": "encoder-embedding", "last_op": "enc-attention-qkv@L12",
    "recomputed": {"enc-attention-score": "6/12", "enc-attention-softmax": "6/12", "enc-attention-dropout": "12/12",
    "enc-attention-context": "12/12"}},
    {"gpus": 1, "ops": 156, "tp": 1, "dp": 1, "first_op": "enc-attention-score@L12", "last_op": "gpt-post-process",
    "recomputed": {"enc-attention-dropout": "11/12", "enc-attention-context": "11/12"}}], "core": true}
    """#.replacing("\n", with: "")

  private func report(_ text: String = Self.row) throws -> ValidationReport {
    try ValidationReport(try MeasuredTable(text: text, file: "test.jsonl"))
  }

  @Test("memory of Aceso's stages is within 1 % allocated and 3 % reserved")
  func memory() throws {
    let row = try #require(try report().rows.first)
    #expect(row.skipped == nil)
    let allocated = row.memory.filter { $0.kind == .allocated }.map(\.error)
    let reserved = row.memory.filter { $0.kind == .reserved }.map(\.error)
    #expect(allocated.count == 2 && allocated.allSatisfy { abs($0) < 0.01 }, "\(allocated)")
    #expect(reserved.count == 2 && reserved.allSatisfy { abs($0) < 0.03 }, "\(reserved)")
  }

  @Test("stages that leave operators out, or whose counts do not fit, contradict themselves")
  func contradictions() throws {
    for (wrong, right) in [("\"ops\": 159", "\"ops\": 158"), ("qkv@L12", "qkv@L11"), ("12/12\"", "14/12\"")] {
      let row = try #require(try report(Self.row.replacing(wrong, with: right)).rows.first)
      #expect(row.skipped?.hasPrefix("it contradicts itself") == true, "\(right): \(row.skipped ?? "predicted")")
    }
  }

  @Test("the first operators of a name are recomputed, norms with the add before them")
  func places() throws {
    let stage = MeasuredOperators(
      first: "encoder-embedding", last: "enc-attention-context@L2", count: nil,
      recomputed: [
        "enc-1st-layernorm": 1, "enc-attention-qkv": 2, "enc-post-MLP-dropout": 1, "enc-2nd-layernorm": 1,
        "enc-post-attention-dropout": 1,
      ])
    let marked = try #require(stage.operators(layers: 4)).filter(\.isRecomputed).map(\.kind)
    #expect(
      marked == [
        .layer(.queryKeyValue, 0), .layer(.attentionResidual, 0), .layer(.feedForwardNorm, 0),
        .layer(.feedForwardResidual, 0), .layer(.attentionNorm, 1), .layer(.queryKeyValue, 1),
      ])
  }
}
