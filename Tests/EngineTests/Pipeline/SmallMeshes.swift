@testable import Engine

/// Small random problems between stages of unlike meshes, and their optimum by enumeration.
enum SmallMeshes {
  /// What enumeration finds.
  struct Optimum {
    /// Least objective, seconds; infinity where there is no plan.
    var objective = Double.infinity
    /// Places of all plans that reach it.
    var places: Set<MeshPlace> = []
  }

  /// A problem of at most 6 layers, 8 GPUs, 5 stages, 5 kinds and 3 points, with holes, dominated points, negative
  /// extras, a single micro-batch now and then, kinds that fit nowhere, and clusters that end within a node.
  static func random(_ noise: inout SyntheticPipelines.Sequence) -> MeshPipelineProblem {
    let node = Int.random(in: 1...4, using: &noise)
    let whole = min(8, node * Int.random(in: 1...8, using: &noise)) / node * node
    let devices = Bool.random(using: &noise) ? whole : Int.random(in: 1...8, using: &noise)
    let microBatches = Int.random(in: 1...10, using: &noise)
    // Coarse times in half of the problems, so that equal times and equal objectives come up.
    let grain = Bool.random(using: &noise) ? 4.0 : 4096.0
    let largest = Bool.random(using: &noise) ? devices : max(1, devices / 2)
    let kinds = (0..<Int.random(in: 1...5, using: &noise)).map { _ in
      MeshKind(
        devices: Int.random(in: 1...largest, using: &noise),
        insideSeconds: (noise.unit() * grain).rounded() / grain / 4,
        acrossSeconds: (noise.unit() * grain).rounded() / grain)
    }
    let layers = Int.random(in: 1...6, using: &noise)
    let maximumStages = Int.random(in: 1...5, using: &noise)
    let holes = [0.0, 0.3, 0.6][Int.random(in: 0...2, using: &noise)]
    let options = MeshOptions(stages: maximumStages, kinds: kinds.count, layers: layers) { place, points in
      guard noise.unit() >= holes else { return }
      for tag in 0..<Int.random(in: 1...3, using: &noise) {
        let work = 2 * Double(place.layers) / Double(kinds[place.kind].devices)
        let stable = ((0.2 + work * (0.5 + noise.unit())) * grain).rounded() / grain
        let extra = ((noise.unit() * 3 - 1) * grain).rounded() / grain
        let delta = microBatches == 1 ? 0 : max(extra, -stable)
        points.append(StagePoint(stable: stable, firstLast: stable + delta, tag: tag))
      }
    }
    return MeshPipelineProblem(
      microBatches: microBatches, layers: layers, devices: devices, devicesPerNode: node, kinds: kinds,
      maximumStages: maximumStages, mayIdle: Bool.random(using: &noise), options: options)
  }

  /// The least objective over all plans, and the places of all plans that have it.
  static func bruteForce(_ problem: MeshPipelineProblem) -> Optimum {
    var optimum = Optimum()
    for stages in 1...problem.maximumStages {
      var plan = Plan()
      visit(problem, stages, offset: 0, used: 0, &plan, &optimum)
    }
    return optimum
  }

  /// A plan in the making.
  private struct Plan {
    var points: [StagePoint] = []
    var places: [MeshPlace] = []
  }

  private static func visit(
    _ problem: MeshPipelineProblem, _ stages: Int, offset: Int, used: Int, _ plan: inout Plan,
    _ optimum: inout Optimum
  ) {
    guard plan.points.count < stages else { return judge(problem, offset: offset, used: used, plan, &optimum) }
    let behind = stages - 1 - plan.points.count
    for (index, kind) in problem.kinds.enumerated() where fits(kind.devices, offset, problem) {
      let isSameNode = !(offset + kind.devices).isMultiple(of: problem.devicesPerNode)
      let transfer = behind == 0 ? 0 : isSameNode ? kind.insideSeconds : kind.acrossSeconds
      for count in 1...problem.layers where used + count <= problem.layers {
        let place = MeshPlace(behind: behind, isFirst: plan.points.isEmpty, kind: index, layers: count)
        for point in problem.options[place] {
          plan.points.append(
            StagePoint(stable: point.stable + transfer, firstLast: point.firstLast + transfer, tag: point.tag))
          plan.places.append(place)
          visit(problem, stages, offset: offset + kind.devices, used: used + count, &plan, &optimum)
          plan.points.removeLast()
          plan.places.removeLast()
        }
      }
    }
  }

  private static func fits(_ devices: Int, _ offset: Int, _ problem: MeshPipelineProblem) -> Bool {
    let node = problem.devicesPerNode
    guard offset + devices <= problem.devices else { return false }
    if devices < node { return offset % node + devices <= node }
    return devices.isMultiple(of: node) && offset.isMultiple(of: node)
  }

  private static func judge(
    _ problem: MeshPipelineProblem, offset: Int, used: Int, _ plan: Plan, _ optimum: inout Optimum
  ) {
    let idle = problem.devices - offset
    guard used == problem.layers, idle == 0 || problem.mayIdle && idle.isMultiple(of: problem.devicesPerNode) else {
      return
    }
    let objective = SmallPipelines.objective(plan.points, problem.microBatches, plan.points.map { _ in 0 })
    if objective < optimum.objective - 1e-9 { optimum.places = [] }
    if objective <= optimum.objective + 1e-9 { optimum.places.formUnion(plan.places) }
    optimum.objective = min(optimum.objective, objective)
  }
}
