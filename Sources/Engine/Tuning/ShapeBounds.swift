/// Lower bounds of one shape from kernels alone, and what an upper bound leaves possible.
///
/// An overlapped slot never takes less than its kernels (interference factors are at least 1), so sums over kernels and
/// serial collectives bound every plan of the shape from below, whatever its strategies.
///
/// Sequence and context parallelism change these kernels and collectives, not the argument: their own are part of the
/// constants, and what they hide beside attention only adds. A recomputed layer, whatever it repeats, runs the kernels
/// and collectives of one that keeps its activations and then some. Of interleaved stages all seconds are those of one
/// of v equal parts and the micro-batches are G*v: so `(G - 1/v) max t + sum t / v` is the same expression
/// (docs/pipeline.md).
struct ShapeBounds {
  /// Seconds that a layer takes at least, forward and backward.
  let layerSeconds: Double
  /// Seconds that each stage takes beside its layers: embedding, head, point-to-point.
  let fixedSeconds: [Double]
  /// Layers of the model.
  let layers: Int
  /// Micro-batches per iteration.
  let microBatches: Int
  /// What a layer that is not on the slowest stage counts less: twice its weight gradients where those are apart, seconds.
  let layerHidden: Double
  /// What the head counts less.
  let headHidden: Double
  /// All stages have the same number of layers.
  let equalLayers: Bool
  /// Seconds of the slowest stage at least: of all ways to give each stage whole layers, the one with the least.
  let slowestSeconds: Double

  /// The bounds of a shape; complexity: O(S^2).
  init(
    layerSeconds: Double, fixedSeconds: [Double], layers: Int, microBatches: Int, equalLayers: Bool = false,
    layerHidden: Double = 0, headHidden: Double = 0
  ) {
    self.layerHidden = layerHidden
    self.headHidden = headHidden
    self.layerSeconds = layerSeconds
    self.fixedSeconds = fixedSeconds
    self.layers = layers
    self.microBatches = microBatches
    self.equalLayers = equalLayers
    slowestSeconds =
      equalLayers
      ? Double(layers / fixedSeconds.count) * layerSeconds + (fixedSeconds.max() ?? 0)
      : Self.leastSlow(layerSeconds: layerSeconds, fixedSeconds: fixedSeconds, layers: layers)
  }

  /// Number of stages.
  var stages: Int { fixedSeconds.count }

  /// Sum of all stages' t at least.
  var totalSeconds: Double { Double(layers) * layerSeconds + fixedSeconds.reduce(0, +) }

  /// The slowest stage of the least slow split into whole layers, seconds.
  ///
  /// No split is faster than the mean over the stages, so each stage may begin with the layers that it does within the
  /// mean; what is left goes, layer by layer, to the stage that is done with it first.
  private static func leastSlow(layerSeconds: Double, fixedSeconds: [Double], layers: Int) -> Double {
    let total = Double(layers) * layerSeconds + fixedSeconds.reduce(0, +)
    var slowest = total / Double(fixedSeconds.count)
    guard layerSeconds > 0, slowest.isFinite else { return slowest }
    // A layer too many by rounding makes the rest smaller, and so the bound lower: it stays one.
    var counts = fixedSeconds.map { max(1, Int((slowest - $0) / layerSeconds + 1e-9)) }
    for fixed in fixedSeconds { slowest = max(slowest, fixed + layerSeconds) }
    var rest = layers - counts.reduce(0, +)
    while rest > 0 {
      let ends = zip(counts, fixedSeconds).map { Double($0 + 1) * layerSeconds + $1 }
      guard let next = ends.indices.min(by: { ends[$0] < ends[$1] }) else { break }
      counts[next] += 1
      slowest = max(slowest, ends[next])
      rest -= 1
    }
    return slowest
  }

  /// Sum of what all stages count at least: t, less what of it fills the pipeline's drain (docs/model.md, section 5).
  private var filledSeconds: Double { totalSeconds - Double(layers) * layerHidden - headHidden }

  /// The first term of the objective at least: the slowest stage has a layer or more.
  private var paceSeconds: Double { Double(microBatches - 1) * slowestSeconds + layerHidden }

  /// No plan of the shape is faster than this (closed form), seconds.
  var lowerBound: Double { paceSeconds + filledSeconds }

  /// Largest t and t + d of stage `stage` with `layers` layers in a plan no slower than `upperBound`; both less what it
  /// hides.
  func caps(stage: Int, layers count: Int, upperBound: Double) -> StageCaps {
    guard upperBound.isFinite else { return StageCaps() }
    let isLast = stage == stages - 1
    let hidden = Double(count) * layerHidden + (isLast ? headHidden : 0)
    let own = Double(count) * layerSeconds + fixedSeconds[stage]
    let others = filledSeconds - (own - hidden)
    // (G-1) * t + t + others <= bound, with room for rounding; G times what it hides come to it as the slowest stage.
    let slack = 1e-9 * upperBound
    let stable = (upperBound - others) / Double(microBatches) - hidden + slack
    // V >= (t + d) of this stage + all t behind it.
    let behind = fixedSeconds[(stage + 1)...].reduce(0, +) + Double(max(0, stages - 1 - stage)) * (layerSeconds - layerHidden)
      - (isLast ? 0 : headHidden)
    let firstLast = upperBound - paceSeconds - behind + slack
    return StageCaps(stable: stable, firstLast: firstLast)
  }

  /// Layers that stage `stage` can have in a plan no slower than `upperBound`, within `slack` of N/S where given.
  func layerRange(stage: Int, upperBound: Double, slack: Int?) -> ClosedRange<Int>? {
    var low = 1
    var high = layers - (stages - 1)
    if let slack = equalLayers ? 0 : slack {
      let even = Double(layers) / Double(stages)
      low = max(low, Int(even.rounded(.up)) - slack)
      high = min(high, Int(even.rounded(.down)) + slack)
    }
    guard upperBound.isFinite, layerSeconds > 0 else { return low <= high ? low...high : nil }
    func most(_ index: Int) -> Int {
      let cap = stableCap(stage: index, upperBound: upperBound) - fixedSeconds[index]
      return cap > 0 ? Int(min(Double(layers), cap / layerSeconds + 1e-6)) : 0
    }
    high = min(high, most(stage))
    var elsewhere = 0
    for index in 0..<stages where index != stage { elsewhere += most(index) }
    low = max(low, layers - elsewhere)
    return low <= high ? low...high : nil
  }

  /// Largest t of a stage: all other stages together take at least `total - own`, and `own <= t`.
  private func stableCap(stage: Int, upperBound: Double) -> Double {
    // (G-1) * t + total <= bound: the sum of all t is at least `totalSeconds`, whatever the layers.
    guard microBatches > 1 else { return .infinity }
    return (upperBound - filledSeconds) / Double(microBatches - 1) * (1 + 1e-9)
  }
}
