import Foundation
import Testing

@testable import Engine

/// DeepSpeed's JSON and the scripts around it, as people write them.
@Suite struct DeepSpeedImportTests {
  private static func context(
    _ file: String = "ds_config.json", cluster: String? = "1x8xa100-80", model: String? = "llama-2-7b",
    sequence: Int? = 2048, batch: Int? = nil, microBatch: Int? = nil, folder: String? = nil
  ) -> LaunchContext {
    var context = LaunchContext(
      file: file, folder: folder, cluster: cluster, model: model, sequence: sequence, batch: batch)
    context.microBatch = microBatch
    return context
  }

  private static func read(_ text: String, _ context: LaunchContext = context()) throws -> LaunchImport {
    try DeepSpeedImporter().read(text, context)
  }

  private static func error(_ text: String, _ context: LaunchContext = context()) -> String {
    do {
      _ = try DeepSpeedImporter().read(text, context)
      return "no error"
    } catch {
      return "\(error)"
    }
  }

  @Test("ZeRO 3 with states and weights on the host, as documentations show it")
  func offload() throws {
    let found = try Self.read(
      """
      {
      \t"fp16": {"enabled": true, "loss_scale": 0, "initial_scale_power": 16},
      \t"optimizer": {"type": "AdamW", "params": {"lr": 3e-5, "betas": [0.8, 0.999]}},
      \t"scheduler": {"type": "WarmupLR", "params": {"warmup_num_steps": 500}},
      \t"zero_optimization": {
      \t\t"stage": 3,
      \t\t"offload_optimizer": {"device": "cpu", "pin_memory": true},
      \t\t"offload_param": {"device": "cpu", "pin_memory": true},
      \t\t"overlap_comm": true,
      \t\t"reduce_bucket_size": 5e8, "stage3_max_live_parameters": 1e9, "stage3_max_reuse_distance": 1e9
      \t},
      \t"train_batch_size": 64, "train_micro_batch_size_per_gpu": 4
      }
      """)
    let stage = try #require(found.plan.stages.first)
    #expect(found.plan.gradientAccumulation == 2 && found.plan.stages.count == 1)
    #expect(stage.microBatch == 4 && stage.dataParallel == 8 && stage.zero == 3)
    #expect(stage.offload == Offload(weights: 8, optimizer: 8))
    #expect(found.workload.run.precision == .fp16 && found.workload.run.runtime == "deepspeed")
    #expect(found.workload.run.globalBatch == 64)
    #expect(found.warnings.isEmpty && found.unknown.isEmpty)
    #expect(found.assumed.contains { $0.contains("--gradient_checkpointing") })
  }

  @Test("auto values come from Trainer's arguments in a script, or from the flags, and say so")
  func auto() throws {
    let json = """
      {"bf16": {"enabled": "auto"}, "train_batch_size": "auto", "train_micro_batch_size_per_gpu": "auto",
       "gradient_accumulation_steps": "auto", "gradient_clipping": "auto",
       "zero_optimization": {"stage": 2, "reduce_bucket_size": "auto"}}
      """
    let flags = try Self.read(json, Self.context(batch: 128, microBatch: 4))
    #expect(flags.plan.gradientAccumulation == 4 && flags.plan.stages.first?.microBatch == 4)
    #expect(flags.assumed.contains { $0.contains("--per_device_train_batch_size") })
    // 4096 x 4096 elements of 2 B less than 5e8.
    #expect(
      flags.warnings.count == 1 && flags.warnings[0].contains("16777216") && flags.warnings[0].contains("0.97 GB"))

