import Engine
import Foundation
import Testing

@testable import brume

/// `brume explain`: the tree as text and JSON, as a shell sees it.
@Suite(.serialized) struct ExplainTests {
  private static let plan = "gpt-22b-32xl4.plan"

  @Test("the text fits 80 columns, names the stages and where figures come from")
  func text() throws {
    for arguments in [[], ["--stage", "2"], ["--term", "memory"], ["--stage", "8", "--term", "d"]] {
      let result = try Program.run(["explain", Self.plan] + arguments)
      #expect(result.status == 0)
      for line in result.output.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    }
    let whole = try Program.run(["explain", Self.plan]).output
    #expect(whole.hasPrefix("where the ") && whole.contains("\niteration") && whole.contains("sets the pace"))
    #expect(whole.contains("sum t + (G-1)*max t + max(0, d - t before)"), "a formula is cut off")
    #expect(whole.contains("--depth"))
    #expect(whole.contains("t of stage 8") && whole.contains("closed form"))
    let stage = try Program.run(["explain", Self.plan, "--stage", "1"]).output
    #expect(stage.contains("flash attention") && stage.contains("I(C; N, H, D)") && stage.contains("as above"))
    #expect(stage.contains("[1] ") && stage.contains("measured, "))
  }

  @Test("the parts of an iteration add up to it, of the plan and of each stage")
  func summary() throws {
    for arguments in [[], ["--stage", "1"], ["--stage", "8"]] {
      let lines = try Program.run(["explain", Self.plan] + arguments).output.split(separator: "\n")
      let whole = try #require(lines.first?.split(separator: " ").compactMap { Double($0) }.first)
      let parts = lines.dropFirst().prefix { $0.hasPrefix("  ") }
      let seconds = parts.compactMap { line in
        Double(line.split(separator: " ").suffix(4).first ?? "")
      }
      #expect(parts.count >= 3 && seconds.count == parts.count)
      #expect(abs(seconds.reduce(0, +) - whole) < 1e-3 * whole)
      let shares = parts.compactMap { Double($0.split(separator: " ").suffix(2).first ?? "") }
      #expect(abs(shares.reduce(0, +) - 100) < 0.5)
      #expect(shares.allSatisfy { $0 >= 0 })
    }
  }

  @Test("the memory of a plan is told against what its device has, of the tightest stage")
  func room() throws {
    let output = try Program.run(["explain", Self.plan, "--term", "memory"]).output
    #expect(output.hasPrefix("how stage ") && output.contains(", the tightest,"))
    #expect(output.contains("spare") && output.contains("host memory: ") && output.contains("CUDA context"))
  }

  @Test("JSON children add up or maximise, and the roots are what score prints")
  func json() throws {
    let score = try #require(Self.object(try Program.run(["score", Self.plan, "--json"]).output))
    let time = try #require(Self.object(try Program.run(["explain", Self.plan, "--json"]).output))
    #expect(time["value"] as? Double == score["iterationSeconds"] as? Double)
    #expect(time["unit"] as? String == "s")
    #expect(try Self.check(time) > 100)
    let memory = try #require(
      Self.object(try Program.run(["explain", Self.plan, "--term", "memory", "--stage", "3", "--json"]).output))
    let stages = try #require(score["stages"] as? [[String: Any]])
    #expect(memory["value"] as? Double == (stages[2]["memory"] as? [String: Any])?["reserved"] as? Double)
    _ = try Self.check(memory)
  }

  @Test("a stage or term that the plan does not have is named, with what would be right")
  func wrong() throws {
    let stage = try Program.run(["explain", Self.plan, "--stage", "9"])
    #expect(stage.status == 65 && stage.error.contains("1 to 8"))
    let term = try Program.run(["explain", Self.plan, "--term", "nonsense"])
    #expect(term.status == 65 && term.error.contains("'nonsense'"))
    let workload = try Program.run(["explain", "gpt-22b-32xl4"])
    #expect(workload.status == 65 && workload.error.contains("this is a workload"))
  }

  /// Checks what a script can check, and counts the nodes.
  private static func check(_ node: [String: Any]) throws -> Int {
    let value = try #require(node["value"] as? Double)
    let children = try #require(node["children"] as? [[String: Any]])
    let values = children.compactMap { $0["value"] as? Double }
    let scale = values.reduce(abs(value)) { max($0, abs($1)) }
    switch node["combination"] as? String {
    case "sum": #expect(abs(values.reduce(0, +) - value) <= 1e-9 * scale)
    case "max": #expect(values.max() == value)
    case "times": #expect(abs((node["count"] as? Double ?? .nan) * values[0] - value) <= 1e-9 * scale)
    case "overlap": #expect(values.max() ?? 0 <= value * (1 + 1e-9) && values.reduce(0, +) * 100 >= value)
    case "none": #expect(children.isEmpty)
    default: Issue.record("a combination that scripts do not know: \(node["combination"] ?? "none")")
    }
    return try children.reduce(1) { try $0 + check($1) }
  }

  private static func object(_ text: String) -> [String: Any]? {
    (try? JSONSerialization.jsonObject(with: Data(text.utf8))) as? [String: Any]
  }
}
