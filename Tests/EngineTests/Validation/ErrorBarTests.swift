import Foundation
import Testing

@testable import Engine

/// Error bars from measured runs, and how surely a plan fits.
@Suite struct ErrorBarTests {
  private func features(_ change: (inout RunFeatures) -> Void = { _ in }) -> RunFeatures {
    var features = RunFeatures(
      gpu: "l4", runtime: "mist", attention: .flash, gpus: 8, parameters: 7e9, sequence: 2048, microBatch: 2,
      microBatches: 16, tensorParallel: 1, stages: 2, recomputed: 0.5, offloads: false)
    change(&features)
    return features
  }

  private func record(
    _ id: String, source: String = "a", time: Double? = 1, memory: [Double] = [],
    _ change: (inout RunFeatures) -> Void = { _ in }
  ) -> RunRecord {
    RunRecord(
      id: id, source: source, features: features(change), timeRatio: time,
      memory: memory.map { .init(kind: .reserved, ratio: $0) })
  }

  @Test("distance counts doublings, is the same both ways and nothing to itself")
  func distance() {
    let base = features()
    #expect(base.distance(to: base) == 0)
    // Twice the sequence: one for itself, a half for the micro-batch's tokens.
    #expect(base.distance(to: features { $0.sequence = 4096 }) == 1.5)
    #expect(base.distance(to: features { $0.gpus = 32 }) == 1)
    #expect(base.distance(to: features { $0.tensorParallel = 4 }) == 2)
    #expect(base.distance(to: features { $0.parameters = 28e9 }) == 1)
    #expect(base.distance(to: features { $0.attention = .unfused }) == 2)
    let other = features {
      $0.gpus = 64
      $0.runtime = "mist-2"
      $0.gpu = "h100"
    }
    #expect(base.distance(to: other) == other.distance(to: base))
    #expect(base.distance(to: other) == 1.5 + 1 + 2)
    #expect(base.sharesRuntime(with: other))
    let deepspeed = features { $0.runtime = "megatron-deepspeed" }
    let megatron = features { $0.runtime = "megatron-lm" }
    // One is made of the other; two that are made of the same are not the same.
    #expect(megatron.sharesRuntime(with: deepspeed) && deepspeed.sharesRuntime(with: megatron))
    #expect(!features { $0.runtime = "aceso" }.sharesRuntime(with: deepspeed))
    #expect(!features { $0.runtime = "mist" }.sharesRuntime(with: megatron))
    #expect(features { $0.runtime = "megatron-lm-fp16" }.sharesRuntime(with: megatron))
    #expect(features { $0.gpu = "h100" }.sharesChip(with: features { $0.gpu = "h100-96" }))
    #expect(!features { $0.gpu = "h100" }.sharesChip(with: features { $0.gpu = "h200" }))
    #expect(features { $0.runtime = "megatron-lm-2021" }.sharesRuntime(with: features { $0.runtime = "megatron-lm" }))
  }

  @Test("a bar of four equal runs is their mean and the deviation that the rule leaves, computed by hand")
  func byHand() throws {
    let records = RunRecords(records: (1...4).map { record("\($0)", source: "\($0)", time: 1.1) })
    let bar = try #require(records.timeBar(features()))
    // Variance: prior 0.1^2 as one run of four, none of their own; one and a quarter of it, and 0.05^2 between sources.
    let deviation = (0.01 / 4 * 1.25 + 0.0025 * 1.25).squareRoot()
    #expect(abs(bar.high - 1.1 * exp(1.645 * deviation)) < 1e-12)
    #expect(abs(bar.low - min(1, 1.1 * exp(-1.645 * deviation))) < 1e-12)
    #expect(bar.runs == 4)
    #expect(bar.sources == ["1", "2", "3", "4"])
  }

  @Test("sources that err apart widen every bar")
  func between() throws {
    func records(_ ratio: Double) -> RunRecords {
      let others = [("b", ratio), ("c", 1 + (ratio - 1) / 3)].flatMap { source, ratio in
        (0..<3).map { record("\(source)\($0)", source: source, time: ratio) { $0.gpu = "h100" } }
      }
      return RunRecords(records: (0..<6).map { record("a\($0)") } + others)
    }
    let apart = records(1.3).betweenSources { _ in false }
    // Means 0, ln 1.1, ln 1.3 have the median ln 1.1; of the distances to it, 0, ln 1.1 and ln 1.3 - ln 1.1, the
    // middle one is ln 1.1.
    #expect(abs(apart - 1.4826 * log(1.1)) < 1e-9)
    let (near, far) = (records(1).timeBar(features()), records(1.3).timeBar(features()))
    #expect(try #require(near).high < #require(far).high)
    #expect(RunRecords(records: [record("x")]).betweenSources { _ in false } == 0)
  }

