import Testing

@testable import Engine

/// Reading of measured tables, and what a row becomes.
@Suite struct MeasuredTableTests {
  /// A row that is predicted; `change` rewrites its text.
  static func row(_ changes: [(String, String)] = []) -> String {
    var text = """
      {"id": "a-1", "source": "narayanan-sc21-x", "url": "u", "gpu": "A100-80GB-SXM", "n_gpus": 16, "gpus_per_node": 8, \
      "model": {"name": "gpt", "family": "gpt", "hidden": 1024, "layers": 10, "heads": 16, "kv_heads": 16, \
      "ffn": 4096, "vocab": 50257, "seq": 1024}, "precision": "fp16", "tp": 2, "pp": 4, "dp": 2, "cp": 1, "vpp": 1, \
      "micro_batch": 2, "global_batch": 32, "zero_stage": 1, "recompute": "full", "sequence_parallel": false, \
      "flash_attention": false, "offload": "none", "measured": {"iteration_s": 2.5}, "flops_definition": null, \
      "something": {"new": [1, 2]}, "core": true}
      """
    for (old, new) in changes { text = text.replacing(old, with: new) }
    return text
  }

  private func message(_ text: String) -> String {
    do throws(InputError) {
      _ = try MeasuredTable(text: text, file: "t.jsonl")
      return "no error"
    } catch {
      return "\(error)"
    }
  }

