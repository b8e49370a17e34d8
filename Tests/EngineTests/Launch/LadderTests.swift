import Testing

@testable import Engine

/// From what is run today to the launcher's optimum.
@Suite struct LadderTests {
  /// Stages alike of a Megatron-LM run.
  private static func plan(
    stages: Int, layers: Int, gpus: Int, microBatch: Int, dataParallel: Int, tensorParallel: Int, rounds: Int,
    zero: Int = 0, checkpointed: Int = 0
  ) -> Plan {
    let stage = StageChoice(
      layers: layers / stages, nodes: max(1, gpus / 8), gpusPerNode: min(gpus, 8), microBatch: microBatch,
      dataParallel: dataParallel, tensorParallel: tensorParallel, zero: zero, checkpointedLayers: checkpointed)
    return Plan(gradientAccumulation: rounds, stages: Array(repeating: stage, count: stages))
  }

  private static func workload(_ sample: String, runtime: String) throws -> Workload {
    try WorkloadSource.load(sample, set: ["run.runtime=\(runtime)"])
  }

  private static func climb(_ workload: Workload, _ launcher: Launcher, _ plan: Plan) throws -> LaunchLadder {
    try LadderSearch(workload: workload, launcher: launcher) { 0 }.ladder(from: plan)
  }

  /// Checks what holds of every ladder, and gives its last plan.
  private static func check(_ ladder: LaunchLadder, _ workload: Workload, _ launcher: Launcher) throws -> ScoredPlan {
    #expect(ladder.isComplete)
    #expect(ladder.rungs.count <= LadderSearch.mostRungs)
    var below = ladder.start
    var runtime = ladder.startRuntime
    for rung in ladder.rungs {
      var own = workload
      own.run.runtime = rung.runtime
      let score = try TuningSession(workload: own) { 0 }.score(rung.scored.plan)
      #expect(score == rung.scored.score, "each rung is scored anew")
      #expect(rung.changes == PlanChange.all(from: below.plan, to: rung.scored.plan))
      #expect(rung.changes.isEmpty == (rung.title == LaunchLadder.runtimeTitle))
      #expect((rung.options == nil) == (rung.runtime == runtime))
      runtime = rung.runtime
      #expect(rung.scored.score.fits)
      #expect(rung.gainSeconds == below.score.iterationSeconds - rung.scored.score.iterationSeconds)
      if below.score.fits {
        #expect(rung.scored.score.closedFormSeconds < below.score.closedFormSeconds)
      }
      let steps = LadderStep.allCases.filter {
        rung.title.split(separator: " and ").map(String.init).contains($0.rawValue)
      }
      if !steps.isEmpty {
        let free = steps.reduce(into: Set<PlanKnob>()) { $0.formUnion($1.knobs) }
        #expect(PlanPins.holding(below.plan, except: free).broken(by: rung.scored.plan).isEmpty)
      }
      below = rung.scored
    }
    var own = workload
    own.run.runtime = runtime
    let best = TuningSession(workload: own) { 0 }.tune(TuneRequest(space: launcher.space, alternatives: 0)).best
    let optimum = try #require(best).score.closedFormSeconds
    #expect(abs(below.score.closedFormSeconds / optimum - 1) < 1e-9, "the last rung is what tune finds")
    return below
  }

  @Test(
    "from tensor parallelism of 8 without overlap the ladder climbs to Megatron-LM's optimum, the largest gain first")
  func megatron() throws {
    let workload = try Self.workload("gpt-7b-8xl4", runtime: "megatron-core-exposed")
    let plan = Self.plan(
      stages: 1, layers: 32, gpus: 8, microBatch: 1, dataParallel: 1, tensorParallel: 8, rounds: 128, checkpointed: 32)
    let ladder = try Self.climb(workload, .megatronLM, plan)
    let last = try Self.check(ladder, workload, .megatronLM)
    #expect(ladder.startRuntime == "megatron-core-exposed")
    #expect(ladder.rungs.count >= 2)
    #expect(last.score.iterationSeconds < 0.8 * ladder.start.score.iterationSeconds)
  }

  @Test("a plan that does not fit is brought to fit first")
  func over() throws {
    let workload = try Self.workload("gpt-7b-8xl4", runtime: "megatron-core")
    let plan = Self.plan(
      stages: 2, layers: 32, gpus: 4, microBatch: 1, dataParallel: 4, tensorParallel: 1, rounds: 32)
    let ladder = try Self.climb(workload, .megatronLM, plan)
    #expect(!ladder.start.score.fits)
    _ = try Self.check(ladder, workload, .megatronLM)
    #expect(ladder.rungs.first?.scored.score.fits == true)
  }

  @Test(
    "sharding of DeepSpeed, and of FSDP, and torchtitan's compiler are rungs like others",
    arguments: [
      (Launcher.deepspeed, "deepspeed"), (.accelerate, "fsdp"), (.torchtitan, "torchtitan"),
    ])
  func others(launcher: Launcher, runtime: String) throws {
    let workload = try Self.workload("llama-7b-8xl4", runtime: runtime)
    let plan = Self.plan(
      stages: 1, layers: 32, gpus: 8, microBatch: 1, dataParallel: 8, tensorParallel: 1, rounds: 16, zero: 3,
      checkpointed: 32)
    let ladder = try Self.climb(workload, launcher, plan)
    _ = try Self.check(ladder, workload, launcher)
  }

  @Test("from the optimum there is nothing to climb, and a cancelled search says that it is not complete")
  func ends() throws {
    let workload = try Self.workload("gpt-1.3b-2xl4", runtime: "megatron-core")
    let request = TuneRequest(space: Launcher.megatronLM.space, alternatives: 0)
    let best = try #require(TuningSession(workload: workload) { 0 }.tune(request).best)
    #expect(try Self.climb(workload, .megatronLM, best.plan).rungs.isEmpty)
    let token = CancelToken()
    token.cancel()
    let ended = try LadderSearch(workload: workload, launcher: .megatronLM, cancel: token) { 0 }.ladder(from: best.plan)
    #expect(!ended.isComplete)
  }
}
