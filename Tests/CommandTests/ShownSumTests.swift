import Engine
import Testing

@testable import brume

/// What `brume explain` shows of parts adds up to what it shows of their total.
@Suite struct ShownSumTests {
  /// The figures of the lines that end in a unit, in units of their last decimal.
  private func units(_ lines: [String], _ unit: String, decimals: Int) -> [Int] {
    lines.compactMap { line in
      let words = line.split(separator: " ").map(String.init)
      guard line.hasPrefix("  "), let place = words.firstIndex(of: unit), place > 0 else { return nil }
      let digits = words[place - 1]
      #expect(digits.split(separator: ".").dropFirst().first?.count ?? 0 == decimals, "\(line)")
      return Int(digits.filter { $0 != "." })
    }
  }

  @Test("where the time goes adds up to the iteration and to 100 %, and what fits the device to what is spare")
  func summary() throws {
    for name in ["gpt-22b-32xl4.plan", "llama-13b-16xa100-40.plan"] {
      let file = try #require(try InputDocument.load(name).plan)
      let explanation = try PlanExplanation(workload: file.workload, plan: file.plan)
      let summary = ExplanationSummary(score: explanation.score, plan: file.plan, explanation: explanation)
      for stage in [nil] + explanation.score.stages.indices.map({ $0 + 1 }) {
        let time = summary.lines(term: "time", stage: stage)
        let whole = explanation.score.iterationSeconds
        let decimals = Decimals.places(whole, significant: 5)
        let shown = try #require(Int(Decimals.fixed(whole, decimals).filter { $0 != "." }))
        #expect(units(time, "s", decimals: decimals).reduce(0, +) == shown, "\(time)")
        #expect(units(time, "%", decimals: 1).reduce(0, +) == 1000, "\(time)")
        let memory = summary.lines(term: "memory", stage: stage)
        let figures = units(memory, "GiB", decimals: 3)
        #expect(figures.dropLast().reduce(0, +) == figures.last, "\(memory)")
      }
    }
  }
}
