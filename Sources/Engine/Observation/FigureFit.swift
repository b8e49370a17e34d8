import Foundation

/// Which hardware figures explain what measured runs of one kind of node took longer, or less, than predicted
/// (docs/observe.md has the formulas).
///
/// Each kind of figure is off by `z` of its own deviations, a priori normal around 0; a witness's logarithm is that of its
/// prediction with these figures, and noise with heavy tails. Whether anything moves is decided by evidence; then all kinds
/// that the witnesses' times hang on move to the maximum of their joint posterior: what is measured is their sum, and one
/// of them alone at its place would break it. Results do not depend on the order of the witnesses.
struct FigureFit: Sendable {
  /// Kinds whose figures times depend on; reserved memory has no figure in a cluster.
  static let kinds: [HardwareDoubt] = [.products, .bandwidth, .linksInside, .linksBetween, .hostCopies]
  /// Degrees of freedom of the noise: a run that is far off counts less the farther it is.
  static let freedom = 4.0
  /// How many times likelier the witnesses must be with some kinds off than with figures as told, before anything moves.
  static let odds = 1.0
  /// What one deviation of a kind must change of some witness's logarithm, for the witnesses to say anything of the kind: a
  /// tenth of their noise.
  static let leastSlope = 0.1 * FigureWitness.noise
  /// Central differences are taken this many deviations to either side.
  private static let step = 0.5
  private static let mostRounds = 8
  /// Deviations by which the figures may still move when the rounds end.
  private static let closeEnough = 1e-4

  /// The kinds that moved, in the order of `kinds`.
  private(set) var chosen: [HardwareDoubt] = []
  /// How far each kind is off, in its deviations; 0 for those that did not move.
  private(set) var shifts: [HardwareDoubt: Double] = [:]
  /// Posterior deviation of each kind, in its own deviations: 1 where the witnesses say nothing.
  private(set) var deviations: [HardwareDoubt: Double] = [:]
  /// Logarithm of how many times likelier the witnesses are with some kinds off than with figures as told.
  private(set) var gain = 0.0
  /// The runs of each witness.
  private(set) var ids: [[String]] = []
  /// d ln seconds / d z of each witness, by kind.
  private(set) var sensitivities: [[HardwareDoubt: Double]] = []
  /// Weight of each witness, 1 for one that the fit explains, less for one far off.
  private(set) var weights: [Double] = []
  /// ln(measured / predicted) of each witness before and after.
  private(set) var before: [Double] = []
  /// The same with the figures moved.
  private(set) var after: [Double] = []

  /// Fits witnesses on a kind of node; those that cannot be scored are left out.
  ///
  /// Complexity: 11 scores a witness, and one more a round, on all processors.
  init(_ witnesses: [FigureWitness], on type: NodeType, errors: FigureErrors) {
    let witnesses = witnesses.sorted { $0.ids.lexicographicallyPrecedes($1.ids) }
    // The figures as told, and each kind off to either side.
    let types =
      [type]
      + Self.kinds.flatMap { kind in
        [Self.step, -Self.step].map { type.shifted([kind: $0], errors: errors) }
      }
    let scores = ParallelMap.map(witnesses.count * types.count) { index in
      witnesses[index / types.count].predicted(types[index % types.count])
    }
    var known: [(witness: FigureWitness, seconds: [Double?])] = []
    for (index, witness) in witnesses.enumerated() {
      let seconds = Array(scores[index * types.count..<(index + 1) * types.count])
      if let told = seconds[0], told > 0 { known.append((witness, seconds)) }
    }
    guard !known.isEmpty else { return }
    let model = LinearFit(
      residuals: known.map { $0.witness.measured - log($0.seconds[0] ?? 1) },
      slopes: known.map { Self.slopes($0.seconds) },
      variances: known.map(\.witness.variance))
    choose(model)
    refine(model, known.map(\.witness), on: type, errors: errors)
    sensitivities = model.slopes.map { Dictionary(uniqueKeysWithValues: zip(Self.kinds, $0)) }
    before = model.residuals
    ids = known.map(\.witness.ids)
  }

