import Testing

@testable import Engine

/// Passes layer by layer: hand-computed slots, and invariants over runtimes and kinds of plan.
@Suite struct PassLayersTests {
  private func close(_ a: Double, _ b: Double, _ scale: Double = 0) -> Bool {
    abs(a - b) <= 1e-9 * max(abs(a), abs(b), scale)
  }

  @Test("a channel that shares the machine ends when the slow-downs say, and the last one when all do")
  func ends() throws {
    var published = [Double](repeating: 1, count: 28)
    published[16] = 1.5  // pair (C, N): compute
    published[17] = 2  // pair (C, N): collective
    let interference = try #require(Interference(published: published))
    let ends = interference.ends([3, 1, 0, 0])
    // The collective takes 2 s; compute has then done 2/1.5 of its 3 s.
    #expect(close(ends[1], 2))
    #expect(close(ends[0], 2 + 3 - 2 / 1.5))
    #expect(ends[2] == 0 && ends[3] == 0)
  }

  @Test("pieces between two moments are cut there and start from the first")
  func cut() {
    let pass = PassLayers(
      seconds: 4,
      pieces: [
        LayerPiece(channel: .compute, work: .forward, part: .layer(1), start: 2, end: 4),
        LayerPiece(channel: .compute, work: .forward, part: .layer(0), start: 0, end: 2),
        LayerPiece(channel: .compute, work: .forward, part: .layer(2), start: 4, end: 4),
      ])
    #expect(pass.pieces(.compute).map(\.part) == [.layer(0), .layer(1)])
    let found = pass.pieces(.compute, from: 1, to: 3)
    #expect(found.map(\.start) == [0, 1] && found.map(\.end) == [1, 2])
    #expect(pass.pieces(.collective, from: 0, to: 4).isEmpty)
  }

  @Test("two kept layers with offloaded activations: what is hidden and what is not, by hand")
  func byHand() throws {
    let graph = ExpressionGraph()
    func number(_ value: Double) -> Expression { graph.constant(value) }
    let zero = number(0)
    var layer = PassOperators(forward: number(4), backward: number(8), tensorForward: number(1), tensorBackward: zero)
    layer.recomputedBackward = number(12)
    let none = ChannelRow(collective: zero, hostToDevice: zero, deviceToHost: zero)
    let nothing = BackwardRow(gather: zero, reduce: zero, hostToDevice: zero, deviceToHost: zero)
    let row = ChannelRow(collective: number(5), hostToDevice: zero, deviceToHost: number(2))
    let back = BackwardRow(gather: number(3), reduce: zero, hostToDevice: number(2), deviceToHost: zero)
    let empty = PartRows(forwardFirst: none, forward: none, backward: nothing, backwardLast: nothing)
    let rows = PartRows(forwardFirst: row, forward: row, backward: back, backwardLast: back)
    let trace = SlotTrace(
      interference: .none, layer: layer, rows: Checkpointed(plain: rows, checkpointed: rows), embedding: empty,
      head: empty, step: .init(layer: zero, embedding: zero, head: zero))
    let passes = PassOperators(forward: zero, backward: zero, tensorForward: zero, tensorBackward: zero)
    let operators = ModelOperators(
      layer: layer, embedding: passes, head: passes, layerWeightGradient: zero, headWeightGradient: zero,
      layerStep: zero, embeddingStep: zero, headStep: zero)
    let position = StagePosition(layers: 2, isFirst: false, isLast: false, inFlight: 0)
    let formula = StageFormula(
      position: position, constants: StageConstants(values: [Double](repeating: 0, count: 20)), tied: false)
    func pass(_ slots: PassSlots<[SlotPart]>, forward: Bool, checkpointed: Int) -> PassLayers {
      PassLayersTrace(
        formula: formula, checkpointed: checkpointed, interference: .none, overlapsCollectives: true, values: [:]
      ).pass(slots, operators, isForward: forward, after: nil, endLayers: 2, end: (false, false))
    }
    // Forward: fetch 5; layer 1 of 4 beside a gather of 5; tp 1; layer 2 of 4 beside a write of 2; tp 1; write 2.
    let forward = pass(trace.parts().forward, forward: true, checkpointed: 0)
    #expect(forward.seconds == 18)
    #expect(forward.pieces(.compute).map(\.start) == [5, 11])
    let collective = forward.pieces(.collective)
    #expect(collective.map(\.start) == [0, 5, 9, 10, 15])
    #expect(collective.map(\.end) == [5, 9, 10, 11, 16])
    #expect(collective.map(\.isExposed) == [true, false, true, true, true])
    #expect(collective.map(\.work) == [.gather, .gather, .gather, .tensorParallel, .tensorParallel])
    #expect(forward.pieces(.deviceToHost).map(\.start) == [11, 16])
    #expect(forward.pieces(.deviceToHost).map(\.isExposed) == [false, true])
    // Backward from layer 2: fetch 3; 12 with 4 of them repeated, beside 3 and 2; the repeated tp 1; layer 1 of 8.
    let backward = pass(trace.parts().backward, forward: false, checkpointed: 1)
    #expect(backward.seconds == 24)
    #expect(backward.pieces(.compute).map(\.work) == [.recomputation, .backward, .backward])
    #expect(backward.pieces(.compute).map(\.end) == [7, 15, 24])
    #expect(backward.pieces(.compute).map(\.part) == [.layer(1), .layer(1), .layer(0)])
  }

