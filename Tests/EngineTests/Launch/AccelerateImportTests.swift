import Foundation
import Testing

@testable import Engine

/// Accelerate's configurations and the scripts that name them, as people write them.
@Suite struct AccelerateImportTests {
  private static func read(
    _ text: String, file: String = "fsdp.yaml", cluster: String? = "2x8xh100", microBatch: Int? = 1, batch: Int? = 32,
    files: [LaunchFile] = []
  ) throws -> LaunchImport {
    try LaunchRoundTrip.inFolder(files) { folder in
      var context = LaunchContext(
        file: file, folder: folder, cluster: cluster, model: "llama-3-8b", sequence: 4096, batch: batch)
      context.microBatch = microBatch
      return try AccelerateImporter().read(text, context)
    }
  }

  private static func error(_ text: String, file: String = "fsdp.yaml", files: [LaunchFile] = []) -> String {
    do {
      _ = try read(text, file: file, files: files)
      return "no error"
    } catch {
      return "\(error)"
    }
  }

  /// A file of FSDP's first version.
  static let first = """
    compute_environment: LOCAL_MACHINE
    distributed_type: FSDP
    downcast_bf16: 'no'
    fsdp_config:
      fsdp_activation_checkpointing: true
      fsdp_auto_wrap_policy: TRANSFORMER_BASED_WRAP
      fsdp_backward_prefetch: BACKWARD_PRE
      fsdp_offload_params: false
      fsdp_sharding_strategy: SHARD_GRAD_OP
      fsdp_state_dict_type: SHARDED_STATE_DICT
      fsdp_transformer_layer_cls_to_wrap: LlamaDecoderLayer
      fsdp_use_orig_params: true
    machine_rank: 0
    mixed_precision: bf16
    num_machines: 2
    num_processes: 16
    """

  @Test("FSDP's first version: its strategies are ZeRO levels; batches come from the flags")
  func version1() throws {
    let found = try Self.read(Self.first)
    let stage = try #require(found.plan.stages.first)
    #expect(stage.zero == 2 && stage.dataParallel == 16 && stage.microBatch == 1 && stage.checkpointedLayers == 32)
    #expect(found.plan.gradientAccumulation == 2 && found.workload.run.runtime == "fsdp")
    #expect(found.unknown.isEmpty)
    #expect(found.warnings.count == 1 && found.warnings[0].contains("sync_each_batch"))
    for (strategy, level) in [("FULL_SHARD", 3), ("1", 3), ("2", 2), ("HYBRID_SHARD", 3), ("HYBRID_SHARD_ZERO2", 2)] {
      let other = try Self.read(Self.first.replacing("SHARD_GRAD_OP", with: strategy))
      #expect(other.plan.stages.first?.zero == level)
      #expect(other.warnings.count == (strategy.hasPrefix("HYBRID") ? 2 : 1))
    }
    #expect(Self.error(Self.first.replacing("SHARD_GRAD_OP", with: "NO_SHARD")).contains("fsdp.yaml:9: "))
  }

  @Test("a script names the configuration and has Trainer's arguments; options of the launcher win")
  func script() throws {
    let script = """
      export LAUNCHER="accelerate launch --config_file fsdp.yaml --num_machines $SLURM_NNODES --mixed_precision fp16 \\
        --main_process_ip $head_node_ip"
      CMD="$LAUNCHER train.py --per_device_train_batch_size 4 --max_length 1024 --odd thing"
      srun $CMD
      """
    let found = try Self.read(
      script, file: "job.slurm", microBatch: nil, batch: 128, files: [LaunchFile(name: "fsdp.yaml", text: Self.first)])
    #expect(found.plan.gradientAccumulation == 2 && found.plan.stages.first?.microBatch == 4)
    #expect(found.workload.run.precision == .fp16 && found.workload.run.sequenceLength == 1024)
    #expect(found.unknown == ["--odd thing"])
  }

  @Test("a program may take its arguments from a JSON file beside it, as exported files have them")
  func json() throws {
    let arguments = """
      {"per_device_train_batch_size": 2, "gradient_accumulation_steps": 4, "bf16": true,
       "accelerator_config": {"gradient_accumulation_kwargs": {"sync_each_batch": true}}, "output_dir": "out"}
      """
    let found = try Self.read(
      "accelerate launch --config_file fsdp.yaml train.py arguments.json", file: "run.sh", microBatch: nil, batch: nil,
      files: [LaunchFile(name: "fsdp.yaml", text: Self.first), LaunchFile(name: "arguments.json", text: arguments)])
    #expect(found.workload.run.globalBatch == 128 && found.warnings.isEmpty && found.unknown.isEmpty)
  }

  @Test("all of it may stand on the command line")
  func commandLine() throws {
    let found = try Self.read(
      """
      accelerate launch --use_fsdp --fsdp_version 2 --fsdp_reshard_after_forward false --num_processes 16 \
        --num_machines 2 --mixed_precision bf16 train.py --per_device_train_batch_size 1
      """, file: "cmd", microBatch: nil, batch: 16)
    #expect(found.plan.stages.first?.zero == 2 && found.plan.gradientAccumulation == 1)
  }

