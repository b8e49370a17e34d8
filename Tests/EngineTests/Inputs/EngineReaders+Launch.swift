import Foundation
import FuzzSupport

@testable import Engine

/// Importers of launchers' own files.
extension EngineReaders {
  /// One reader for each launcher, with files that Brume exports and files in people's own styles.
  static func launchers() throws -> [FuzzedReader] {
    let folder = try siblings()
    return try [
      (Launcher.megatronLM, "train.sh", [megatron]),
      (.deepspeed, "ds.json", [deepSpeed]), (.deepspeed, "run.sh", [deepSpeedScript]),
      (.deepspeed, "megatron.sh", [megatronDeepSpeed]),
      (.accelerate, "fsdp.yaml", [accelerate]), (.accelerate, "job.sh", [accelerateScript]),
      (.torchtitan, "llama.toml", [torchtitan]), (.torchtitan, "own.py", [registry]),
      (.torchtitan, "titan.sh", [torchtitanScript]), (.mist, "mist.yaml", [MistLaunchTests.published]),
    ].map { launcher, file, texts in
      let form: FuzzedReader.Form = file.hasSuffix(".json") ? .json : file.hasSuffix(".yaml") ? .yaml : .plain
      var context = LaunchContext(file: file, folder: folder)
      if launcher != .mist { context.cluster = "2x8xh100" }
      if launcher == .accelerate || launcher == .deepspeed && !file.hasPrefix("megatron") {
        (context.model, context.sequence) = ("llama-2-7b", 1_024)
      }
      if file == "fsdp.yaml" { (context.batch, context.microBatch) = (128, 1) }
      if file == "job.sh" { context.batch = 128 }
      let given = context
      // What is exported as several files is not read as one.
      let exported = try exports(of: launcher, like: file).filter { text in
        (try? Launcher.read(text, as: launcher, given)) != nil
      }
      // Files beside it are named in errors too.
      return FuzzedReader(
        "\(launcher.rawValue) \(file)", form, weight: form == .plain ? 6 : 3, place: nil, corpus: texts + exported
      ) { text, number in
        _ = Launcher.guesses(text, file: file)
        let found: LaunchImport
        do throws(InputError) {
          found = try Launcher.read(text, as: launcher, given).found
        } catch {
          try FuzzFinding.check(error.place.file != "", "an error without a file: \(error)")
          throw error
        }
        for remark in found.unknown + found.warnings + found.assumed
        where remark.unicodeScalars.count > PlainText.most + 10 {
          throw FuzzFinding("a remark of \(remark.utf8.count) bytes: \(remark.prefix(100))")
        }
        try use(PlanFile(workload: found.workload, plan: found.plan), number)
        return .read
      }
    }
  }

  /// Exported files of a plan that are of a kind with `file`.
  private static func exports(of launcher: Launcher, like file: String) throws -> [String] {
    var choices = RandomLaunchPlans.Choices()
    (choices.models, choices.clusters, choices.sequences) = (["llama-2-7b"], ["2x8xh100"], [1_024])
    var plans = try RandomLaunchPlans(launcher, seed: 3, choices: choices)
    guard let found = plans.next() else { return [] }
    let ending = file.split(separator: ".").last ?? ""
    return try LaunchRoundTrip.files(found, launcher).filter { $0.name.hasSuffix(".\(ending)") }.map(\.text)
  }

  /// A folder with the files that scripts name, made once and left to the system's temporary folder.
  private static func siblings() throws -> String {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("brume-fuzz-beside")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for (name, text) in [
      ("ds.json", deepSpeed), ("mds.json", DeepSpeedScriptImportTests.configuration.text), ("fsdp.yaml", accelerate),
      ("all.py", TorchtitanImportTests.registry),
    ] {
      try text.write(to: folder.appendingPathComponent(name), atomically: true, encoding: .utf8)
    }
    return folder.path
  }

