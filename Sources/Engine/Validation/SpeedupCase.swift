/// A workload on which two launchers' plans were measured against each other (`samples/measured/speedups.yaml`).
struct SpeedupCase: Sendable {
  /// Its name.
  var name: String
  /// The question, on the first plan's runtime.
  var workload: Workload
  /// The plan of each runtime, in the order of the file.
  var plans: [(runtime: String, plan: Plan)]
  /// Measured speed-up of the first runtime's plan over that of each other one.
  var published: [String: Double]

  /// The cases that ship.
  static func shipped() throws(InputError) -> [SpeedupCase] {
    let path = "samples/measured/speedups.yaml"
    return try read(try ConfigNode.parse(ShippedFiles.text(path) ?? "", file: path))
  }

  /// Reads a parsed file.
  static func read(_ root: ConfigNode) throws(InputError) -> [SpeedupCase] {
    let mapping = try root.mapping(["brume", "source", "url", "machine", "sequence", "precision", "workloads"])
    try mapping.checkFormat()
    let machine = try mapping.required("machine", "the name of a node type")
    let type = try Catalogue.nodeType(named: try machine.string(), at: machine.place)
    let run = TrainingRun(
      sequenceLength: try mapping.int("sequence", 1...10_000_000), globalBatch: 1,
      precision: try mapping.choice("precision", or: .fp16))
    var found: [SpeedupCase] = []
    for entry in try mapping.required("workloads", "a mapping of workloads").anyMapping().entries {
      found.append(try workload(entry, type: type, run: run))
    }
    return found
  }

  private static func workload(
    _ entry: ConfigNode.Entry, type: NodeType, run: TrainingRun
  ) throws(InputError) -> SpeedupCase {
    let mapping = try entry.value.mapping(["model", "gpus", "batch", "attention", "published", "plans"])
    let model = try mapping.required("model", "the name of a model")
    var run = run
    run.globalBatch = try mapping.int("batch", 1...1_000_000)
    run.attention = try mapping.choice("attention", or: .flash)
    var plans: [(runtime: String, plan: Plan)] = []
    for plan in try mapping.required("plans", "a plan for each runtime").anyMapping().entries {
      guard RuntimeProfile.named(plan.key) != nil else {
        throw .unknownName(
          at: plan.value.place, kind: "runtime", name: plan.key, suggestion: nil, known: WorkloadSource.runtimes)
      }
      plans.append((plan.key, try PlanReader.plan(plan.value)))
    }
    run.runtime = plans.first?.runtime ?? run.runtime
    var published: [String: Double] = [:]
    for figure in try mapping.required("published", "a speed-up over each launcher").anyMapping().entries {
      published[figure.key] = try figure.value.double(0.01...100)
    }
    let cluster = Cluster(nodes: 1, gpusPerNode: try mapping.int("gpus", 1...type.gpusPerNode), nodeType: type)
    return SpeedupCase(
      name: entry.key,
      workload: Workload(
        name: entry.key, model: try Catalogue.model(named: try model.string(), at: model.place), cluster: cluster,
        run: run),
      plans: plans, published: published)
  }
}
