import Testing

@testable import Engine

/// Accelerate's files, word by word.
@Suite struct AccelerateExportTests {
  private static func found(model: String = "llama-3-8b", zero: Int = 3, nodes: Int = 2) throws -> LaunchCase {
    let place = InputPlace(file: "test")
    let run = TrainingRun(sequenceLength: 8192, globalBatch: 32 * nodes, runtime: "fsdp")
    let workload = Workload(
      name: "llama", model: try Catalogue.model(named: model, at: place),
      cluster: try WorkloadSource.cluster("\(nodes)x8xh100", at: place), run: run)
    let stage = StageChoice(
      layers: 32, nodes: nodes, gpusPerNode: 8, microBatch: 1, dataParallel: 8 * nodes, tensorParallel: 1, zero: zero,
      checkpointedLayers: zero == 3 ? 32 : 0)
    return LaunchCase(workload: workload, plan: Plan(gradientAccumulation: 4, stages: [stage]))
  }

  private static func text(_ name: String, _ found: LaunchCase) throws -> String {
    try #require(try LaunchRoundTrip.files(found, .accelerate).first { $0.name == name }).text
  }

  /// A text without its comments.
  private static func bare(_ text: String) -> String {
    text.split(separator: "\n").filter { !$0.drop { $0 == " " }.hasPrefix("#") }.joined(separator: "\n")
  }

  @Test("the configuration is FSDP2, layer by layer, on all processes")
  func configuration() throws {
    #expect(
      Self.bare(try Self.text("accelerate.yaml", try Self.found())) == """
        compute_environment: LOCAL_MACHINE
        debug: false
        distributed_type: FSDP
        downcast_bf16: 'no'
        enable_cpu_affinity: false
        fsdp_config:
          fsdp_version: 2
          fsdp_reshard_after_forward: true
          fsdp_auto_wrap_policy: TRANSFORMER_BASED_WRAP
          fsdp_transformer_layer_cls_to_wrap: LlamaDecoderLayer
          fsdp_activation_checkpointing: true
          fsdp_cpu_ram_efficient_loading: true
          fsdp_offload_params: false
          fsdp_state_dict_type: SHARDED_STATE_DICT
        machine_rank: 0
        main_training_function: main
        mixed_precision: bf16
        num_machines: 2
        num_processes: 16
        rdzv_backend: c10d
        same_network: true
        use_cpu: false
        """)
  }

  @Test("ZeRO 2 keeps weights gathered to the backward; one node meets by itself")
  func zero2() throws {
    let found = try Self.found(zero: 2, nodes: 1)
    let text = Self.bare(try Self.text("accelerate.yaml", found))
    #expect(text.contains("fsdp_reshard_after_forward: false") && text.contains("fsdp_activation_checkpointing: false"))
    #expect(text.contains("rdzv_backend: static") && text.contains("num_processes: 8"))
    #expect(!(try Self.text("train.sh", found)).contains("--machine_rank"))
  }

  @Test("Trainer's arguments are the same on the command line and in JSON; each micro-batch is reduced, as predicted")
  func arguments() throws {
    let found = try Self.found()
    #expect(
      try Self.text("training_arguments.json", found) == """
        {
          "per_device_train_batch_size": 1,
          "gradient_accumulation_steps": 4,
          "bf16": true,
          "max_grad_norm": 1.0,
          "gradient_checkpointing": false,
          "optim": "adamw_torch_fused",
          "accelerator_config": {"gradient_accumulation_kwargs": {"sync_each_batch": true}}
        }

        """)
    let script = try Self.text("train.sh", found)
    for line in [
      "exec accelerate launch \\", "  --config_file accelerate.yaml \\", "  --per_device_train_batch_size 1",
      "  --gradient_accumulation_steps 4", "  --gradient_checkpointing false", "  --max_length 8192",
      "  --accelerator_config '{\"gradient_accumulation_kwargs\": {\"sync_each_batch\": true}}'",
      "  --machine_rank \"${SLURM_NODEID:-${NODE_RANK:-0}}\" \\",
    ] {
      #expect(script.split(separator: "\n").contains(Substring(line)), "\(line)")
    }
  }

  @Test("the class of layers is that of the model's family; of others a person must say it")
  func layerClasses() throws {
    func name(_ model: String) throws -> String? {
      TransformerLayerClass.name(of: try Catalogue.model(named: model, at: InputPlace(file: "test")))
    }
    #expect(try name("llama-2-7b") == "LlamaDecoderLayer")
    #expect(try name("qwen-2.5-7b") == "Qwen2DecoderLayer")
    #expect(try name("mistral-7b") == "MistralDecoderLayer")
    #expect(try name("gpt2-xl") == "GPT2Block")
    #expect(try name("tii-falcon-40b") == "FalconDecoderLayer")
    #expect(try name("mpt-30b") == "MptBlock")
    // The paper's shapes are not of transformers.
    #expect(try name("llama-7b") == nil)
    #expect(try name("gpt-7b") == nil)
    #expect(try Self.text("accelerate.yaml", try Self.found(model: "llama-7b")).contains("# EDIT: the class"))
    var shape = try Catalogue.model(named: "gpt-7b", at: InputPlace(file: "test"))
    shape.source = "config.json (gpt_neox)"
    #expect(TransformerLayerClass.name(of: shape) == "GPTNeoXLayer")
  }

  @Test("other than FSDP's levels, fp8 and dropout are refused by name")
  func refusals() throws {
    var found = try Self.found()
    #expect(Launcher.accelerate.refusals(found.plan, of: found.workload).isEmpty)
    found.plan.stages[0].zero = 1
    found.workload.run.precision = .fp8
    found.workload.run.dropout = 0.1
    #expect(
      Launcher.accelerate.refusals(found.plan, of: found.workload).map(\.what) == [
        "dropout 0.1", "fp8 products", "ZeRO 1",
      ])
  }
}
