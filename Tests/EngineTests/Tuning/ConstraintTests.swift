import Foundation
import Testing

@testable import Engine

/// Searches under side constraints, and under host memory that stages share, against enumerating all plans.
@Suite struct ConstraintTests {
  private static let isSlow = ProcessInfo.processInfo.environment["BRUME_SLOW"] == "1"

  private func space(_ change: (inout SearchSpace) -> Void = { _ in }) -> SearchSpace {
    var space = SearchSpace.blank
    space.name = "small"
    space.optimizerEighths = [0, 8]
    space.activationEighths = [0, 4]
    change(&space)
    return space
  }

  private func constraints(_ texts: String...) throws -> PlanConstraints { try PlanConstraints(texts: texts) }

  /// Checks one question; true where a plan was found that the limits made slower.
  @discardableResult
  private func check(
    _ constraints: PlanConstraints, _ pins: [Pin], _ workload: Workload, _ space: SearchSpace,
    _ enumeration: inout PinnedEnumeration
  ) -> Bool {
    let stages = Pin(.stages, PinValues([1...100]))
    let held = pins.contains { $0.knob == .stages } ? pins : pins + [stages]
    var request = TuneRequest(space: space, threads: 1, alternatives: 2, pins: PlanPins(held))
    request.constraints = constraints
    let expected = enumeration.best(pins, constraints: constraints, isMemoryShared: true)
    let search = ShapeSearch(workload: workload, request: request, cancel: CancelToken(), now: { 0 }) { _ in }
    search.run()
    guard let expected else {
      #expect(search.outcome.best == nil, "\(constraints.texts) \(pins)")
      return false
    }
    let result = TuneReport(workload: workload, request: search.request, search: search, cancel: CancelToken()).result()
    #expect(result.status == .optimal, "\(constraints.texts) \(pins)")
    let found = result.best?.score.closedFormSeconds ?? 0
    #expect(abs(found / expected - 1) < 1e-9, "\(constraints.texts) \(pins) \(found) \(expected)")
    for plan in [result.best].compactMap({ $0 }) + result.alternatives {
      #expect(plan.score.fits)
      #expect(constraints.broken(by: plan.plan).isEmpty && PlanPins(pins).broken(by: plan.plan).isEmpty)
    }
    return search.outcome.shapes.contains { $0.isLimited && $0.best != nil }
  }

  @Test("at most K kinds of stages: the optimum is that of all plans with so few", arguments: [1, 2, 3])
  func kinds(most: Int) throws {
    var random = SymbolicRandom(seed: UInt64(most))
    var binding = 0
    for (gpus, layers, batch) in [(3, 6, 8), (4, 7, 4)] {
      let workload = PinTests.workload(layers: layers, gpus: gpus, batch: batch, gibibytes: 4.5)
      let space = space { ($0.activationEighths, $0.optimizerEighths) = ([0], gpus == 4 ? [0] : [0, 8]) }
      var enumeration = PinnedEnumeration(workload: workload, space: space)
      var limited = try constraints("max-kinds=\(most)")
      let all = Pin(.stages, PinValues(gpus))
      if check(limited, [all], workload, space, &enumeration) { binding += 1 }
      for _ in 0..<(Self.isSlow ? 40 : 1) {
        let pin = PinTests.randomPin(&random, stages: gpus)
        if check(limited, [pin], workload, space, &enumeration) { binding += 1 }
      }
      limited.sameLayers = true
      check(limited, [all], workload, space, &enumeration)
    }
    #expect(binding > 0)
  }

  @Test("kinds are counted in spaces whose stages must be alike, too")
  func coupledKinds() throws {
    let workload = PinTests.workload(layers: 6, gpus: 3, batch: 2, gibibytes: 2.6)
    for space in [
      space { $0.statesAlike = true }, space { $0.checkpointing = .sameCount },
      space { $0.checkpointing = .allOrNoneAlike }, space { $0.layerRule = .equalInner },
    ] {
      var enumeration = PinnedEnumeration(workload: workload, space: space)
      for most in [1, 2] { check(try constraints("max-kinds=\(most)"), [], workload, space, &enumeration) }
    }
  }

