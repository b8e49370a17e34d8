import Engine
import Foundation
import Testing

@testable import brume

/// `brume compare` and `brume spaces`.
@Suite struct CompareTests {
  private func comparison(_ kind: Comparison.Kind) throws -> Comparison {
    var comparison = Comparison(kind: kind, workload: try Fixtures.workload())
    for (name, factor) in [("megatron-core", 1.0), ("deepspeed-zero", 1.25)] {
      var entry = Comparison.Entry(label: name, workload: comparison.workload, space: .named(name), status: .optimal)
      entry.workload.run.runtime = name == "megatron-core" ? "megatron-lm-2023" : "deepspeed"
      var scored = Fixtures.scored
      scored.score.closedFormSeconds *= factor
      scored.plan.gradientAccumulation = 4096
      entry.scored = scored
      entry.seconds = 12.345
      comparison.entries.append(entry)
    }
    var missing = Comparison.Entry(label: "fsdp", workload: comparison.workload, space: .named("fsdp"))
    missing.status = .infeasible
    missing.infeasibility = Infeasibility(stage: 0, part: .weights, missingBytes: 1_610_612_736, suggestions: [])
    comparison.entries.append(missing)
    return comparison
  }

  @Test("speed-ups are of the first over each by the closed form; what has no plan has none, and says why")
  func speedups() throws {
    let comparison = try comparison(.spaces)
    #expect(comparison.entries.map(comparison.speedup) == [1, 1.25, nil])
    #expect(comparison.gain(1) == 0.8)
    #expect(comparison.gain(0) == nil && comparison.gain(2) == nil)
    let lines = comparison.lines
    #expect(lines.contains { $0.hasPrefix("deepspeed-zero  deepspeed") && $0.contains("1.250x") })
    #expect(lines.contains { $0.hasPrefix("fsdp") && $0.contains("none fits") })
    #expect(lines.contains("fsdp: no plan fits; the nearest misses 1.50 GiB of device memory in stage 1."))
  }

  @Test(
    "tables of spaces and ablations fit 80 columns", arguments: [Comparison.Kind.spaces, .ablation, .clusters, .plans])
  func width(kind: Comparison.Kind) throws {
    var comparison = try comparison(kind)
    if kind == .ablation {
      for (index, step) in Ablation().steps.enumerated() where index < 3 { comparison.entries[index].label = step.knob }
      comparison.entries[0].label = "layers and ZeRO of each stage"
    }
    for line in comparison.lines { #expect(line.count <= 80, "\(line)") }
    for space in SearchSpace.all {
      for line in SpacesCommand.explanation(space, among: SearchSpace.all) { #expect(line.count <= 80, "\(line)") }
    }
  }

  @Test("the JSON of a comparison has the keys of the documentation, and null where there is no plan")
  func json() throws {
    let document = try comparison(.ablation).document
    guard case .array(let items)? = document["spaces"] else {
      Issue.record("no list of spaces")
      return
    }
    #expect(items.map { $0["status"] } == [.string("optimal"), .string("optimal"), .string("infeasible")])
    #expect(items[1]["speedup"] == .number(1.25))
    #expect(items[1]["gain"] == .number(0.8))
    #expect(items[2]["speedup"] == .null && items[2]["closedFormSeconds"] == .null)
    for key in ["space", "label", "iterationSeconds", "closedFormSeconds", "tuningSeconds", "runtime", "stages"] {
      #expect(items.allSatisfy { $0[key] != nil }, "\(key)")
    }
    #expect(document["compares"] == .string("ablation"))
  }

  @Test("long sentences break at blanks, a longer word stands alone")
  func wrap() {
    #expect(TextWrap.lines("one two three", width: 7) == ["one two", "three"])
    #expect(TextWrap.lines("extraordinary a", width: 5) == ["extraordinary", "a"])
    #expect(TextWrap.lines("", width: 5) == [""])
  }

  @Test("the program compares spaces, clusters and plans, and refuses two kinds at once")
  func program() throws {
    let sample = ["compare", "gpt-1.3b-2xl4", "--headroom", "0", "--json"]
    let spaces = try Program.run(sample + ["--spaces", "megatron-lm, 3d,fsdp", "--runtime", "megatron-lm-2023"])
    #expect(spaces.status == 0)
    let found = try #require(try items(spaces.output))
    #expect(found.map { $0["space"] as? String } == ["megatron-lm", "3d", "fsdp"])
    #expect(found.allSatisfy { $0["runtime"] as? String == "megatron-lm-2023" })
    #expect(found[0]["speedup"] as? Double == 1)
    #expect(try #require(found[1]["speedup"] as? Double) >= 1)
    #expect(found[2]["status"] as? String == "infeasible")

    let clusters = try Program.run(sample + ["--space", "3d", "--clusters", "1x2xl4,1x4xl4"])
    let times = try #require(try items(clusters.output)).map { $0["closedFormSeconds"] as? Double ?? 0 }
    #expect(times.count == 2 && times[1] < times[0] && times[1] > 0)

    #expect(try Program.run(sample + ["--ablation", "--spaces", "mist"]).status == 64)
    #expect(try Program.run(sample + ["--spaces", "mists"]).error.contains("did you mean 'mist'?"))
    #expect(try Program.run(sample + ["--plans", "gpt-1.3b-2xl4"]).error.contains("this is a workload, not a plan"))
    try Program.inFolder { folder in
      let path = folder.appendingPathComponent("plan.yaml").path
      let tune = ["tune", "gpt-1.3b-2xl4", "--headroom", "0", "--space", "3d", "--runtime", "megatron-lm-2023"]
      #expect(try Program.run(tune + ["--out", path]).status == 0)
      let scores = try #require(try items(try Program.run(sample + ["--plans", "\(path),\(path)"]).output))
      #expect(scores.map { $0["speedup"] as? Double } == [1, 1])
      #expect(scores[0]["runtime"] as? String == "megatron-lm-2023")
      #expect(scores[0]["closedFormSeconds"] as? Double == found[1]["closedFormSeconds"] as? Double)
    }
  }

  private func items(_ text: String) throws -> [[String: Any]]? {
    let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
    return object?["spaces"] as? [[String: Any]]
  }

  @Test("a space is explained with its values and relations; an unknown one has a suggestion")
  func explained() throws {
    let result = try Program.run(["spaces", "deepspeed"])
    #expect(result.output.contains("contains: megatron-lm, 3d, deepspeed-zero, fsdp"))
    #expect(result.output.contains("0, 1, 2, 3; with several"))
    let unknown = try Program.run(["spaces", "deepsped"])
    #expect(unknown.status == 65 && unknown.error.contains("did you mean 'deepspeed'?"))
    #expect(try Program.run(["spaces"]).output.components(separatedBy: "\n").allSatisfy { $0.count <= 80 })
  }
}
