import Testing

@testable import Engine

/// Mist's YAML, written and read.
@Suite struct MistLaunchTests {
  private func workload(_ model: String = "gpt-1.3b", cluster: String = "2xl4", batch: Int = 32) throws -> Workload {
    var workload = try WorkloadSource.make(model: model, cluster: cluster, sequence: 2048, batch: batch)
    workload.run.precision = .fp16
    return workload
  }

  /// The plan that Mist's README shows for GPT 1.3B on two L4: two stages of 12 layers, of which 5 and 0 recompute.
  private let readme = Plan(
    gradientAccumulation: 16,
    stages: [5, 0].map { count in
      StageChoice(
        layers: 12, nodes: 1, gpusPerNode: 1, microBatch: 2, dataParallel: 1, tensorParallel: 1, zero: 1,
        checkpointedLayers: count)
    })

  private func files(_ workload: Workload, _ plan: Plan) throws -> [String: String] {
    let job = LaunchJob(
      workload: workload, plan: plan, score: try workload.score(plan), origin: "test",
      importCommand: "import mist.yaml --from mist")
    return Dictionary(uniqueKeysWithValues: MistExporter().files(job).map { ($0.name, $0.text) })
  }

  private func read(_ text: String, cluster: String? = nil, model: String? = nil) throws -> LaunchImport {
    try MistImporter().read(text, LaunchContext(file: "mist.yaml", cluster: cluster, model: model))
  }

  private func failure(_ text: String, cluster: String? = nil) -> String {
    do {
      _ = try read(text, cluster: cluster)
      return "no error"
    } catch {
      return "\(error)"
    }
  }

  @Test("the strategy block has layers, meshes, recomputed layers and a row of ten a stage")
  func strategy() throws {
    let all = try files(try workload(), readme)
    let text = try #require(all["mist.yaml"])
    for line in [
      "  layer_partitions: [12, 12]", "  gradient_checkpointing: [5, 0]", "  gradient_accumulation_steps: 16",
      "    - [2, 1, 1, 0, 0, 1, 0.0, 0.0, 0.0, 0.0]", "  pre_post_strategy: preset",
      "  pre_post_strategy_array: [2, 1, 1, 0, 0, 1, 0.0, 0.0, 0.0, 0.0]", "  num_gpus_per_node: 2",
      "  memory_capacity: 22.488", "  cpu_gpu_comm_params: [5.7546, 0.0004]", "  name: \"gpt2-gpt-1.3b\"",
      "  params_dtype: float16", "  use_flash_attn: true", "  position_embedding_type: absolute",
    ] {
      #expect(text.split(separator: "\n").contains { $0 == line }, "\(line)")
    }
    let script = try #require(all["train.sh"])
    #expect(script.contains("\"$MIST_HOME/benchmark/mist/exec/benchmark_one_case.py\""))
    #expect(script.contains("--config-name mist"))
  }

  @Test("one strategy of embedding and head: the more sparing of the first and the last stage's")
  func ends() throws {
    var plan = readme
    plan.stages[0].zero = 3
    plan.stages[1].offload = Offload(optimizer: 6, activations: 1)
    let text = try #require(try files(try workload(), plan)["mist.yaml"])
    #expect(text.contains("pre_post_strategy_array: [2, 1, 1, 1, 1, 1, 0.0, 0.0, 0.75, 0.125]"))
    #expect(text.contains("# Mist has one strategy for embedding and head"))
    let found = try read(text)
    #expect(found.plan == plan && found.warnings == [])
  }

