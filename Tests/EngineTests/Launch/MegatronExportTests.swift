import Testing

@testable import Engine

/// What a plan becomes in Megatron-LM's arguments, by hand.
@Suite struct MegatronExportTests {
  private func workload(
    _ model: String, _ cluster: String, batch: Int, precision: Precision = .bf16, runtime: String = "megatron-core"
  ) throws -> Workload {
    var workload = try WorkloadSource.make(
      model: model, cluster: cluster, sequence: 2048, batch: batch, runtime: runtime)
    workload.run.precision = precision
    return workload
  }

  private func stage(
    _ layers: Int, nodes: Int = 1, gpus: Int, micro: Int = 1, data: Int = 1, tensor: Int = 1, zero: Int = 0,
    recomputed: Int = 0, _ kind: RecomputeKind = .full, offload: Offload = .none
  ) -> StageChoice {
    StageChoice(
      layers: layers, nodes: nodes, gpusPerNode: gpus, microBatch: micro, dataParallel: data, tensorParallel: tensor,
      zero: zero, checkpointedLayers: recomputed, recompute: kind, offload: offload)
  }

  /// The lines of each array, by its name.
  private func arrays(_ plan: Plan, of workload: Workload) throws -> [String: [String]] {
    try PlanRules(workload: workload).check(plan)
    #expect(Launcher.megatronLM.refusals(plan, of: workload).isEmpty)
    let job = LaunchJob(workload: workload, plan: plan, score: PlanScore(), origin: "a test", importCommand: "import")
    let text = MegatronExporter().files(job)[0].text
    var (found, name): ([String: [String]], String?) = ([:], nil)
    for line in text.split(separator: "\n") {
      if line.hasSuffix("=(") { name = String(line.dropLast(2)) }
      if line == ")" { name = nil }
      if let name, line.hasPrefix("  ") { found[name, default: []].append(String(line.dropFirst(2))) }
    }
    found["export"] = text.split(separator: "\n").filter { $0.hasPrefix("export ") }.map { String($0.dropFirst(7)) }
    found["command"] = text.split(separator: "\n").drop { !$0.hasPrefix("exec ") }
      .map { $0.replacing(" \\", with: "").trimmingCharacters(in: .whitespaces) }
    return found
  }

