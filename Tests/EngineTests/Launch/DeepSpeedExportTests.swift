import Testing

@testable import Engine

/// DeepSpeed's files, word by word.
@Suite struct DeepSpeedExportTests {
  /// Llama 2 7B on 2 nodes of 8 A100, ZeRO 3, half of the states on the host.
  private static func plain(_ zero: Int = 3, _ offload: Offload = Offload(optimizer: 4)) throws -> LaunchCase {
    let place = InputPlace(file: "test")
    let run = TrainingRun(sequenceLength: 4096, globalBatch: 64, runtime: "deepspeed")
    let workload = Workload(
      name: "llama", model: try Catalogue.model(named: "llama-2-7b", at: place),
      cluster: try WorkloadSource.cluster("2x8xa100-80", at: place), run: run)
    let stage = StageChoice(
      layers: 32, nodes: 2, gpusPerNode: 8, microBatch: 2, dataParallel: 16, tensorParallel: 1, zero: zero,
      checkpointedLayers: 32, offload: offload)
    return LaunchCase(workload: workload, plan: Plan(gradientAccumulation: 2, stages: [stage]))
  }

  /// The same in 2 stages of tp 4, ZeRO 1, no recomputation.
  private static func staged() throws -> LaunchCase {
    var found = try plain()
    let stage = StageChoice(
      layers: 16, nodes: 1, gpusPerNode: 8, microBatch: 2, dataParallel: 2, tensorParallel: 4, zero: 1,
      checkpointedLayers: 0)
    found.plan = Plan(gradientAccumulation: 16, stages: [stage, stage])
    return found
  }

  private static func text(_ name: String, _ found: LaunchCase) throws -> String {
    try #require(try LaunchRoundTrip.files(found, .deepspeed).first { $0.name == name }).text
  }

