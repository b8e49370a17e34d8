import Foundation
import Testing

@testable import Engine

/// Models that break GLPK's rules, or its patience.
@Suite struct GLPKHostileTests {
  private typealias Column = MixedProgramme.Column

  /// A programme of columns, rows and coefficients.
  private static func programme(
    _ columns: [MixedProgramme.Column], _ rows: [MixedProgramme.Bounds] = [],
    _ coefficients: [(Int, Int, Double)] = []
  ) -> MixedProgramme {
    var programme = MixedProgramme()
    for column in columns { _ = programme.add(column) }
    for row in rows { _ = programme.add(row) }
    for (row, column, value) in coefficients { programme.set(row, column, value) }
    return programme
  }

  private static func column(
    _ kind: MixedProgramme.Kind = .continuous, _ lower: Double? = 0, _ upper: Double? = nil, cost: Double = 1
  ) -> MixedProgramme.Column {
    MixedProgramme.Column(kind: kind, bounds: MixedProgramme.Bounds(lower: lower, upper: upper), cost: cost)
  }

  /// Models that GLPK must not be asked about, by name.
  private static let broken: [(name: String, programme: MixedProgramme)] = {
    let (x, row) = (column(), MixedProgramme.Bounds.atLeast(1))
    var found = [
      ("no columns", programme([])), ("rows alone", programme([], [row])),
      ("two coefficients at one place", programme([x], [row], [(0, 0, 1), (0, 0, 2)])),
      ("a row that is not there", programme([x], [row], [(1, 0, 1)])),
      ("a column that is not there", programme([x], [row], [(0, 7, 1)])),
      ("a place before the first", programme([x], [row], [(-1, -1, 1)])),
      ("a place beyond 32 bits", programme([x], [row], [(1 << 40, 0, 1)])),
      ("a whole column between fractions", programme([column(.integer, 0.5, 1.5)])),
    ]
    for wild in [Double.nan, .infinity, -.infinity, 1e300, -1e300] {
      found += [
        ("cost \(wild)", programme([column(cost: wild)])), ("lower bound \(wild)", programme([column(.integer, wild)])),
        ("upper bound \(wild)", programme([column(.continuous, 0, wild)])),
        ("row \(wild)", programme([x], [MixedProgramme.Bounds(lower: wild, upper: nil)], [(0, 0, 1)])),
        ("coefficient \(wild)", programme([x], [row], [(0, 0, wild)])),
      ]
    }
    var given = programme([x], [row], [(0, 0, 1)])
    given.given = [0]
    found.append(("too few values handed in", given))
    given.given = [0, .nan]
    return found + [("no number handed in", given)]
  }()