  @Test("a bar holds the prediction, widens with fewer, farther and less alike runs")
  func widens() throws {
    func width(_ records: [RunRecord]) throws -> Double {
      let bar = try #require(RunRecords(records: records).timeBar(features()))
      #expect(bar.low <= 1 && bar.high >= 1)
      return log(bar.high / bar.low)
    }
    let alike = (0..<6).map { record("\($0)") }
    let one = try width([record("x")])
    #expect(try width(alike) < one)
    #expect(try width(alike) < width(alike.map { record($0.id) { $0.gpus = 512 } }))
    let unlike = (0..<6).map { record("\($0)", time: $0 % 2 == 0 ? 0.8 : 1.25) }
    #expect(try width(alike) < width(unlike))
    #expect(try width(alike.map { record($0.id, time: 1.5) }) > width(alike))
  }

  @Test("of one source at most half of the neighbours count, of other GPUs and runtimes none")
  func choice() throws {
    let many = (0..<20).map { record("a\($0)", source: "a", time: 1.2) }
    let far = (0..<3).map { record("b\($0)", source: "b", time: 1) { $0.gpus = 64 } }
    let bar = try #require(RunRecords(records: many + far).timeBar(features()))
    #expect(bar.runs == 9)
    #expect(bar.sources == ["a", "b"])
    #expect(RunRecords(records: many).timeBar(features { $0.gpu = "h100" }) == nil)
    #expect(RunRecords(records: many).timeBar(features { $0.runtime = "fsdp" }) == nil)
    #expect(RunRecords(records: many).timeBar(features()) { $0.source == "a" } == nil)
  }

  @Test("how surely a plan fits: by the upper end, with the headroom, without it, not at all")
  func fit() throws {
    let workload = try WorkloadSource.load("gpt-1.3b-2xl4")
    let stage = StageChoice(
      layers: 24, nodes: 1, gpusPerNode: 2, microBatch: 2, dataParallel: 2, tensorParallel: 1, zero: 1,
      checkpointedLayers: 24)
    let plan = Plan(gradientAccumulation: 8, stages: [stage])
    let records = RunRecords(records: (0..<4).map { record("\($0)", memory: [1, 1.02, 0.98]) })
    func fit(_ reserved: Double, host: Double = 1) -> PlanConfidence {
      var score = PlanScore()
      var stage = StageScore()
      stage.memory.reserved = reserved
      stage.memory.capacity = 24e9
      stage.memory.context = 1e9
      stage.memory.headroom = 0.5e9
      stage.memory.spare = 24e9 - 1e9 - 0.5e9 - reserved
      score.stages = [stage]
      score.hostBytesPerNode = host
      score.hostCapacityBytes = 2
      score.iterationSeconds = 10
      return PlanConfidence(workload: workload, plan: plan, score: score, records: records)
    }
    let high = try #require(fit(1e10).reservedBytes.high) / 1e10
    #expect(fit(23e9 / high * 0.999).fit == .sure)
    #expect(fit(23e9 / high * 1.001).fit == .likely)
    #expect(fit(22.5e9).fit == .likely)
    #expect(fit(22.6e9).fit == .tight)
    #expect(fit(23.1e9).fit == .no)
    #expect(fit(1e9, host: 3).fit == .no)
    #expect(fit(1e9).seconds.low ?? 0 < 10 && fit(1e9).seconds.high ?? 0 > 10)
    let none = PlanConfidence(workload: workload, plan: plan, score: PlanScore(), records: RunRecords(records: []))
    #expect(none.seconds.low == nil && none.seconds.from == "no measured runs on l4 with mist")
    #expect(none.reservedBytes.runs == 0 && none.reservedBytes.high ?? 0 > 0)
  }

  @Test("a record is the same after its line was read")
  func lines() throws {
    let records = try RunRecords(ValidationReport(.shipped(source: "mist-artifact-l4")))
    #expect(records.records.count == 7)
    let text = records.text
    let read = RunRecords(text: text)
    #expect(read.text == text)
    #expect(read.records.map(\.id) == records.records.map(\.id))
    #expect(read.records.first?.features == records.records.first?.features)
    #expect(read.records.first?.memory.count == 4)
  }

  @Test("the records that ship are what the engine predicts now (else: .ci/record)")
  func shipped() throws {
    let table = try MeasuredTable.shipped()
    let sample = MeasuredTable(rows: table.rows.enumerated().filter { $0.offset % 5 == 0 }.map(\.element))
    let now = try RunRecords(ValidationReport(sample))
    let wanted = Set(sample.rows.map(\.id))
    let recorded = RunRecords.shipped.records.filter { wanted.contains($0.id) }
    #expect(recorded.map(\.id) == now.records.map(\.id))
    #expect(RunRecords(records: recorded).text == now.text)
  }

  @Test("bars that are made without a run hold nine in ten of them, and most where its whole source is left out")
  func honest() {
    let alone = BarCoverage.time(.shipped, without: .run)
    #expect(alone.share ?? 0 >= 0.9 && alone.count > 200)
    // A source that is unlike all others (a cluster a quarter slower than others of its GPU) lies outside as a whole.
    let elsewhere = BarCoverage.time(.shipped, without: .source)
    #expect(elsewhere.share ?? 0 >= 0.75 && elsewhere.count > 150)
    #expect(BarCoverage.memory(.shipped, without: .run).share ?? 0 >= 0.9)
  }
}