  /// The kind of node with the fitted figures, all of the shifted kinds' at once, and nothing told of where they are from.
  func shifted(_ type: NodeType, errors: FigureErrors) -> NodeType { type.shifted(shifts, errors: errors) }

  // MARK: The choice

  /// All kinds that the times hang on, where some of them being off is likelier than none.
  private mutating func choose(_ model: LinearFit) {
    let seen = Self.kinds.indices.filter { kind in model.slopes.contains { abs($0[kind]) > Self.leastSlope } }
    let none = model.solution(of: []).evidence
    // Every set of them: at most 31.
    let best = (1..<max(1, 1 << seen.count)).map { mask in
      model.solution(of: seen.indices.filter { mask >> $0 & 1 == 1 }.map { seen[$0] }).evidence
    }.max()
    guard let best, best - none > log(Self.odds) else { return }
    gain = best - none
    chosen = seen.map { Self.kinds[$0] }
  }

  /// Gauss-Newton on the chosen kinds: the predictions with the figures moved say how far the straight line was off.
  private mutating func refine(
    _ model: LinearFit, _ witnesses: [FigureWitness], on type: NodeType, errors: FigureErrors
  ) {
    let set = chosen.compactMap(Self.kinds.firstIndex)
    var line = model
    var solution = line.solution(of: set)
    var predicted = zip(witnesses, model.residuals).map { $0.measured - $1 }
    for _ in 0..<Self.mostRounds where !set.isEmpty {
      let moved = type.shifted(Self.shares(set, solution.shifts), errors: errors)
      let last = solution.shifts
      let scores = ParallelMap.map(witnesses.count) { witnesses[$0].predicted(moved) }
      predicted = zip(scores, predicted).map { score, known in score.map { log($0) } ?? known }
      for index in witnesses.indices {
        let along = zip(set, solution.shifts).reduce(0) { $0 + model.slopes[index][$1.0] * $1.1 }
        line.residuals[index] = witnesses[index].measured - predicted[index] + along
      }
      solution = line.solution(of: set)
      if zip(last, solution.shifts).allSatisfy({ abs($0 - $1) < Self.closeEnough }) { break }
    }
    shifts = Self.shares(set, solution.shifts)
    weights = solution.weights
    after = zip(witnesses, predicted).map { $0.measured - $1 }
    for (index, kind) in Self.kinds.enumerated() {
      let place = set.firstIndex(of: index)
      deviations[kind] = place.map { solution.deviations[$0] } ?? line.freeDeviation(of: index, beside: set, solution)
    }
  }

  private static func shares(_ set: [Int], _ shifts: [Double]) -> [HardwareDoubt: Double] {
    Dictionary(uniqueKeysWithValues: zip(set.map { kinds[$0] }, shifts))
  }

  /// d ln seconds / d z, by kind, from the seconds with figures as told and with each kind off to either side.
  private static func slopes(_ seconds: [Double?]) -> [Double] {
    kinds.indices.map { kind in
      guard let more = seconds[1 + 2 * kind], let less = seconds[2 + 2 * kind], more > 0, less > 0 else { return 0 }
      return log(more / less) / (2 * step)
    }
  }
}

extension NodeType {
  /// The kind of node with the figures of each kind off by that many of their own deviations, above 0 for faster; shares of
  /// a peak stay at most 1.
  func shifted(_ shifts: [HardwareDoubt: Double], errors: FigureErrors) -> NodeType {
    var type = Cluster(nodes: 1, gpusPerNode: 1, nodeType: self).shifted(
      shifts.mapValues { $0 / ErrorBar.ninety }, errors: errors
    ).nodeType
    func limit(_ share: inout Figure) { share.value = min(1, share.value) }
    limit(&type.gpu.gemm.share)
    limit(&type.gpu.flashForwardShare)
    limit(&type.gpu.flashBackwardShare)
    if var power = type.gpu.power {
      limit(&power.productShare)
      type.gpu.power = power
    }
    return type
  }
}
