/// The mixed-integer programme of a `CoupledProblem`: that of `CertifierModel`, with a row for each node's host memory,
/// a binary for each kind that is used, and `x <= used` for each option (docs/pipeline.md).
struct CoupledModel {
  /// Positions in the problem's options that a choice within the limit can have.
  let columns: [Int]
  /// Seconds of one unit of time.
  let unit: Double
  /// Lower bound on the objective from the relaxation without limits, seconds.
  let relaxedBound: Double
  private let problem: CoupledProblem
  private let given: [Int]

  /// The programme of the options that a choice no slower than `limit` can have; nil where there is no choice at all.
  init?(_ problem: CoupledProblem, incumbent: [Int]?, limit: Double) {
    guard let options = StageOptions(problem.free) else { return nil }
    let bounds = CompletionBounds(options)
    let rounds = Double(problem.microBatches - 1)
    relaxedBound = bounds.objective(rounds: rounds)
    guard relaxedBound < .infinity else { return nil }
    unit = bounds.bottleneck[0] > 0 ? bounds.bottleneck[0] : 1
    let cut = ColumnCut(options, bounds, rounds: rounds)
    // A little above, so that rounding cuts nothing that ties with it.
    let most = limit < .infinity ? limit * (1 + 1e-9) : .greatestFiniteMagnitude
    let held = Set(incumbent ?? [])
    columns = problem.options.indices.filter { index in
      let option = problem.options[index]
      return held.contains(index)
        || cut.objective(
          stage: option.stage, layers: option.layers, stable: option.stable, firstLast: option.firstLast,
          pace: option.stable) <= most
    }
    self.problem = problem
    given = incumbent ?? []
  }

  /// The choice that GLPK's values stand for; nil where there is none.
  func chosen(_ values: [Double]) -> [Int]? {
    guard !values.isEmpty else { return nil }
    let chosen = columns.indices.filter { values[1 + $0] > 0.5 }.map { columns[$0] }
    return chosen.sorted { problem.options[$0].stage < problem.options[$1].stage }
  }

  /// What GLPK is given.
  var programme: MixedProgramme {
    var programme = MixedProgramme()
    let options = columns.map { problem.options[$0] }
    let ways = options.map { option in
      MixedProgramme.Way(
        binary: programme.add(MixedProgramme.Column(kind: .binary)), stage: option.stage, layers: option.layers,
        stable: option.stable / unit, firstLast: option.firstLast / unit, pace: option.stable / unit)
    }
    var chain = programme.addChain(stages: problem.stages, rounds: Double(problem.microBatches - 1))
    let total = programme.add(.fixed(Double(problem.layers)))
    addLimits(options, to: &programme)
    programme.addRows(of: ways, to: &chain, total: total)
    // With kinds the choice is not handed in: GLPK finds their columns itself.
    if !given.isEmpty, problem.maximumKinds == nil {
      programme.give(given.compactMap { index in columns.firstIndex(of: index).map { ways[$0] } }, chain)
    }
    return programme
  }

  /// Rows of the nodes' memory, and columns and rows of the kinds.
  private func addLimits(_ options: [CoupledProblem.Option], to programme: inout MixedProgramme) {
    for stages in problem.nodes {
      // In shares of the node, so that the numbers are near 1.
      let row = programme.add(MixedProgramme.Bounds(lower: nil, upper: 1))
      for (index, option) in options.enumerated() where stages.contains(option.stage) && option.hostBytes > 0 {
        programme.set(row, index, option.hostBytes / problem.hostBytes)
      }
    }
    guard let most = problem.maximumKinds else { return }
    let row = programme.add(MixedProgramme.Bounds(lower: nil, upper: Double(most)))
    var used: [Int: Int] = [:]
    for (index, option) in options.enumerated() {
      let column = used[option.kind] ?? programme.add(MixedProgramme.Column(kind: .binary))
      if used[option.kind] == nil { programme.set(row, column, 1) }
      used[option.kind] = column
      let link = programme.add(MixedProgramme.Bounds(lower: nil, upper: 0))
      programme.set(link, index, 1)
      programme.set(link, column, -1)
    }
  }
}
