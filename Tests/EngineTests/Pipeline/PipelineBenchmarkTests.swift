import Testing

@testable import Engine

@Suite struct PipelineBenchmarkTests {
  @Test("the benchmark times every size with the clock that it is given")
  func timings() throws {
    var ticks = 0.0
    let sizes = PipelineBenchmark.sizes.filter { $0.layers <= 48 }
    let timings = PipelineBenchmark.run(sizes: sizes, repeats: 3, certifyLimitSeconds: 5) {
      ticks += 1
      return ticks
    }
    #expect(timings.map(\.size) == sizes)
    #expect(timings.allSatisfy { $0.medianSeconds == 1 && $0.longestSeconds == 1 && $0.certifySeconds == 1 })
    #expect(timings.allSatisfy { (1...30).contains($0.programmes) && ($0.certifyGap ?? 1) < 1e-6 })
  }

  @Test("the benchmark of unlike meshes times solve, cut and certificate with the clock that it is given")
  func meshes() {
    var ticks = 0.0
    let sizes = MeshBenchmark.sizes.filter { $0.shape.devices <= 32 }
    let timings = MeshBenchmark.run(sizes: sizes, certifyLimitSeconds: 5) {
      ticks += 1
      return ticks
    }
    #expect(timings.map(\.size) == sizes && sizes.count == 2)
    for timing in timings {
      #expect([timing.coldSeconds, timing.warmSeconds, timing.cutSeconds, timing.certifySeconds] == [1, 1, 1, 1])
      #expect(timing.stages > 1 && timing.survivors >= timing.stages && (timing.certifyGap ?? 1) < 1e-6)
    }
  }

  @Test("a made-up problem is the same every time, and another one for another seed")
  func reproducible() {
    let one = SyntheticPipelines.frontier(layers: 8, stages: 2, microBatches: 4, points: 3, seed: 1)
    let again = SyntheticPipelines.frontier(layers: 8, stages: 2, microBatches: 4, points: 3, seed: 1)
    let other = SyntheticPipelines.frontier(layers: 8, stages: 2, microBatches: 4, points: 3, seed: 2)
    #expect(one.options == again.options && one.options != other.options)
    // SplitMix64 of seed 0, from the authors' reference code.
    var sequence = SyntheticPipelines.Sequence(seed: 0)
    #expect(sequence.next() == 0xE220_A839_7B1D_CDAF)
  }
}
