import Foundation
import Testing

@testable import Engine

/// Scripts and command lines in the styles that people write for Megatron-LM.
@Suite struct MegatronImportTests {
  private func read(
    _ text: String, cluster: String? = "8xh100", model: String? = nil, file: String = "train.sh",
    _ change: (inout LaunchContext) -> Void = { _ in }
  ) throws -> LaunchImport {
    var context = LaunchContext(file: file, cluster: cluster, model: model)
    change(&context)
    return try MegatronImporter().read(text, context)
  }

  private func error(_ text: String, cluster: String? = "8xh100", model: String? = nil) -> String {
    do {
      _ = try read(text, cluster: cluster, model: model)
      return "no error"
    } catch {
      return "\(error)"
    }
  }

  /// A small Llama on a line.
  private static let small = """
    pretrain_gpt.py --num-layers 16 --hidden-size 2048 --num-attention-heads 16 --swiglu --normalization RMSNorm \
    --position-embedding-type rope --disable-bias-linear --untie-embeddings-and-output-weights --padded-vocab-size 32000 \
    --attention-dropout 0 --hidden-dropout 0 --seq-length 2048 --max-position-embeddings 2048 --micro-batch-size 1 \
    --global-batch-size 64 --bf16
    """

  @Test("a script with arrays, Slurm's variables and a pipe: GPT-3's 175 billion in 8 x 12")
  func arrays() throws {
    let found = try read(
      """
      #!/bin/bash
      #SBATCH --nodes=12
      #SBATCH --gpus-per-node=8
      export CUDA_DEVICE_MAX_CONNECTIONS=1
      NNODES=${SLURM_NNODES:-1}
      MP=(--tensor-model-parallel-size 8 --pipeline-model-parallel-size 12 --sequence-parallel)
      SHAPE="--num-layers 96 --hidden-size 12288 --num-attention-heads 96 \\
        --seq-length 2048 --max-position-embeddings 2048"
      if [ -n "$DEBUG" ]; then echo debug; fi
      srun torchrun --nproc_per_node 8 --nnodes $NNODES --node_rank $SLURM_PROCID --rdzv_endpoint $HEAD:29400 \\
        Megatron-LM/pretrain_gpt.py $SHAPE "${MP[@]}" --micro-batch-size 2 --global-batch-size 96 --bf16 \\
        --recompute-activations --use-distributed-optimizer --overlap-grad-reduce --overlap-param-gather \\
        --vocab-file $VOCAB --merge-file $MERGES --data-path $1 --lr 6e-5 --tensorboard-dir logs 2>&1 | tee log.txt
      """, cluster: "12x8xa100-80")
    #expect(found.workload.model.name == "gpt-3-175b" && found.workload.model.vocabulary == 51_200)
    #expect(found.workload.run.runtime == "megatron-core" && found.workload.run.dropout == 0.1)
    #expect(found.plan.gradientAccumulation == 48 && found.plan.stages.count == 12 && found.plan.sequenceParallel)
    let stage = try #require(found.plan.stages.first)
    #expect(
      stage
        == StageChoice(
          layers: 8, nodes: 1, gpusPerNode: 8, microBatch: 2, dataParallel: 1, tensorParallel: 8, zero: 1,
          checkpointedLayers: 8, recompute: .selective))
    #expect(found.unknown.isEmpty && found.warnings.isEmpty)
    #expect(
      found.assumed == [
        "51200 rows of the embedding: GPT-2's vocabulary of 50257, padded to a multiple of 1024",
        "learned positions: Megatron-LM's default",
        "flash attention: Megatron-LM's default is the fastest that the machine has",
        "dropout 0.1 where no option says it: Megatron-LM's default",
      ])
  }

  @Test("a bare command line, and one of options alone")
  func bare() throws {
    let line = "torchrun --nproc-per-node=8 " + Self.small
    let found = try read(line)
    #expect(found.workload.model.feedForward == 5440 && found.workload.model.keyValueHeads == 16)
    #expect(found.workload.run.runtime == "megatron-core-exposed")
    #expect(found.plan.stages.first?.dataParallel == 8 && found.plan.gradientAccumulation == 8)
    let options = try read(String(Self.small.drop { $0 != "-" }))
    #expect(options.plan == found.plan && options.workload.model.name == "train")
    #expect(try read("python -m torch.distributed.launch --nproc_per_node 8 " + Self.small).plan == found.plan)
  }

  @Test(
    "layers of stages, by each of the options that place them",
    arguments: [
      ("--pipeline-model-parallel-layout 'Et*3|t*5|t*5|t*3L'", [3, 5, 5, 3], 1),
      ("--pipeline-model-parallel-layout 'E,(tt|)*4,(tt|)*3,ttL'", [4, 4, 4, 4], 2),
      ("--decoder-first-pipeline-num-layers 3 --decoder-last-pipeline-num-layers 5", [3, 4, 4, 5], 1),
      ("--decoder-first-pipeline-num-layers 1", [1, 5, 5, 5], 1), ("", [4, 4, 4, 4], 1),
      ("--num-layers-per-virtual-pipeline-stage 2", [4, 4, 4, 4], 2),
      ("--num-virtual-stages-per-pipeline-rank 4", [4, 4, 4, 4], 4),
    ])
  func layers(options: String, layers: [Int], chunks: Int) throws {
    let found = try read(Self.small + " --pipeline-model-parallel-size 4 " + options)
    #expect(found.plan.stages.map(\.layers) == layers && found.plan.interleave == chunks)
  }

  @Test("embedding and loss that count as layers leave fewer in the first and last stage")
  func counted() throws {
    let text = Self.small.replacing("--num-layers 16", with: "--num-layers 14") + " --pipeline-model-parallel-size 4"
    let both = " --account-for-embedding-in-pipeline-split --account-for-loss-in-pipeline-split"
    #expect(try read(text + both).plan.stages.map(\.layers) == [3, 4, 4, 3])
    #expect(error(text).contains("14 layers do not divide into 4 stages"))
  }

  @Test(
    "recomputation: block counts layers of each chunk, uniform takes all",
    arguments: [
      ("--recompute-granularity full --recompute-method block --recompute-num-layers 1", 2, RecomputeKind.full),
      ("--recompute-granularity full --recompute-method block --recompute-num-layers 9", 8, .full),
      ("--recompute-granularity full --recompute-method uniform --recompute-num-layers 1", 8, .full),
      ("--recompute-granularity selective", 8, .selective), ("--recompute-activations", 8, .selective), ("", 0, .full),
      ("--recompute-granularity selective --recompute-modules layernorm mlp", 0, .full),
    ])
  func recompute(options: String, count: Int, kind: RecomputeKind) throws {
    let found = try read(
      Self.small + " --pipeline-model-parallel-size 2 --num-virtual-stages-per-pipeline-rank 2 " + options)
    #expect(found.plan.stages.map(\.checkpointedLayers) == [count, count])
    #expect(found.plan.stages.allSatisfy { $0.recompute == kind })
    #expect(found.warnings.isEmpty == !options.contains("layernorm"))
  }

  @Test("the distributed optimizer is ZeRO 1, a fraction of its states may lie on the host")
  func states() throws {
    let offload = " --use-distributed-optimizer --optimizer-cpu-offload --use-precision-aware-optimizer"
    #expect(try read(Self.small + " --use-distributed-optimizer").plan.stages[0].zero == 1)
    #expect(try read(Self.small + offload).plan.stages[0].offload == Offload(optimizer: 8))
    let part = try read(Self.small + offload + " --optimizer-offload-fraction 0.3")
    #expect(part.plan.stages[0].offload == Offload(optimizer: 2))
    #expect(part.warnings == ["--optimizer-offload-fraction 0.3: counted as 2/8"])
    #expect(error(Self.small + " --optimizer-cpu-offload").contains("without the distributed optimizer"))
  }

  @Test(
    "overlap flags say which runtime it is",
    arguments: [
      ("", "megatron-core-exposed"), ("--overlap-grad-reduce", "megatron-core"),
      ("--overlap-grad-reduce --tp-comm-overlap --tensor-model-parallel-size 2 --sequence-parallel", "nemo"),
      ("--overlap-grad-reduce --tp-comm-overlap", "megatron-core"),
    ])
  func runtimes(options: String, runtime: String) throws {
    #expect(try read(Self.small + " " + options).workload.run.runtime == runtime)
  }

  @Test("options that are not modelled are warned about, those that cost nothing are not, unknown ones are listed")
  func remarks() throws {
    let found = try read(
      Self.small
        + " --use-megatron-fsdp --fp8-format hybrid --fp8-recipe blockwise --fine-grained-activation-offloading"
        + " --tp-comm-overlap --some-option 3 --other --lr 1e-4 --save /x --wandb-project w --optimizer adam")
    #expect(found.unknown == ["--some-option 3", "--other"])
    #expect(
      found.warnings.map { String($0.split(separator: ":")[0]) } == [
        "--use-megatron-fsdp", "--fp8-recipe blockwise", "--fine-grained-activation-offloading",
      ])
    #expect(found.workload.run.precision == .fp8)
  }

  @Test(
    "what cannot be priced is refused with its reason",
    arguments: [
      ("--num-experts 8", "train.sh:1: --num-experts: a mixture of experts (--num-experts 8)"),
      ("--multi-latent-attention", "train.sh:1: --multi-latent-attention: multi-latent attention"),
      ("--yaml-cfg x.yaml", "train.sh:1: --yaml-cfg: arguments in a YAML file"),
      ("--hybrid-layer-pattern M*M*", "train.sh:1: --hybrid-layer-pattern: layers of several kinds"),
      ("--fp16", "train.sh:1: --fp16: both --fp16 and --bf16"),
      ("--position-embedding-type relative", "train.sh:1: --position-embedding-type: relative positions"),
      ("--position-embedding-type alibi", "train.sh:1: --position-embedding-type: found 'alibi', must be"),
      ("--tensor-model-parallel-size 3", "8 GPUs do not divide into 3 tensor-parallel"),
      ("--tensor-model-parallel-size 0", "train.sh:1: --tensor-model-parallel-size: found '0', must be"),
      ("--tensor-model-parallel-size $TP", "found $TP, which the file does not set"),
      ("--global-batch-size 12", "the batch 12 is no multiple of micro-batch 1 x 8"),
      ("--pipeline-model-parallel-size 2 --pipeline-model-parallel-layout 'E|t*16L'", "a stage without transformer"),
      ("--pipeline-model-parallel-size 2 --pipeline-model-parallel-layout 't*16|L'", "a layout that starts with E"),
      ("--context-parallel-size 3", "8 GPUs do not divide"), ("--num-attention-heads 15", "no multiple of 15 heads"),
      ("--group-query-attention --num-query-groups 5", "16 query heads do not share 5"),
      ("--max-position-embeddings 1024", "1024 positions for sequences of 2048 tokens"),
      ("--recompute-granularity full", "'--recompute-method' is missing"),
      ("--overlap-param-gather", "--overlap-param-gather without --overlap-grad-reduce"),
    ])
  func refused(options: String, message: String) {
    #expect(error(Self.small + " " + options).contains(message), "\(error(Self.small + " " + options))")
  }

  @Test("what the script lacks is asked for by its flag, and taken from it")
  func missing() throws {
    #expect(error(Self.small, cluster: nil).contains("'--cluster' is missing"))
    #expect(error("echo hello").contains("no command with Megatron-LM's options"))
    #expect(
      error(Self.small.replacing("pretrain_gpt", with: "pretrain_t5")).contains("pretrain_t5.py does not train a GPT"))
    #expect(error(Self.small.replacing("--padded-vocab-size 32000", with: "")).contains("'--vocab-size' is missing"))
    #expect(error(Self.small.replacing("--bf16", with: "")).contains("training in fp32"))
    let open = Self.small.replacing("--seq-length 2048", with: "--seq-length $S").replacing(
      "--micro-batch-size 1", with: "")
    #expect(error(open).contains("--seq-length: found $S, which the file does not set"))
    let found = try read(open) { ($0.sequence, $0.microBatch, $0.batch) = (1024, 2, 64) }
    #expect(found.workload.run.sequenceLength == 1024 && found.plan.stages[0].microBatch == 2)
    #expect(found.assumed.contains("--seq-length 1024: --sequence"))
    #expect(throws: InputError.self) { try read(Self.small) { $0.batch = 128 } }
  }

  @Test("a named model is the one of the arguments, gives its vocabulary, and stands for arguments that are not there")
  func models() throws {
    let llama =
      Self.small.replacing("--padded-vocab-size 32000", with: "")
      .replacing(
        "--num-layers 16 --hidden-size 2048 --num-attention-heads 16", with: "--num-layers 32 --hidden-size 4096")
      + " --num-attention-heads 32 --ffn-hidden-size 14336 --group-query-attention --num-query-groups 8"
    let found = try read(llama, model: "llama-3-8b")
    #expect(found.workload.model == (try Catalogue.model(named: "llama-3-8b", at: InputPlace(file: "test"))))
    #expect(error(llama, model: "llama-3-70b").contains("--num-layers is 32, but --model llama-3-70b has 80"))
    let short = "pretrain_gpt.py --micro-batch-size 1 --seq-length 2048 --global-batch-size 64 --bf16"
    #expect(try read(short, model: "llama-3-8b").workload.model.layers == 32)
    #expect(error(short).contains("or give --model"))
  }

  @Test("nodes of the script and the cluster: disagreement is an error that says both, a placeholder is told")
  func places() throws {
    let run = "torchrun --nnodes 2 --nproc-per-node 8 " + Self.small
    #expect(error(run, cluster: "8xh100").contains("2 nodes, but --cluster 8xh100"))
    #expect(error(run, cluster: "2x4xh100").contains("8 GPUs a node, but --cluster 2x4xh100"))
    let idle = try read(run, cluster: "3x8xh100")
    #expect(idle.plan.stages[0].dataParallel == 16 && idle.assumed.contains("nodes 3 to 3 of the cluster stay idle"))
    let wide = "torchrun --nnodes 1 --nproc-per-node 8 " + Self.small + " --pipeline-model-parallel-size 16"
    let placeholder = try read(wide, cluster: "4x8xh100")
    #expect(placeholder.plan.stages.count == 16 && placeholder.warnings.contains { $0.contains("placeholder") })
  }

  @Test("a Slurm job that starts the script beside it is read with it, one elsewhere is not")
  func siblings() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("brume-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try LaunchFolder.write([LaunchFile(name: "run/train.sh", text: "torchrun " + Self.small)], to: folder)
    let job = "#SBATCH --nodes=1\nsrun bash ./train.sh \"$@\"\n"
    let found = try read(job, file: "train.slurm") { $0.folder = folder + "/run" }
    #expect(found.plan.stages[0].layers == 16)
    for name in ["../run/train.sh", "/etc/passwd.sh", "other.sh"] {
      #expect(throws: InputError.self) {
        try read("bash \(name)", file: "train.slurm") { $0.folder = folder + "/run" }
      }
    }
  }

  @Test("every shortening of a script, and noise in its values, is read or refused, and never traps")
  func hostile() {
    let text =
      "N=2\nA=(" + Self.small + ")\ntorchrun \"${A[@]}\" --pipeline-model-parallel-layout 'E(t*4|)*3t*4L' "
      + "--pipeline-model-parallel-size 4 --recompute-granularity full --recompute-method block --recompute-num-layers 2"
    for length in 0...text.count { _ = try? read(String(text.prefix(length))) }
    let values = [
      "", "0", "-1", "99999999999999999999", "1e400", "nan", "$(touch x)", "'a b'", "\"\"", "é", "0x10", "--",
    ]
    for option in MegatronOption.allCases {
      for value in values { _ = try? read(Self.small + " \(option.flag) \(value)") }
    }
    #expect(!FileManager.default.fileExists(atPath: "x"))
    let many = (0..<20_000).map { "--option-\($0)" }.joined(separator: " ")
    #expect(error(Self.small + " " + many).contains("the limit is 10000"))
  }

  @Test(
    "Megatron-LM's own examples are read as they are",
    .enabled(if: ProcessInfo.processInfo.environment["BRUME_MEGATRON_SOURCE"] != nil))
  func examples() throws {
    let source = try #require(ProcessInfo.processInfo.environment["BRUME_MEGATRON_SOURCE"])
    func example(_ path: String, cluster: String) throws -> LaunchImport {
      let path = source + "/examples/" + path
      return try MegatronImporter().read(
        LaunchText.read(path), LaunchContext(file: path, folder: source, cluster: cluster))
    }
    let gpt = try example("gpt3/train_gpt3_175b_distributed.sh", cluster: "16x8xa100-80")
    #expect(gpt.workload.model.name == "gpt-3-175b" && gpt.plan.stages.count == 16 && gpt.unknown.isEmpty)
    #expect(gpt.workload.run.globalBatch == 1536 && gpt.plan.stages[0].tensorParallel == 8)
    let llama = try example("llama/train_llama3_8b_h100_fp8.sh", cluster: "8xh100")
    #expect(llama.workload.model.name == "llama-3-8b" && llama.workload.run.precision == .fp8)
    #expect(llama.unknown.isEmpty && llama.plan.gradientAccumulation == 16 && llama.plan.stages[0].zero == 1)
    #expect(llama.warnings.contains { $0.hasPrefix("--fp8-param-gather") })
    let mixtral = #expect(throws: InputError.self) {
      _ = try example("mixtral/train_mixtral_8x7b_distributed.sh", cluster: "4x8xh100")
    }
    #expect("\(try #require(mixtral))".contains("a mixture of experts (--num-experts 8)"))
  }
}
