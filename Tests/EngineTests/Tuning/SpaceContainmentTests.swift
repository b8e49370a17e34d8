import Testing

@testable import Engine

/// Which space holds which, from the data.
@Suite struct SpaceContainmentTests {
  /// Plans of 4 GPUs on a node and 6 layers, with every value of every knob somewhere.
  private func randomPlan(_ next: () -> Int) -> Plan {
    func pick<Value>(_ values: [Value]) -> Value { values[next() % values.count] }
    let stages = pick([1, 2, 3])
    let counts = stages == 1 ? [[6]] : stages == 2 ? [[3, 3], [4, 2]] : [[2, 2, 2], [1, 4, 1], [1, 2, 3]]
    let layers = pick(counts)
    let alike = next() % 2 == 0
    func state() -> (zero: Int, offload: Offload) {
      let some = next() % 2 == 0
      let values = [0, 0, 1, 2, 8]
      let offload = Offload(
        weights: pick(values), gradients: pick(values), optimizer: pick(values), activations: pick(values))
      return (pick([0, 1, 2, 3]), some ? offload : .none)
    }
    let common = state()
    let (count, all) = (pick([0, 1, 2, 6, 6]), next() % 3)
    let tensor = pick([1, 1, 2])
    let kind = pick(RecomputeKind.allCases)
    let choices = layers.map { count0 in
      let own = alike ? common : state()
      let sliced = next() % 8 == 0 ? 2 : tensor
      return StageChoice(
        layers: count0, nodes: 1, gpusPerNode: next() % 8 == 0 ? 2 : 1, microBatch: pick([1, 1, 1, 3]),
        dataParallel: 1, tensorParallel: sliced, zero: own.zero,
        checkpointedLayers: all == 0 ? count0 : all == 1 ? min(count, count0) : next() % (count0 + 1),
        recompute: next() % 8 == 0 ? .full : kind, offload: own.offload)
    }
    return Plan(
      gradientAccumulation: 4, stages: choices, sequenceParallel: next() % 2 == 0,
      contextParallel: pick([1, 1, 1, 2]), interleave: pick([1, 1, 1, 2]))
  }

  private func plans(_ count: Int) -> [Plan] {
    var state: UInt64 = 0x1234_5678_9ABC_DEF1
    return (0..<count).map { _ in
      randomPlan {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state >> 33)
      }
    }
  }

  @Test(
    "a contained space has no plan that its container lacks, on 30,000 random plans; every other pair has a witness")
  func witnesses() throws {
    let spaces = try Catalogue.spaces
    let members = plans(30_000).map { plan in spaces.map { SpaceMembership(space: $0, layers: 6).holds(plan) } }
    for (outer, container) in spaces.enumerated() {
      for (inner, space) in spaces.enumerated() {
        let isBroken = members.contains { $0[inner] && !$0[outer] }
        #expect(container.contains(space) == !isBroken, "\(container.name) contains \(space.name)")
      }
    }
    for (index, space) in spaces.enumerated() {
      #expect(members.contains { $0[index] }, "no plan at all in \(space.name)")
    }
  }

  @Test("containment is an order: a space contains itself, and what its parts contain")
  func order() throws {
    let spaces = try Catalogue.spaces
    for a in spaces {
      #expect(a.contains(a))
      for b in spaces where a.contains(b) {
        for c in spaces where b.contains(c) { #expect(a.contains(c), "\(a.name), \(b.name), \(c.name)") }
      }
    }
  }

  @Test("everything contains all; mist the published grid; deepspeed megatron-lm")
  func known() throws {
    let everything = try #require(SearchSpace.named("everything"))
    #expect(everything.contained(among: SearchSpace.all).count == SearchSpace.all.count - 1)
    #expect(SearchSpace.mist.contains(.mistPaper))
    #expect(!SearchSpace.mistPaper.contains(.mist))
    let megatron = try #require(SearchSpace.named("megatron-lm"))
    #expect(try #require(SearchSpace.named("deepspeed")).contains(megatron))
    // Selective recomputation is not in Mist's own space.
    #expect(!SearchSpace.mist.contains(megatron))
    let baseline = try #require(Ablation().steps.first)
    #expect(SearchSpace.mist.contains(baseline.space))
  }

  @Test("each step of an ablation contains the one before, and the last is the goal")
  func ablation() throws {
    let steps = Ablation().steps
    for (before, after) in zip(steps, steps.dropFirst()) {
      #expect(after.space.contains(before.space))
      #expect(!before.space.contains(after.space), "\(after.knob)")
    }
    let last = try #require(steps.last)
    #expect(last.space.contains(.mist) && SearchSpace.mist.contains(last.space))
    #expect(
      steps.map(\.knob) == [
        "megatron-lm", "ZeRO 2 and 3", "any checkpointed layers", "layers and ZeRO of each stage", "optimizer offload",
        "activation offload", "gradient offload", "weight offload",
      ])
  }
}