  @Test("what Mist's models and runner lack is refused by name")
  func refusals() throws {
    func words(_ model: String, _ plan: Plan, _ change: (inout Workload) -> Void = { _ in }) throws -> [String] {
      var workload = try workload(model)
      change(&workload)
      return Launcher.mist.refusals(plan, of: workload).map(\.what)
    }
    #expect(try words("gpt-1.3b", readme) == [])
    #expect(try words("gpt-1.3b", readme) { $0.run.precision = .fp8 } == ["precision fp8"])
    #expect(try words("gpt2", readme).contains("tied embeddings"))
    #expect(try words("mpt-7b", readme) == ["tied embeddings", "a model without positions"])
    #expect(try words("gpt-1.3b", readme) { $0.model.headWidth = 80 } == ["heads of width 80"])
    var gpipe = readme
    gpipe.schedule = .gpipe
    #expect(try words("gpt-1.3b", gpipe) == ["the schedule gpipe"])
    var sliced = readme
    sliced.stages = sliced.stages.map { stage in
      var stage = stage
      (stage.tensorParallel, stage.gpusPerNode, stage.zero) = (16, 16, 0)
      return stage
    }
    #expect(
      try words("llama-3-8b", sliced).contains("tensor-parallel degree 16 with 8 key and value heads"))
    var split = readme
    split.contextParallel = 2
    #expect(try words("gpt-1.3b", split) == ["context parallelism 2"])
  }

  /// A file in the style of Mist's published ones, after a tuning run.
  static let published = """
    work_dir: /somewhere
    seed: null
    training:
      max_sequence_length: 2048
      vocab_size: 50304
      global_batch_size: 32
      params_dtype: float16
      exec_dtype: float16
      optimizer_dtype: float32
      autocast_enabled: false
      optimizer_name: adamw
    hardware:
      gpu_type: null
      num_nodes: 1
      num_gpus_per_node: 2
      gpu_gpu_comm_params: [4.5, 0.0, 2.964, 0.0001, 4.1635, 0.0004, 4.6832, 0.0003, 0.4895, 0.0045, 0.9791, 0.0076,
        1.7183, 0.0, 3.3215, 0.0013, 0.4609, 0.0102, 0.9195, 0.0008, 1.6759, 0.0045, 2.9659, 0.003, 4.5, 0.0, 4.5, 0.0,
        4.5, 0.0, 4.5, 0.0]
      cpu_gpu_comm_params: [5.7546, 0.0004]
      gpu_cpu_comm_params: [6.1252, 0.0004]
      interference_model_params: [18.9356, 1.2639, 50.0, 1.6046, 2.0865, 1.0009, 2.393, 2.4146, 1.0869, 2.6637, 1.9381,
        3.2653, 1.0, 1.234, 50.0, 1.6883, 1.1676, 1.0, 1.0152, 1.0005, 1.0179, 1.0022, 1.0, 2.1383, 1.078, 2.438, 2.4327,
        1.0974]
      nvlink: false
      memory_capacity: 22.488
    strategy:
      enabled: true
      layer_partitions: [12, 12]
      device_assignment: [[1, 1], [1, 1]]
      gradient_checkpointing: [5, 0]
      gradient_accumulation_steps: 16
      stage_strategies:
      - [2, 1, 1, 0, 0, 1, 0.0, 0.0, 0.0, 0.0]
      - [2, 1, 1, 0, 0, 1, 0.0, 0.0, 0.0, 0.0]
      pre_post_strategy: preset
      pre_post_strategy_array: [2, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    tuning: {enabled: true, sample_size: 30}
    overlap: true
    model:
      name: gpt2-1.3b
      hidden_size: 2048
      intermediate_size: null
      num_hidden_layers: 24
      num_attention_heads: 16
      num_heads_kv: null
      position_embedding_type: absolute
      normalization: layernorm
      mlp_type: mlp
      use_flash_attn: true

    """

  @Test("a published file: the hardware block is the cluster, known by its memory, with its figures")
  func publishedFile() throws {
    let found = try read(Self.published)
    #expect(found.plan == readme)
    #expect(found.unknown == [] && found.warnings == [])
    #expect(found.assumed == ["node type l4-vm, by hardware.memory_capacity"])
    var expected = try workload().model
    (expected.name, expected.source) = ("gpt2-1.3b", "given in mist.yaml")
    #expect(found.workload.model == expected && found.workload.run.precision == .fp16)
    let cluster = try workload().cluster
    #expect(found.workload.cluster == cluster)
  }

  @Test("figures of the block that differ take the place of the node type's, as assumed")
  func ownFigures() throws {
    let text = Self.published.replacing("2.964, 0.0001", with: "3.5, 0.0002").replacing(
      "[5.7546, 0.0004]", with: "[9.5, 0.001]"
    )
    .replacing("memory_capacity: 22.488", with: "memory_capacity: 22.0").replacing("[18.9356,", with: "[2.5,")
    .replacing("gpu_type: null", with: "gpu_type: l4")
    let found = try read(text)
    let type = found.workload.cluster.nodeType
    #expect(
      type.links.measured[GroupShape(nodes: 1, gpusPerNode: 2)]
        == Link(gibibytesPerSecond: 3.5, latencySeconds: 0.0002, provenance: .assumed))
    #expect(type.links.hostToDevice == Link(gibibytesPerSecond: 9.5, latencySeconds: 0.001, provenance: .assumed))
    #expect(type.gpu.memoryBytes == Figure(22 * 1_073_741_824, .assumed, source: "from mist.yaml"))
    #expect(type.interference.published.first == 2.5 && type.interferenceOrigin.provenance == .assumed)
    #expect(
      found.assumed == [
        "figures of the hardware block, in place of those of l4-vm: memory, 1 collectives, cpu_gpu_comm_params, interference"
      ])
  }

  @Test("a file that leaves its model to Hydra takes --model; ${...} is looked up in the file")
  func templates() throws {
    let start = try #require(Self.published.firstRange(of: "model:\n  name")?.lowerBound)
    let text = String(Self.published[..<start]).replacing("[5, 0]", with: "[\"${strategy.own}\", 0]")
      .replacing("  layer_partitions: [12, 12]", with: "  own: 5\n  layer_partitions: [12, 12]")
    #expect(failure(text).contains("'model' is missing"))
    let found = try read(text, model: "gpt-1.3b")
    #expect(found.plan == readme && found.unknown == ["strategy.own: '5'"])
    let one = text.replacing("[12, 12]", with: "[\"${model.num_hidden_layers}\"]").replacing(
      "[\"${strategy.own}\", 0]", with: "[5]"
    )
    .replacing("[[1, 1], [1, 1]]", with: "[[1, 2]]").replacing("  - [2, 1, 1, 0, 0, 1, 0.0, 0.0, 0.0, 0.0]\n", with: "")
    .replacing("stage_strategies:\n", with: "stage_strategies: [[1, 2, 1, 0, 0, 1, 0, 0, 0, 0.3]]\n")
    .replacing("pre_post_strategy_array: [2, 1, 1", with: "pre_post_strategy_array: [1, 2, 1")
    let single = try read(one, model: "gpt-1.3b")
    #expect(single.plan.stages.map(\.layers) == [24] && single.plan.stages[0].offload.activations == 2)
    #expect(single.warnings.contains { $0.contains("= 0.3: predicted as 2 eighths") })
    #expect(single.warnings.contains { $0.hasPrefix("pre_post_strategy_array:") })
    #expect(failure(Self.published.replacing("[5, 0]", with: "[\"${oc.env:HOME}\", 0]")).contains("in this file"))
  }

  @Test("what does not fit is an error that says where; what costs something is a warning; the rest is listed")
  func errors() throws {
    #expect(
      failure(Self.published, cluster: "4xl4").contains("the file has 1 x 2 GPUs, --cluster 4xl4 is 1x4 l4-vm"))
    #expect(
      failure(Self.published.replacing("gpu_type: null", with: "gpu_type: h100"), cluster: "2xl4").contains(
        "the file has nodes of type h100-sxm, --cluster 2xl4"))
    #expect(
      failure(Self.published.replacing("[5, 0]", with: "[5]")).hasPrefix(
        "mist.yaml:30: strategy.gradient_checkpointing: 1 stages"))
    #expect(failure(Self.published.replacing("[12, 12]", with: "[12, 13]")).contains("the strategy makes no plan"))
    #expect(
      failure(Self.published.replacing("- [2, 1, 1, 0, 0, 1,", with: "- [2, 1, 1, 1, 0, 1,")).contains(
        "in the order of ZeRO"))
    #expect(failure(Self.published.replacing("gpt2-1.3b", with: "t5-3b")).contains("is no decoder of Mist's"))
    #expect(
      failure(Self.published.replacing("memory_capacity: 22.488", with: "memory_capacity: 12.5")).contains(
        "none has such memory"))
    #expect(
      failure(Self.published.replacing("normalization: layernorm", with: "num_experts: 8")).contains(
        "a mixture of experts"))
    // All that the model cannot do without stands before this.
    let needed = try #require(Self.published.firstRange(of: "num_attention_heads")).lowerBound
    for length in stride(from: 0, to: Self.published[..<needed].count, by: 7) {
      #expect(failure(String(Self.published.prefix(length))) != "no error")
    }
    let odd = Self.published.replacing("overlap: true", with: "overlap: false\ncolour: blue")
    let found = try read(odd)
    #expect(found.warnings == ["overlap = false: transfers are predicted beside kernels"])
    #expect(found.unknown == ["colour: 'blue'"])
  }

  @Test("a name from a file stays one word of letters for Mist")
  func hostileName() throws {
    var workload = try workload()
    workload.model.name = "${oc.env:HOME}\nstrategy: x"
    let text = try #require(try files(workload, readme)["mist.yaml"])
    #expect(text.contains("name: \"gpt2---oc.env-home--strategy--x\""))
  }
}
