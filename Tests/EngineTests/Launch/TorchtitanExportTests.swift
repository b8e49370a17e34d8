import Testing

@testable import Engine

/// What is written for torchtitan.
@Suite struct TorchtitanExportTests {
  private func workload(
    _ model: String = "llama-2-7b", cluster: String = "2x8xh100", batch: Int = 64, sequence: Int = 4096,
    runtime: String = "torchtitan"
  ) throws -> Workload {
    try WorkloadSource.make(model: model, cluster: cluster, sequence: sequence, batch: batch, runtime: runtime)
  }

  /// Two stages of a node each: tp 2, dp 4, 8 micro-batches of 2.
  private func plan(_ change: (inout StageChoice) -> Void = { _ in }) -> Plan {
    var stages = [15, 17].map { layers in
      StageChoice(
        layers: layers, nodes: 1, gpusPerNode: 8, microBatch: 2, dataParallel: 4, tensorParallel: 2, zero: 3,
        checkpointedLayers: layers, recompute: .full)
    }
    for index in stages.indices { change(&stages[index]) }
    return Plan(gradientAccumulation: 8, stages: stages, sequenceParallel: true)
  }

  private func job(_ workload: Workload, _ plan: Plan, origin: String = "my.plan.yaml") throws -> LaunchJob {
    LaunchJob(
      workload: workload, plan: plan, score: try workload.score(plan), origin: origin,
      importCommand: "import train.sh --from torchtitan")
  }

  private func files(_ job: LaunchJob) -> [String: String] {
    Dictionary(uniqueKeysWithValues: TorchtitanExporter().files(job).map { ($0.name, $0.text) })
  }

  @Test("a plan of two stages: every choice stands in the registry, the local batch is all micro-batches")
  func twoStages() throws {
    let job = try job(try workload(), plan())
    #expect(Launcher.torchtitan.refusals(job.plan, of: job.workload) == [])
    let text = try #require(files(job)["config_registry.py"])
    for line in [
      "dim=4096,", "n_layers=32,", "n_heads=32,", "n_kv_heads=32,", "hidden_dim=11008,", "vocab_size=32000,",
      "local_batch_size=16,", "global_batch_size=64,", "seq_len=4096,", "disable_cuda_graphs=True,",
      "data_parallel_shard_degree=4,", "fsdp_reshard_after_forward=\"always\",", "tensor_parallel_degree=2,",
      "enable_sequence_parallel=True,", "context_parallel_degree=1,", "pipeline_parallel_degree=2,",
      "pipeline_parallel_schedule=\"1F1B\",", "pipeline_parallel_microbatch_size=2,",
      "activation_checkpoint=FullAC.Config(),", "enable=False,",
      "loss=CrossEntropyLoss.Config(global_vocab_size=32000),",
    ] {
      #expect(text.split(separator: "\n").contains { $0.drop { $0 == " " } == line }, "\(line)")
    }
    // 15 layers in the first part, 17 in the second.
    #expect(text.contains("\"layers.14\",\n                ],") && text.contains("\"layers.15\", \"layers.16\""))
    #expect(text.contains("# torchtitan for llama-2-7b-16xh100-sxm, from my.plan.yaml, by brume"))
  }

  @Test("the script starts torchtitan's trainer on both nodes with the module beside it")
  func script() throws {
    let all = files(try job(try workload(), plan()))
    let script = try #require(all["train.sh"])
    for line in [
      "  --nnodes 2 \\", "  --nproc-per-node 8 \\", "  -m torchtitan.train \\", "  --module config_registry",
      "  --config brume_plan", "export PYTORCH_ALLOC_CONF=expandable_segments:True",
    ] {
      #expect(script.split(separator: "\n").contains { $0 == line }, "\(line)")
    }
    #expect(try #require(all["train.slurm"]).contains("#SBATCH --nodes=2\n"))
  }

