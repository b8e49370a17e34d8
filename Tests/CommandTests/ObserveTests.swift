import Foundation
import Testing

/// `brume observe` as a person runs it, with a table of its own.
@Suite("Observed runs on the command line")
struct ObserveTests {
  private static let plan = "gpt-22b-32xl4.plan"

  private static func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  private static func seconds(_ environment: [String: String]) throws -> Double {
    let result = try Program.run(["score", plan, "--json"], environment: environment)
    return try #require(try object(result.output)["iterationSeconds"] as? Double)
  }

  @Test("a run that is observed changes scores, is listed, and is taken back without a trace")
  func observesAndTakesBack() throws {
    try Program.inFolder { folder in
      let table = folder.appendingPathComponent("own/observed.jsonl").path
      let environment = ["BRUME_OBSERVED": table]
      let before = try Program.run(["score", Self.plan, "--json"], environment: environment)
      let told = try Self.seconds(environment)
      let measured = ["--iteration-seconds", "\(told * 1.25)"]

      let dry = try Program.run(["observe", Self.plan, "--dry-run"] + measured, environment: environment)
      #expect(dry.status == 0 && dry.output.contains("nothing is changed"))
      #expect(!FileManager.default.fileExists(atPath: table))

      let taken = try Program.run(["observe", Self.plan] + measured, environment: environment)
      #expect(taken.status == 0)
      #expect(taken.output.contains("taken as "))
      #expect(taken.output.contains("matrix products"))
      let moved = try Self.seconds(environment)
      #expect(moved > told * 1.03)

      let score = try Program.run(["score", Self.plan], environment: environment)
      #expect(score.output.contains("hardware figures of l4-vm adjusted by 1 observed run: gemm share x0."))
      #expect(score.output.contains("observed"))
      let list = try Program.run(["observe", "--list", "--json"], environment: environment)
      #expect((try Self.object(list.output)["runs"] as? [Any])?.count == 1)
      let shown = try Program.run(
        ["render", Self.plan, "--screen", "runs", "--size", "160x30"], environment: environment)
      #expect(shown.output.contains("1.0") && shown.output.contains("your own table"))

      let undo = try Program.run(["observe", "--undo"], environment: environment)
      #expect(undo.status == 0 && undo.output.contains("took back"))
      #expect(try Program.run(["score", Self.plan, "--json"], environment: environment).output == before.output)
      #expect(try Program.run(["observe", "--undo"], environment: environment).status == 65)
    }
  }

  @Test("a plan file that holds adjusted figures is not adjusted twice, and its runs start from the figures before")
  func adjustsOnce() throws {
    try Program.inFolder { folder in
      let environment = ["BRUME_OBSERVED": folder.appendingPathComponent("observed.jsonl").path]
      let told = try Self.seconds(environment)
      let measured = ["--iteration-seconds", "\(told * 1.25)"]
      #expect(try Program.run(["observe", Self.plan] + measured, environment: environment).status == 0)
      let moved = try Self.seconds(environment)

      let out = folder.appendingPathComponent("plan.yaml").path
      let tune = ["tune", "gpt-1.3b-2xl4", "--threads", "1", "--out", out, "--json"]
      let found = try Self.object(try Program.run(tune, environment: environment).output)
      let score = try Self.object(try Program.run(["score", out, "--json"], environment: environment).output)
      #expect(found["iterationSeconds"] as? Double == score["iterationSeconds"] as? Double)

      // The second observation is of a plan whose figures are moved ones: the table holds those of before.
      let more = ["observe", out, "--iteration-seconds", "\(try #require(score["iterationSeconds"] as? Double))"]
      #expect(try Program.run(more, environment: environment).status == 0)
      let list = try Self.object(try Program.run(["observe", "--list", "--json"], environment: environment).output)
      #expect((list["clusters"] as? [Any])?.count == 1)
      #expect(try Program.run(["observe", "--undo", out], environment: environment).status == 0)
      #expect(try Self.seconds(environment) == moved)
    }
  }

