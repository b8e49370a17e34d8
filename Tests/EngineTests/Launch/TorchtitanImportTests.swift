import Testing

@testable import Engine

/// What people run on torchtitan, read.
@Suite struct TorchtitanImportTests {
  private func read(
    _ text: String, file: String = "train.sh", cluster: String? = "8x8xh100", model: String? = nil
  ) throws -> LaunchImport {
    try TorchtitanImporter().read(text, LaunchContext(file: file, cluster: cluster, model: model))
  }

  private func failure(_ text: String, file: String = "train.sh", cluster: String? = "8x8xh100") -> String {
    do {
      _ = try read(text, file: file, cluster: cluster)
      return "no error"
    } catch {
      return "\(error)"
    }
  }

  /// A TOML file of release 0.2.
  static let toml = """
    # A 70B run.
    [job]
    description = "ours"
    [model]
    name = "llama3"
    flavor = "70B"
    converters = ["float8"]
    [optimizer]
    name = "AdamW"
    lr = 1.5e-4
    [training]
    local_batch_size = 16
    global_batch_size = 32
    seq_len = 8_192
    dataset = "c4"  # any
    [parallelism]
    data_parallel_shard_degree = -1
    tensor_parallel_degree = 8
    pipeline_parallel_degree = 4
    pipeline_parallel_schedule = "Interleaved1F1B"
    pipeline_parallel_layers_per_stage = 11
    pipeline_parallel_first_stage_less_layers = 4
    pipeline_parallel_last_stage_less_layers = 4
    [compile]
    enable = true
    components = [
      "model",
      "loss",
    ]
    [activation_checkpoint]
    mode = "full"
    """

