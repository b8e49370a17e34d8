import Testing

@testable import Engine

/// The activation bytes of Korthikanti et al. 2022, table 2, in units of s*b*h bytes a layer.
///
/// Their models have dropout: masks of 2 s*b*h outside the core, and of 3 a*s^2*b/t inside it, which stand here as the
/// test's own term. Norm statistics, 16 B a token, they leave out.
@Suite struct KorthikantiTests {
  private static let gib = 1_073_741_824.0

  /// A run of their figure 1: width, layers, heads, stages, chunks of the interleaved schedule, micro-batch, and GiB of
  /// activations on the first stage without recomputation, and with sequence parallelism and selective recomputation.
  struct Row: CustomTestStringConvertible {
    let name: String
    let shape: (hidden: Int, layers: Double, heads: Int)
    let pipeline: (stages: Double, chunks: Double)
    let microBatch: Int
    let gibibytes: (plain: Double, selective: Double)

    var testDescription: String { name }
  }

  static let rows = [
    Row(name: "22B", shape: (6144, 48, 64), pipeline: (1, 1), microBatch: 4, gibibytes: (59.25, 9.5625)),
    Row(name: "175B", shape: (12288, 96, 96), pipeline: (8, 3), microBatch: 1, gibibytes: (66.84375, 12.3515625)),
    Row(
      name: "530B", shape: (20480, 105, 128), pipeline: (35, 3), microBatch: 1, gibibytes: (114.0234375, 23.076171875)),
    Row(name: "1T", shape: (25600, 128, 160), pipeline: (64, 1), microBatch: 1, gibibytes: (131.25, 26.5625)),
  ]

  @Test("bytes of a layer are theirs: without and with sequence parallelism, none, selective and full", arguments: rows)
  func table(row: Row) {
    let (h, a, s, b, t) = (Double(row.shape.hidden), Double(row.shape.heads), 2048.0, Double(row.microBatch), 8.0)
    let unit = s * b * h
    let statistics = 16 * s * b
    let scores = a * s * s * b / t
    func saved(_ sequenceParallel: Bool, _ kind: RecomputeKind) -> (kept: Double, recomputed: Double) {
      var test = ParallelCase(
        hidden: row.shape.hidden, heads: row.shape.heads, gpusPerNode: 8, sequence: 2048, attention: .unfused)
      test.workload.model.positions = .none
      let trace = test.trace(
        StageSetting(
          microBatch: row.microBatch, tensorParallel: 8, dataParallel: 1, microBatches: 1, nodes: 1, gpusPerNode: 8,
          sequenceParallel: sequenceParallel, recompute: kind))
      return (trace(trace.activations.savedPlain), trace(trace.activations.savedCheckpointed))
    }
    let (plain, split) = (saved(false, .full), saved(true, .full))
    #expect(plain.kept + 2 * unit + 3 * scores == unit * (10 + 24 / t + 5 * a * s / (h * t)) + statistics)
    let theirs = unit / t * (34 + 5 * a * s / h) + statistics / t
    #expect(abs((split.kept + 2 * unit / t + 3 * scores) / theirs - 1) < 1e-12)
    #expect(plain.recomputed == 2 * unit)
    #expect(split.recomputed == 2 * unit / t)
    #expect(saved(false, .selective).recomputed + 2 * unit == unit * (10 + 24 / t) + statistics)
    let selective = saved(true, .selective).recomputed + 2 * unit / t
    #expect(selective == unit * 34 / t + statistics / t)
    // The first stage holds the activations of p micro-batches, with interleaving (p - 1)/(p*v) more.
    let (stages, chunks) = row.pipeline
    let layers = row.shape.layers * (1 + (chunks > 1 ? (stages - 1) / (stages * chunks) : 0)) / Self.gib
    #expect(abs((plain.kept + 2 * unit + 3 * scores) * layers / row.gibibytes.plain - 1) < 1e-3)
    #expect(abs(selective * layers / row.gibibytes.selective - 1) < 1e-3)
  }
}
