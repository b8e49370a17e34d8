/// The arguments of one start of Megatron-LM, on their way to a workload and a plan.
struct MegatronArguments {
  /// Options of pretrain_gpt.py.
  let options: LaunchOptions
  /// Nodes and GPUs that the files name.
  let place: LaunchPlace
  /// What a person tells beside the files.
  let context: LaunchContext
  /// What was taken by default.
  var assumed: [String] = []
  /// What is not modelled.
  var warnings: [String] = []

  /// Arguments without remarks.
  init(options: LaunchOptions, place: LaunchPlace, context: LaunchContext) {
    self.options = options
    self.place = place
    self.context = context
  }

  /// The file as a whole, for messages.
  var file: InputPlace { InputPlace(file: context.file) }

  /// Where an option stands; the file where it does not stand.
  func place(of option: MegatronOption) -> InputPlace { options[option.key]?.place ?? file }

  /// Whether a switch is on.
  func isOn(_ option: MegatronOption) throws(InputError) -> Bool { try options.flag(option.key) ?? false }

  /// A whole number; nil where the option is not there.
  func count(_ option: MegatronOption, _ range: ClosedRange<Int> = 1...1_000_000_000) throws(InputError) -> Int? {
    try options.int(option.key, in: range)
  }

  /// A text; nil where the option is not there.
  func text(_ option: MegatronOption) throws(InputError) -> String? { try options.text(option.key) }

  /// The workload and the plan, which keep all rules.
  mutating func result() throws(InputError) -> LaunchImport {
    try refuseOthers()
    let cluster = try cluster()
    let degrees = try degrees()
    let nodes = try nodes(of: cluster, degrees)
    let gpus = nodes * cluster.gpusPerNode
    let shape = try model(degrees)
    let data = try dataParallel(gpus, degrees)
    var run = try run()
    let (microBatch, batch) = try batches(dataParallel: data)
    run.globalBatch = batch
    run.trainingTokens = try trainingTokens(run)
    run.runtime = try runtime(degrees)
    try notePositions(shape, run)
    var plan = try plan(shape, degrees, gpus: gpus, cluster: cluster)
    for index in plan.stages.indices {
      plan.stages[index].microBatch = microBatch
      plan.stages[index].dataParallel = data
    }
    plan.gradientAccumulation = batch / (microBatch * data)
    let workload = Workload(name: shape.name, model: shape, cluster: cluster, run: run)
    try fillStates(&plan, workload)
    do {
      try PlanRules(workload: workload).check(plan)
    } catch {
      throw .conflict(at: file, problem: "no plan of this workload: \(error)", remedy: "change the options that say so")
    }
    var found = LaunchImport(workload: workload, plan: plan)
    (found.assumed, found.warnings) = (assumed, warnings)
    MegatronOptionTable.table.judge(options.all, for: &found)
    return found
  }

  private func cluster() throws(InputError) -> Cluster {
    if context.cluster == nil, let known = context.known { return known.cluster }
    guard let cluster = context.cluster else {
      throw .missing(
        at: file, key: "--cluster", expected: "the machine, such as 4x8xh100: the arguments do not say the kind of GPU")
    }
    return try WorkloadSource.cluster(cluster, at: InputPlace(file: "--cluster"))
  }

  /// Nodes that take part. A script whose own number cannot hold its degrees has a placeholder there.
  private mutating func nodes(of cluster: Cluster, _ degrees: MegatronDegrees) throws(InputError) -> Int {
    let slices = degrees.slices
    if let named = place.nodes, named.count < cluster.nodes,
      place.gpusPerNode?.count ?? cluster.gpusPerNode == cluster.gpusPerNode
    {
      let own = named.count * cluster.gpusPerNode
      if !own.isMultiple(of: slices), cluster.gpuCount.isMultiple(of: slices) {
        warnings.append(
          "\(named.place): \(named.count) nodes of \(cluster.gpusPerNode) GPUs cannot hold \(slices) ranks of one model; "
            + "taken as a placeholder for the \(cluster.nodes) nodes of --cluster")
        return cluster.nodes
      }
    }
    let nodes = try place.nodes(of: cluster, context)
    if nodes < cluster.nodes { assumed.append("nodes \(nodes + 1) to \(cluster.nodes) of the cluster stay idle") }
    if place.nodes == nil, place.gpus == nil { assumed.append("\(nodes) nodes: all of --cluster") }
    return nodes
  }

  private func dataParallel(_ gpus: Int, _ degrees: MegatronDegrees) throws(InputError) -> Int {
    guard gpus.isMultiple(of: degrees.slices) else {
      throw .conflict(
        at: place(of: .stages),
        problem: "\(gpus) GPUs do not divide into \(degrees.tensor) tensor-parallel x \(degrees.context) "
          + "context-parallel x \(degrees.stages) pipeline ranks", remedy: "change --cluster or the degrees")
    }
    return gpus / degrees.slices
  }
}

/// Degrees that divide a model.
struct MegatronDegrees: Sendable, Equatable {
  /// Tensor-parallel ranks.
  var tensor: Int
  /// Context-parallel ranks.
  var context: Int
  /// Pipeline stages.
  var stages: Int

  /// Ranks of one model.
  var slices: Int { tensor * context * stages }
}
