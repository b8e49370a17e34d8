import Testing

@testable import Engine

/// What a runtime changes of a plan's time and memory (docs/model.md, section 4).
@Suite struct RuntimeProfileTests {
  private static let gpus = 4

  /// GPT of 8 layers on 4 GPUs of one machine.
  private func workload(_ runtime: String) -> Workload {
    Workload(
      name: "test", model: TestMachines.gpt(hidden: 1024, layers: 8, heads: 8),
      cluster: TestMachines.cluster(nodes: 1, gpusPerNode: Self.gpus),
      run: TrainingRun(sequenceLength: 1024, globalBatch: 16, attention: .flash, runtime: runtime))
  }

  private func plan(zero: Int) -> Plan {
    Plan(
      gradientAccumulation: 4,
      stages: [
        StageChoice(
          layers: 8, nodes: 1, gpusPerNode: Self.gpus, microBatch: 1, dataParallel: Self.gpus, tensorParallel: 1,
          zero: zero, checkpointedLayers: 0)
      ])
  }

  private func score(_ runtime: String, zero: Int) throws -> PlanScore {
    try TuningSession(workload: workload(runtime), now: { 0 }).score(plan(zero: zero))
  }

  @Test("names are unique, and every shipped runtime is found by its own")
  func names() {
    #expect(Set(RuntimeProfile.all.map(\.name)).count == RuntimeProfile.all.count)
    for runtime in RuntimeProfile.all { #expect(RuntimeProfile.named(runtime.name) == runtime) }
    #expect(WorkloadSource.runtimes == RuntimeProfile.all.map(\.name))
  }

  @Test("a reduction after the last backward takes its whole time: 2.1 x 3/4 of the fp32 gradients over the link")
  func exposedReduction() throws {
    let stage = try #require(try score("megatron-lm", zero: 0).stages.first)
    let model = workload("megatron-lm").model
    let parameters = model.parameterCount(sequenceLength: 1024)
    let link = 4.1635 * 1_073_741_824
    let reduction = 2.1 * 0.75 * 4 * parameters / link
    let step = 54 * parameters / (300e9 * 0.8)
    #expect(abs(stage.deltaSeconds / (reduction + step) - 1) < 1e-9)
    // The first forward carries nothing.
    #expect(stage.forwardFirst == stage.forward)
    #expect(abs(stage.backwardLast.collective / reduction - 1) < 1e-9)
    #expect(abs((stage.backwardLast.compute - stage.backward.compute) / step - 1) < 1e-9)
  }

  @Test("ZeRO 1 steps over shards, reduces to them and gathers 16-bit weights, one after the other")
  func distributedOptimizer() throws {
    let stage = try #require(try score("megatron-lm", zero: 1).stages.first)
    let parameters = workload("megatron-lm").model.parameterCount(sequenceLength: 1024)
    let perByte = 0.75 / (4.1635 * 1_073_741_824)
    let expected = parameters * ((1.1 * 4 + 2) * perByte + 54 / (300e9 * 0.8) / 4)
    #expect(abs(stage.deltaSeconds / expected - 1) < 1e-9)
  }

  @Test("overlapping runtimes are no slower than the same plan with its end exposed")
  func overlap() throws {
    let overlapped = try score("mist", zero: 1).iterationSeconds
    #expect(overlapped < (try score("megatron-deepspeed", zero: 1).iterationSeconds))
  }

  @Test("kept states: 18 B a parameter in Megatron-LM, 16 B elsewhere, all of it sharded by FSDP")
  func memory() throws {
    let parameters = workload("mist").model.parameterCount(sequenceLength: 1024)
    func states(_ runtime: String, zero: Int) throws -> Double {
      let memory = try #require(try score(runtime, zero: zero).stages.first?.memory)
      return (memory.weights + memory.gradients + memory.optimizer) / parameters
    }
    #expect(abs(try states("mist", zero: 0) - 16) < 1e-9)
    #expect(abs(try states("megatron-deepspeed", zero: 0) - 16) < 1e-9)
    #expect(abs(try states("megatron-lm", zero: 0) - 18) < 1e-9)
    #expect(abs(try states("megatron-lm", zero: 1) - (6 + 3)) < 1e-9)
    #expect(abs(try states("fsdp", zero: 3) - 4) < 1e-9)
  }

  @Test("a plan that the runtime cannot run is refused, and the search offers none")
  func limits() throws {
    #expect(throws: PlanError.self) { try score("megatron-lm", zero: 2) }
    #expect(throws: PlanError.self) { try score("fsdp", zero: 0) }
    var offloading = plan(zero: 3)
    offloading.stages[0].offload.optimizer = 4
    let session = TuningSession(workload: workload("fsdp"), now: { 0 })
    #expect(throws: PlanError.self) { try session.score(offloading) }
    for runtime in RuntimeProfile.all {
      let grid = StrategyGrid(space: .mist, runtime: runtime, dataParallel: 2)
      #expect(!grid.strategies.isEmpty)
      #expect(grid.strategies.allSatisfy { runtime.zeroLevels.contains($0.zero) })
      #expect(runtime.offloads || grid.strategies.allSatisfy { $0.offload == Offload() })
      #expect(StrategyGrid(space: .mist, runtime: runtime, dataParallel: 1).strategies.allSatisfy { $0.zero <= 1 })
    }
  }

  @Test(
    "a search on another runtime finds a plan whose score is its own prediction", arguments: ["fsdp", "megatron-lm"])
  func search(runtime: String) throws {
    let session = TuningSession(workload: workload(runtime), now: { 0 })
    let best = try #require(session.tune(TuneRequest(space: .mist)).best)
    #expect(best.score == (try session.score(best.plan)))
    #expect(best.score.iterationSeconds.isFinite)
  }
}
