/// Solves one group of plans of unlike stages: bounds of every place, frontiers of those that are left, then the problem
/// between the stages (docs/pipeline.md, "Stages of unlike meshes").
struct MeshSolver {
  /// The group.
  let group: MeshGroup
  private let workload: Workload
  private let space: SearchSpace
  private let pins: MeshPins
  private var meshes: [MeshStage]

  /// A solver of a group of plans that keep pins; compiles no tape yet.
  init(group: MeshGroup, model: StageModel, space: SearchSpace, pins: PlanPins = PlanPins()) {
    self.group = group
    self.space = space
    self.pins = MeshPins(pins: pins, stages: group.stages)
    workload = model.workload
    meshes = group.meshes(workload: workload, space: space, pins: pins).map { MeshStage(mesh: $0, model: model) }
      .filter(\.mayFit)
  }

  /// Holds each GPU to an equal part of its node's RAM.
  mutating func shareHost() {
    let part = workload.cluster.nodeType.hostMemoryBytes.value / Double(workload.cluster.gpusPerNode)
    for index in meshes.indices { meshes[index].hostLimitPerGPU = part }
  }

  /// Most stages that a plan can have; 0 where pins allow none.
  private var maximumStages: Int {
    let least = meshes.map(\.mesh.gpusPerStage).min() ?? 1
    return pins.mostStages(
      upTo: min(space.maximumStages ?? .max, workload.model.layers, workload.cluster.gpuCount / max(1, least)))
  }

  /// What pins leave of a mesh.
  private func pinned(_ kind: Int) -> PinnedShape {
    PinnedShape(shape: meshes[kind].mesh, space: space, runtime: RuntimeProfile.of(workload.run))
  }

  /// The problem with some points for each place.
  private func problem(_ fill: (MeshPlace, inout [StagePoint]) -> Void) -> MeshPipelineProblem {
    let stages = maximumStages
    return MeshPipelineProblem(
      microBatches: group.microBatches, layers: workload.model.layers, devices: workload.cluster.gpuCount,
      devicesPerNode: workload.cluster.gpusPerNode, kinds: meshes.map(\.kind), maximumStages: stages,
      mayIdle: workload.cluster.nodes > 1,
      options: MeshOptions(stages: stages, kinds: meshes.count, layers: workload.model.layers, fill))
  }

  /// The places that pins allow and a plan no slower than `upperBound` can have, by kernels alone; nil when cancelled.
  private func places(upperBound: Double, _ isCancelled: () -> Bool) -> [MeshPlace]? {
    let most = upperBound / Double(group.microBatches)
    let roles = pins.roles(stages: maximumStages)
    let problem = problem { place, points in
      guard let held = roles[place.behind][place.isFirst ? 1 : 0] else { return }
      guard MeshPins.allows(held, mesh: meshes[place.kind].mesh, layers: place.layers) else { return }
      let seconds = meshes[place.kind].kernelSeconds(
        isFirst: place.isFirst, isLast: place.behind == 0, layers: place.layers)
      if seconds <= most { points.append(StagePoint(stable: seconds, firstLast: seconds, tag: 0)) }
    }
    return MeshCut(problem, upperBound: upperBound, isCancelled: isCancelled)?.survivors
  }

