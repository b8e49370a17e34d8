/// Where on the cluster stages of each size can begin: offsets and steps between them, in units that all sizes share.
struct MeshLayout {
  /// What the next stage is reached over.
  enum Link: Int32 {
    /// It begins on the node that this stage ends on.
    case inside = 0
    /// It begins on another one.
    case across = 1
  }

  /// A stage of one size at some offset.
  struct Step {
    /// Index into `sizes`.
    var size: Int32
    /// Offset after it, in units.
    var after: Int32
    /// Link to the next stage.
    var link: Link
  }

  /// GPUs of a unit: what all sizes are multiples of.
  let unit: Int
  /// Sizes of usable meshes in units, rising.
  let sizes: [Int]
  /// Kinds of each size, rising.
  let kinds: [[Int]]
  /// Offsets in units: 0 up to all GPUs.
  let offsets: Int
  /// True for the offsets at which a pipeline may end.
  let isEnd: [Bool]
  /// Steps from each offset by size, and where those of an offset begin.
  private let steps: [Step]
  private let firstStep: [Int32]

  /// The layout of a well-formed problem; nil where no kind can be used, and when cancelled.
  ///
  /// - Parameter limit: kinds without a point that a plan of so many seconds can have are left out, and with them the
  ///   offsets that only they reach.
  /// - Complexity: O(offsets * sizes), and where most kinds are left out linear in their points.
  init?(
    _ problem: MeshPipelineProblem, limit: Double = .greatestFiniteMagnitude, isCancelled: () -> Bool = { false }
  ) {
    let node = problem.devicesPerNode
    let usable = problem.kinds.indices.filter { index in
      let kind = problem.kinds[index]
      guard !isCancelled(), kind.devices >= 1, kind.devices <= problem.devices else { return false }
      guard kind.devices < node || kind.devices.isMultiple(of: node) else { return false }
      guard kind.insideSeconds >= 0, kind.acrossSeconds >= 0 else { return false }
      return (kind.insideSeconds + kind.acrossSeconds).isFinite && Self.isUsed(index, of: problem, limit)
    }
    let devices = Set(usable.map { problem.kinds[$0].devices }).sorted()
    guard let least = devices.first else { return nil }
    let unit = devices.reduce(least, Self.commonDivisor)
    self.unit = unit
    sizes = devices.map { $0 / unit }
    kinds = devices.map { size in usable.filter { problem.kinds[$0].devices == size } }
    offsets = problem.devices / unit + 1
    isEnd = (0..<offsets).map { offset in
      let left = problem.devices - offset * unit
      return offset > 0 && (left == 0 || (problem.mayIdle && left.isMultiple(of: node)))
    }
    var (steps, firstStep) = ([Step](), [Int32(0)])
    for offset in 0..<offsets {
      if isCancelled() { return nil }
      let inside = offset * unit % node
      for (index, size) in devices.enumerated() where offset + size / unit < offsets {
        guard size < node ? inside + size <= node : inside == 0 else { continue }
        let after = offset + size / unit
        let link = (after * unit).isMultiple(of: node) ? Link.across : .inside
        steps.append(Step(size: Int32(index), after: Int32(after), link: link))
      }
      firstStep.append(Int32(steps.count))
    }
    (self.steps, self.firstStep) = (steps, firstStep)
  }

  /// Stages that fit at an offset, smallest first.
  func steps(from offset: Int) -> ArraySlice<Step> { steps[Int(firstStep[offset])..<Int(firstStep[offset + 1])] }

  /// True where a plan below a limit can have a stage of a kind.
  private static func isUsed(_ kind: Int, of problem: MeshPipelineProblem, _ limit: Double) -> Bool {
    let options = problem.options
    return (0..<options.stages * 2).contains { stage in
      let base = options.index(stage / 2, stage % 2 == 1, kind)
      return options.points[Int(options.start[base])..<Int(options.start[base + options.layers])].contains { point in
        point.isFinite && point.stable >= 0
          && problem.rounds * point.stable + max(point.stable, point.firstLast) <= limit
      }
    }
  }

  private static func commonDivisor(_ first: Int, _ second: Int) -> Int {
    var (large, small) = (first, second)
    while small != 0 { (large, small) = (small, large % small) }
    return large
  }
}

extension MeshKind {
  /// Point-to-point over a link, seconds.
  func seconds(over link: MeshLayout.Link) -> Double { link == .inside ? insideSeconds : acrossSeconds }
}

extension MeshPipelineProblem {
  /// The objective of a choice, seconds; nil where it is not one of this problem.
  ///
  /// - Complexity: O(S).
  public func objective(_ stages: [MeshPipelineSolution.Stage]) -> Double? {
    guard isWellFormed, let layout = MeshLayout(self), !stages.isEmpty, stages.count <= maximumStages else {
      return nil
    }
    var (offset, used) = (0, 0)
    var (stable, delta) = ([Double](), [Double]())
    for (index, stage) in stages.enumerated() {
      let place = MeshPlace(
        behind: stages.count - 1 - index, isFirst: index == 0, kind: stage.kind, layers: stage.layers)
      guard options.contains(place) else { return nil }
      let points = options[place]
      guard stage.point >= 0, stage.point < points.count else { return nil }
      let point = points[points.startIndex + stage.point]
      guard point.isFinite, point.stable >= 0 else { return nil }
      let step = layout.steps(from: offset).first { layout.kinds[Int($0.size)].contains(stage.kind) }
      guard let step else { return nil }
      let transfer = place.behind == 0 ? 0 : kinds[stage.kind].seconds(over: step.link)
      stable.append(point.stable + transfer)
      delta.append(point.firstLast - point.stable)
      (offset, used) = (Int(step.after), used + stage.layers)
    }
    guard used == layers, layout.isEnd[offset] else { return nil }
    return ClosedForm.closedFormSeconds(stable: stable, delta: delta, microBatches: microBatches)
  }
}
