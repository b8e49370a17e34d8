import Engine
import Foundation
import Testing

@testable import brume

/// The built program, as a shell sees it.
@Suite(.serialized) struct BinaryTests {
  @Test("exit codes: 0 for a list, 64 for usage, 65 for input that is wrong")
  func exitCodes() throws {
    #expect(try Program.run(["gpus"]).status == 0)
    #expect(try Program.run(["--version"]).output == "0.1.0\n")
    let empty = try Program.run(["tune"])
    #expect(empty.status == 64 && empty.output.isEmpty)
    #expect(empty.error.hasPrefix("Error: give a workload") && empty.error.contains("\nUsage: brume tune "))
    #expect(try Program.run(["tune", "--nonsense"]).error.hasPrefix("Error: Unknown option '--nonsense'\n"))
    #expect(try Program.run(["tune", "gpt-1.3b-2xl4", "--pin", "tp=1"]).status == 64)
    let unknown = try Program.run(["tune", "gpt-1.3b-2xl5"])
    #expect(unknown.status == 65)
    #expect(unknown.error.contains("did you mean 'gpt-1.3b-2xl4'?"))
    #expect(unknown.output.isEmpty)
  }

  @Test("a full disk is an error of the system, and no crash")
  func fullDisk() throws {
    let result = try Program.run(["models"], output: "/dev/full")
    #expect(result.status == 70)
    #expect(result.error == "brume: standard output cannot be written: No space left on device\n")
  }

  @Test("an error in a file names file, line and field")
  func badFile() throws {
    let text = "brume: 1\nmodel: gpt-1.3b\ncluster: 1x2xl4\nrun:\n  sequence: 2048\n  batsch: 32\n"
    let result = try Program.run(["tune", "-"], input: text)
    #expect(result.status == 65)
    #expect(result.error == "brume: stdin:6: run: unknown key 'batsch'; did you mean 'batch'?\n")
  }

  @Test("a workload is tuned, saved, and scores to the same figures; the file is not replaced unasked")
  func tuneAndScore() throws {
    try Program.inFolder { folder in
      let path = folder.appendingPathComponent("plan.yaml").path
      let tuned = try Program.run(Self.small + ["--json", "--out", path])
      #expect(tuned.status == 0)
      let first = try #require(Self.object(tuned.output))
      #expect(first["status"] as? String == "optimal")
      let scored = try #require(Self.object(try Program.run(["score", path, "--json"]).output))
      for key in ["iterationSeconds", "closedFormSeconds", "tokensPerSecond", "mfu", "hostBytesPerNode"] {
        #expect(first[key] as? Double == scored[key] as? Double)
      }
      #expect((first["stages"] as? NSArray) == (scored["stages"] as? NSArray))
      let before = try String(contentsOfFile: path, encoding: .utf8)
      #expect(try Program.run(Self.small + ["--out", path]).status == 65)
      #expect(try String(contentsOfFile: path, encoding: .utf8) == before)
      #expect(try Program.run(Self.small + ["--out", path, "--force"]).status == 0)
    }
  }

  @Test("an interleaved plan is scored from its file: its chunks stand in the text, the JSON and on the screen")
  func interleaved() throws {
    func text(_ chunks: Int) throws -> String {
      let stage = StageChoice(
        layers: 12, nodes: 1, gpusPerNode: 1, microBatch: 2, dataParallel: 1, tensorParallel: 1, zero: 0,
        checkpointedLayers: 12)
      let plan = Plan(gradientAccumulation: 16, stages: [stage, stage], interleave: chunks)
      return PlanFile(workload: try WorkloadSource.load("gpt-1.3b-2xl4"), plan: plan).text
    }
    let plain = try #require(Self.object(try Program.run(["score", "-", "--json"], input: text(1)).output))
    let scored = try Program.run(["score", "-", "--json"], input: text(2))
    #expect(scored.status == 0)
    let object = try #require(Self.object(scored.output))
    #expect(object["interleave"] as? Int == 2 && plain["interleave"] as? Int == 1)
    let bubbles = [plain, object].compactMap { $0["bubbleShare"] as? Double }
    #expect(bubbles.count == 2 && bubbles[1] < bubbles[0] && bubbles[1] > bubbles[0] / 3)
    #expect(try Program.run(["score", "-"], input: text(2)).output.contains("1f1b interleaved 2, bubble"))
    let screen = try Program.run(["render", "-", "--screen", "timeline", "--size", "120x24"], input: text(2)).output
    #expect(screen.contains("chunk 1") && screen.contains("steady"))
    let refused = try Program.run(["score", "-"], input: text(5))
    #expect(refused.status == 65 && refused.error.contains("layers is 12, must be a multiple of the 5 interleaved"))
  }

