import Testing

@testable import Engine

/// The tree of any figure on the screen.
@Suite struct WhyFigureTests {
  private func check(_ root: ExplanationNode) {
    for node in root.all {
      let scale = node.children.reduce(abs(node.value)) { node.combination == .sum ? max($0, abs($1.value)) : $0 }
      #expect(abs(node.combined - node.value) <= 1e-9 * scale, "\(root.name): \(node.name)")
    }
  }

  @Test("every figure is the score's, and every node of its tree what its parts make it")
  func figures() throws {
    for name in ["gpt-22b-32xl4.plan", "llama-13b-16xa100-40.plan"] {
      let file = try #require(try InputDocument.load(name).plan)
      var workload = file.workload
      workload.run.trainingTokens = 1e12
      workload.cluster.nodeType.dollarsPerGPUHour = Figure(2, .assumed, source: "test")
      let why = try PlanExplanation(workload: workload, plan: file.plan)
      let score = why.score
      for (figure, value) in [
        (.iteration, score.iterationSeconds), (.tokensPerSecond, score.tokensPerSecond), (.mfu, score.mfu),
        (.bubble, score.bubbleShare), (.trainingDays, try #require(score.trainingDays)),
        (.trainingCost, try #require(score.trainingCost)), (.memory, score.peakReservedBytes),
      ] as [(WhyFigure, Double)] {
        let tree = try #require(why.tree(figure), "\(figure)")
        #expect(tree.value == value && !tree.children.isEmpty, "\(figure)")
        check(tree)
      }
      for (index, stage) in score.stages.enumerated() {
        for (figure, value) in [
          (.stable(index), stage.stableSeconds), (.delta(index), stage.deltaSeconds),
          (.stageMemory(index), stage.memory.reserved), (.spare(index), stage.memory.spare),
        ] as [(WhyFigure, Double)] {
          let tree = try #require(why.tree(figure))
          #expect(tree.value == value)
          check(tree)
        }
      }
    }
  }

  @Test("a choice leads to what it moves; what the plan has not leads nowhere")
  func cells() throws {
    let file = try #require(try InputDocument.load("gpt-22b-32xl4.plan").plan)
    let why = try PlanExplanation(workload: file.workload, plan: file.plan)
    #expect(why.tree(.cell(PlanCell(.gradientAccumulation)))?.name == "iteration")
    #expect(why.tree(.cell(PlanCell(.layers, stage: 1)))?.name == "t of stage 2")
    #expect(why.tree(.cell(PlanCell(.zero, stage: 1)))?.name == "reserved by stage 2")
    #expect(why.tree(.cell(PlanCell(.activationOffload, stage: 0)))?.name == "activations")
    for knob in PlanKnob.allCases {
      #expect(why.tree(.cell(PlanCell(knob, stage: 0))) != nil, "\(knob)")
    }
    #expect(why.tree(.cell(PlanCell(.layers, stage: 99))) == nil)
    #expect(why.tree(.stable(99)) == nil && why.tree(.spare(-1)) == nil)
    if file.workload.run.trainingTokens == nil { #expect(why.tree(.trainingCost) == nil) }
    #expect(why.term("mfu")?.value == why.score.mfu)
    #expect(why.term("bubbleShare")?.name == "bubble")
  }
}