  private func plan(_ changes: [(String, String)] = []) throws -> RowPlan {
    let table = try MeasuredTable(text: Self.row(changes), file: "t.jsonl")
    return try RowPlan(try #require(table.rows.first), conventions: .shipped)
  }

  private func reason(_ changes: [(String, String)]) throws -> String? {
    let table = try MeasuredTable(text: Self.row(changes), file: "t.jsonl")
    let row = RowPrediction(try #require(table.rows.first), conventions: try .shipped)
    #expect(row.predictedSeconds == nil || row.skipped == nil)
    return row.skipped
  }

  @Test("errors name file, line and field")
  func errors() {
    let good = Self.row()
    #expect(message(good) == "no error")
    #expect(
      message(good + "\n\n" + Self.row([("\"n_gpus\": 16", "\"n_gpus\": \"many\""), ("a-1", "a-2")]))
        == "t.jsonl:3: n_gpus: found \"many\", must be a whole number from 1 to 10000000")
    #expect(message(Self.row([("\"hidden\": 1024, ", "")])).hasPrefix("t.jsonl:1: model: 'hidden' is missing"))
    #expect(message(good + "\n" + good) == "t.jsonl:2: id: two rows are called 'a-1'; rename one of them")
    #expect(message(good + "\n{\"id\": ").hasPrefix("t.jsonl:2: not valid JSON"))
    #expect(message("\n").hasPrefix("t.jsonl: the table is empty"))
  }

  @Test("a row becomes a plan: even layers, earlier stages first, all recomputed, G from the batch")
  func evenPlan() throws {
    let found = try plan()
    #expect(found.plan.gradientAccumulation == 8)
    #expect(found.plan.stages.map(\.layers) == [3, 3, 2, 2])
    #expect(found.plan.stages.map(\.checkpointedLayers) == [3, 3, 2, 2])
    #expect(found.plan.stages.allSatisfy { $0.nodes == 1 && $0.gpusPerNode == 4 && $0.tensorParallel == 2 })
    #expect(found.plan.stages.allSatisfy { $0.dataParallel == 2 && $0.zero == 1 && $0.microBatch == 2 })
    #expect(found.workload.run.runtime == "megatron-lm-fp16")
    #expect(found.workload.run.attention == .unfused)
    // Padded to a multiple of 128 times tp 2; Megatron-LM's GPT has biases and is tied.
    #expect(found.workload.model.vocabulary == 50432)
    #expect(found.workload.model.linearBias && found.workload.model.tiedEmbeddings)
    #expect(found.workload.cluster.nodes == 2)
    #expect(found.workload.cluster.nodeType.links.fabricBytesPerSecond.value == 200e9)
    let whole = try plan([("\"pp\": 4", "\"pp\": 1"), ("\"dp\": 2", "\"dp\": 8"), ("full", "none")])
    #expect(whole.plan.stages.map(\.nodes) == [2])
    #expect(whole.plan.stages.map(\.checkpointedLayers) == [0])
  }

  @Test("sequence and context parallelism and kinds of recomputation become those of the plan")
  func parallelPlan() throws {
    let split = try plan([
      ("\"cp\": 1", "\"cp\": 2"), ("\"dp\": 2", "\"dp\": 1"),
      ("\"sequence_parallel\": false", "\"sequence_parallel\": true"),
      ("\"flash_attention\": false", "\"flash_attention\": true"), ("\"full\"", "\"selective\""),
    ]).plan
    #expect(split.contextParallel == 2 && split.sequenceParallel && split.gradientAccumulation == 16)
    #expect(split.stages.allSatisfy { $0.gpusPerNode == 4 && $0.dataParallel == 1 && $0.recompute == .selective })
    #expect(split.stages.map(\.checkpointedLayers) == [3, 3, 2, 2])
    let second = try plan([("\"full\"", "\"selective layer\"")]).plan.stages
    #expect(second.map(\.checkpointedLayers) == [1, 1, 1, 1] && second.allSatisfy { $0.recompute == .full })
    let operators = try plan([("\"full\"", "\"selective (torchtitan per-op SAC default)\"")]).plan.stages
    #expect(operators.map(\.checkpointedLayers) == [3, 3, 2, 2])
    #expect(operators.allSatisfy { $0.recompute == .selectiveOperators })
    // Without slices of a layer there is nothing that sequence parallelism could split.
    let alone = try plan([
      ("\"tp\": 2", "\"tp\": 1"), ("\"dp\": 2", "\"dp\": 4"),
      ("\"sequence_parallel\": false", "\"sequence_parallel\": true"),
    ])
    #expect(!alone.plan.sequenceParallel)
  }

  @Test("an interleaved row becomes a plan of as many chunks")
  func interleaved() throws {
    let found = try plan([("\"vpp\": 1", "\"vpp\": 2"), ("\"layers\": 10", "\"layers\": 16")])
    #expect(found.plan.interleave == 2 && found.plan.gradientAccumulation == 8)
    #expect(found.plan.stages.map(\.layers) == [4, 4, 4, 4])
    try PlanRules(workload: found.workload).check(found.plan)
    // One stage has nothing to interleave with.
    let whole = try plan([("\"vpp\": 1", "\"vpp\": 2"), ("\"pp\": 4", "\"pp\": 1"), ("\"dp\": 2", "\"dp\": 8")])
    #expect(whole.plan.interleave == 1)
  }

  @Test("a row that cannot be predicted says why")
  func skips() throws {
    #expect(try reason([]) == nil)
    #expect(
      try reason([("\"vpp\": 1", "\"vpp\": 2")]) == "it contradicts itself: 10 layers in 4 x 2 chunks")
    #expect(
      try reason([("\"vpp\": 1", "\"vpp\": 2"), ("\"layers\": 10", "\"layers\": 16"), ("32", "24")])
        == "it contradicts itself: interleaved, with 6 micro-batches on 4 stages")
    #expect(
      try reason([("\"vpp\": 1", "\"vpp\": null"), ("\"core\"", "\"schedule\": \"Interleaved1F1B\", \"core\"")])
        == "unequal chunks are not modelled: 10 layers in 4 x 2 chunks")
    #expect(
      try reason([("\"cp\": 1", "\"cp\": 2")])
        == "it contradicts itself: tp 2 x pp 4 x dp 2 x cp 2 on 16 GPUs")
    #expect(try reason([("\"full\"", "\"a half\"")]) == "recomputation 'a half' is not modelled")
    #expect(try reason([("\"micro_batch\": 2", "\"micro_batch\": null")]) == "its micro-batch is not told")
    #expect(try reason([("\"fp16\"", "\"int8\"")]) == "matrix products in int8 are not modelled")
    #expect(
      try reason([("A100-80GB-SXM", "Z1")]) == "no machine in the catalogue has the GPU Z1")
    #expect(
      try reason([("\"n_gpus\": 16", "\"n_gpus\": 32")])
        == "it contradicts itself: tp 2 x pp 4 x dp 2 on 32 GPUs")
    #expect(
      try reason([("\"offload\": \"none\"", "\"offload\": \"some\"")])
        == "which share of its states lies on the host is not told")
    #expect(
      try reason([("\"offload\"", "\"runtime\": \"nobody\", \"offload\"")])
        == "there is no runtime profile 'nobody'")
    let fractions = "\"stages\": [{\"gpus\": 16, \"dp\": 8, \"tp\": 2, \"layers_approx\": 2.5}], \"core\""
    #expect(
      try reason([("\"core\"", fractions)]) == "its stages hold fractions of layers, or recompute single operators")
  }

  @Test("a row, its software and number format choose the runtime, DeepSpeed's words the shares on the host")
  func runtimes() throws {
    func runtime(_ source: String, _ precision: String, framework: String) throws -> String {
      try plan([
        ("narayanan-sc21-x", source), ("\"fp16\"", "\"\(precision)\""),
        ("\"core\"", "\"framework\": \"\(framework)\", \"core\""),
      ]).workload.run.runtime
    }
    #expect(try runtime("bigscience-bloom-x", "fp16", framework: "x") == "megatron-deepspeed")
    #expect(try runtime("bigscience-bloom-x", "bf16", framework: "x") == "megatron-deepspeed-bf16")
    #expect(try runtime("bigscience-v100-x", "fp16", framework: "Megatron-DeepSpeed ZeRO-3") == "deepspeed-2021")
    #expect(try runtime("bigscience-v100-x", "fp16", framework: "Megatron-DeepSpeed") == "megatron-deepspeed")
    #expect(try runtime("bigscience-v100-x", "fp16", framework: "HF+DeepSpeed") == "hf-deepspeed")
    let named = try plan([("\"offload\"", "\"runtime\": \"megatron-core\", \"offload\"")])
    #expect(named.workload.run.runtime == "megatron-core")
    func offload(_ words: String) throws -> Offload? {
      try plan([("\"offload\": \"none\"", "\"offload\": \"\(words)\"")]).plan.stages.first?.offload
    }
    #expect(try offload("optimizer") == Offload(optimizer: 8))
    #expect(try offload("optimizer+params (full) ") == Offload(weights: 8, optimizer: 8))
    #expect(try offload("optimizer+params checkpoint-in-cpu") == Offload(weights: 8, optimizer: 8, activations: 8))
  }

  @Test("rates become seconds by their own definition")
  func seconds() throws {
    func seconds(_ measured: String, definition: String = "null") throws -> Double? {
      let text = Self.row([("\"iteration_s\": 2.5", measured), ("\"flops_definition\": null", definition)])
      let row = try #require(try MeasuredTable(text: text, file: "t").rows.first)
      return RowPrediction(row, conventions: try .shipped).measuredSeconds
    }
    #expect(try seconds("\"iteration_s\": 2.5, \"tokens_per_s\": 1") == 2.5)
    #expect(try seconds("\"tokens_per_s\": 16384") == 2)
    #expect(try seconds("\"tokens_per_s_per_gpu\": 1024") == 2)
    #expect(try seconds("\"tflops_per_gpu\": 10") == nil)
    // 96*B*s*l*h^2*(1 + s/(6h) + V/(16*l*h)) with V = 50432: 4.0068e13 FLOPs.
    let megatron = "\"flops_definition\": \"F = 96*B*s*l*h^2*(...)\""
    let expected = 96.0 * 32 * 1024 * 10 * 1024 * 1024 * (1 + 1.0 / 6 + 50432.0 / (16 * 10 * 1024)) / (16 * 10e12)
    let found = try #require(try seconds("\"tflops_per_gpu\": 10", definition: megatron))
    #expect(abs(found / expected - 1) < 1e-12)
    let older = "\"flops_definition\": \"incl. full recompute (4x forward factor); older estimator, ~3% low\""
    let low = try #require(try seconds("\"tflops_per_gpu\": 10", definition: older))
    #expect(abs(low / (expected * 0.97) - 1) < 1e-12)
  }

  @Test("memory is compared by its own definition: allocated, reserved, and what nvidia-smi shows")
  func memory() throws {
    let measured =
      "\"iteration_s\": 2.5, \"stage_peak_allocated_MB\": {\"1\": 1024}, \"torch_max_reserved_GiB_max\": 2, "
      + "\"memory_GB\": 4, \"memory_def\": \"max GPU memory in use (nvidia-smi style)\""
    let text = Self.row([("\"iteration_s\": 2.5", measured)])
    let row = RowPrediction(
      try #require(try MeasuredTable(text: text, file: "t").rows.first), conventions: try .shipped)
    #expect(row.memory.map(\.kind) == [.allocated, .reserved, .nvidiaSMI])
    #expect(row.memory.map { $0.measuredBytes / Units.gibibyte } == [1, 2, 4])
    #expect(row.memory.first?.stage == 1)
    let (reserved, shown) = (row.memory[1], row.memory[2])
    #expect(reserved.stage == shown.stage)
    // Communicators of all ranks, and for tensor, data and pipeline parallelism.
    let context = try Catalogue.gpu(named: "a100-80", at: InputPlace(file: "test")).contextBytes(groups: 4)
    #expect(abs(shown.predictedBytes - reserved.predictedBytes - context) < 1)
  }
}