  @Test("degrees of parallelism_config are those of the plan")
  func degrees() throws {
    let found = try Self.read(
      Self.first + "\nparallelism_config:\n  parallelism_config_tp_size: 2\n  parallelism_config_cp_size: 2\n"
        + "  parallelism_config_dp_shard_size: 4\n")
    let stage = try #require(found.plan.stages.first)
    #expect(stage.tensorParallel == 2 && found.plan.contextParallel == 2 && stage.dataParallel == 4)
    #expect(found.warnings.contains { $0.contains("lie outside") })
  }

  @Test("offload, compilation, fp32, other wrapping and unknown keys are named")
  func warnings() throws {
    let text = Self.first.replacing("params: false", with: "params: true").replacing("bf16\n", with: "no\n")
      .replacing("TRANSFORMER_BASED_WRAP", with: "NO_WRAP").replacing(
        "mixed_precision: bf16", with: "mixed_precision: 'no'")
    let found = try Self.read(text + "\ndynamo_config:\n  dynamo_backend: INDUCTOR\nnew_key: 3\n")
    for part in ["fsdp_offload_params true", "fsdp_auto_wrap_policy NO_WRAP", "INDUCTOR", "mixed_precision no: fp32"] {
      #expect(found.warnings.contains { $0.contains(part) }, "\(part): \(found.warnings)")
    }
    #expect(found.unknown == ["new_key 3"])
    #expect(found.workload.run.precision == .bf16)
  }

  @Test("what is no FSDP, or contradicts the cluster, or recomputes twice, is an error that says what to do")
  func errors() {
    #expect(Self.error(Self.first.replacing("type: FSDP", with: "type: DEEPSPEED")).contains("--from deepspeed"))
    #expect(Self.error(Self.first.replacing("type: FSDP", with: "type: MULTI_GPU")).contains("MULTI_GPU is not FSDP"))
    #expect(
      Self.error(Self.first.replacing("processes: 16", with: "processes: 12")).contains(
        "12 GPUs, but --cluster 2x8xh100 is 2x8"))
    #expect(Self.error(Self.first.replacing("GRAD_OP", with: "EVERYTHING")).contains("must be one of FULL_SHARD"))
    let script = "accelerate launch --config_file fsdp.yaml train.py --gradient_checkpointing"
    let files = [LaunchFile(name: "fsdp.yaml", text: Self.first)]
    #expect(
      Self.error(script, file: "run.sh", files: files).contains("both the program and fsdp_activation_checkpointing"))
    #expect(Self.error("accelerate launch train.py --bf16", file: "run.sh").contains("'--config_file' is missing"))
    #expect(
      Self.error("accelerate launch --config_file /etc/passwd t.py", file: "run.sh").contains("not in the folder"))
    #expect(Self.error("distributed_type: FSDP\nfsdp_config: [").contains("not valid YAML"))
    #expect(Self.error("fsdp_config: &a {b: *a}").contains("anchors"))
  }

  @Test("hostile files are refused clearly, and no other file is read")
  func hostile() {
    #expect(Self.error(String(repeating: "a: [", count: 40)).contains("nested deeper"))
    #expect(Self.error("x: \"" + String(repeating: "x", count: 1_100_000) + "\"").contains("the limit is"))
    #expect(Self.error("accelerate launch --config_file 'fsdp.yaml", file: "run.sh").contains("not closed"))
    #expect(
      Self.error("accelerate launch --config_file ../fsdp.yaml t.py", file: "run.sh").contains("not in the folder"))
    #expect(Self.error("accelerate launch --config_file `id`.yaml t.py", file: "run.sh").contains("must be the name"))
    let files = [LaunchFile(name: "fsdp.yaml", text: Self.first)]
    let start = "accelerate launch --config_file fsdp.yaml t.py "
    #expect(Self.error(start + "/etc/passwd.json", file: "run.sh", files: files).contains("not in the folder"))
    #expect(
      Self.error(start + "--per_device_train_batch_size '$(touch x)'", file: "run.sh", files: files).contains(
        "'$(touch x)'"))
    #expect(Self.error(start + "--per_device_train_batch_size -1", file: "run.sh", files: files).contains("found '-1'"))
    #expect(Self.error("", file: "run.sh").contains("no command with options"))
    #expect(Self.error("- 1\n- 2\n").contains("a list of 2"))
  }

  @Test("public configurations of FSDP import as they are", .enabled(if: !Self.folder.isEmpty))
  func published() throws {
    let names = FileManager.default.enumerator(atPath: Self.folder)?.compactMap { $0 as? String } ?? []
    var count = 0
    for name in names.sorted() where name.hasSuffix(".yaml") && name.contains("fsdp") && !name.contains("tp_prep") {
      let text = try ConfigNode.readText(Self.folder + "/" + name)
      guard text.contains("distributed_type: FSDP") else { continue }
      let processes = text.split(separator: "\n").first { $0.hasPrefix("num_processes") }?.split(separator: " ").last
      var context = LaunchContext(
        file: name, cluster: "\(processes ?? "8")xa100-80", model: "llama-3-8b", sequence: 2048, batch: 64)
      context.microBatch = 1
      let found = try AccelerateImporter().read(text, context)
      #expect(found.unknown.isEmpty, "\(name): \(found.unknown)")
      count += 1
    }
    #expect(count > 0)
  }

  /// A checkout of Accelerate.
  private static let folder = ProcessInfo.processInfo.environment["BRUME_ACCELERATE_EXAMPLES"] ?? ""
}
