import Foundation
import Testing

@testable import Engine

/// What the evaluation found best in a space, against what the search finds there (docs/spaces.md).
@Suite struct PublishedSpaceTests {
  private static let isSlow = ProcessInfo.processInfo.environment["BRUME_SLOW"] == "1"

  /// The workloads with published plans, or every so many of them where time counts.
  private func cases(every step: Int) throws -> [SpeedupCase] {
    let all = try SpeedupCase.shipped()
    return stride(from: 0, to: all.count, by: Self.isSlow ? 1 : step).map { all[$0] }
  }

  /// The space in which a plan of a runtime was searched for.
  private static let spaces = ["mist": "mist", "megatron-lm-2023": "megatron-lm"]

  /// The question of a case on one runtime, on devices whose memory holds the plan (some published plans exceed the
  /// predicted memory by up to 2 GiB).
  private func question(_ item: SpeedupCase, _ runtime: String, _ plan: Plan) throws -> Workload {
    var workload = item.workload
    workload.run.runtime = runtime
    workload.limits.headroomBytes = 0
    let score = try TuningSession(workload: workload, now: { 0 }).score(plan)
    let spare = score.stages.map(\.memory.spare).min() ?? 0
    #expect(spare > -2.5 * Units.gibibyte, "\(item.name) on \(runtime)")
    if spare < 0 { workload.cluster.nodeType.gpu.memoryBytes.value -= spare - 1 }
    return workload
  }

  @Test("every published plan is in its space, and the search of its own shape finds it or a faster one")
  func shapes() throws {
    for item in try cases(every: 3) {
      for (runtime, plan) in item.plans {
        let space = try #require(SearchSpace.named(Self.spaces[runtime] ?? ""))
        #expect(SpaceMembership(space: space, layers: item.workload.model.layers).holds(plan), "\(item.name)")
        let workload = try question(item, runtime, plan)
        let published = try TuningSession(workload: workload, now: { 0 }).score(plan)
        #expect(published.fits)
        let first = try #require(plan.stages.first)
        let shape = try #require(
          PlanShape.all(workload: workload, space: space).first {
            $0.microBatches == plan.gradientAccumulation && $0.stages == plan.stages.count
              && $0.tensorParallel == first.tensorParallel
          })
        var worker = ShapeWorker(workload: workload, space: space)
        let solver = ShapeSolver(shape: shape, model: StageModel(workload: workload), space: space)
        let found = worker.solve(
          solver, grid: worker.grid(solver, quick: false), upperBound: published.closedFormSeconds * (1 + 1e-9),
          cancel: CancelToken())
        let seconds = try #require(found.plan?.score.closedFormSeconds, "\(item.name) on \(runtime)")
        #expect(seconds <= published.closedFormSeconds * (1 + 1e-9), "\(item.name) on \(runtime)")
      }
    }
  }

  @Test("the whole search of megatron-lm finds each of its published plans or a faster one")
  func megatron() throws {
    let space = try #require(SearchSpace.named("megatron-lm"))
    for item in try cases(every: 8) {
      for (runtime, plan) in item.plans where runtime == "megatron-lm-2023" {
        let session = TuningSession(workload: try question(item, runtime, plan), now: { 0 })
        let published = try session.score(plan).closedFormSeconds
        let result = session.tune(TuneRequest(space: space, alternatives: 0))
        #expect(result.status == .optimal)
        #expect(try #require(result.best).score.closedFormSeconds <= published * (1 + 1e-9), "\(item.name)")
      }
    }
  }

  @Test("mist is not slower than any baseline on its own runtime, nor than a space that it contains on one runtime")
  func ordering() throws {
    var workload = try WorkloadSource.load("gpt-1.3b-2xl4")
    workload.limits.headroomBytes = 0
    if !Self.isSlow { workload.model.layers = 8 }
    func best(_ space: SearchSpace, on runtime: String) throws -> Double {
      workload.run.runtime = runtime
      let result = TuningSession(workload: workload, now: { 0 }).tune(TuneRequest(space: space, alternatives: 0))
      return try #require(result.best).score.closedFormSeconds
    }
    let mist = try best(.mist, on: "mist")
    for space in SearchSpace.all where !["mist", "everything"].contains(space.name) {
      #expect(try best(space, on: space.runtime) >= mist, "\(space.name)")
    }
    let times = try SearchSpace.all.filter { $0.name != "everything" }.map { ($0, try best($0, on: "mist")) }
    for (outer, own) in times {
      for (inner, other) in times where outer.contains(inner) {
        #expect(own <= other * (1 + 1e-9), "\(outer.name) contains \(inner.name)")
      }
    }
  }
}
