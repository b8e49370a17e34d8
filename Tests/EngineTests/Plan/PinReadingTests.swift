import Testing

@testable import Engine

/// Pins as people write them.
@Suite struct PinReadingTests {
  @Test(
    "a pin is written as it was read",
    arguments: [
      "tensorParallel=4", "stages=4,8", "2.layers=10..14", "last.zero!=3", "offload.weights=0.125..0.5",
      "3.offload.optimizer=0,1", "sequenceParallel=true", "recompute=full,selective-op", "schedule=1f1b",
      "1.checkpointedLayers=0..4,8",
    ])
  func roundTrip(text: String) throws {
    #expect(try Pin(text).text == text)
    #expect(try Pin(Pin(text).text) == Pin(text))
  }

  @Test("values are in the units of plans: eighths, and words in their order")
  func values() throws {
    #expect(try Pin("offload.weights=0.375") == Pin(.weightOffload, PinValues(3)))
    #expect(try Pin("recompute=selective") == Pin(.recompute, PinValues(1)))
    #expect(try Pin("sequenceParallel=on") == Pin(.sequenceParallel, PinValues(1)))
    #expect(try Pin("last.layers!=2..4") == Pin(.layers, PinValues([2...4], isForbidden: true), at: .last))
    let range = try Pin("layers=2..4,8").values
    #expect((0...9).filter(range.allows) == [2, 3, 4, 8])
    let others = try Pin("layers!=2..4,8").values
    #expect((0...9).filter(others.allows) == [0, 1, 5, 6, 7, 9])
  }

  @Test("what is wrong with a pin is told with what would be right")
  func errors() throws {
    func message(_ text: String) throws -> String { "\(try #require(throws: PinError.self) { _ = try Pin(text) })" }
    #expect(try message("2.zer=3") == "no knob is called 'zer'; did you mean 'zero'?")
    #expect(try message("zero") == "'zero' is not a pin: write KNOB=V or N.KNOB=V, or != for what is forbidden")
    #expect(try message("2.stages=3") == "stages is of the whole plan: pin it without a stage")
    #expect(try message("0.zero=3").contains("stages count from 1"))
    #expect(try message("zero=x") == "zero: 'x' must be a whole number")
    #expect(
      try message("offload.weights=0.3") == "offload.weights: '0.3' must be a share from 0 to 1 in steps of 0.125")
    #expect(try message("recompute=all") == "recompute: 'all' must be full or selective or selective-op")
    #expect(try message("layers=4..2") == "layers: the range '4..2' ends before it begins")
    for text in ["=3", "zero=", "zero=1,", "zero=1..2..3", "zero=-1", "2.=1", "..=", "zero=1.5"] {
      #expect(throws: PinError.self, "\(text)") { _ = try Pin(text) }
    }
  }

  @Test("values that the space or the machine lacks are told with those that there are, and so are contradictions")
  func domains() throws {
    let workload = PlanFixtures.workload(nodes: 1, gpusPerNode: 4, layers: 6, batch: 8)
    func message(_ texts: String...) throws -> String {
      "\(try #require(throws: PinError.self) { try PlanPins(texts: texts).check(workload, space: .mist) })"
    }
    #expect(try message("stages=3").hasSuffix("possible: 1, 2, 4"))
    #expect(try message("recompute=selective").hasSuffix("possible: full"))
    #expect(try message("layers=7") == "pin layers=7: no plan of space mist has it for this workload; possible: 1..6")
    #expect(try message("7.zero=1") == "pin 7.zero=1: plans here have at most 4 stages")
    #expect(try message("stages=2", "3.zero=1").hasSuffix("possible: stage 1 to 2"))
    #expect(
      try message("1.tensorParallel=2", "last.tensorParallel=4", "zero=1")
        == "pins 1.tensorParallel=2 and last.tensorParallel=4 leave no value; possible: 1, 2, 4")
    #expect(
      try message("zero=0..1", "2.zero=2,3", "layers=1").hasPrefix("pins zero=0..1 and 2.zero=2,3 leave no value"))
    for texts in [["zero=0..1", "2.zero=1"], ["1.zero=0", "2.zero=3"], ["stages=2..90"], ["layers!=90"], []] {
      try PlanPins(texts: texts).check(workload, space: .mist)
    }
  }

  @Test("plan files keep pins")
  func planFile() throws {
    let workload = PlanFixtures.workload(nodes: 1, gpusPerNode: 4, layers: 6, batch: 8)
    let stage = PlanFixtures.stage(layers: 6, gpusPerNode: 4)
    let pins = try PlanPins(texts: ["tensorParallel=2", "last.zero!=3", "offload.weights=0..0.5"])
    let file = PlanFile(
      workload: workload, plan: Plan(gradientAccumulation: 4, stages: [stage]), pins: pins)
    #expect(try PlanFile(ConfigNode.parse(file.text, file: "plan.yaml")).pins == pins)
    #expect(pins.broken(by: file.plan).isEmpty)
    #expect(
      try PlanPins(texts: ["zero=0", "1.layers=6", "2.zero=1"]).broken(by: file.plan).map(\.text) == [
        "zero=0", "2.zero=1",
      ])
  }
}