  @Test("without stages the local batch is one micro-batch, and the rest is accumulated")
  func oneStage() throws {
    let stage = StageChoice(
      layers: 32, nodes: 2, gpusPerNode: 8, microBatch: 1, dataParallel: 16, tensorParallel: 1, zero: 2,
      checkpointedLayers: 32, recompute: .selectiveOperators)
    let workload = try workload("llama-3-8b", runtime: "torchtitan-async")
    let text = try #require(
      files(try job(workload, Plan(gradientAccumulation: 4, stages: [stage])))["config_registry.py"])
    for part in [
      "model_spec = model_registry(\"8B\")", "local_batch_size=1,", "global_batch_size=64,",
      "fsdp_reshard_after_forward=\"never\",", "activation_checkpoint=SelectiveAC.Config(),", "enable=True,",
      "enable_async_tensor_parallel=True,",
    ] {
      #expect(text.contains(part), "\(part)")
    }
    #expect(!text.contains("pipeline_parallel_schedule") && !text.contains("llama_spec"))
  }

  @Test("chunks of interleaved stages are parts in the order of the layers")
  func interleaved() throws {
    var plan = plan { $0.layers = 16 }
    plan.interleave = 2
    #expect(
      TorchtitanRegistry.parts(plan).map(\.count) == [9, 8, 8, 10]
        && TorchtitanRegistry.parts(plan)[2].first == "layers.16")
  }

  @Test("what torchtitan's blocks, precisions and schedules lack is refused by name")
  func refusals() throws {
    func words(_ workload: Workload, _ plan: Plan) -> [String] {
      Launcher.torchtitan.refusals(plan, of: workload).map(\.what)
    }
    let plan = plan()
    #expect(words(try workload("gpt-7b"), plan) == ["a model with LayerNorm, an MLP without a gate, learned positions"])
    #expect(
      words(try workload("falcon-7b"), plan) == [
        "a model with LayerNorm, an MLP without a gate, attention and MLP side by side"
      ])
    var other = try workload()
    other.run.precision = .fp16
    other.run.attention = .unfused
    other.run.dropout = 0.1
    #expect(words(other, plan) == ["precision fp16", "attention without flash attention", "dropout"])
    var tied = try workload()
    tied.model.tiedEmbeddings = true
    #expect(words(tied, plan) == ["several stages of a model with tied embeddings"])
    var few = plan
    few.gradientAccumulation = 1
    #expect(words(try workload(), few) == ["1 micro-batches in 2 stages"])
    var zeroBubble = plan
    zeroBubble.schedule = .zeroBubble
    #expect(words(try workload(), zeroBubble) == [])
    #expect(
      words(try workload(runtime: "torchtitan-compiled"), zeroBubble) == ["the schedule zb-h1 with torch.compile"])
    zeroBubble.gradientAccumulation = 5
    #expect(words(try workload(), zeroBubble) == ["the schedule zb-h1 of 5 micro-batches in 2 stages"])
    #expect(words(try workload(), self.plan { $0.zero = 1 }) == ["ZeRO 1"])
    #expect(words(try workload(), self.plan { $0.checkpointedLayers = 3 }) == ["checkpointed layers 3, 3"])
    var offloaded = plan
    offloaded.stages[0].offload.optimizer = 4
    #expect(words(try workload(), offloaded).contains("4/8 of optimizer states offloaded"))
  }

  @Test("key and value heads are not replicated, and context-parallel ranks want whole blocks of attention")
  func degrees() throws {
    let stage = StageChoice(
      layers: 32, nodes: 2, gpusPerNode: 8, microBatch: 2, dataParallel: 1, tensorParallel: 16, zero: 3,
      checkpointedLayers: 0)
    let plan = Plan(gradientAccumulation: 32, stages: [stage], sequenceParallel: true)
    let words = Launcher.torchtitan.refusals(plan, of: try workload("llama-3-8b")).map(\.what)
    #expect(words == ["tensor-parallel degree 16 with 8 key and value heads"])
    var split = stage
    (split.tensorParallel, split.dataParallel) = (1, 4)
    let context = Plan(gradientAccumulation: 8, stages: [split], contextParallel: 4)
    #expect(Launcher.torchtitan.refusals(context, of: try workload("llama-3-8b", sequence: 4096)) == [])
    let odd = try workload("llama-3-8b", sequence: 4000)
    #expect(
      Launcher.torchtitan.refusals(context, of: odd).map(\.what) == ["context parallelism 4 of sequences of 4000"])
  }

  @Test("names from files stay inside comments and Python's texts")
  func hostileNames() throws {
    var workload = try workload()
    workload.name = "a\nimport os\u{2028}b"
    workload.model.name = "x\", os.system(\"id\"))#\n\\\u{1F600}$(id)"
    let all = files(try job(workload, plan(), origin: "p\rimport os"))
    let text = try #require(all["config_registry.py"])
    #expect(text.contains(#"flavor="x\", os.system(\"id\"))#\x0a\\\U0001f600$(id)","#))
    #expect(!text.split(whereSeparator: \.isNewline).contains { $0.hasPrefix("import os") })
    #expect(try #require(all["train.sh"]).contains(#": "${HF_ASSETS_PATH:=./assets/hf/x\", os.system"#))
    // A name on one line comes back as it is.
    workload.model.name = "x\", os.system(\"id\"))#\\\u{1F600}$(id)"
    let plain = try #require(files(try job(workload, plan()))["config_registry.py"])
    let read = try TorchtitanImporter().read(plain, LaunchContext(file: "config_registry.py", cluster: "2x8xh100"))
    #expect(read.workload.model.name == workload.model.name)
  }
}