  @Test("the JSON writes out the plan and the defaults that the prediction assumes")
  func configuration() throws {
    #expect(
      try Self.text("ds_config.json", try Self.plain()) == """
        {
          "train_batch_size": 64,
          "train_micro_batch_size_per_gpu": 2,
          "gradient_accumulation_steps": 2,
          "gradient_clipping": 1.0,
          "fp16": {
            "enabled": false
          },
          "bf16": {
            "enabled": true
          },
          "data_types": {
            "grad_accum_dtype": "bf16"
          },
          "zero_optimization": {
            "stage": 3,
            "overlap_comm": true,
            "contiguous_gradients": true,
            "reduce_scatter": true,
            "reduce_bucket_size": 500000000,
            "allgather_partitions": true,
            "allgather_bucket_size": 500000000,
            "stage3_max_live_parameters": 1000000000,
            "stage3_max_reuse_distance": 1000000000,
            "stage3_prefetch_bucket_size": 50000000,
            "stage3_param_persistence_threshold": 100000,
            "sub_group_size": 12648960,
            "offload_optimizer": {
              "device": "cpu",
              "pin_memory": true,
              "ratio": 0.5
            }
          },
          "activation_checkpointing": {
            "partition_activations": false,
            "contiguous_memory_optimization": false,
            "cpu_checkpointing": false
          },
          "optimizer": {
            "type": "AdamW",
            "params": {
              "lr": "auto",
              "betas": "auto",
              "eps": "auto",
              "weight_decay": "auto"
            }
          }
        }

        """)
  }

  @Test("a sub-group is what a layer of Llama 2 7B, 202,383,360 parameters, leaves on each of 16 ranks")
  func subGroup() throws {
    // 4 * 4096^2 + 3 * 4096 * 11008 + 2 * 4096 parameters.
    #expect(202_383_360 / 16 == 12_648_960)
    let model = try Self.plain().workload.model
    #expect(model.layerParameters == 202_383_360)
    #expect(DeepSpeedAssumption.subGroup(model, dataParallel: 16) == 12_648_960)
  }

  @Test("a plain model starts a program of the user's own with Trainer's arguments, on both nodes")
  func plainScript() throws {
    let script = try Self.text("train.sh", try Self.plain())
    for line in [
      ": \"${PROGRAM:=train.py}\"", ": \"${MODEL:=llama-2-7b}\"", "  --deepspeed ds_config.json",
      "  --per_device_train_batch_size 2", "  --gradient_accumulation_steps 2", "  --bf16 true",
      "  --gradient_checkpointing true", "  --max_grad_norm 1.0", "  --max_length 4096",
      "  --attn_implementation flash_attention_2", "  --nnodes 2 \\", "  --nproc-per-node 8 \\", "  \"$PROGRAM\" \\",
    ] {
      #expect(script.split(separator: "\n").contains(Substring(line)), "\(line)")
    }
    #expect(script.contains("The share on the host is rounded to whole sub-groups"))
    #expect(!script.contains("pretrain_gpt"))
  }

  @Test("tensor parallelism and stages start Megatron-DeepSpeed's pretrain_gpt.py with the model's shape")
  func megatronScript() throws {
    let found = try Self.staged()
    let script = try Self.text("train.sh", found)
    for line in [
      ": \"${PROGRAM:=pretrain_gpt.py}\"", "export CUDA_DEVICE_MAX_CONNECTIONS=1", "  --tensor-model-parallel-size 4",
      "  --pipeline-model-parallel-size 2", "  --micro-batch-size 2", "  --global-batch-size 64", "  --num-layers 32",
      "  --hidden-size 4096", "  --ffn-hidden-size 11008", "  --num-attention-heads 32", "  --vocab-size 31999",
      "  --make-vocab-size-divisible-by 8000", "  --normalization rmsnorm", "  --swiglu", "  --disable-bias-linear",
      "  --use-rotary-position-embeddings", "  --untie-embeddings-and-output-weights", "  --attention-dropout 0.0",
      "  --use-flash-attn-v2", "  --deepspeed", "  --deepspeed_config ds_config.json", "  --zero-stage 1",
    ] {
      #expect(script.split(separator: "\n").contains(Substring(line)), "\(line)")
    }
    #expect(!script.contains("--no-pipeline-parallel") && !script.contains("--recompute"))
    // Its optimizer is Megatron's own.
    #expect(!(try Self.text("ds_config.json", found)).contains("AdamW"))
  }

  @Test("one stage of tensor parallelism runs without the pipeline engine, which refuses ZeRO 2 and 3")
  func noPipeline() throws {
    var found = try Self.staged()
    found.plan = Plan(
      gradientAccumulation: 8,
      stages: [
        StageChoice(
          layers: 32, nodes: 2, gpusPerNode: 8, microBatch: 2, dataParallel: 4, tensorParallel: 4, zero: 3,
          checkpointedLayers: 32, offload: Offload(weights: 8, optimizer: 8))
      ])
    let script = try Self.text("train.sh", found)
    for line in [
      "  --no-pipeline-parallel", "  --zero-stage 3", "  --cpu-optimizer", "  --recompute-granularity full",
      "  --recompute-method uniform", "  --deepspeed-activation-checkpointing",
    ] {
      #expect(script.split(separator: "\n").contains(Substring(line)), "\(line)")
    }
    #expect(try Self.text("ds_config.json", found).contains("\"offload_param\""))
  }

  @Test("one rank has nothing to shard, but offload needs its level: 2 for all states, 3 for weights or a part")
  func levels() throws {
    func level(_ offload: Offload, _ zero: Int = 0) throws -> Int {
      let found = try Self.plain(zero, offload)
      return DeepSpeedExporter.level(try #require(found.plan.stages.first))
    }
    #expect(try level(.none) == 0)
    #expect(try level(.none, 1) == 1)
    #expect(try level(Offload(optimizer: 8)) == 2)
    #expect(try level(Offload(optimizer: 1)) == 3)
    #expect(try level(Offload(weights: 8)) == 3)
    #expect(try level(Offload(optimizer: 8), 3) == 3)
  }

  @Test("what Megatron-DeepSpeed's model lacks is refused by name; a plain model may still run it")
  func refusals() throws {
    var found = try Self.staged()
    #expect(Launcher.deepspeed.refusals(found.plan, of: found.workload).isEmpty)
    found.workload.model.keyValueHeads = 8
    found.workload.model.queryKeyValueBias = true
    found.workload.model.parallelBlock = true
    let named = Launcher.deepspeed.refusals(found.plan, of: found.workload).map(\.what)
    #expect(
      named == [
        "grouped-query attention in Megatron-DeepSpeed's model",
        "a parallel block, or other than two norms a layer, in Megatron-DeepSpeed's model",
        "biases on some products alone in Megatron-DeepSpeed's model",
      ])
    let plain = try Self.plain().plan
    #expect(Launcher.deepspeed.refusals(plain, of: found.workload).isEmpty)
    found.workload.run.dropout = 0.1
    #expect(Launcher.deepspeed.refusals(plain, of: found.workload).map(\.what) == ["dropout 0.1"])
  }

  @Test("selective recomputation is of unfused attention alone")
  func selective() throws {
    var found = try Self.staged()
    for index in found.plan.stages.indices {
      found.plan.stages[index].checkpointedLayers = 16
      found.plan.stages[index].recompute = .selective
    }
    let refusals = Launcher.deepspeed.refusals(found.plan, of: found.workload)
    #expect(refusals.map(\.what) == ["selective recomputation of flash attention"])
    found.workload.run.attention = .unfused
    #expect(Launcher.deepspeed.refusals(found.plan, of: found.workload).isEmpty)
    #expect(try Self.text("train.sh", found).contains("--recompute-granularity selective"))
  }

  @Test("a share in a pipeline, unlike stages and 1/8 of the weights are refused")
  func space() throws {
    var found = try Self.staged()
    found.plan.stages[0].offload = Offload(optimizer: 8)
    #expect(
      Launcher.deepspeed.refusals(found.plan, of: found.workload).map(\.what).contains("offload in several stages"))
    found.plan.stages[0] = found.plan.stages[1]
    found.plan.stages[0].zero = 0
    #expect(
      Launcher.deepspeed.refusals(found.plan, of: found.workload).map(\.what) == ["states unlike from stage to stage"])
    let part = try Self.plain(3, Offload(weights: 1))
    #expect(Launcher.deepspeed.refusals(part.plan, of: part.workload).map(\.what) == ["1/8 of weights offloaded"])
  }

  @Test("names of models cannot run anything in the scripts")
  func quoting() throws {
    var found = try Self.plain()
    found.workload.model.name = "$(touch x)`id`\"'\\}"
    let script = try Self.text("train.sh", found)
    #expect(script.contains(#": "${MODEL:=\$(touch x)\`id\`\"'\\\}}""#))
  }
}