  @Test("a TOML file of release 0.2: degrees, stages, recomputation, precision and runtime")
  func tomlFile() throws {
    let text = Self.toml.replacing(
      "pipeline_parallel_first_stage_less_layers = 4", with: "pipeline_parallel_first_stage_less_layers = 0"
    )
    .replacing("pipeline_parallel_last_stage_less_layers = 4", with: "pipeline_parallel_last_stage_less_layers = 0")
    .replacing("per_stage = 11", with: "per_stage = 10")
    let found = try read(text, file: "llama.toml")
    #expect(found.unknown == [] && found.warnings == [])
    #expect(found.workload.model.name == "llama3-70B" && found.workload.model.keyValueHeads == 8)
    #expect(found.workload.run.precision == .fp8 && found.workload.run.runtime == "torchtitan-compiled")
    #expect(found.workload.run.sequenceLength == 8192 && found.workload.run.globalBatch == 32)
    let stage = StageChoice(
      layers: 20, nodes: 2, gpusPerNode: 8, microBatch: 1, dataParallel: 2, tensorParallel: 8, zero: 2,
      checkpointedLayers: 20)
    #expect(
      found.plan
        == Plan(
          gradientAccumulation: 16, stages: Array(repeating: stage, count: 4), sequenceParallel: true, interleave: 2))
  }

  @Test("torchtitan's own cut of the layers: embedding and head count as layers; unlike chunks are refused")
  func defaultCut() throws {
    #expect(
      failure(Self.toml, file: "llama.toml").contains(
        "parts of 7, 11, 11, 11, 11, 11, 11, 7 layers that stages hold in turns"))
    let text = Self.toml.replacing("Interleaved1F1B", with: "1F1B").replacing("per_stage = 11", with: "per_stage = 22")
    let found = try read(text, file: "llama.toml")
    #expect(found.plan.stages.map(\.layers) == [18, 22, 22, 18] && found.plan.interleave == 1)
    #expect(
      found.assumed == [
        "parallelism.pipeline_parallel_microbatch_size = 1, torchtitan's default",
        "stages of 18, 22, 22, 18 layers, torchtitan's default",
      ])
  }

  @Test("names of release 0.1 are read as those of today")
  func olderNames() throws {
    let text = """
      [model]
      name = "llama3"
      flavor = "8B"
      [training]
      batch_size = 8
      seq_len = 8192
      tensor_parallel_degree = 2
      data_parallel_shard_degree = 16
      compile = true
      [experimental]
      context_parallel_degree = 1
      pipeline_parallel_degree = 2
      pipeline_parallel_split_points = ["layers.15"]
      pipeline_parallel_microbatches = 4
      enable_async_tensor_parallel = true
      [activation_checkpoint]
      mode = "selective"
      selective_ac_option = "2"
      """
    let found = try read(text, file: "old.toml")
    #expect(found.unknown == [] && found.workload.run.runtime == "torchtitan-async")
    #expect(found.plan.stages.map(\.layers) == [15, 17] && found.plan.stages.map(\.checkpointedLayers) == [7, 8])
    #expect(found.plan.gradientAccumulation == 4 && found.plan.stages[0].microBatch == 2)
  }

  /// A registry of two configurations, in which the second changes the first.
  static let registry = """
    from torchtitan.models.llama3 import model_registry
    from torchtitan.trainer import Trainer

    TOKENS = 4 * 1024

    def ours() -> Trainer.Config:
        \"\"\"Not run.\"\"\"
        return Trainer.Config(
            model_spec=model_registry("8B", attn_backend="flex"),
            loss=ChunkedLossWrapper.Config(loss_fn=CrossEntropyLoss.Config(global_vocab_size=vocabulary())),
            optimizer=default_adamw(lr=3e-4),
            training=TrainingConfig(local_batch_size=2, seq_len=TOKENS, disable_cuda_graphs=True),
            parallelism=ParallelismConfig(tensor_parallel_degree=4),
            activation_checkpoint=FullAC.Config(),
        )

    def longer():
        config = ours()
        config.training.seq_len = 2 * TOKENS
        config.compile = CompileConfig(enable=True, components=["model"])
        config.activation_checkpoint = None
        if fast:
            config.training.steps = 1
        return config
    """

  @Test("a Python registry: a function that changes what another returns; what is not followed is listed")
  func python() throws {
    let line = "torchrun --nproc_per_node=8 --nnodes=8 -m torchtitan.train --module own --config longer"
    let found = try LaunchRoundTrip.inFolder([LaunchFile(name: "own.py", text: Self.registry)]) { folder in
      try TorchtitanImporter().read(line, LaunchContext(file: "train.sh", folder: folder, cluster: "8x8xh100"))
    }
    #expect(found.workload.run.sequenceLength == 8192 && found.workload.run.runtime == "torchtitan-compiled")
    let stage = StageChoice(
      layers: 32, nodes: 8, gpusPerNode: 8, microBatch: 2, dataParallel: 16, tensorParallel: 4, zero: 3,
      checkpointedLayers: 0)
    #expect(found.plan == Plan(gradientAccumulation: 1, stages: [stage], sequenceParallel: true))
    #expect(found.unknown == ["line 22: if fast:"])
    #expect(found.warnings.count == 2 && found.warnings[0].contains("without loss"))
    #expect(found.warnings[1].hasPrefix("loss = ChunkedLossWrapper.Config: logits are made in chunks"))
  }

  @Test("a registry of several configurations asks for one by name")
  func several() {
    let text = failure(Self.registry, file: "own.py")
    #expect(text.contains("it has several configurations: ours, longer"))
    #expect(text.contains("--module own --config ours"))
  }

  @Test("overrides of the command line win; unknown ones are listed; policies and switches without values are read")
  func commandLine() throws {
    let line = """
      export NGPU=8
      torchrun --nproc-per-node ${NGPU} -m torchtitan.train --module llama3 --config llama3_8b \\
        --training.seq-len 4096 --parallelism.tensor_parallel_degree=2 --compile.enable \\
        --training.global_batch_size 64 --parallelism.colour blue --checkpoint.no_enable activation-checkpoint:full "$@"
      """
    let found = try read(line, cluster: "8xh100")
    #expect(found.workload.run.sequenceLength == 4096 && found.workload.run.runtime == "torchtitan-compiled")
    #expect(found.plan.gradientAccumulation == 16 && found.plan.stages[0].tensorParallel == 2)
    #expect(found.plan.stages[0].recompute == .full && found.plan.stages[0].checkpointedLayers == 32)
    #expect(found.unknown == ["--parallelism.colour blue"])
  }

  @Test("what costs something and is not modelled is warned about")
  func warnings() throws {
    let text = """
      [model]
      name = "llama3"
      flavor = "8B"
      converters = ["mx", "own"]
      [training]
      enable_cpu_offload = true
      dtype = "bfloat16"
      [optimizer]
      name = "Muon"
      [parallelism]
      data_parallel_replicate_degree = 2
      [activation_checkpoint]
      mode = "memory_budget"
      """
    let found = try read(text, file: "a.toml")
    for part in [
      "data_parallel_replicate_degree = 2: weights and states are whole", "training.enable_cpu_offload = true:",
      "optimizer.name = Muon:", "training.dtype = bfloat16:", "converter own: not modelled", "converter mx:",
      "activation_checkpoint: the compiler chooses",
    ] {
      #expect(found.warnings.contains { $0.hasPrefix(part) || $0.contains(part) }, "\(part)")
    }
    #expect(found.warnings.count == 7)
    #expect(found.assumed.contains("training.seq_len = 2048, torchtitan's default"))
  }

  @Test("what does not go together says both, with its line")
  func conflicts() {
    let text = Self.toml.replacing("mode = \"full\"", with: "mode = \"none\"")
    #expect(
      failure(text.replacing("tensor_parallel_degree = 8", with: "tensor_parallel_degree = 7"), file: "a.toml")
        .hasPrefix(
          "a.toml:18: parallelism.tensor_parallel_degree: replicate 1 x context 1 x tensor 7 x pipeline 4"))
    #expect(failure(text, file: "a.toml", cluster: nil).hasPrefix("a.toml: '--cluster' is missing"))
    #expect(
      failure("torchrun --nnodes 9 -m torchtitan.train --module llama3 --config llama3_8b")
        == "train.sh:1: --nnodes: 9 nodes, but --cluster 8x8xh100 is 8x8 h100-sxm; change one of them")
    #expect(
      failure("torchrun --nproc_per_node=4 -m torchtitan.train --module llama3 --config llama3_8b").contains(
        "4 GPUs a node, but --cluster 8x8xh100"))
    #expect(
      failure(text.replacing("8_192", with: "long"), file: "a.toml").hasPrefix("a.toml:14: training.seq_len: found"))
    #expect(
      failure(text.replacing("\"llama3\"", with: "\"deepseek_v3\""), file: "a.toml").contains("is a mixture of experts")
    )
    #expect(
      failure(text.replacing("\"llama3\"", with: "\"qwen3\""), file: "a.toml").contains("'--model' is missing"))
    #expect(
      failure("torchrun -m torchtitan.train --module llama3 --config llama3_9b").contains(
        "no configuration of torchtitan's llama3 is called 'llama3_9b'"))
    #expect(failure("echo hello").contains("no command that starts torchtitan"))
  }

  @Test("a value that only a run would tell is an error where it decides the plan")
  func unresolved() {
    let text = Self.registry.replacing("tensor_parallel_degree=4", with: "tensor_parallel_degree=4 if big else 1")
      .replacing("def longer", with: "def longer(x)")
    #expect(failure(text, file: "own.py").contains("parallelism.tensor_parallel_degree is '4 if big else 1'"))
    #expect(
      failure("torchrun -m torchtitan.train --module llama3 --config llama3_8b --training.seq_len $LONG").contains(
        "training.seq_len is '$LONG', which only a run would tell"))
  }

  @Test("other models of the same names are not taken for Llamas, and no file in another folder is opened")
  func otherFamilies() {
    let text = Self.registry.replacing("torchtitan.models.llama3", with: "torchtitan.models.qwen3")
      .replacing("def longer", with: "def longer(x)")
    #expect(failure(text, file: "own.py").contains("'--model' is missing"))
    #expect(
      failure("torchrun -m torchtitan.train --module ../own --config a").contains("is in another folder"))
    #expect(
      failure("torchrun -m torchtitan.train --job.config_file ../../etc/passwd").contains(
        "only files beside it are read"))
  }
}