    let script = """
      #!/bin/bash
      export NCCL_DEBUG=INFO
      deepspeed --num_gpus 8 --master_port=29501 run_clm.py \\
        --model_name_or_path meta-llama/Llama-2-7b-hf --block_size 1024 \\
        --deepspeed ds.json --per_device_train_batch_size 2 --gradient_accumulation_steps=8 \\
        --fp16 --gradient_checkpointing True --learning_rate 1e-5 --my_flag 3
      """
    try LaunchRoundTrip.inFolder([LaunchFile(name: "ds.json", text: json)]) { folder in
      let found = try Self.read(script, Self.context("run.sh", model: nil, sequence: nil, folder: folder))
      #expect(found.plan.gradientAccumulation == 8 && found.workload.run.globalBatch == 128)
      #expect(found.plan.stages.first?.microBatch == 2 && found.plan.stages.first?.checkpointedLayers == 32)
      #expect(found.workload.model.name == "llama-2-7b" && found.workload.run.sequenceLength == 1024)
      #expect(found.workload.run.precision == .fp16)
      #expect(found.unknown == ["--my_flag 3"])
    }
  }

  @Test("a share of the states is one of the plan; with one sub-group it would be all, which is warned about")
  func ratio() throws {
    func json(_ size: String) -> String {
      """
      {"bf16": {"enabled": true}, "train_batch_size": 16, "train_micro_batch_size_per_gpu": 2,
       "zero_optimization": {"stage": 3, \(size) "offload_optimizer": {"device": "cpu", "ratio": 0.25}}}
      """
    }
    let found = try Self.read(json("\"sub_group_size\": 1e7,"))
    #expect(found.plan.stages.first?.offload == Offload(optimizer: 2))
    #expect(found.warnings.isEmpty)
    let coarse = try Self.read(json(""))
    #expect(coarse.warnings.count == 1 && coarse.warnings[0].contains("1 sub-groups of 1000000000"))
  }

  @Test("what changes time or memory and is not modelled is warned about, each with what it means")
  func warnings() throws {
    let found = try Self.read(
      """
      {"bf16": {"enabled": true}, "train_micro_batch_size_per_gpu": 1, "gradient_accumulation_steps": 2,
       "zero_optimization": {"stage": 3, "overlap_comm": false, "stage3_max_live_parameters": 1e8,
         "offload_optimizer": {"device": "nvme", "nvme_path": "/disk"}, "zero_hpz_partition_size": 8,
         "zero_quantized_weights": true, "contiguous_gradients": true},
       "activation_checkpointing": {"cpu_checkpointing": true, "partition_activations": false},
       "communication_data_type": "fp32", "data_types": {"grad_accum_dtype": "fp32"}, "something_new": [1, 2]}
      """)
    for part in [
      "overlap_comm false", "stage3_max_live_parameters 100000000", "nvme: disks are not modelled",
      "zero_hpz_partition_size 8: ZeRO++", "zero_quantized_weights true", "cpu_checkpointing true",
      "communication_data_type fp32", "grad_accum_dtype fp32",
    ] {
      #expect(found.warnings.contains { $0.contains(part) }, "\(part): \(found.warnings)")
    }
    #expect(found.warnings.count == 8)
    #expect(found.unknown == ["something_new 1 2"])
    #expect(found.plan.stages.first?.offload == Offload(optimizer: 8))
  }

  @Test("offload of ZeRO 1 is predicted as ZeRO 2, below it is without effect, as is that of weights below ZeRO 3")
  func weakOffload() throws {
    func json(_ level: Int) -> String {
      """
      {"bf16": {"enabled": true}, "train_batch_size": 16, "zero_optimization": {"stage": \(level),
       "offload_optimizer": {"device": "cpu"}, "offload_param": {"device": "cpu"}}}
      """
    }
    let one = try Self.read(json(1))
    #expect(one.plan.stages.first?.zero == 2 && one.plan.stages.first?.offload == Offload(optimizer: 8))
    #expect(one.warnings.count == 2)
    // Nothing but the batch: the micro-batch is all of a rank's samples.
    #expect(one.plan.stages.first?.microBatch == 2)
    let none = try Self.read(json(0))
    #expect(none.plan.stages.first?.offload == Offload.none && none.warnings.count == 2)
  }

  @Test("AutoTP and the old forms of keys are read")
  func others() throws {
    let split = try Self.read(
      """
      {"bfloat16": {"enabled": true}, "train_batch_size": 32, "train_micro_batch_size_per_gpu": 8,
       "zero_optimization": {"stage": 2, "cpu_offload": true}, "tensor_parallel": {"autotp_size": 4}}
      """)
    #expect(split.plan.stages.first?.tensorParallel == 4 && split.plan.stages.first?.dataParallel == 2)
    #expect(split.plan.gradientAccumulation == 2 && split.plan.stages.first?.offload == Offload(optimizer: 8))
    let old = try Self.read(
      #"{"fp16": {"enabled": true}, "train_batch_size": 8, "zero_optimization": true}"#)
    #expect(old.plan.stages.first?.zero == 1)
  }

  @Test("what is missing or contradicts itself is an error that names the flag, or both values")
  func errors() throws {
    let good = #"{"bf16": {"enabled": true}, "train_batch_size": 64, "train_micro_batch_size_per_gpu": 2}"#
    #expect(Self.error(good, Self.context(cluster: nil)).contains("'--cluster' is missing"))
    #expect(Self.error(good, Self.context(model: nil)).contains("'--model' is missing"))
    #expect(Self.error(good, Self.context(sequence: nil)).contains("'--sequence' is missing"))
    #expect(Self.error(#"{"bf16": {"enabled": true}}"#).contains("'--micro-batch' is missing"))
    #expect(
      Self.error(
        #"{"bf16":{"enabled":true},"train_batch_size":60,"train_micro_batch_size_per_gpu":2,"gradient_accumulation_steps":4}"#
      ).contains("the batch is 60, but micro-batch 2 x accumulation 4 x 8 data-parallel ranks is 64"))
    #expect(Self.error(#"{"train_batch_size": 64}"#).contains("fp32, which is not modelled"))
    #expect(Self.error(#"{"bf16":{"enabled":true},"fp16":{"enabled":true}}"#).contains("both bf16 and fp16"))
    #expect(Self.error(#"{"amp":{"enabled":true}}"#).contains("apex amp"))
    #expect(Self.error(#"{"bf16":{"enabled":true},"sequence_parallel_size":2}"#).contains("Ulysses"))
    #expect(Self.error(#"{"bf16":{"enabled":true},"zero_optimization":{"stage":4}}"#).contains("from 0 to 3"))
    #expect(
      Self.error("{\"bf16\": {\"enabled\": true},\n \"train_batch_size\": \"many\"}").contains("ds_config.json:2: "))
    #expect(
      Self.error(#"{"bf16":{"enabled":true},"train_batch_size":64,"pipeline":{"stages":4}}"#).contains("4 stages"))
  }

  @Test("truncated, deep, huge and hostile JSON is refused clearly")
  func hostile() {
    #expect(Self.error("{\"train_batch_size\": 64, ").contains("not valid"))
    #expect(Self.error("{").contains("not valid"))
    #expect(Self.error(String(repeating: "{\"a\":", count: 40)).contains("nested deeper"))
    #expect(Self.error("{\"a\": \"" + String(repeating: "x", count: 1_100_000) + "\"}").contains("the limit is"))
    #expect(Self.error("{\"bf16\": [1], \"train_batch_size\": {}}") != "no error")
    #expect(
      Self.error(#"{"bf16":{"enabled":true},"train_batch_size":99999999999999999999}"#).contains(
        "a whole number from 1"))
    #expect(Self.error("").contains("no command with options"))
  }
}
