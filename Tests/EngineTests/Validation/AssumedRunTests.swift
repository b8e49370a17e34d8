import Testing

@testable import Engine

/// What is taken as usual where a measured run does not tell it (docs/validation.md), and that it is said.
@Suite struct AssumedRunTests {
  private func plan(_ changes: [(String, String)]) throws -> RowPlan {
    let table = try MeasuredTable(text: MeasuredTableTests.row(changes), file: "t.jsonl")
    return try RowPlan(try #require(table.rows.first), conventions: .shipped)
  }

  /// Changes that add keys to the row.
  private func adding(_ keys: String) -> (String, String) { ("\"core\"", "\(keys), \"core\"") }

  @Test("a run of a listed publication that tells everything has nothing assumed")
  func nothing() throws {
    #expect(try plan([]).assumed.isEmpty)
  }

  @Test("a publication that is not listed has the runtime of the software that it names, or that its plan looks like")
  func runtimes() throws {
    func found(_ source: String, _ changes: [(String, String)] = []) throws -> String {
      let plan = try plan([("narayanan-sc21-x", source)] + changes)
      let name = plan.workload.run.runtime
      #expect(plan.assumed.contains("the runtime \(name)"))
      return name
    }
    let recent = ("\"fp16\"", "\"bf16\"")
    #expect(try found("somebody") == "megatron-lm-fp16")
    #expect(try found("somebody", [recent]) == "megatron-core")
    #expect(try found("somebody", [("\"zero_stage\": 1", "\"zero_stage\": 3")]) == "deepspeed")
    #expect(try found("somebody", [adding("\"fsdp_sharding\": \"full\"")]) == "fsdp")
    #expect(try found("somebody", [adding("\"framework\": \"NeMo 24.09\"")]) == "nemo")
    // The longest word that stands in its name.
    #expect(try found("a-megatron-deepspeed-2022", [recent]) == "megatron-deepspeed-bf16")
    let named = try plan([("narayanan-sc21-x", "somebody"), adding("\"runtime\": \"mist\"")])
    #expect(named.assumed.isEmpty && named.workload.run.runtime == "mist")
  }

  @Test("what a plan leaves open is what its software's users do: parts of a sequence, chunks, flash attention")
  func shapes() throws {
    let unknown = ("\"sequence_parallel\": false", "\"sequence_parallel\": \"unknown\"")
    let old = try plan([unknown])
    #expect(!old.plan.sequenceParallel && old.assumed == ["no sequence parallelism"])
    let recent = try plan([unknown, adding("\"runtime\": \"megatron-core\"")])
    #expect(recent.plan.sequenceParallel && recent.assumed == ["sequence parallelism"])
    let open = ("\"vpp\": 1", "\"vpp\": null")
    let whole = try plan([open])
    #expect(whole.plan.interleave == 1 && whole.assumed == ["no interleaving"])
    let chunks = try plan([
      open, ("\"layers\": 10", "\"layers\": 16"), adding("\"schedule\": \"Interleaved1F1B\""),
    ])
    #expect(chunks.plan.interleave == 2 && chunks.assumed.count == 1)
    let kernel = ("\"flash_attention\": false", "\"flash_attention\": \"unknown\"")
    #expect(try plan([kernel]).workload.run.attention == .unfused)
    #expect(
      try plan([kernel, adding("\"runtime\": \"megatron-core\""), ("\"fp16\"", "\"bf16\"")]).assumed == [
        "flash attention"
      ])
  }

  @Test("a GPU's name that is not listed means the machine of the longest listed name whose parts it has")
  func machines() throws {
    let conventions = try RunConventions.shipped
    #expect(conventions.machine(of: "A100-SXM4-80GB") == "a100-80-sxm")
    #expect(conventions.machine(of: "NVIDIA A100 40GB PCIe") == "a100-40-vm")
    #expect(conventions.machine(of: "H200 SXM") == "h200-sxm")
    #expect(conventions.machine(of: "MI300X") == nil)
  }
}
