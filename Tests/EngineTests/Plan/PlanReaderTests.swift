import Testing

@testable import Engine

@Suite struct PlanReaderTests {
  private let good = """
    gradientAccumulation: 16
    stages:
      - {layers: 5, nodes: 1, gpusPerNode: 2, microBatch: 1, dataParallel: 2, tensorParallel: 1, zero: 2}
      - layers: 7
        nodes: 1
        gpusPerNode: 2
        microBatch: 1
        dataParallel: 1
        tensorParallel: 2
        zero: 0
        checkpointedLayers: 3
        offload: {optimizer: 0.375, activations: 1}
    """

  @Test("what is left out is off: offload, checkpointing, sequence parallel, another schedule")
  func defaults() throws {
    let plan = try read(good)
    #expect(plan.gradientAccumulation == 16)
    #expect(plan.schedule == .oneForwardOneBackward)
    #expect(!plan.sequenceParallel)
    #expect(plan.stages.count == 2)
    #expect(plan.stages[0].offload == .none)
    #expect(plan.stages[0].checkpointedLayers == 0)
    #expect(plan.stages[1].offload == Offload(optimizer: 3, activations: 8))
    #expect(plan.stages[1].checkpointedLayers == 3)
  }

  @Test("a share between the eighths is refused, with its line and what would be right")
  func eighths() {
    #expect(
      message(good.replacing("0.375", with: "0.3"))
        == "plan.yaml:12: stages[2].offload.optimizer: found '0.3', must be a multiple of 0.125 from 0 to 1 "
        + "(shares are eighths in this version)")
    #expect(message(good.replacing("0.375", with: "1.125")).contains("must be a number from 0 to 1"))
    #expect(message(good.replacing("0.375", with: "nan")).contains("plan.yaml:12"))
  }

  @Test("a misspelt key is an error that suggests the right one")
  func unknownKey() {
    #expect(
      message(good.replacing("checkpointedLayers", with: "checkpointLayers"))
        == "plan.yaml:11: stages[2]: unknown key 'checkpointLayers'; did you mean 'checkpointedLayers'?")
  }

  @Test("what this version cannot do is refused by name")
  func unsupported() {
    #expect(message("interleave: 0\n" + good).contains("interleave"))
    #expect(
      message(good.replacing("    zero: 0\n", with: "    zero: 0\n    recompute: half\n"))
        .contains("plan.yaml:11: stages[2].recompute"))
    #expect(message(good.replacing("zero: 0", with: "zero: 4")).contains("plan.yaml:10: stages[2].zero"))
    #expect(message("schedule: chimera\n" + good).contains("1f1b"))
  }

  @Test("a missing key names itself and the line of its stage")
  func missing() {
    let text = message(good.replacing("    dataParallel: 1\n", with: ""))
    #expect(text.contains("plan.yaml:4: stages[2]: 'dataParallel' is missing"))
  }

  @Test("a broken rule stands at the line of the stage that breaks it")
  func located() throws {
    let node = try ConfigNode.parse(good, file: "plan.yaml")
    let error = PlanReader.located(.batch(stage: 1, product: 32, expected: 16), in: node)
    #expect(error.place == InputPlace(file: "plan.yaml", line: 4, field: "stages[2]"))
    #expect(PlanReader.located(.layers(sum: 1, expected: 2), in: node).place.field == "stages")
  }

  private func read(_ text: String) throws(InputError) -> Plan {
    try PlanReader.plan(ConfigNode.parse(text, file: "plan.yaml"))
  }

  private func message(_ text: String) -> String {
    do {
      _ = try read(text)
      return "no error"
    } catch {
      return "\(error)"
    }
  }
}