  /// Plans of several kinds on a sample.
  private func plans(_ workload: Workload, _ runtime: RuntimeProfile) -> [Plan] {
    let gpus = workload.cluster.gpuCount
    let layers = workload.model.layers
    let batch = workload.run.globalBatch
    let zero = runtime.zeroLevels.last ?? 0
    let half = gpus / 2
    func plans(_ offload: Offload) -> [Plan] {
      func stage(_ layers: Int, _ gpus: Int, _ checkpointed: Int, _ samples: Int, zero: Int) -> StageChoice {
        StageChoice(
          layers: layers, nodes: 1, gpusPerNode: gpus, microBatch: samples, dataParallel: gpus, tensorParallel: 1,
          zero: zero, checkpointedLayers: checkpointed, offload: offload)
      }
      return [
        Plan(gradientAccumulation: batch / gpus, stages: [stage(layers, gpus, 3, 1, zero: zero)]),
        Plan(gradientAccumulation: batch / gpus, stages: [stage(layers, gpus, layers, 1, zero: 0)]),
        Plan(gradientAccumulation: 1, stages: [stage(layers, gpus, 0, batch / gpus, zero: zero)]),
        Plan(
          gradientAccumulation: batch / half,
          stages: [stage(layers - 1, half, 2, 1, zero: min(1, zero)), stage(1, half, 1, 1, zero: min(1, zero))]),
      ]
    }
    let all = Offload(weights: 2, gradients: 4, optimizer: 8, activations: 3)
    return plans(.none) + (runtime.offloads ? plans(all) : []) + plans(Offload(optimizer: 8))
  }

  @Test(
    "layers end when the score says, nothing overlaps in a lane, and bubbles and busy time fill the iteration",
    arguments: ["mist", "megatron-lm", "fsdp", "deepspeed"])
  func invariants(runtime: String) throws {
    var seen = 0
    for name in ["gpt-1.3b-2xl4", "llama-7b-8xl4"] {
      var workload = try WorkloadSource.load(name)
      workload.run.runtime = runtime
      workload.limits.headroomBytes = 0
      let session = TuningSession(workload: workload, now: { 0 })
      for plan in plans(workload, RuntimeProfile.of(workload.run)) {
        guard let score = try? session.score(plan) else { continue }
        seen += 1
        let timeline = try session.timeline(plan)
        for (stage, layers) in zip(score.stages, timeline.layers) {
          let layers = try #require(layers.first)
          check(layers.forwardFirst, stage.forwardFirst)
          check(layers.forward, stage.forward)
          check(layers.backward, stage.backward)
          check(layers.backwardLast, stage.backwardLast)
          if plan.gradientAccumulation > 1 {
            let both = layers.forward.seconds + layers.backward.seconds + 2 * stage.pointToPointSeconds
            #expect(close(both, stage.stableSeconds))
          }
        }
        try check(timeline)
      }
    }
    #expect(seen >= 3)
  }

  private func check(_ pass: PassLayers, _ times: PassTimes) {
    #expect(close(pass.seconds, times.elapsed))
    for channel in Channel.allCases {
      let pieces = pass.pieces(channel)
      for (piece, next) in zip(pieces, pieces.dropFirst()) {
        #expect(piece.end <= next.start + 1e-9 * pass.seconds)
      }
      #expect(pieces.allSatisfy { $0.start >= 0 && $0.end <= pass.seconds * (1 + 1e-9) })
    }
    // Kernels are slowed down at most, and each moment has work on some channel.
    let kernels = pass.pieces(.compute).reduce(0) { $0 + $1.seconds }
    #expect(kernels >= times.compute * (1 - 1e-9))
    let tensor = pass.pieces(.collective).reduce(0) { $0 + ($1.work == .tensorParallel ? $1.seconds : 0) }
    #expect(close(tensor, times.tensorParallel, pass.seconds))
    let exposed = Channel.allCases.dropFirst().flatMap { pass.pieces($0).filter(\.isExposed) }
      .sorted { $0.start < $1.start }
    var (until, union) = (0.0, 0.0)
    for piece in exposed where piece.end > until {
      union += piece.end - max(until, piece.start)
      until = piece.end
    }
    #expect(close(kernels + union, pass.seconds))
  }

  private func check(_ timeline: Timeline) throws {
    let shares = try #require(timeline.shares)
    let sum =
      shares.bubble + shares.kernels + shares.exposedCollectives + shares.exposedCopies + shares.pointToPoint
    #expect(close(sum, 1))
    #expect(shares.recomputation <= shares.kernels)
    for stage in timeline.passes.indices {
      let lanes = try #require(StageLanes(timeline, stage: stage))
      for channel in Channel.allCases {
        let pieces = lanes.pieces(channel, from: 0, to: timeline.makespan)
        for (a, b) in zip(pieces, pieces.dropFirst()) {
          #expect(a.piece.end <= b.piece.start + 1e-9 * timeline.makespan)
        }
        let whole = pieces.reduce(0) { $0 + $1.piece.seconds }
        let middle = timeline.makespan / 3
        let parts = [(0, middle), (middle, timeline.makespan)].reduce(0) { sum, part in
          sum + lanes.pieces(channel, from: part.0, to: part.1).reduce(0) { $0 + $1.piece.seconds }
        }
        #expect(close(whole, parts, timeline.makespan))
      }
    }
  }
}
