import Testing

@testable import Engine

/// The original's own predictions (docs/model.md, section 9.1), rebuilt from its operator measurements with the product's
/// slots, closed form and memory parts; where the original differs, its rule is applied here.
@Suite struct PublishedPredictionTests {
  private let mebibyte = 1_048_576.0

  @Test("plan A, one stage on two GPUs: 10.6594055 s")
  func planATime() throws {
    let stage = try #require(PublishedStage(microBatch: 8, dataParallel: 2, microBatches: 2))
    let position = StagePosition(layers: 24, isFirst: true, isLast: true, inFlight: 0)
    let (stable, delta) = stage.times(position: position, checkpointed: 24)
    #expect(abs(stable / 5.2237168812 - 1) < 1e-6)
    #expect(abs(delta / 0.2119717553 - 1) < 1e-6)
    let seconds = ClosedForm.closedFormSeconds(stable: [stable], delta: [delta], microBatches: 2)
    #expect(abs(seconds / 10.6594055 - 1) < 1e-6)
  }

  @Test("plan B, two stages of one GPU: 9.2689241 s")
  func planBTime() throws {
    let stage = try #require(PublishedStage(microBatch: 2, dataParallel: 1, microBatches: 16))
    let first = stage.times(
      position: StagePosition(layers: 12, isFirst: true, isLast: false, inFlight: 1), checkpointed: 5)
    let last = stage.times(
      position: StagePosition(layers: 12, isFirst: false, isLast: true, inFlight: 0), checkpointed: 0)
    #expect(abs(first.stable / 0.5455452454 - 1) < 1e-6)
    #expect(abs(last.stable / 0.5402001698 - 1) < 1e-6)
    let seconds = ClosedForm.closedFormSeconds(
      stable: [first.stable, last.stable], delta: [first.delta, last.delta], microBatches: 16)
    #expect(abs(seconds / 9.2689241 - 1) < 1e-6)
  }

  @Test("plan A's memory: 19255.25 MiB forward, 19503.125 MiB backward")
  func planAMemory() throws {
    let stage = try #require(PublishedStage(microBatch: 8, dataParallel: 2, microBatches: 2))
    let position = StagePosition(layers: 24, isFirst: true, isLast: true, inFlight: 0)
    let formula = StageFormula(position: position, constants: stage.constants, tied: false)
    let common = StageFormula.CommonMemory(formula, stage.memory, .all, 24)
    // The original rounds a layer's optimizer states in the first forward down to whole MiB.
    let whole = stage.memory.optimizerInWork / mebibyte
    let rounding = whole - whole.rounded(.down)
    // At the head's forward one hidden state is held, at its backward two: the shared formula takes the larger.
    let head = formula.headPeak(common, stage.memory, .all) - stage.constants.boundaryBytes
    let forward = (head + common.constantBytes) / mebibyte - rounding
    #expect(abs(forward - 19255.25) < 0.01)
    let backward = (formula.backwardPeak(common, stage.memory) + common.constantBytes) / mebibyte
    #expect(abs(backward - 19503.125) < 0.01)
    #expect(formula.allocatedBytes(stage.memory, class: .all, checkpointed: 24) / mebibyte - backward < 0.01)
  }

  @Test("plan B's backward peaks: 18790.40625 and 18008.32421875 MiB")
  func planBMemory() throws {
    let stage = try #require(PublishedStage(microBatch: 2, dataParallel: 1, microBatches: 16))
    let first = StageFormula(
      position: StagePosition(layers: 12, isFirst: true, isLast: false, inFlight: 1), constants: stage.constants,
      tied: false)
    // The original takes the layer in work for a kept one unless all layers are recomputed.
    var common = StageFormula.CommonMemory(first, stage.memory, .some, 5)
    common.inWork = common.held + stage.memory.inWork.plain
    let firstPeak = (first.backwardPeak(common, stage.memory) + common.constantBytes) / mebibyte
    #expect(abs(firstPeak - 18790.40625) < 0.01)
    let last = StageFormula(
      position: StagePosition(layers: 12, isFirst: false, isLast: true, inFlight: 0), constants: stage.constants,
      tied: false)
    let lastPeak = last.allocatedBytes(stage.memory, class: .none, checkpointed: 0) / mebibyte
    #expect(abs(lastPeak - 18008.32421875) < 0.01)
  }
}