  @Test("Llama 3 8B in two uneven stages with tensor, sequence and context parallelism, fp8 and ZeRO 1")
  func llama() throws {
    let stages = [17, 15].map { stage($0, gpus: 8, micro: 2, data: 2, tensor: 2, zero: 1, recomputed: 4) }
    let plan = Plan(gradientAccumulation: 8, stages: stages, sequenceParallel: true, contextParallel: 2)
    let found = try arrays(plan, of: workload("llama-3-8b", "2x8xh100", batch: 32, precision: .fp8))
    #expect(
      found["MODEL"] == [
        "--num-layers 32", "--hidden-size 4096", "--ffn-hidden-size 14336", "--num-attention-heads 32",
        "--kv-channels 128", "--group-query-attention", "--num-query-groups 8", "--seq-length 2048",
        "--max-position-embeddings 2048", "--position-embedding-type rope", "--normalization RMSNorm", "--swiglu",
        "--disable-bias-linear", "--untie-embeddings-and-output-weights", "--padded-vocab-size 128256",
        "--attention-dropout 0.0", "--hidden-dropout 0.0", "--attention-backend auto",
      ])
    #expect(
      found["PARALLELISM"] == [
        "--tensor-model-parallel-size 2", "--pipeline-model-parallel-size 2", "--sequence-parallel",
        "--context-parallel-size 2", "--cp-comm-type p2p", "--pipeline-model-parallel-layout 'Et*17|t*15L'",
      ])
    #expect(
      found["MEMORY"] == [
        "--use-distributed-optimizer", "--recompute-granularity full", "--recompute-method block",
        "--recompute-num-layers 4",
      ])
    #expect(
      found["BATCH"] == ["--micro-batch-size 2", "--global-batch-size 32", "--train-iters \"$TRAIN_STEPS\""])
    #expect(found["PRECISION"] == ["--bf16", "--fp8-format hybrid"])
    #expect(found["OVERLAP"] == ["--overlap-grad-reduce", "--overlap-param-gather"])
    #expect(
      found["export"] == ["CUDA_DEVICE_MAX_CONNECTIONS=1", "PYTORCH_CUDA_ALLOC_CONF=expandable_segments:True"])
    #expect(
      found["command"]?.prefix(7) == [
        "exec torchrun", "--nnodes 2", #"--node-rank "${SLURM_NODEID:-${NODE_RANK:-0}}""#,
        #"--master-addr "${MASTER_ADDR:-localhost}""#, #"--master-port "${MASTER_PORT:-29500}""#,
        "--nproc-per-node 8", #""$MEGATRON_PATH/pretrain_gpt.py""#,
      ])
  }

  @Test(
    "GPT-3's shape with biases and learned positions, interleaved, selective recomputation, half of the states on the host"
  )
  func gpt() throws {
    var workload = try workload("gpt-3-175b", "4x8xh100", batch: 64, precision: .fp16)
    (workload.run.attention, workload.run.dropout, workload.run.trainingTokens) = (.unfused, 0.1, 300e9)
    let half = Offload(optimizer: 4)
    let stages = (0..<4).map { _ in
      stage(24, gpus: 8, data: 1, tensor: 8, recomputed: 24, .selective, offload: half)
    }
    let plan = Plan(gradientAccumulation: 64, stages: stages, sequenceParallel: true, interleave: 3)
    let found = try arrays(plan, of: workload)
    let model = try #require(found["MODEL"])
    for line in [
      "--position-embedding-type learned_absolute", "--normalization LayerNorm", "--attention-dropout 0.1",
      "--attention-backend unfused", "--padded-vocab-size 51200",
    ] { #expect(model.contains(line), "\(line)") }
    // Tied embeddings and biases everywhere are the defaults.
    #expect(!model.contains { $0.hasPrefix("--disable-bias") || $0.hasPrefix("--untie") || $0.hasPrefix("--swiglu") })
    #expect(found["PARALLELISM"]?.last == "--num-virtual-stages-per-pipeline-rank 3")
    #expect(
      found["MEMORY"] == [
        "--use-distributed-optimizer", "--recompute-granularity selective", "--recompute-modules core_attn",
        "--optimizer-cpu-offload", "--optimizer-offload-fraction 0.5", "--use-precision-aware-optimizer",
      ])
    // 300 billion tokens in samples of 2048, rounded up.
    #expect(found["BATCH"]?.last == "--train-samples 146484375")
    #expect(found["PRECISION"] == ["--fp16", "--accumulate-allreduce-grads-in-fp32"])
  }

  @Test("recomputed layers of interleaved stages are counted in each chunk")
  func chunks() throws {
    let stages = (0..<2).map { _ in stage(16, gpus: 4, data: 4, recomputed: 6) }
    let plan = Plan(gradientAccumulation: 4, stages: stages, interleave: 2)
    let found = try arrays(plan, of: workload("llama-3-8b", "8xh100", batch: 16))
    #expect(found["MEMORY"]?.last == "--recompute-num-layers 3")
    #expect(found["command"]?.prefix(3) == ["exec torchrun", "--standalone", "--nproc-per-node 8"])
    #expect(found["export"] == ["PYTORCH_CUDA_ALLOC_CONF=expandable_segments:True"])
  }

  @Test(
    "overlap flags are those of the runtime",
    arguments: [
      ("megatron-core", 0, ["--overlap-grad-reduce"]), ("megatron-core-exposed", 1, []),
      ("nemo", 1, ["--overlap-grad-reduce", "--overlap-param-gather", "--tp-comm-overlap"]),
    ])
  func overlap(runtime: String, zero: Int, lines: [String]) throws {
    let plan = Plan(
      gradientAccumulation: 4, stages: [stage(32, gpus: 8, data: 4, tensor: 2, zero: zero)], sequenceParallel: true)
    let found = try arrays(plan, of: workload("llama-3-8b", "8xh100", batch: 16, runtime: runtime))
    #expect(found["OVERLAP"] ?? [] == lines)
  }

  @Test("on Blackwell communication needs no single queue")
  func blackwell() throws {
    let plan = Plan(gradientAccumulation: 4, stages: [stage(32, gpus: 8, data: 4, tensor: 2)])
    let found = try arrays(plan, of: workload("llama-3-8b", "8xb200", batch: 16))
    #expect(found["export"] == ["PYTORCH_CUDA_ALLOC_CONF=expandable_segments:True"])
  }

  @Test(
    "models that Megatron Core has no arguments for are refused by name",
    arguments: [
      ("falcon-7b", "attention and MLP in parallel (falcon-7b)"),
      ("tii-falcon-40b", "attention and MLP in parallel (tii-falcon-40b)"),
      ("mpt-7b", "ALiBi, or no encoding of positions (mpt-7b)"),
    ])
  func models(name: String, what: String) throws {
    let workload = try workload(name, "8xh100", batch: 8)
    let plan = Plan(gradientAccumulation: 1, stages: [stage(workload.model.layers, gpus: 8, data: 8)])
    let refusals = Launcher.megatronLM.refusals(plan, of: workload)
    #expect(refusals.map(\.what) == [what] && refusals.allSatisfy(\.isOfWorkload))
  }

  @Test("what plans have beyond Megatron-LM is refused by name")
  func plans() throws {
    func refused(_ plan: Plan, _ workload: Workload) -> [String] {
      Launcher.megatronLM.refusals(plan, of: workload).map(\.what)
    }
    let workload = try workload("llama-3-8b", "8xh100", batch: 16)
    let nemo = try self.workload("llama-3-8b", "8xh100", batch: 16, runtime: "nemo")
    #expect(
      refused(Plan(gradientAccumulation: 2, stages: [stage(32, gpus: 8, data: 8, zero: 3)]), workload) == ["ZeRO 3"])
    let unlike = [stage(20, gpus: 4, data: 4, recomputed: 2), stage(12, gpus: 4, data: 4, recomputed: 5)]
    #expect(refused(Plan(gradientAccumulation: 4, stages: unlike), workload) == ["checkpointed layers 2, 5"])
    #expect(
      refused(Plan(gradientAccumulation: 4, stages: [stage(32, gpus: 8, data: 4, tensor: 2)]), nemo) == [
        "tensor-parallel collectives beside products without sequence parallelism"
      ])
    var odd = workload
    (odd.model.feedForward, odd.run.precision) = (14_340, .fp8)
    #expect(
      refused(Plan(gradientAccumulation: 2, stages: [stage(32, gpus: 8, data: 8)]), odd) == [
        "a product of width 14340 in fp8"
      ])
  }

  @Test("the Slurm job starts the script once a node, on the nodes that the plan uses")
  func slurm() throws {
    let workload = try workload("llama-3-8b", "4x8xh100", batch: 48)
    let plan = Plan(gradientAccumulation: 2, stages: [stage(32, nodes: 3, gpus: 8, data: 24)])
    let job = LaunchJob(workload: workload, plan: plan, score: PlanScore(), origin: "a test", importCommand: "import")
    let files = MegatronExporter().files(job)
    #expect(files.map(\.name) == ["train.sh", "train.slurm"] && files.map(\.isExecutable) == [true, false])
    #expect(files[0].text.contains("# Nodes 4 to 4 stay idle.") && files[0].text.contains("--nnodes 3"))
    #expect(files[1].text.contains("#SBATCH --nodes=3\n") && files[1].text.contains("#SBATCH --gpus-per-node=8\n"))
    #expect(files[1].text.contains("bash ./train.sh \"$@\"\n"))
  }
}