  @Test("a model with what GLPK cannot take is an error that says so, and GLPK is not asked")
  func refused() {
    for (name, programme) in Self.broken {
      #expect(programme.fault != nil, "\(name)")
      let error = #expect(throws: CertifierError.self, "\(name)") {
        try GLPKThread.solve(programme, 5, CancelToken())
      }
      guard case .invalid? = error else {
        Issue.record("\(name): \(String(describing: error))")
        continue
      }
    }
  }

  @Test("put to GLPK all the same, such a model ends neither the process nor the wait, and the next solve works")
  func survived() {
    for (name, programme) in Self.broken {
      let outcome = GLPKProgramme.solve(programme, timeLimitSeconds: 0.1, cancel: CancelToken())
      #expect(outcome.values.allSatisfy { $0.isFinite } || outcome.hasFailed, "\(name)")
      let solved = GLPKProgramme.solve(Self.knapsack(items: 4), timeLimitSeconds: 5, cancel: CancelToken())
      #expect(!solved.hasFailed && solved.bound == solved.objective, "after \(name)")
    }
  }

  /// The least cost of items that weigh enough together: many equal ones, so that branch and bound has no end to it.
  static func knapsack(items: Int) -> MixedProgramme {
    programme(
      (0..<items).map { column(.binary, cost: 1 + Double($0 % 3) * 1e-4) }, [.fixed(Double(items) + 0.5)],
      (0..<items).map { (0, $0, 2 + Double($0 % 2) * 0.5) })
  }

  @Test("infeasible, unbounded, degenerate and badly scaled models end in a named state")
  func states() {
    func solve(_ programme: MixedProgramme) -> GLPKProgramme.Outcome {
      GLPKProgramme.solve(programme, timeLimitSeconds: 5, cancel: CancelToken())
    }
    let x = Self.column()
    let infeasible = solve(Self.programme([x], [.fixed(-1)], [(0, 0, 1)]))
    #expect(infeasible.isInfeasible && infeasible.values.isEmpty)
    let crossed = solve(Self.programme([Self.column(.continuous, 2, 1)]))
    #expect(crossed.values.isEmpty && crossed.bound == -.infinity)
    let halves = solve(Self.programme([Self.column(.binary)], [.fixed(0.5)], [(0, 0, 1)]))
    #expect(halves.isInfeasible && halves.values.isEmpty)
    let unbounded = solve(Self.programme([Self.column(.continuous, nil, nil)]))
    #expect(unbounded.values.isEmpty && unbounded.bound == -.infinity && !unbounded.isInfeasible)
    // Rows without coefficients, one of them impossible.
    #expect(solve(Self.programme([x], [.atLeast(-1)])).objective == 0)
    #expect(solve(Self.programme([x], [.atLeast(1)])).isInfeasible)
    #expect(solve(Self.programme([x])).objective == 0)
    // Columns that are the same, rows that are the same: every basis is degenerate.
    let equal = Self.programme(
      (0..<40).map { _ in Self.column(.binary) }, (0..<40).map { _ in .atLeast(3) },
      (0..<40).flatMap { row in (0..<40).map { (row, $0, 1) } })
    #expect(abs(solve(equal).objective - 3) < 1e-6)
    for scale in [1e-90, 1e-30, 1e30, 1e90] {
      let outcome = solve(
        Self.programme(
          [x, Self.column(.integer, 0, 9)], [.atLeast(scale), .atLeast(1)], [(0, 0, scale), (1, 1, 1 / scale)]))
      #expect(outcome.bound <= outcome.objective, "\(scale)")
    }
  }

  @Test("the model on which Dantzig's rule cycles for ever has its optimum")
  func cycling() {
    // Beale 1955: the textbook example.
    let outcome = GLPKProgramme.solve(
      Self.programme(
        [-0.75, 150, -0.02, 6].map { Self.column(cost: $0) },
        [
          MixedProgramme.Bounds(lower: nil, upper: 0), MixedProgramme.Bounds(lower: nil, upper: 0),
          MixedProgramme.Bounds(lower: nil, upper: 1),
        ],
        [
          (0, 0, 0.25), (0, 1, -60), (0, 2, -0.04), (0, 3, 9), (1, 0, 0.5), (1, 1, -90), (1, 2, -0.02), (1, 3, 3),
          (2, 2, 1),
        ]), timeLimitSeconds: 5, cancel: CancelToken())
    #expect(abs(outcome.objective + 0.05) < 1e-9)
  }

  @Test("random models of wild numbers end, and what is said of them holds")
  func random() {
    let isSlow = ProcessInfo.processInfo.environment["BRUME_SLOW"] == "1"
    var random = SymbolicRandom(seed: 77)
    var (solved, infeasible, failed) = (0, 0, 0)
    for trial in 0..<(isSlow ? 20_000 : 400) {
      let programme = Self.wild(&random)
      #expect(programme.fault == nil, "trial \(trial)")
      let outcome = GLPKProgramme.solve(programme, timeLimitSeconds: 0.5, cancel: CancelToken())
      #expect(!outcome.bound.isNaN && !outcome.objective.isNaN, "trial \(trial)")
      #expect(outcome.values.isEmpty || outcome.values.count == programme.columns.count + 1, "trial \(trial)")
      if outcome.isInfeasible { #expect(outcome.values.isEmpty, "trial \(trial)") }
      solved += outcome.values.isEmpty ? 0 : 1
      infeasible += outcome.isInfeasible ? 1 : 0
      failed += outcome.hasFailed ? 1 : 0
    }
    #expect(solved > 20 && infeasible > 20)
    if isSlow {
      print(
        "reliability: glpk: 20,000 wild models, \(solved) solved, \(infeasible) infeasible, \(failed) failed inside")
    }
  }

  private static func wild(_ random: inout SymbolicRandom) -> MixedProgramme {
    func number(_ random: inout SymbolicRandom) -> Double {
      let power =
        random.once(in: 4) ? Double.random(in: -99...99, using: &random) : Double.random(in: -2...2, using: &random)
      return random.once(in: 6) ? 0 : (random.once(in: 2) ? 1 : -1) * exp2(power * 3.3)
    }
    func bounds(_ random: inout SymbolicRandom, whole: Bool) -> MixedProgramme.Bounds {
      func end(_ random: inout SymbolicRandom) -> Double? {
        if random.once(in: 3) { return nil }
        return whole ? Double(random.below(9) - 4) : number(&random)
      }
      return MixedProgramme.Bounds(lower: end(&random), upper: end(&random))
    }
    let kinds: [MixedProgramme.Kind] = [.binary, .integer, .continuous]
    let columns = (0...random.below(8)).map { _ in
      let kind = kinds[random.below(3)]
      return MixedProgramme.Column(
        kind: kind, bounds: bounds(&random, whole: kind == .integer), cost: number(&random))
    }
    let rows = (0..<random.below(8)).map { _ in bounds(&random, whole: false) }
    var coefficients: [(Int, Int, Double)] = []
    for row in rows.indices {
      for column in columns.indices where random.once(in: 2) { coefficients.append((row, column, number(&random))) }
    }
    return programme(columns, rows, coefficients)
  }

  @Test("a solve that may hold little memory ends with an error of GLPK's own")
  func memoryLimit() {
    let programme = Self.knapsack(items: 20_000)
    let outcome = GLPKProgramme.solve(programme, timeLimitSeconds: 20, cancel: CancelToken(), mebibytes: 1)
    #expect(outcome.hasFailed && outcome.values.isEmpty)
  }

  @Test("a search without end stops at its time, with a bound", arguments: [0, 0.001, 0.05, 0.3])
  func endless(seconds: Double) throws {
    let clock = ContinuousClock()
    let begin = clock.now
    let outcome = try GLPKThread.solve(Self.knapsack(items: 60), seconds, CancelToken())
    // Far more than it takes, for machines that do other work besides: the wait of the caller ends 0.5 s after its time.
    #expect(clock.now - begin < .seconds(seconds + 10))
    #expect(outcome.bound <= 31 && !outcome.isInfeasible)
    if seconds >= 0.3 { #expect(outcome.bound > 20) }
  }

  @Test("cancelled in its linear programme or in its branch and bound, GLPK ends soon and leaves no thread behind")
  func cancelled() async throws {
    let models = [Self.knapsack(items: 60), try Self.largeRelaxation()]
    for model in models {
      for delay in [0.0, 0.01, 0.1] {
        let cancel = CancelToken()
        let (own, ended) = (Stragglers(), CancelToken())
        let clock = ContinuousClock()
        let begin = clock.now
        Thread.detachNewThread {
          Thread.sleep(forTimeInterval: delay)
          cancel.cancel()
        }
        #expect(throws: CertifierError.cancelled) {
          try GLPKThread.run(600, cancel, stragglers: own) { limit, stop in
            let outcome = GLPKProgramme.solve(model, timeLimitSeconds: limit, cancel: stop)
            ended.cancel()
            return outcome
          }
        }
        // The thread itself, of which nobody waits for the answer.
        while !ended.isCancelled, clock.now - begin < .seconds(60) {
          try await Task.sleep(for: .milliseconds(5))
        }
        #expect(clock.now - begin < .seconds(30))
        #expect(own.count == 0)
      }
    }
  }

  /// A model whose relaxation alone takes GLPK seconds.
  private static func largeRelaxation() throws -> MixedProgramme {
    let problem = SyntheticPipelines.frontier(layers: 192, stages: 48, microBatches: 2, points: 6)
    return try CertifierModel(problem, incumbent: nil).programme
  }

  @Test("a thread that does not end is counted until it does, and solves beyond two of them are not begun")
  func stragglers() throws {
    let (own, begun, go) = (Stragglers(), Stragglers(), CancelToken())
    func ask(_ cancel: CancelToken = CancelToken()) throws(CertifierError) -> GLPKProgramme.Outcome {
      try GLPKThread.run(0.02, cancel, stragglers: own) { _, _ in
        begun.enter()
        // Deaf to its token.
        while !go.isCancelled { Thread.sleep(forTimeInterval: 0.001) }
        return GLPKProgramme.Outcome(objective: 1)
      }
    }
    for count in 1...Stragglers.most {
      #expect(try ask() == GLPKProgramme.Outcome())
      #expect(own.count == count)
    }
    for _ in 0..<3 { #expect(try ask() == GLPKProgramme.Outcome()) }
    #expect(begun.count == Stragglers.most)
    let cancel = CancelToken()
    cancel.cancel()
    #expect(throws: CertifierError.cancelled) { try ask(cancel) }
    go.cancel()
    let clock = ContinuousClock()
    let end = clock.now + .seconds(30)
    while own.count > 0, clock.now < end { Thread.sleep(forTimeInterval: 0.005) }
    #expect(own.count == 0)
    #expect(try ask().objective == 1)
  }
}
