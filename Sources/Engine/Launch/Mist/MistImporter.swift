/// Reads the YAML of Mist's published code: its model, training, hardware and strategy blocks. A script leads to the YAML
/// beside it that its runner's `--config-name` names.
struct MistImporter: LaunchImporter {
  func read(_ text: String, _ context: LaunchContext) throws(InputError) -> LaunchImport {
    var (text, context) = (text, context)
    if let named = try Self.configuration(text, context) {
      text = try LaunchSibling.text(named.name, at: named.place, context)
      context.file = named.name
    }
    let root = try ConfigNode.parse(text, file: context.file)
    var reading = MistReading(root: try root.anyMapping(), context: context)
    return try reading.result()
  }

  /// The file that a script's command names; nil for a text that is no script.
  private static func configuration(
    _ text: String, _ context: LaunchContext
  ) throws(InputError) -> (name: String, place: InputPlace)? {
    let isScript = text.hasPrefix("#!") || [".sh", ".slurm", ".sbatch"].contains(where: context.file.hasSuffix)
    guard isScript || text.hasPrefix("torchrun ") else { return nil }
    for command in try ShellScript.read(text, file: context.file).commands.reversed() {
      for (index, word) in command.words.enumerated() where word.text == "--config-name" || word.text == "-cn" {
        guard index + 1 < command.words.count, let name = command.words[index + 1].value else { continue }
        let place = InputPlace(file: context.file, line: word.line, field: word.text)
        return (name.hasSuffix(".yaml") ? name : name + ".yaml", place)
      }
    }
    throw .missing(
      at: InputPlace(file: context.file), key: "--config-name", expected: "the name of Mist's YAML, or import that file"
    )
  }
}

/// Makes a workload and a plan of Mist's YAML.
struct MistReading {
  /// The document.
  let root: ConfigMapping
  /// What a person tells beside it.
  let context: LaunchContext
  /// What was taken by default.
  var assumed: [String] = []
  /// What is not modelled.
  var warnings: [String] = []
  /// Keys that are not known, with their values.
  var unknown: [String] = []
  /// Layers of the model, which `${model.num_hidden_layers}` stands for.
  private var layers: Int?

  /// A reading that has not begun.
  init(root: ConfigMapping, context: LaunchContext) {
    self.root = root
    self.context = context
  }

  /// The workload and the plan, which keep all rules.
  mutating func result() throws(InputError) -> LaunchImport {
    let training = try block("training")
    let strategy = try block("strategy")
    let shape = try model(training)
    layers = shape.layers
    let cluster = try cluster(try block("hardware"))
    let run = try run(training)
    let plan = try plan(strategy, run: run)
    let workload = Workload(
      name: PlainText.name("\(shape.name)-\(cluster.gpuCount)x\(cluster.nodeType.name)", or: "imported"), model: shape,
      cluster: cluster, run: run)
    do {
      try PlanRules(workload: workload).check(plan)
    } catch {
      throw .conflict(
        at: strategy.place, problem: "the strategy makes no plan: \(error)", remedy: "change the strategy block")
    }
    remark()
    var found = LaunchImport(workload: workload, plan: plan)
    found.unknown = unknown
    found.warnings = warnings
    found.assumed = assumed
    return found
  }

  /// A block of the document.
  func block(_ name: String) throws(InputError) -> ConfigMapping {
    try root.required(name, "a mapping, as in Mist's published files").anyMapping()
  }

  /// A node, or the one that `${block.key}` stands for.
  func resolved(_ node: ConfigNode) throws(InputError) -> ConfigNode {
    guard case .scalar(let text, _) = node.content, text.contains("${") else { return node }
    func scalar(_ value: String) -> ConfigNode { ConfigNode(place: node.place, content: .scalar(value, quoted: false)) }
    guard text.hasPrefix("${"), text.hasSuffix("}") else { throw node.wrong("a value, or ${block.key} alone") }
    let path = String(text.dropFirst(2).dropLast())
    if path == "model.num_hidden_layers", let layers { return scalar("\(layers)") }
    let keys = path.split(separator: ".")
    if keys.count == 2, let inner = try root[String(keys[0])]?.anyMapping()[String(keys[1])], inner.isScalar,
      case .scalar(let value, _) = inner.content, !value.contains("${")
    {
      return scalar(value)
    }
    throw node.wrong("a value, or ${block.key} of a value in this file")
  }

  // MARK: run

  private mutating func run(_ training: ConfigMapping) throws(InputError) -> TrainingRun {
    let length = try number(training, "max_sequence_length", 1...100_000_000, flag: context.sequence, "--sequence")
    let batch = try number(training, "global_batch_size", 1...1_000_000_000, flag: context.batch, "--batch")
    let model = try root["model"]?.anyMapping()
    let dropout = try max(
      model?.double("attention_dropout", 0...0.99, or: 0) ?? 0, model?.double("hidden_dropout", 0...0.99, or: 0) ?? 0)
    let isFlash = try model?.bool("use_flash_attn", or: false) ?? true
    if model == nil { assumed.append("model.use_flash_attn = true: the file has no model block") }
    return TrainingRun(
      sequenceLength: length, globalBatch: batch, precision: try precision(training),
      attention: isFlash ? .flash : .unfused, runtime: Launcher.mist.runtimes[0], dropout: dropout)
  }

  private func number(
    _ mapping: ConfigMapping, _ key: String, _ range: ClosedRange<Int>, flag: Int?, _ name: String
  ) throws(InputError) -> Int {
    if let node = mapping[key] { return try resolved(node).int(range) }
    guard let flag else {
      throw .missing(at: mapping.place, key: key, expected: "a whole number, or give \(name)")
    }
    return flag
  }

