import Testing

@testable import Engine

/// Search spaces as files.
@Suite struct SpaceReaderTests {
  private func read(_ text: String) throws -> [SearchSpace] {
    try SpaceReader.spaces([try ConfigNode.parse(text, file: "spaces.yaml")])
  }

  /// The message of an error in a space `a` of these lines, beside a whole space `base`.
  private func problem(_ lines: String...) -> String {
    let base = """
      brume: 1
      spaces:
        base: {summary: x, runtime: mist, microBatch: any, stages: any, meshes: alike, tensorParallel: any,
          tensorParallelAlike: true, layers: any, zero: [0, 1], zeroWithStages: same, offload: {weights: none},
          offloadWithStages: true, weightsNeedGradients: false, statesAlike: false, checkpointed: any,
          recompute: [full], sequenceParallel: [false], contextParallel: [1], interleave: [1]}
        a:

      """
    do {
      _ = try read(base + lines.map { "    \($0)\n" }.joined())
      return ""
    } catch {
      return "\(error)"
    }
  }

  @Test("mist and mist-paper are what they were before spaces were files")
  func mist() throws {
    var mist = SearchSpace(
      name: "mist",
      summary: "equal meshes, one tp, ZeRO 0-3, offload in eighths, any micro-batch and any layers per stage",
      microBatches: nil, zeroLevels: [0, 1, 2, 3], weightEighths: Array(0...8), gradientEighths: Array(0...8),
      optimizerEighths: Array(0...8), activationEighths: Array(0...8), weightsNeedGradients: false, layerSlack: nil,
      powerOfTwoMeshes: false)
    mist.about = SearchSpace.mist.about
    #expect(SearchSpace.mist == mist)
    var paper = SearchSpace(
      name: "mist-paper",
      summary: "the published grid of Mist: b 1, 2, 4; ZeRO 1-3; its offload shares; layers within 2 of N/S",
      microBatches: [1, 2, 4], zeroLevels: [1, 2, 3], weightEighths: [0, 2, 3, 4, 6, 8],
      gradientEighths: [0, 2, 3, 4, 6, 8], optimizerEighths: [0, 2, 3, 4, 5, 6, 7, 8],
      activationEighths: [0, 2, 3, 4, 5, 6, 7, 8], weightsNeedGradients: true, layerSlack: 2, powerOfTwoMeshes: true)
    paper.about = SearchSpace.mistPaper.about
    #expect(SearchSpace.mistPaper == paper)
    #expect(!SearchSpace.mist.couplesStages && !SearchSpace.mistPaper.couplesStages)
  }

  @Test("all spaces of the specification ship, the whole one first, each on a runtime that ships")
  func shipped() throws {
    let spaces = try Catalogue.spaces
    #expect(
      spaces.map(\.name) == [
        "everything", "mist", "mist-paper", "megatron-lm", "deepspeed", "aceso", "3d", "megatron-core",
        "deepspeed-zero", "megatron-deepspeed", "fsdp", "torchtitan",
      ])
    #expect(SearchSpace.all == spaces)
    for space in spaces { #expect(RuntimeProfile.named(space.runtime) != nil && !space.about.isEmpty) }
  }

  @Test("a space has what it extends, but for what it gives")
  func extends() throws {
    let deepspeed = try #require(SearchSpace.named("deepspeed"))
    let megatron = try #require(SearchSpace.named("megatron-lm"))
    #expect(deepspeed.layerRule == megatron.layerRule && deepspeed.statesAlike)
    #expect(deepspeed.optimizerEighths == [0, 8] && deepspeed.gradientEighths == [0])
    #expect(deepspeed.restricted(toStages: 1).zeroLevels == [0, 1, 2, 3])
    #expect(deepspeed.restricted(toStages: 2).zeroLevels == [0, 1])
    #expect(deepspeed.restricted(toStages: 2).optimizerEighths == [0])
    #expect(SearchSpace.mist.restricted(toStages: 2) == .mist)
  }

  @Test(
    "an error names the place and what would be right",
    arguments: [
      ("extends: bas", "no space is called 'bas'; did you mean 'base'?"),
      ("extends: a", "'a' extends itself: a, a"),
      ("zero: [0]", "spaces.a: 'summary' is missing"),
      ("{extends: base, zeros: [0]}", "unknown key 'zeros'; did you mean 'zero'?"),
      ("{extends: base, zero: [4]}", "a whole number from 0 to 3"),
      ("{extends: base, zero: [1, 0]}", "a list in rising order"),
      ("{extends: base, zero: [1, 1]}", "a value that is not in the list already"),
      ("{extends: base, zeroWithStages: [2]}", "a level is not among those of 'zero'"),
      ("{extends: base, offload: {weights: half}}", "none, all-or-none, eighths, or a list of eighths from 0 to 8"),
      ("{extends: base, offload: {optimizer: [8]}, offloadWithStages: false}", "offload of optimizer has no 0"),
      ("{extends: base, microBatch: some}", "any, or a list of whole numbers"),
      ("{extends: base, checkpointed: al}", "any, same-count, all-or-none-alike, none"),
      ("{extends: base, runtime: mistt}", "did you mean 'mist'?"),
      ("{extends: base, layers: {within: -1}}", "a whole number from 0 to 10000"),
    ])
  func errors(line: String, expected: String) {
    let found = problem(line)
    #expect(found.contains(expected), "\(found)")
    #expect(found.hasPrefix("spaces.yaml:"), "\(found)")
  }

  @Test("two spaces of one name are refused")
  func twice() throws {
    let file = try ConfigNode.parse("brume: 1\nspaces:\n  a: {extends: a}\n", file: "x.yaml")
    #expect(throws: InputError.self) { try SpaceReader.spaces([file, file]) }
  }
}