  @Test("stages that share a node share its memory: the optimum is that of all plans within the sum")
  func hostMemory() throws {
    var random = SymbolicRandom(seed: 9)
    var binding = 0
    let cases = [(2, 6, 8, 4.5, [2.0, 3.5, 4.2]), (4, 7, 4, 3.0, [2.5])]
    for (gpus, layers, batch, gibibytes, hosts) in cases {
      for host in hosts {
        var workload = PinTests.workload(layers: layers, gpus: gpus, batch: batch, gibibytes: gibibytes)
        workload.cluster.nodeType.hostMemoryBytes.value = host * 1e9
        let space = space { $0.optimizerEighths = gpus == 4 ? [0, 4] : [0, 4, 8] }
        var enumeration = PinnedEnumeration(workload: workload, space: space)
        // Four stages take the enumeration too long.
        let few = Pin(.stages, PinValues([1...2]))
        if check(PlanConstraints(), [few], workload, space, &enumeration) { binding += 1 }
        for _ in 0..<(Self.isSlow ? 20 : 1) {
          let pin = PinTests.randomPin(&random, stages: 2)
          check(PlanConstraints(), [few, pin], workload, space, &enumeration)
        }
        check(try constraints("max-kinds=1"), [few], workload, space, &enumeration)
      }
    }
    #expect(binding > 0)
  }

  @Test("the same number of layers in the inner stages")
  func sameLayers() throws {
    let workload = PinTests.workload(layers: 7, gpus: 4, batch: 2, gibibytes: 4)
    let space = space { $0.activationEighths = [0] }
    var enumeration = PinnedEnumeration(workload: workload, space: space)
    check(try constraints("same-layers"), [], workload, space, &enumeration)
    check(try constraints("same-layers", "same-tp"), [Pin(.stages, PinValues(4))], workload, space, &enumeration)
  }

  @Test("constraints that nothing fits under are named, with the pins that they conflict with")
  func conflict() throws {
    let workload = PinTests.workload(layers: 7, gpus: 2, batch: 2, gibibytes: 12)
    let session = TuningSession(workload: workload, now: { 0 })
    var request = TuneRequest(space: space(), pins: try PlanPins(texts: ["stages=2", "sequenceParallel=false"]))
    #expect(session.tune(request).status == .optimal)
    // Seven layers are not two equal stages.
    request.constraints = try constraints("max-kinds=1", "same-tp")
    let result = session.tune(request)
    #expect(result.status == .infeasible)
    let why = try #require(result.infeasibility)
    #expect(why.constraints == ["max-kinds=1"] && why.pins.map(\.text) == ["stages=2"])
  }

  @Test("without time GLPK is not asked, and the bound is that without the limit")
  func time() throws {
    let options = (0..<3).flatMap { stage in
      (1...2).flatMap { layers in
        (0..<4).map { point in
          CoupledProblem.Option(
            stage: stage, layers: layers, stable: Double(layers) + 0.1 * Double(3 - point),
            firstLast: Double(layers) + 0.2, hostBytes: Double(point), tag: point)
        }
      }
    }
    var problem = CoupledProblem(microBatches: 4, layers: 4, stages: 3, options: options)
    (problem.nodes, problem.hostBytes) = ([[0, 1, 2]], 4)
    let none = CoupledSolver.solve(
      problem, incumbent: nil, upperBound: .infinity, timeLimitSeconds: 0, cancel: CancelToken())
    let all = CoupledSolver.solve(
      problem, incumbent: nil, upperBound: .infinity, timeLimitSeconds: 10, cancel: CancelToken())
    #expect(none.chosen == nil && none.bound <= all.objective)
    let chosen = try #require(all.chosen)
    #expect(problem.objective(chosen) == all.objective && abs(all.bound - all.objective) < 1e-6)
    var best = Double.infinity
    for a in 0..<8 { for b in 8..<16 { for c in 16..<24 { best = min(best, problem.objective([a, b, c]) ?? best) } } }
    #expect(abs(all.objective - best) < 1e-9)
    let cancel = CancelToken()
    cancel.cancel()
    #expect(
      CoupledSolver.solve(problem, incumbent: nil, upperBound: .infinity, timeLimitSeconds: 10, cancel: cancel).chosen
        == nil)
  }

  @Test("what is not a constraint is told with those that there are")
  func reading() throws {
    #expect(try constraints("max-kinds=3", "same-tp").texts == ["same-tp", "max-kinds=3"])
    for text in ["max-kinds=0", "max-kinds=x", "max-kinds", "same-dp", ""] {
      #expect(throws: ConstraintError.self) { _ = try PlanConstraints(texts: [text]) }
    }
  }
}