  /// Of some places those that a plan no slower than `upperBound` can have, by what each stage can do within its memory if
  /// nothing slowed anything down; nil when cancelled.
  private func places(
    _ places: [MeshPlace], of stages: [StagePlace], upperBound: Double, worker: ShapeWorker, _ cancel: CancelToken
  ) -> [Int]? {
    var least: [MeshPlace: StagePoint] = [:]
    for kind in meshes.indices {
      let own = places.indices.filter { places[$0].kind == kind }
      guard !own.isEmpty else { continue }
      if cancel.isCancelled { return nil }
      let settings = space.recomputeKinds.map(meshes[kind].mesh.setting)
      let grid = worker.grid(meshes[kind].mesh, quick: false)
      let bounds = BlockBounds(worker.model.boundTape(for: settings), grid.order)
      for index in own {
        var stage = stages[index]
        guard let times = stage.least(bounds, blocks: grid.order.corners.count, settings: settings.indices) else {
          continue
        }
        least[places[index]] = StagePoint(stable: times.stable, firstLast: times.firstLast, tag: 0)
      }
    }
    let problem = problem { place, points in
      if let point = least[place] { points.append(point) }
    }
    guard let cut = MeshCut(problem, upperBound: upperBound, isCancelled: { cancel.isCancelled }) else { return nil }
    let kept = Set(cut.survivors)
    return places.indices.filter { kept.contains(places[$0]) }
  }

  /// The problem with every point that a plan no slower than `upperBound` can use; nil when cancelled or without one.
  ///
  /// `evaluated` counts stage configurations.
  func problem(
    upperBound: Double, worker: ShapeWorker, cancel: CancelToken, evaluated: inout Int
  ) -> MeshPipelineProblem? {
    guard meshes.count > 0, maximumStages > 1, let places = places(upperBound: upperBound, { cancel.isCancelled }),
      !places.isEmpty
    else { return nil }
    let caps = StageCaps(stable: upperBound / Double(group.microBatches), firstLast: upperBound)
    let held = places.map { pins.stage(behind: $0.behind, isFirst: $0.isFirst) }
    let stages = zip(places, held).map { place, held in
      var stage = meshes[place.kind].place(
        behind: place.behind, isFirst: place.isFirst, layers: place.layers, caps: caps)
      stage.sweep.held = pinned(place.kind).heldCounts(held, layers: place.layers)
      return stage
    }
    guard let left = self.places(places, of: stages, upperBound: upperBound, worker: worker, cancel), !left.isEmpty
    else { return nil }
    var found: [MeshPlace: [StagePoint]] = [:]
    for kind in meshes.indices {
      let own = left.filter { places[$0].kind == kind }
      guard !own.isEmpty else { continue }
      let filled = pinned(kind).filled(
        own.map { stages[$0] }, pins: own.map { held[$0] }, model: worker.model,
        grid: worker.grid(meshes[kind].mesh, quick: false), cancel: cancel, evaluated: &evaluated)
      guard let filled else { return nil }
      for (index, stage) in zip(own, filled) { found[places[index]] = stage.frontier.points }
    }
    return problem { place, points in points += found[place] ?? [] }
  }

  /// The plan of a solution.
  func plan(_ solution: MeshPipelineSolution, of problem: MeshPipelineProblem, worker: ShapeWorker) -> Plan {
    let count = solution.stages.count
    let stages = solution.stages.enumerated().map { index, stage in
      let mesh = meshes[stage.kind].mesh
      let place = MeshPlace(
        behind: count - 1 - index, isFirst: index == 0, kind: stage.kind, layers: stage.layers)
      let points = problem.options[place]
      let tag = StageTag(packed: points[points.startIndex + stage.point].tag)
      let strategy = worker.grid(mesh, quick: false).strategies[tag.strategy]
      let held = pins.stage(behind: place.behind, isFirst: place.isFirst)
      return StageChoice(
        layers: stage.layers, nodes: mesh.nodes, gpusPerNode: mesh.gpusPerNode, microBatch: mesh.microBatch,
        dataParallel: mesh.dataParallel, tensorParallel: mesh.tensorParallel,
        zero: held.level(or: strategy.zero), checkpointedLayers: tag.checkpointed,
        // Without recomputed layers all kinds are the same, and so are all levels of a rank that has nothing to shard.
        recompute: tag.checkpointed > 0 ? space.recomputeKinds[tag.recompute] : held.kind(or: .full),
        offload: strategy.offload)
    }
    return Plan(
      gradientAccumulation: group.microBatches, stages: stages, sequenceParallel: group.sequenceParallel,
      contextParallel: group.contextParallel)
  }
}
