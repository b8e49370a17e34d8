import FuzzSupport

@testable import Engine

/// All that reads files and words in the engine, as readers for `FuzzSweep`; who adds a reader adds it here.
enum EngineReaders {
  /// All of them.
  static func all() throws -> [FuzzedReader] {
    try questions() + hardware() + tables() + logs() + machines() + launchers() + words()
  }

  /// Whether readers of the engine may throw this: their own errors; a file may name another one, where it stands.
  static func isTyped(_ error: any Error) -> Bool {
    if let error = error as? InputError { return !error.place.file.isEmpty }
    return error is PinError || error is ConstraintError
  }

  /// Of how many inputs one is also put to dear uses.
  static let dearly = 64

  // MARK: Workloads, plans, sessions

  private static func questions() throws -> [FuzzedReader] {
    let samples = try ["gpt-7b-8xl4", "llama-70b-512xh100"].map { try WorkloadSource.load($0) }
    let shipped = Catalogue.samples.compactMap { ShippedFiles.text($0.path) }
    let plans = Catalogue.plans.compactMap { ShippedFiles.text($0.path) }
    var random = SyntheticPipelines.Sequence(seed: 1)
    let sessions = try (0..<3).map { try SessionFileTests.randomSession(edits: $0, &random).text }
    return [
      FuzzedReader("workload", .yaml, weight: 4, place: nil, corpus: shipped) { text, number in
        try use(WorkloadSource.load("-", standardInput: text), number)
        return .read
      },
      FuzzedReader("workload by value", .yaml, place: nil, corpus: samples.map(WorkloadWriter.yaml)) { text, number in
        try use(WorkloadSource.load("-", standardInput: text), number)
        return .read
      },
      FuzzedReader("plan", .yaml, place: nil, corpus: plans) { text, number in
        let document = try InputDocument.load("-", standardInput: text)
        guard let plan = document.plan else {
          try use(document.workload, number)
          return .read
        }
        try use(plan, number)
        return .read
      },
      FuzzedReader("session", .yaml, place: "session.yaml", corpus: sessions) { text, _ in
        let session = try readSession(text)
        try FuzzFinding.check(try readSession(session.text) == session, "a session reads back unequal")
        return .read
      },
      FuzzedReader("config.json", .json, weight: 4, place: "config.json", corpus: configurations) { text, number in
        let shape = try HuggingFaceConfig.read(try ConfigNode.parse(text, file: "config.json"), name: "m").shape
        try FuzzFinding.check(
          shape.heads % shape.keyValueHeads == 0 && shape.parameterCount(sequenceLength: 16).isFinite,
          "a shape that does not hold")
        var workload = samples[0]
        workload.model = shape
        try use(workload, number)
        return .read
      },
    ]
  }

  /// A session out of the text of its file, without its check: with it nothing that is changed gets further.
  static func readSession(_ text: String) throws -> SessionFile {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).filter { !$0.hasPrefix("check: ") }
    return try SessionFile.parse(lines.joined(separator: "\n"), file: "session.yaml")
  }

  /// A model of each family, small.
  private static let configurations = HuggingFaceConfig.families.map { family in
    "{\"model_type\": \"\(family.modelType)\", \"hidden_size\": 64, \"intermediate_size\": 128, "
      + "\"num_attention_heads\": 4, \"num_hidden_layers\": 2, \"vocab_size\": 100, \"n_embd\": 64, \"n_layer\": 2, "
      + "\"n_head\": 4, \"d_model\": 64, \"n_heads\": 4, \"n_layers\": 2, \"expansion_ratio\": 4, \"ffn_dim\": 9, "
      + "\"num_key_value_heads\": 2, \"attn_config\": {\"attn_type\": \"multihead_attention\"}, \"bias\": true, "
      + "\"torch_dtype\": \"bfloat16\", \"tie_word_embeddings\": false, \"rope_theta\": 10000.0, \"eos_token_id\": [1, 2]}"
  }

  // MARK: Uses

  /// A workload reads back equal; some are traced, and a tape of theirs is evaluated.
  static func use(_ workload: Workload, _ number: Int) throws {
    let text = WorkloadWriter.yaml(of: workload)
    do {
      try FuzzFinding.check(
        try WorkloadSource.load("-", standardInput: text) == workload, "a workload reads back unequal")
    } catch let error as InputError {
      throw FuzzFinding("a workload that was written is refused: \(error)")
    }
    guard number.isMultiple(of: dearly) else { return }
    let session = TuningSession(workload: workload) { 0 }
    if let plan = simplestPlan(of: workload) { try check(try session.score(plan)) }
  }

  /// A plan keeps the rules and reads back equal; some are scored.
  static func use(_ plan: PlanFile, _ number: Int) throws {
    do {
      try FuzzFinding.check(
        try PlanFile(ConfigNode.parse(plan.text, file: "plan.yaml")) == plan, "a plan reads back unequal")
    } catch let error as InputError {
      throw FuzzFinding("a plan that was written is refused: \(error)")
    }
    guard number.isMultiple(of: dearly) else { return }
    do {
      try check(try TuningSession(workload: plan.workload) { 0 }.score(plan.plan))
    } catch let error as PlanError {
      throw FuzzFinding("a plan that was read breaks a rule: \(error)")
    }
  }

  /// All figures of a score are finite, and none that counts is below 0.
  static func check(_ score: PlanScore) throws(FuzzFinding) {
    let whole = [
      score.iterationSeconds, score.closedFormSeconds, score.bubbleShare, score.tokensPerSecond,
      score.tokensPerSecondPerGPU, score.tflopsPerGPU, score.mfu, score.hostBytesPerNode, score.hostCapacityBytes,
    ]
    try FuzzFinding.check(whole.allSatisfy { $0.isFinite && $0 >= 0 }, "a score of \(whole)")
    for stage in score.stages {
      let figures = [
        stage.stableSeconds, stage.memory.weights, stage.memory.gradients, stage.memory.optimizer,
        stage.memory.activations, stage.memory.transient, stage.memory.buffers, stage.memory.allocated,
        stage.memory.reserved, stage.memory.capacity, stage.hostBytesPerGPU,
      ]
      try FuzzFinding.check(figures.allSatisfy { $0.isFinite && $0 >= 0 }, "a stage of \(figures)")
      try FuzzFinding.check(
        stage.deltaSeconds.isFinite && stage.memory.spare.isFinite, "a stage with \(stage.deltaSeconds) s")
    }
  }

  /// The plan of one stage on all GPUs, data-parallel as far as the batch divides; nil where there is none.
  static func simplestPlan(of workload: Workload) -> Plan? {
    let gpus = workload.cluster.gpuCount
    for tensor in [1, 2, 4, 8, 16, 32] where gpus.isMultiple(of: tensor) {
      let ranks = gpus / tensor
      guard workload.run.globalBatch.isMultiple(of: ranks) else { continue }
      for micro in [1, workload.run.globalBatch / ranks] {
        let stage = StageChoice(
          layers: workload.model.layers, nodes: workload.cluster.nodes, gpusPerNode: workload.cluster.gpusPerNode,
          microBatch: micro, dataParallel: ranks, tensorParallel: tensor, zero: 0,
          checkpointedLayers: workload.model.layers / 2)
        let plan = Plan(gradientAccumulation: workload.run.globalBatch / ranks / micro, stages: [stage])
        if (try? PlanRules(workload: workload).check(plan)) != nil { return plan }
      }
    }
    return nil
  }
}
