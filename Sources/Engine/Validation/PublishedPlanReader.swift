/// Reads one line of a table of published plans.
///
/// A plan is either a list of `stages`, or the degrees that all stages share (`dp`, `tp`, `pp`, `recompute`, `zero`,
/// `cpu_offload`), with the layers spread evenly.
struct PublishedPlanReader {
  /// The line's object.
  let mapping: ConfigMapping

  private static let count = 1...1_000_000

  /// The plan with its question; throws where a key is missing or holds something else than the format says.
  func plan() throws(InputError) -> PublishedPlan {
    let launcher = try mapping.required("launcher", "the name of a search space")
    let space = try Catalogue.space(named: try launcher.string(), at: launcher.place)
    let workload = try workload(runtime: space.runtime)
    var published = PublishedPlan(
      place: mapping.place, space: space, workload: workload,
      plan: Plan(gradientAccumulation: try mapping.int("grad_accum", Self.count), stages: []))
    if let stages = mapping["stages"] {
      for node in try stages.list(1...10_000) {
        let read = try stage(node)
        published.plan.stages.append(read.choice)
        published.roundedShares += read.rounded
      }
    } else {
      published.plan.stages = try alikeStages(workload, microBatches: published.plan.gradientAccumulation)
    }
    do throws(PlanError) {
      try PlanRules(workload: workload).check(published.plan)
    } catch {
      throw .conflict(
        at: mapping.place, problem: "\(error)", remedy: "the plan does not belong to its workload as it stands")
    }
    return published
  }

  // MARK: Question

  private func workload(runtime: String) throws(InputError) -> Workload {
    let model = try mapping.required("model", "a mapping with family, size, seq and flash").anyMapping()
    let name = "\(try model.string("family"))-\(try model.string("size"))"
    let hasFlash = try model.required("flash", "true or false").bool()
    let run = TrainingRun(
      sequenceLength: try model.int("seq", 1...100_000_000), globalBatch: try mapping.int("global_batch", Self.count),
      precision: .fp16, attention: hasFlash ? .flash : .unfused, runtime: runtime)
    let shape = try Catalogue.model(named: name, at: model.place)
    let cluster = try cluster()
    return Workload(
      name: "\(name)-\(cluster.gpuCount)x\(cluster.nodeType.name)", model: shape, cluster: cluster, run: run,
      limits: Limits(headroomBytes: 0))
  }

  private func cluster() throws(InputError) -> Cluster {
    let gpu = try mapping.required("gpu", "the name of a GPU")
    guard let machine = try RunConventions.shipped.machine(of: try gpu.string()) else {
      throw gpu.wrong("the GPU of a machine that ships, as in L4 or A100-40GB (brume clusters)")
    }
    let type = try Catalogue.nodeType(named: machine, at: gpu.place)
    return Cluster(
      nodes: try mapping.int("nodes", Self.count), gpusPerNode: try mapping.int("gpus_per_node", 1...type.gpusPerNode),
      nodeType: type)
  }

  // MARK: Stages

  /// A stage of its own, with how many of its shares were rounded to eighths.
  private func stage(_ node: ConfigNode) throws(InputError) -> (choice: StageChoice, rounded: Int) {
    let shares = try node.anyMapping()["offload"]?.mapping(PlanReader.offloadKeys)
    var eighths: [Int] = []
    var rounded = 0
    for key in PlanReader.offloadKeys {
      let exact = try shares?.double(key, 0...1, or: 0) ?? 0
      let nearest = (exact * 8).rounded()
      if abs(exact * 8 - nearest) > 1e-9 { rounded += 1 }
      eighths.append(Int(nearest))
    }
    let offload = Offload(
      weights: eighths[0], gradients: eighths[1], optimizer: eighths[2], activations: eighths[3])
    return (try PlanReader.stage(node, offload: offload), rounded)
  }

  /// Stages alike, each on as many nodes as it fills, or on a part of one.
  private func alikeStages(_ workload: Workload, microBatches: Int) throws(InputError) -> [StageChoice] {
    let (dp, tp) = (try mapping.int("dp", Self.count), try mapping.int("tp", Self.count))
    let stages = try mapping.int("pp", 1...10_000)
    let recompute = try recompute()
    let width = workload.cluster.gpusPerNode
    let layers = workload.model.layers
    let (ranks, batch) = (dp * tp, workload.run.globalBatch)
    guard layers.isMultiple(of: stages) else {
      throw conflict("pp", "\(layers) layers do not divide into \(stages) stages", "give its stages one by one")
    }
    guard ranks <= width || ranks.isMultiple(of: width) else {
      throw conflict("dp", "a stage of \(ranks) GPUs does not fill whole nodes of \(width)", "give dp x tp that does")
    }
    guard batch.isMultiple(of: dp * microBatches) else {
      throw conflict(
        "grad_accum", "the global batch \(batch) is not a multiple of dp x grad_accum, \(dp * microBatches)",
        "give a divisor")
    }
    let choice = StageChoice(
      layers: layers / stages, nodes: max(1, ranks / width), gpusPerNode: min(ranks, width),
      microBatch: batch / (dp * microBatches), dataParallel: dp, tensorParallel: tp,
      zero: try mapping.int("zero", 0...3), checkpointedLayers: recompute == nil ? 0 : layers / stages,
      recompute: recompute ?? .full,
      offload: Offload(optimizer: try mapping.bool("cpu_offload", or: false) ? 8 : 0))
    return Array(repeating: choice, count: stages)
  }

  /// What every layer recomputes; nil where none does.
  private func recompute() throws(InputError) -> RecomputeKind? {
    let node = try mapping.required("recompute", "none, full or selective")
    switch try node.string() {
    case "none": return nil
    case "full": return .full
    case "selective": return .selective
    default: throw node.wrong("none, full or selective")
    }
  }

  private func conflict(_ key: String, _ problem: String, _ remedy: String) -> InputError {
    .conflict(at: mapping[key]?.place ?? mapping.place, problem: problem, remedy: remedy)
  }
}
