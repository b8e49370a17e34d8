/// Puts an import together: what was read of a plan with stages alike, on the cluster that a person names.
struct LaunchAssembly {
  /// What a person tells beside the files.
  let context: LaunchContext
  /// The launcher's name for its runtime.
  let runtime: String
  /// Nodes and GPUs that the files name.
  var place = LaunchPlace()
  /// Model, where the files say it.
  var model: ModelShape?
  /// Tokens of a sample, where the files say it.
  var sequence: Int?
  /// Number format.
  var precision: Precision = .bf16
  /// Attention kernel.
  var attention: AttentionKernel = .flash
  /// Probability of dropout.
  var dropout = 0.0
  /// Samples of a step, where the files say it.
  var batch: Int?
  /// Samples of a micro-batch, where the files say it.
  var microBatch: Int?
  /// Micro-batches of a step, where the files say it.
  var accumulation: Int?
  /// Pipeline stages.
  var stages = 1
  /// Tensor-parallel degree.
  var tensorParallel = 1
  /// Context-parallel degree.
  var contextParallel = 1
  /// Megatron's sequence parallelism.
  var sequenceParallel = false
  /// ZeRO level.
  var zero = 0
  /// What layers recompute; nil where none does.
  var recompute: RecomputeKind?
  /// How many layers of each stage recompute, where that is not all.
  var recomputedLayers: Int?
  /// Shares in host memory.
  var offload = Offload.none
  /// Schedule of several stages.
  var schedule = PipelineSchedule.oneForwardOneBackward
  /// What was taken by default.
  var assumed: [String] = []
  /// What is not modelled.
  var warnings: [String] = []

  /// An assembly of nothing yet.
  init(context: LaunchContext, runtime: String) {
    self.context = context
    self.runtime = runtime
  }

  /// The file, for messages.
  var file: InputPlace { InputPlace(file: context.file) }

  /// The cluster that a person names; it throws where there is none.
  func cluster() throws(InputError) -> Cluster {
    if context.cluster == nil, let known = context.known { return known.cluster }
    guard let cluster = context.cluster else {
      throw .missing(at: file, key: "--cluster", expected: "the machine, such as 4x8xh100: the files do not say it")
    }
    return try WorkloadSource.cluster(cluster, at: InputPlace(file: "--cluster"))
  }

  /// The import: a workload and a plan that keep all rules.
  ///
  /// Throws where something is missing (with the flag that gives it) or does not go together.
  mutating func result() throws(InputError) -> LaunchImport {
    let cluster = try cluster()
    let nodes = try place.nodes(of: cluster, context)
    if nodes < cluster.nodes { assumed.append("nodes \(nodes + 1) to \(cluster.nodes) of the cluster stay idle") }
    let shape = try modelShape()
    guard let length = sequence ?? context.sequence else {
      throw .missing(at: file, key: "--sequence", expected: "the tokens of one sample: the files do not say it")
    }
    let gpus = nodes * cluster.gpusPerNode
    let slices = stages * tensorParallel * contextParallel
    guard gpus.isMultiple(of: slices) else {
      throw .conflict(
        at: file,
        problem: "\(gpus) GPUs do not divide into \(stages) stages x \(tensorParallel) tensor-parallel x "
          + "\(contextParallel) context-parallel ranks", remedy: "change the cluster or the degrees")
    }
    let numbers = try batches(dataParallel: gpus / slices)
    let plan = try plan(numbers, shape: shape, cluster: cluster, gpus: gpus)
    let run = TrainingRun(
      sequenceLength: length, globalBatch: numbers.batch, precision: precision, attention: attention,
      runtime: runtime, dropout: dropout)
    let workload = Workload(
      name: PlainText.name("\(shape.name)-\(gpus)x\(cluster.nodeType.name)", or: "imported"), model: shape,
      cluster: cluster, run: run)
    do {
      try PlanRules(workload: workload).check(plan)
    } catch {
      throw .conflict(at: file, problem: "no plan of this workload: \(error)", remedy: "change the options that say so")
    }
    var found = LaunchImport(workload: workload, plan: plan)
    found.assumed = assumed
    found.warnings = warnings
    return found
  }

  private func modelShape() throws(InputError) -> ModelShape {
    if let model { return model }
    if context.model == nil, let known = context.known { return known.model }
    guard let name = context.model else {
      throw .missing(
        at: file, key: "--model", expected: "the name of a model or the path of a config.json: the files do not say it")
    }
    let node = ConfigNode(place: InputPlace(file: "--model"), content: .scalar(name, quoted: true))
    return try WorkloadSource.model(node, folder: nil)
  }

  private func plan(
    _ numbers: LaunchBatch, shape: ModelShape, cluster: Cluster, gpus: Int
  ) throws(InputError) -> Plan {
    let (perStage, width) = (gpus / stages, cluster.gpusPerNode)
    guard perStage.isMultiple(of: width) || width.isMultiple(of: perStage) else {
      throw .conflict(
        at: file, problem: "stages of \(perStage) GPUs neither fill nodes of \(width) nor divide them",
        remedy: "change the number of stages or the cluster")
    }
    guard shape.layers.isMultiple(of: stages) else {
      throw .unsupported(
        at: file, what: "\(shape.layers) layers do not divide into \(stages) stages",
        remedy: "take a divisor: how the launcher cuts others is not followed")
    }
    let layers = shape.layers / stages
    let stage = StageChoice(
      layers: layers, nodes: max(1, perStage / width), gpusPerNode: min(perStage, width),
      microBatch: numbers.microBatch, dataParallel: gpus / (stages * tensorParallel * contextParallel),
      tensorParallel: tensorParallel, zero: zero,
      checkpointedLayers: recompute == nil ? 0 : min(layers, recomputedLayers ?? layers),
      recompute: recompute ?? .full, offload: offload)
    return Plan(
      gradientAccumulation: numbers.accumulation, stages: Array(repeating: stage, count: stages), schedule: schedule,
      sequenceParallel: sequenceParallel, contextParallel: contextParallel)
  }

  private mutating func batches(dataParallel: Int) throws(InputError) -> LaunchBatch {
    let numbers = LaunchBatch(batch: batch, microBatch: microBatch, accumulation: accumulation)
    return try numbers.completed(dataParallel: dataParallel, context, assumed: &assumed)
  }
}