  private func precision(_ training: ConfigMapping) throws(InputError) -> Precision {
    guard let node = training["params_dtype"] else { return .fp16 }
    switch try node.string() {
    case "float16", "half": return .fp16
    case "bfloat16": return .bf16
    default: throw node.wrong("float16 or bfloat16: others are not modelled")
    }
  }

  // MARK: strategy

  private mutating func plan(_ strategy: ConfigMapping, run: TrainingRun) throws(InputError) -> Plan {
    if let node = strategy["enabled"], try !node.bool() {
      assumed.append("strategy.enabled is false, which Mist's runner takes as true")
    }
    let counts = try numbers(strategy, "layer_partitions", 1...ModelReader.maximumLayers)
    let recomputed = try numbers(strategy, "gradient_checkpointing", 0...ModelReader.maximumLayers)
    let rows = try strategy.required("stage_strategies", "a list of a strategy for each stage").list(1...10_000)
    let meshes = try strategy.required("device_assignment", "a list of [nodes, GPUs of each]").list(1...10_000)
    for (name, count) in [
      ("gradient_checkpointing", recomputed.count), ("stage_strategies", rows.count),
      ("device_assignment", meshes.count),
    ] where count != counts.count {
      throw .conflict(
        at: strategy[name]?.place ?? strategy.place,
        problem: "\(count) stages, layer_partitions has \(counts.count)", remedy: "give each list one for each stage")
    }
    var stages: [StageChoice] = []
    for index in counts.indices {
      let mesh = try values(meshes[index], 2, "[nodes, GPUs of each]").map { node throws(InputError) in
        try resolved(node).int(1...100_000)
      }
      var stage = try choice(rows[index])
      (stage.layers, stage.checkpointedLayers) = (counts[index], recomputed[index])
      (stage.nodes, stage.gpusPerNode) = (mesh[0], mesh[1])
      stages.append(stage)
    }
    let steps = try strategy.required("gradient_accumulation_steps", "a whole number")
    try checkEnds(strategy, stages)
    return Plan(gradientAccumulation: try resolved(steps).int(1...1_000_000_000), stages: stages)
  }

  private func numbers(
    _ mapping: ConfigMapping, _ key: String, _ range: ClosedRange<Int>
  ) throws(InputError) -> [Int] {
    try mapping.required(key, "a list of whole numbers").list(1...10_000).map { node throws(InputError) in
      try resolved(node).int(range)
    }
  }

  private func values(_ node: ConfigNode, _ count: Int, _ expected: String) throws(InputError) -> [ConfigNode] {
    guard case .sequence(let items) = node.content, items.count == count else { throw node.wrong(expected) }
    return items
  }

  /// A stage of one strategy, without its layers and mesh.
  private mutating func choice(_ node: ConfigNode) throws(InputError) -> StageChoice {
    let expected =
      "a list of 10: batch, dp, tp, whether weights, gradients and optimizer states are sharded, their "
      + "shares and that of activations on the host"
    let items = try values(node, 10, expected).map { item throws(InputError) in try resolved(item) }
    let degrees = try items[..<3].map { item throws(InputError) in try item.int(1...1_000_000_000) }
    let flags = try items[3..<6].map { item throws(InputError) in try Self.flag(item) }
    let shares = try items[6...].map { item throws(InputError) in try eighths(item) }
    return StageChoice(
      layers: 1, nodes: 1, gpusPerNode: 1, microBatch: degrees[0], dataParallel: degrees[1],
      tensorParallel: degrees[2], zero: try Self.level(flags, at: node), checkpointedLayers: 0,
      offload: Offload(weights: shares[0], gradients: shares[1], optimizer: shares[2], activations: shares[3]))
  }

  private static func flag(_ node: ConfigNode) throws(InputError) -> Bool {
    if let flag = try? node.bool() { return flag }
    return try node.double(0...1) != 0
  }

  /// The ZeRO level of three flags: gradients are sharded only with optimizer states, weights only with gradients.
  private static func level(_ flags: [Bool], at node: ConfigNode) throws(InputError) -> Int {
    switch (flags[0], flags[1], flags[2]) {
    case (true, true, true): return 3
    case (false, true, true): return 2
    case (false, false, true): return 1
    case (false, false, false): return 0
    default:
      throw node.wrong("sharded states in the order of ZeRO: optimizer states, then gradients, then weights")
    }
  }

  /// A share in eighths; another is read as the nearest, with a warning.
  private mutating func eighths(_ node: ConfigNode) throws(InputError) -> Int {
    let share = try node.double(0...1)
    let nearest = (share * 8).rounded()
    if abs(share * 8 - nearest) > 1e-9 {
      warnings.append("\(node.place.field) = \(Quantity.text(share)): predicted as \(Int(nearest)) eighths")
    }
    return Int(nearest)
  }

  /// The strategy of embedding and head, which plans do not have apart: predicted as those of the first and last stage.
  private mutating func checkEnds(_ strategy: ConfigMapping, _ stages: [StageChoice]) throws(InputError) {
    guard let node = strategy["pre_post_strategy_array"], let first = stages.first, let last = stages.last else {
      return
    }
    let ends = try choice(node)
    if ends.states != first.states || ends.states != last.states,
      ends.states != first.states.sparing(last.states)
    {
      warnings.append(
        "pre_post_strategy_array: embedding and head have ZeRO \(ends.zero) and shares of their own: predicted as those "
          + "of the first and last stage")
    }
  }
}
