import Engine
import Foundation
import Testing

@testable import brume

/// `brume profiler`: the script that it prints, as Python sees it.
@Suite struct ProfilerTests {
  /// The interpreter: that of BRUME_PYTHON, else the system's; nil where there is none.
  private static let python: String? = {
    if let chosen = ProcessInfo.processInfo.environment["BRUME_PYTHON"] { return chosen }
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    return folders.map { "\($0)/python3" }.first { FileManager.default.isExecutableFile(atPath: $0) }
  }()
  private static let isSlow = ProcessInfo.processInfo.environment["BRUME_SLOW"] == "1"
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// Runs Python on the script, which it reads from standard input.
  private static func script(_ arguments: [String], flags: [String] = []) throws -> Program.Result {
    try Program.run(
      flags + ["-"] + arguments, of: #require(python), input: ShippedFiles.text(ProfilerCommand.script) ?? "")
  }

  /// The lines of `--list`, each an object.
  private static func cases(_ arguments: [String]) throws -> [[String: Any]] {
    let listed = try script(["--list"] + arguments)
    #expect(listed.status == 0)
    return try listed.output.split(separator: "\n").map {
      try #require(JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
  }

  /// The set of channels that a point of the overlap grid has busy.
  private static func channels(_ point: [String: Any]) -> Set<String> {
    let members = ["rows", "allGatherBytes", "hostToDeviceBytes", "deviceToHostBytes"]
    return Set(members.filter { (point[$0] as? Int ?? 0) > 0 })
  }

  @Test("the script that ships is printed, byte for byte, and nothing else")
  func printed() throws {
    let printed = try Program.run(["profiler"])
    #expect(printed.status == 0 && printed.error.isEmpty)
    let file = Self.root.appending(path: ProfilerCommand.script)
    #expect(try printed.output == String(contentsOf: file, encoding: .utf8))
    #expect(try Program.run(["profiler", "--help"]).output.contains("torchrun --nproc-per-node 8 profile.py"))
    #expect(try Program.run(["profiler", "points.jsonl"]).status == 64)
  }

  @Test("Python 3.8 parses it", .enabled(if: python != nil))
  func parses() throws {
    let check = "import ast, sys; ast.parse(sys.stdin.read(), feature_version=(3, 8))"
    let parsed = try Program.run(
      ["-c", check], of: #require(Self.python), input: ShippedFiles.text(ProfilerCommand.script) ?? "")
    #expect(parsed.status == 0, "\(parsed.error)")
  }

  @Test("help, usage and the lack of PyTorch need no PyTorch, and have exit codes", .enabled(if: python != nil))
  func withoutTorch() throws {
    // -I -S: neither the environment nor the packages of the system.
    let isolated = ["-I", "-S"]
    let help = try Self.script(["--help"], flags: isolated)
    #expect(help.status == 0 && help.output.contains("--dry-run") && help.error.isEmpty)
    let wrong = try Self.script(["--minutes", "0"], flags: isolated)
    #expect(wrong.status == 64 && wrong.error.contains("must be more than 0"))
    let bare = try Self.script(["--dry-run"], flags: isolated)
    #expect(bare.status == 70 && bare.error.contains("has no PyTorch"))
    #expect(bare.output.isEmpty)
  }

  @Test("a grid of a few hundred cases is listed for a job, its group shapes among them", .enabled(if: python != nil))
  func lists() throws {
    let cases = try Self.cases(["--nodes", "2", "--gpus-per-node", "8"])
    #expect((300..<700).contains(cases.count))
    let collectives = cases.filter { $0["kind"] as? String == "collective" }
    let shapes = Set(
      collectives.filter { $0["operation"] as? String == "all-gather" }
        .compactMap { "\($0["nodes"] as? Int ?? 0)x\($0["gpusPerNode"] as? Int ?? 0)" })
    #expect(shapes == ["1x2", "1x4", "1x8", "2x1", "2x2", "2x4", "2x8"])
    let messages = Set(
      collectives.filter { $0["operation"] as? String == "point-to-point" }
        .map { "\($0["nodes"] as? Int ?? 0)x\($0["gpusPerNode"] as? Int ?? 0) \($0["alone"] as? Bool ?? false)" })
    #expect(messages == ["1x2 true", "1x2 false", "2x1 true", "2x1 false"])
    for point in collectives {
      let ranks = (point["nodes"] as? Int ?? 0) * (point["gpusPerNode"] as? Int ?? 0)
      #expect((point["bytes"] as? Int ?? 1) % (8 * ranks) == 0)
    }
  }

  @Test(
    "the overlap grid has every set of channels, for one group at two sizes, and none of a network in a job of one GPU",
    .enabled(if: python != nil), arguments: [(1, 1), (1, 8), (2, 8), (3, 6)])
  func overlap(nodes: Int, gpus: Int) throws {
    let cases = try Self.cases(["--nodes", "\(nodes)", "--gpus-per-node", "\(gpus)"])
    let points = cases.filter { $0["kind"] as? String == "overlap" }
    let sets = Set(points.map(Self.channels))
    #expect(sets.count == (nodes * gpus > 1 ? 15 : 7))
    #expect((nodes * gpus > 1 ? 150..<250 : 40..<80).contains(points.count))
    #expect(Set(points.map { $0["nodes"] as? Int }) == (nodes > 1 ? [1, nodes] : [1]))
  }

  @Test("the grid's amounts take times in round ratios, by what the channels took alone", .enabled(if: python != nil))
  func ratios() throws {
    // Channels of known latency and rate; a base of 2 ms, since four times the largest latency is less.
    let check = """
      import sys, types
      sys.modules["script"] = types.ModuleType("script")
      names = {"__name__": "script"}
      exec(sys.stdin.read(), names)
      lines = {"compute": (0, 1e-7), "gather": (4e-4, 2e-11), "down": (2e-4, 5e-11), "up": (3e-4, 1e-10)}
      singles = {name: [(x, a + b * x) for x in (1e7, 4e7, 16e7)] for name, (a, b) in lines.items()}
      for name, (fixed, slope) in lines.items():
          found = names["line_through"](singles[name])
          assert abs(found[0] - fixed) < 1e-9 and abs(found[1] / slope - 1) < 1e-6, (name, found)
      assert names["line_through"]([(1, 2.0), (2, 1.0)]) == (0.0, 2.0)
      grid = names["grid_cases"](names["Scope"](2, 8), (1, 8), singles, 80 * 2**30, 1024 * 2**30)
      assert len(grid) == 89, len(grid)
      for case in grid:
          amounts = [(lines[name], case.fields[key]) for name, key in names["CHANNELS"].items() if case.fields[key]]
          times = [(fixed + slope * amount) / 2e-3 for (fixed, slope), amount in amounts]
          assert all(min(abs(time - ratio) for ratio in (1, 2, 4)) < 0.01 for time in times), (case.fields, times)
      small = names["grid_cases"](names["Scope"](1, 8), (1, 8), singles, 2**30, 64 * 2**30)
      assert max(case.fields["hostToDeviceBytes"] for case in small) <= 2**28
      assert max(case.fields["allGatherBytes"] for case in small) <= 2**27
      """
    let checked = try Program.run(
      ["-c", check], of: #require(Self.python), input: ShippedFiles.text(ProfilerCommand.script) ?? "")
    #expect(checked.status == 0, "\(checked.error)")
  }

  @Test(
    "a dry run on CPUs writes what `brume calibrate` reads, alone, under torchrun, and on a GPU that is none",
    .enabled(if: isSlow && python != nil))
  func dryRun() throws {
    let binary = try Program.binary().path
    let checked = try Program.run(
      [Self.root.appending(path: "Tests/Profiler/run").path, "--binary", binary], of: #require(Self.python))
    #expect(checked.status == 0, "\(checked.output)\(checked.error)")
    #expect(checked.output.contains("all as it should be"))
  }
}
