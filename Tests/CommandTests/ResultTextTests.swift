import Engine
import Testing

@testable import brume

@Suite struct ResultTextTests {
  @Test("the text of a result: what was asked, how good it is, a row a stage, alternatives, notes")
  func tuned() throws {
    let report = try Fixtures.report(Fixtures.scored, status: .optimal)
    let lines = ResultText.tuned(report, result: Fixtures.result)
    let text = lines.joined(separator: "\n")
    #expect(lines[0].hasPrefix("gpt-1.3b  sequence 2048  batch 32"))
    #expect(text.contains("optimal: 9.2689 s per iteration (closed form 9.2500 s)"))
    #expect(text.contains("20.00 GiB reserved at most; host 3.0 of 384 GiB per node"))
    #expect(text.contains("1.23 M configurations, 42 problems, 1.50 s, first plan after 0.01 s"))
    #expect(text.contains("certificate glpk: objective 9.25000 s"))
    let rows = lines.filter { $0.hasPrefix("      2") || $0.hasPrefix("      1") }
    #expect(rows.count == 2)
    #expect(
      rows[0].split(separator: " ").map(String.init) == [
        "1", "12", "1x1", "2", "1", "1", "1", "5", "0.125", ".", "0.375", "1.000", "545.5", "-1.0", "18.35", "20.00",
        "0.93",
      ])
    #expect(lines.allSatisfy { $0.last != " " })
  }

  @Test("a plan over its memory says which stage misses how much")
  func over() throws {
    var scored = Fixtures.scored
    scored.score.stages[1].memory.spare = -2_147_483_648
    let text = ResultText.scored(try Fixtures.report(scored, status: .infeasible)).joined(separator: "\n")
    #expect(text.contains("stage 2 does not fit: 2.00 GiB over its device memory"))
    #expect(!text.contains("stage 1 does not fit"))
  }

  @Test("where nothing fits, the text says what binds and what would help")
  func infeasible() throws {
    var result = TuneResult(status: .infeasible)
    result.infeasibility = Infeasibility(
      stage: 0, part: .optimizer, missingBytes: 3_221_225_472,
      suggestions: [FittingChange("8 nodes", set: ["cluster.nodes=8"], flags: ["--space", "mist"])])
    let text = ResultText.tuned(try Fixtures.report(nil, status: .infeasible), result: result)
      .joined(separator: "\n")
    #expect(text.contains("infeasible: no plan fits; the nearest misses 3.00 GiB of device memory in stage 1, "))
    #expect(text.contains("in stage 1, filled most by optimizer states"))
    #expect(text.contains("would fit: 8 nodes (--set cluster.nodes=8 --space mist)"))
  }
}
