/// Reads what torchtitan runs: TOML of releases up to 0.2, a Python registry of 0.3, or a script or line that starts it.
struct TorchtitanImporter: LaunchImporter {
  func read(_ text: String, _ context: LaunchContext) throws(InputError) -> LaunchImport {
    var reading = TorchtitanReading(source: try TorchtitanSource.read(text, context), context: context)
    return try reading.result()
  }
}

/// Makes a workload and a plan of a configuration of torchtitan.
struct TorchtitanReading {
  /// The configuration.
  let source: TorchtitanSource
  /// What a person tells beside it.
  let context: LaunchContext
  /// What was taken by default.
  var assumed: [String] = []
  /// What is not modelled.
  var warnings: [String] = []

  /// A reading that has not begun.
  init(source: TorchtitanSource, context: LaunchContext) {
    self.source = source
    self.context = context
  }

  /// The options.
  var options: TorchtitanOptions { source.options }
  /// The file, for messages.
  var file: InputPlace { InputPlace(file: context.file) }

  /// The workload and the plan, which keep all rules.
  mutating func result() throws(InputError) -> LaunchImport {
    try checkKnown()
    let cluster = try cluster()
    let nodes = try nodes(of: cluster)
    let shape = try model()
    let degrees = try degrees(gpus: nodes * cluster.gpusPerNode)
    let length = try sequence()
    let batch = try batch(degrees)
    let runtime = try runtime()
    let run = TrainingRun(
      sequenceLength: length, globalBatch: batch.global, precision: try precision(), runtime: runtime)
    let plan = try plan(degrees, batch, shape: shape, cluster: cluster)
    let workload = Workload(
      name: PlainText.name("\(shape.name)-\(nodes * cluster.gpusPerNode)x\(cluster.nodeType.name)", or: "imported"),
      model: shape, cluster: cluster,
      run: run)
    do {
      try PlanRules(workload: workload).check(plan)
    } catch {
      throw .conflict(
        at: file, problem: "the configuration makes no plan: \(error)", remedy: "change the degrees or --cluster")
    }
    remark(degrees)
    var found = LaunchImport(workload: workload, plan: plan)
    found.unknown = unknown + source.notes
    found.warnings = warnings
    found.assumed = assumed
    return found
  }

  // MARK: options

  /// Throws where an option that decides the plan has a value that only a run would tell.
  private func checkKnown() throws(InputError) {
    let deciding = ["training.", "parallelism.", "activation_checkpoint", "compile."]
    for option in options.unresolved where deciding.contains(where: option.name.hasPrefix) {
      let node = ConfigNode(place: option.place, content: .scalar(option.text, quoted: false))
      guard TorchtitanOptionTable.meaning(of: option.name, node) == .read else { continue }
      throw .unsupported(
        at: option.place, what: "\(option.name) is '\(option.text)', which only a run would tell",
        remedy: "write its value")
    }
  }

  /// Options that are not known, as they are written.
  private var unknown: [String] {
    let known = options.entries.compactMap { entry -> String? in
      guard TorchtitanOptionTable.meaning(of: entry.name, entry.node) == nil else { return nil }
      let value = entry.node.found.trimmingQuotes
      return entry.node.place.field.hasPrefix("--")
        ? "\(entry.node.place.field) \(value)" : "\(entry.name) = \(value)"
    }
    let unresolved = options.unresolved.filter { option in
      let node = ConfigNode(place: option.place, content: .scalar(option.text, quoted: false))
      return TorchtitanOptionTable.meaning(of: option.name, node) == nil
    }
    return known + unresolved.map { "\($0.name) = \($0.text)" }
  }

  /// What costs something and is not modelled.
  private mutating func remark(_ degrees: Degrees) {
    for entry in options.entries {
      if case .costs(let words)? = TorchtitanOptionTable.meaning(of: entry.name, entry.node) {
        warnings.append("\(entry.name) = \(entry.node.found.trimmingQuotes): \(words)")
      }
      if entry.name.hasPrefix("optimizer.param_groups."), entry.name.hasSuffix(".optimizer_name"),
        case .scalar(let name, _) = entry.node.content, !name.lowercased().hasPrefix("adam")
      {
        warnings.append("\(entry.name) = \(name): states and step are predicted as AdamW's")
      }
    }
    if degrees.replicate > 1 {
      warnings.append(
        "parallelism.data_parallel_replicate_degree = \(degrees.replicate): weights and states are whole in each of so "
          + "many groups: predicted as sharded over all, with less memory than it takes")
    }
    if case .scalar(let loss, _)? = options["loss"]?.content, loss.contains("Chunked") {
      warnings.append("loss = \(loss): logits are made in chunks, with less memory on the last stage than predicted")
    }
    if source.isPython, options.stated("training.disable_cuda_graphs") == nil, degrees.pipeline == 1 {
      warnings.append(
        "training.disable_cuda_graphs is false: CUDA graphs launch kernels without the host: predicted without them")
    }
  }