  @Test("where no plan fits, the answer is 1, and the JSON says what is missing")
  func infeasible() throws {
    let result = try Program.run(Self.small + ["--json", "--memory-limit", "0.02"])
    #expect(result.status == 1)
    let object = try #require(Self.object(result.output))
    #expect(object["status"] as? String == "infeasible")
    #expect(object["iterationSeconds"] is NSNull)
    #expect((object["infeasibility"] as? [String: Any])?["missingBytes"] as? Double ?? 0 > 0)
  }

  @Test("an interrupted search prints what it has found, or ends with 130")
  func interrupted() throws {
    // Far more than a debug build searches in this time.
    let arguments = ["tune", "gpt-22b-32xl4", "--json", "--threads", "1"]
    let early = try Program.run(arguments, interruptAfter: 0.05)
    // Before it searches, the signal itself ends it: what a shell calls 130.
    #expect([130, SIGINT].contains(early.status) || Self.object(early.output)?["status"] as? String == "feasible")
    let later = try Program.run(arguments, interruptAfter: 3)
    #expect(later.status == 0)
    #expect(Self.object(later.output)?["iterationSeconds"] as? Double ?? 0 > 0)
  }

  @Test("progress and colours stay out of pipes, and the explorer needs a terminal")
  func pipes() throws {
    let tuned = try Program.run(Self.small)
    #expect(tuned.status == 0)
    #expect(tuned.error.isEmpty)
    #expect(!tuned.output.contains("\u{1b}"))
    let explore = try Program.run(["explore", "gpt-1.3b-2xl4"])
    #expect(explore.status == 64)
    #expect(explore.error.contains("must be a terminal"))
  }

  @Test("the screen as text has the size that was asked for, and is the same twice")
  func render() throws {
    // Little memory, so that the sweep of budgets is short.
    let arguments = ["render"] + Self.question + ["--memory-limit", "0.2", "--size", "100x30"]
    let first = try Program.run(arguments)
    #expect(first.status == 0)
    let lines = first.output.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    #expect(lines.count == 30)
    #expect(lines.allSatisfy { $0.count <= 100 })
    #expect(first.output.contains("s/iter"))
    #expect(try Program.run(arguments).output == first.output)
  }

  @Test("of the panes, Why too is a screen of its own: the tree, what binds, the neighbours")
  func why() throws {
    let arguments = ["render"] + Self.question + ["--memory-limit", "0.2", "--screen", "why", "--size", "100x30"]
    let screen = try Program.run(arguments).output
    for words in ["Why", "closed form", "binds", "one step away", "brume explain --marginal"] {
      #expect(screen.contains(words), "\(words) in \(screen)")
    }
  }

  /// A model and batch so small that a debug build tunes them in a moment.
  private static let question = [
    "gpt-1.3b-2xl4", "--set", "model.layers=2", "--set", "run.batch=2", "--space", "mist-paper",
  ]
  private static let small = ["tune"] + question

  private static func object(_ text: String) -> [String: Any]? {
    (try? JSONSerialization.jsonObject(with: Data(text.utf8))) as? [String: Any]
  }
}