  private static let megatron = """
    #!/bin/bash
    #SBATCH --nodes=2
    #SBATCH --gpus-per-node=8
    export CUDA_DEVICE_MAX_CONNECTIONS=1
    NNODES=${SLURM_NNODES:-1}
    GPUS=$((NNODES * 8))
    MP=(--tensor-model-parallel-size 8 --pipeline-model-parallel-size 2 --sequence-parallel)
    SHAPE="--num-layers 96 --hidden-size 12288 --num-attention-heads 96 \\
      --seq-length 2048 --max-position-embeddings 2048"
    if [ -n "$DEBUG" ]; then echo debug; elif [[ $GPUS == 8* ]]; then SHAPE+=" --bf16"; fi
    for i in 1 2; do X+=($i); done
    cat > ds.json <<EOF
    {"a": $GPUS}
    EOF
    srun torchrun --nproc_per_node 8 --nnodes $NNODES --node_rank $SLURM_PROCID --rdzv_endpoint $HEAD:29400 \\
      Megatron-LM/pretrain_gpt.py $SHAPE "${MP[@]}" --micro-batch-size 2 --global-batch-size 96 --bf16 \\
      --recompute-activations --use-distributed-optimizer --overlap-grad-reduce --overlap-param-gather \\
      --vocab-file $VOCAB --merge-file $MERGES --data-path $1 --lr 6e-5 --tensorboard-dir logs 2>&1 | tee log.txt

    """

  private static let deepSpeed = """
    {"bf16": {"enabled": true}, "train_batch_size": 128, "train_micro_batch_size_per_gpu": 1,
     "gradient_accumulation_steps": 8, "gradient_clipping": "auto",
     "zero_optimization": {"stage": 3, "overlap_comm": false, "stage3_max_live_parameters": 1e8, "sub_group_size": 1e7,
       "offload_optimizer": {"device": "cpu", "ratio": 0.25}, "offload_param": {"device": "cpu", "pin_memory": true},
       "zero_hpz_partition_size": 8, "zero_quantized_weights": true, "contiguous_gradients": true},
     "activation_checkpointing": {"cpu_checkpointing": true, "partition_activations": false},
     "communication_data_type": "fp32", "data_types": {"grad_accum_dtype": "fp32"}, "something_new": [1, 2]}

    """

  private static let deepSpeedScript = """
    #!/bin/bash
    export NCCL_DEBUG=INFO
    deepspeed --num_gpus 8 --num_nodes 2 --master_port=29501 run_clm.py \\
      --model_name_or_path meta-llama/Llama-2-7b-hf --block_size 1024 \\
      --deepspeed ds.json --per_device_train_batch_size 1 --gradient_accumulation_steps=8 \\
      --bf16 --gradient_checkpointing True --learning_rate 1e-5 --my_flag 3

    """

  private static let accelerateScript = """
    export LAUNCHER="accelerate launch --config_file fsdp.yaml --num_machines $SLURM_NNODES --mixed_precision fp16 \\
      --main_process_ip $head_node_ip"
    CMD="$LAUNCHER train.py --per_device_train_batch_size 4 --max_length 1024 --odd thing"
    srun $CMD

    """

  /// Published settings with the pipeline on fewer GPUs, cut by names of layers.
  private static let torchtitan = TorchtitanImportTests.toml.replacing(
    /tensor_parallel_degree[^\[]*/,
    with: """
      tensor_parallel_degree = 4
      pipeline_parallel_degree = 2
      pipeline_parallel_schedule = "1F1B"
      pipeline_parallel_split_points = ["layers.40"]
      pipeline_parallel_microbatch_size = 1

      """)

  private static let megatronDeepSpeed = DeepSpeedScriptImportTests.megatron.replacing("=ds.json", with: "=mds.json")

  private static let accelerate = AccelerateImportTests.first + "\n"

  /// The first of two configurations, which needs no name.
  private static var registry: String {
    TorchtitanImportTests.registry.split(separator: "\ndef longer").first.map { $0 + "\n" } ?? ""
  }

  private static let torchtitanScript =
    "torchrun --nproc_per_node=8 --nnodes=2 -m torchtitan.train --module all --config longer\n"
}