  // MARK: machine

  private func cluster() throws(InputError) -> Cluster {
    if context.cluster == nil, let known = context.known { return known.cluster }
    guard let cluster = context.cluster else {
      throw .missing(at: file, key: "--cluster", expected: "the machine, such as 8x8xh100: torchtitan does not say it")
    }
    return try WorkloadSource.cluster(cluster, at: InputPlace(file: "--cluster"))
  }

  /// Nodes of the cluster that take part; the others stay idle.
  private mutating func nodes(of cluster: Cluster) throws(InputError) -> Int {
    let nodes = try source.place.nodes(of: cluster, context)
    if nodes < cluster.nodes { assumed.append("nodes \(nodes + 1) to \(cluster.nodes) of the cluster stay idle") }
    return nodes
  }

  // MARK: run

  private mutating func sequence() throws(InputError) -> Int {
    if let node = options["training.seq_len"] { return try node.int(1...100_000_000) }
    if let length = context.sequence { return length }
    assumed.append("training.seq_len = 2048, torchtitan's default")
    return 2048
  }

  private mutating func runtime() throws(InputError) -> String {
    let components = try options["compile.components"].map { node throws(InputError) in try Self.words(node) }
    let isEnabled = try options["compile.enable"]?.bool() ?? false
    let isAsynchronous = try options["compile.enable_async_tensor_parallel"]?.bool() ?? false
    let compilesModel = isEnabled && components?.contains("model") ?? true
    if isEnabled, let components, !components.contains("loss") {
      warnings.append("compile.components without loss: the loss is slower than predicted")
    }
    if isEnabled, !compilesModel { warnings.append("compile.components without model: predicted as not compiled") }
    if isAsynchronous, !compilesModel {
      warnings.append("asynchronous tensor parallelism needs the compiled model: predicted without it")
    }
    if case .scalar("dist_gemm", _)? = options["model_spec.tp_gemm_backend"]?.content {
      warnings.append("tp_gemm_backend = dist_gemm: collectives inside products, predicted as apart from them")
    }
    let names = Launcher.torchtitan.runtimes
    return compilesModel ? (isAsynchronous ? names[2] : names[1]) : names[0]
  }

  private mutating func precision() throws(InputError) -> Precision {
    for name in ["training.mixed_precision_param", "training.dtype"] {
      guard let node = options[name], case .scalar(let format, _) = node.content else { continue }
      guard ["bfloat16", "float32"].contains(format) else { throw node.wrong("bfloat16 or float32") }
      if name.hasSuffix("param"), format == "float32" {
        throw .unsupported(
          at: node.place, what: "products in fp32 are not modelled", remedy: "set mixed_precision_param = bfloat16")
      }
      if name.hasSuffix("dtype"), format == "bfloat16" {
        warnings.append("training.dtype = bfloat16: weights, gradients and states of 2 bytes: predicted with 4")
      }
    }
    var precision = Precision.bf16
    for name in try converters() {
      let lower = name.lowercased()
      if lower.contains("float8linear") || lower == "float8" || lower == "quantize.linear.float8" {
        precision = .fp8
      } else if lower.contains("mxfp8") || lower.contains(".mx") || lower == "mx" {
        precision = .fp8
        warnings.append("converter \(name): predicted as plain fp8, without its scales")
      } else {
        warnings.append("converter \(name): not modelled, predicted as without it")
      }
    }
    return precision
  }

  /// Names of what changes the model's layers.
  private func converters() throws(InputError) -> [String] {
    if let node = options["model.converters"] { return try Self.words(node) }
    var found: [String] = []
    for entry in options.entries {
      let parts = entry.name.split(separator: ".")
      if parts.count == 3, parts[0] == "model_spec", parts[1] == "converters",
        case .scalar(let name, _) = entry.node.content
      {
        found.append(name)
      }
    }
    return found
  }

  /// The texts of a list, or of a text with commas between.
  static func words(_ node: ConfigNode) throws(InputError) -> [String] {
    if case .scalar(let text, _) = node.content {
      return node.isNull ? [] : text.split(separator: ",").map { $0.trimming(" ") }
    }
    return try node.list().map { item throws(InputError) in try item.string() }
  }
}

extension StringProtocol {
  /// Without a character at both ends.
  func trimming(_ character: Character) -> String {
    var part = self[...]
    while part.first == character { part.removeFirst() }
    while part.last == character { part.removeLast() }
    return String(part)
  }
}

extension String {
  /// A value of a message without the quotes that it is shown in.
  fileprivate var trimmingQuotes: String { hasPrefix("'") ? trimming("'") : trimming("\"") }
}