  @Test("a log gives the times, and memory stands beside what is predicted")
  func readsLog() throws {
    try Program.inFolder { folder in
      let environment = ["BRUME_OBSERVED": folder.appendingPathComponent("observed.jsonl").path]
      let log = folder.appendingPathComponent("train.log").path
      let told = try Self.seconds(environment)
      let lines = (1...10).map { " iteration \($0)/ 50 | elapsed time per iteration (ms): \(told * 1_000) | loss: 1.0" }
      try (lines + ["[Rank 0] (after 10 iterations) memory (MB) | max allocated: 15000.0 | max reserved: 16000.0"])
        .joined(separator: "\n").write(toFile: log, atomically: true, encoding: .utf8)
      let result = try Program.run(["observe", Self.plan, "--log", log, "--json"], environment: environment)
      let document = try Self.object(result.output)
      let run = try #require(document["run"] as? [String: Any])
      #expect(abs(try #require(run["iterationSeconds"] as? Double) - told) < 1e-6 * told)
      let memory = try #require((document["before"] as? [String: Any])?["memory"] as? [[String: Any]])
      #expect(memory.map { $0["kind"] as? String } == ["allocated", "reserved"])
      // Another program may write it.
      let text = try String(contentsOfFile: log, encoding: .utf8)
      let piped = try Program.run(
        ["observe", Self.plan, "--log", "/dev/stdin", "--dry-run", "--json"], input: text, environment: environment)
      let other = try #require(try Self.object(piped.output)["run"] as? [String: Any])
      #expect(other["iterationSeconds"] as? Double == run["iterationSeconds"] as? Double)
      // A run that is as predicted moves nothing.
      #expect(try Self.seconds(environment) == told)
    }
  }

  @Test("what is wrong with the input is said with its place, and ends with 65; two measurements end with 64")
  func refusesBadInput() throws {
    try Program.inFolder { folder in
      let table = folder.appendingPathComponent("observed.jsonl").path
      let environment = ["BRUME_OBSERVED": table]
      func run(_ arguments: [String]) throws -> Program.Result {
        try Program.run(["observe"] + arguments, environment: environment)
      }
      let log = folder.appendingPathComponent("empty.log").path
      try "nothing\n".write(toFile: log, atomically: true, encoding: .utf8)
      for (arguments, words) in [
        ([Self.plan, "--log", log], "empty.log: no times"), ([Self.plan, "--log", log + "x"], "empty.logx"),
        ([Self.plan, "--log", folder.path], "neither a file nor a pipe"),
        ([Self.plan, "--log", "/dev/zero"], "neither a file nor a pipe"),
        ([Self.plan, "--iteration-seconds", "0"], "--iteration-seconds"),
        ([Self.plan, "--iteration-seconds", "60000"], "between a third and three times"),
        ([Self.plan, "--iteration-seconds", "1"], "between a third and three times"),
        ([Self.plan, "--iteration-seconds", "60", "--stage-memory", "1GiB"], "--stage-memory: found 1 amounts"),
        (["gpt-1.3b-2xl4", "--iteration-seconds", "60"], "gpt-1.3b-2xl4: this is a workload"),
        (["no-such.yaml", "--iteration-seconds", "60"], "no-such.yaml"),
      ] {
        let result = try run(arguments)
        #expect(result.status == 65, "\(arguments)")
        #expect(result.error.contains(words), "\(result.error)")
      }
      #expect(try run([Self.plan]).status == 64)
      #expect(try run([Self.plan, "--iteration-seconds", "60", "--log", log]).status == 64)
      #expect(try run(["--list", Self.plan]).status == 64)
      #expect(!FileManager.default.fileExists(atPath: table))

      // A damaged table is a warning to others, with its line, and keeps what it has.
      try "not a run\n".write(toFile: table, atomically: true, encoding: .utf8)
      let score = try Program.run(["score", Self.plan], environment: environment)
      #expect(score.status == 0 && score.error.contains("observed.jsonl:1"))
      #expect(try run([Self.plan, "--iteration-seconds", "60"]).status == 0)
      #expect(try String(contentsOfFile: table, encoding: .utf8).hasPrefix("not a run\n"))
    }
  }

  @Test("no table is read where BRUME_OBSERVED is none")
  func turnsOff() throws {
    let result = try Program.run(["observe", "--list"], environment: ["BRUME_OBSERVED": "none"])
    #expect(result.status == 64 && result.error.contains("--table"))
  }
}
