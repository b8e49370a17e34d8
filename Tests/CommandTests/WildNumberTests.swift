import Engine
import Foundation
import Testing

@testable import brume

/// What the commands print of figures that are no numbers: a dash, null in JSON, never `nan` or `inf`.
@Suite struct WildNumberTests {
  private static let wild = [
    Double.nan, .infinity, -.infinity, 1e300, -1e300, .leastNonzeroMagnitude, -0.0, 0, .greatestFiniteMagnitude, 1e18,
    -1e15, -1e-9,
  ]

  private static func words(_ text: String) -> [String] {
    text.split { !$0.isLetter && !$0.isNumber && !"+-.".contains($0) }.map(String.init).filter { word in
      if ["nan", "inf", "infinity"].contains(word.lowercased().drop { "+-".contains($0) }) { return true }
      let digits = word.dropFirst()
      return word.hasPrefix("-") && digits.contains("0") && digits.allSatisfy { "0.".contains($0) }
    }
  }

  /// The fixture with all of its figures spoilt.
  private static func spoilt(_ value: Double) -> ScoredPlan {
    var scored = Fixtures.scored
    var score = PlanScore()
    (score.iterationSeconds, score.closedFormSeconds, score.bubbleShare) = (value, value, value)
    (score.tokensPerSecond, score.tokensPerSecondPerGPU, score.tflopsPerGPU, score.mfu) = (value, value, value, value)
    (score.hostBytesPerNode, score.hostCapacityBytes) = (value, value)
    (score.trainingDays, score.trainingCost) = (value, value)
    var stage = StageScore()
    (stage.stableSeconds, stage.deltaSeconds, stage.pointToPointSeconds) = (value, value, value)
    stage.hostBytesPerGPU = value
    var memory = MemoryBreakdown()
    (memory.weights, memory.gradients, memory.optimizer, memory.activations) = (value, value, value, value)
    (memory.transient, memory.buffers, memory.allocated, memory.reserved) = (value, value, value, value)
    (memory.context, memory.capacity, memory.headroom, memory.spare) = (value, value, value, value)
    stage.memory = memory
    score.stages = [stage, stage]
    scored.score = score
    return scored
  }

  @Test("texts and documents of a result hold no number that is none, whatever the figures are")
  func results() throws {
    for value in Self.wild {
      let scored = Self.spoilt(value)
      var result = Fixtures.result
      (result.best, result.alternatives) = (scored, [scored])
      (result.lowerBoundSeconds, result.firstPlanSeconds, result.seconds) = (value, value, value)
      result.certificate = Certificate(solver: "glpk", objective: value, bound: value, gap: value, covers: "all")
      for status in SearchStatus.allCases {
        let report = try Fixtures.report(scored, status: status)
        for lines in [ResultText.tuned(report, result: result), ResultText.scored(report)] {
          for line in lines { #expect(Self.words(line).isEmpty, "\(value): \(line)") }
        }
        for document in [ResultJSON.tuned(report, result: result), ResultJSON.scored(report)] {
          let text = JSONWriter().text(document)
          _ = try JSONSerialization.jsonObject(with: Data(text.utf8))
          // As a word outside of texts; JSON may have a negative zero.
          #expect(!text.contains(": nan") && !text.contains(": inf") && !text.contains(": -inf"), "\(text)")
        }
      }
    }
  }

  @Test("every form of a number has a text for every double, and JSON has null for those that it cannot write")
  func forms() {
    for value in Self.wild {
      for digits in 0...9 {
        let texts = [
          Decimals.fixed(value, digits), Decimals.significant(value, digits), Decimals.gibibytes(value, digits),
          Decimals.percent(value, digits), Decimals.count(value), Decimals.spareGibibytes(value),
        ]
        for text in texts { #expect(Self.words(text).isEmpty, "\(value): \(text)") }
      }
      for unit in [ExplanationNode.Unit.seconds, .bytes, .one] {
        #expect(Self.words(ExplanationOutput.amount(value, unit)).isEmpty, "\(value)")
      }
      let line = JSONWriter.line(.array([.number(value)]))
      #expect(value.isFinite ? Double(line.dropFirst().dropLast()) == value : line == "[null]")
    }
  }
}
