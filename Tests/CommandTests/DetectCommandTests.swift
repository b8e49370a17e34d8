import Foundation
import Testing

@testable import Engine
@testable import brume

/// `brume detect` as a shell sees it.
struct DetectCommandTests {
  @Test(
    "saved outputs of each machine become a file that reads back as the cluster that it is of",
    arguments: [
      "dgx-a100", "hgx-h100", "l4-vm", "p3-v100", "a100-pcie-bridges", "g5-a10g", "slurm-login",
    ])
  func file(_ machine: String) throws {
    try Program.inFolder { folder in
      let path = folder.appendingPathComponent("my.yaml").path
      let result = try Program.run(["detect", "--from", Self.saved(machine), "--out", path, "--name", "ours"])
      #expect(result.status == 0 && result.output.isEmpty)
      #expect(result.error.contains("wrote \(path)"))
      let text = try String(contentsOfFile: path, encoding: .utf8)
      let guess = try ClusterGuess(
        DetectedMachine([try ConfigNode.readText(Self.saved(machine))]), wishes: ClusterGuess.Wishes(name: "ours"),
        at: InputPlace(file: machine))
      #expect(text == guess.yaml)
      let root = try ConfigNode.parse(text, file: path).mapping(["brume", "cluster"])
      #expect(try ClusterReader.cluster(try root.required("cluster", "a cluster")) == guess.cluster)
      #expect(guess.cluster.nodeType.name == "ours")
      // It is not replaced unasked.
      #expect(try Program.run(["detect", "--from", Self.saved(machine), "--out", path]).status == 65)
      #expect(try Program.run(["detect", "--from", Self.saved(machine), "--out", path, "--force"]).status == 0)
    }
  }

  @Test("several files, or standard input, are read as one; JSON has each figure with its origin")
  func json() throws {
    let files = ["--from", Self.saved("hgx-h100"), "--from", Self.saved("slurm-login")]
    let result = try Program.run(["detect", "--json"] + files)
    #expect(result.status == 0)
    let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
    let cluster = object?["cluster"] as? [String: Any]
    let node = cluster?["node"] as? [String: Any]
    #expect(cluster?["nodes"] as? Int == 3 && cluster?["gpusPerNode"] as? Int == 8)
    #expect((node?["fabricBytesPerSecond"] as? [String: Any])?["value"] as? Double == 400e9)
    #expect((node?["fabricBytesPerSecond"] as? [String: Any])?["origin"] as? String == "derived")
    #expect((object?["warnings"] as? [String])?.isEmpty == false)
    let piped = try Program.run(
      ["detect", "--from", "-"], input: try String(contentsOfFile: Self.saved("l4-vm"), encoding: .utf8))
    #expect(piped.status == 0 && piped.output.hasPrefix("# A cluster by brume detect: 1x8 my-l4, from l4-vm"))
  }

  @Test("what cannot be a cluster ends with 65 and what to do")
  func refused() throws {
    let unknown = try Program.run(["detect", "--from", Self.saved("rtx-6000-ada")])
    #expect(unknown.status == 65 && unknown.error.contains("--gpu NAME"))
    #expect(try Program.run(["detect", "--from", Self.saved("rtx-6000-ada"), "--gpu", "l4"]).status == 0)
    #expect(try Program.run(["detect", "--from", Self.saved("mig-a100")]).error.contains("MIG"))
    #expect(try Program.run(["detect", "--from", "-"], input: "nothing").status == 65)
    #expect(try Program.run(["detect", "--from", "no-such-file"]).status == 65)
    let named = try Program.run(["detect", "--from", Self.saved("l4-vm"), "--name", "h100-sxm"])
    #expect(named.status == 65 && named.error.contains("a kind of node that ships"))
    #expect(try Program.run(["detect", "--from", Self.saved("l4-vm"), "--name", "8xmine"]).status == 65)
    #expect(try Program.run(["detect", "--script", "--json"]).status == 64)
  }

  @Test("on this machine it asks the programs of PATH: of a login node Slurm alone, of a node nvidia-smi too")
  func live() throws {
    try Program.inFolder { folder in
      let saved = Self.saved("slurm-login")
      try Self.program("scontrol", "[ \"$*\" = 'show node' ] && exec /bin/cat '\(saved)'", in: folder)
      let login = try Program.run(["detect"], programs: folder.path)
      #expect(login.status == 0 && login.output.contains("nodes: 14\n"))
      #expect(login.error.contains("Slurm says nothing of links"))
      let smi = "case \"$*\" in *query*) echo 'name, memory.total [MiB]'; echo 'NVIDIA L4, 23034 MiB';; esac"
      try Self.program("nvidia-smi", smi, in: folder)
      let node = try Program.run(["detect"], programs: folder.path)
      #expect(node.status == 0 && node.output.contains("from: \"l4-vm\""))
      #expect(node.error.contains("one GPU was seen"))
    }
  }

  @Test("a program that does not end in time is left, and what it had printed counts")
  func hanging() {
    let clock = MonotonicClock()
    #expect(CommandOutput.text("sh", ["-c", "echo first; exec sleep 20"], seconds: 0.5) == "first\n")
    #expect(clock.seconds < 10)
    #expect(CommandOutput.text("no-such-program", [], seconds: 5).isEmpty)
  }

  @Test("the cluster file of docs/clusters.md is one")
  func page() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let page = try String(contentsOf: root.appendingPathComponent("docs/clusters.md"), encoding: .utf8)
    let block = try #require(
      page.components(separatedBy: "```yaml\n").dropFirst().first?.components(separatedBy: "```").first)
    let mapping = try ConfigNode.parse(block, file: "docs/clusters.md").mapping(["brume", "cluster"])
    let cluster = try ClusterReader.cluster(try mapping.required("cluster", "a cluster"))
    #expect(cluster.label == "16x8 ours" && cluster.nodeType.links.fabricBytesPerSecond.value == 50e9)
  }

  @Test("where nothing is installed, it says what to do")
  func nothing() throws {
    try Program.inFolder { folder in
      let result = try Program.run(["detect"], programs: folder.path)
      #expect(result.status == 65 && result.error.contains("brume detect --script"))
    }
  }

  @Test("the script collects what detect reads, changes nothing, and does not replace a file")
  func script() throws {
    try Program.inFolder { folder in
      let script = try Program.run(["detect", "--script"]).output
      let path = folder.appendingPathComponent("detect.sh").path
      try script.write(toFile: path, atomically: true, encoding: .utf8)
      try Self.program("scontrol", "exec /bin/cat '\(Self.saved("slurm-login"))'", in: folder)
      func run() throws -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = [path, folder.appendingPathComponent("out.txt").path]
        process.environment = ["PATH": "\(folder.path):/usr/bin:/bin"]
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
      }
      #expect(try run() == 0)
      let out = folder.appendingPathComponent("out.txt").path
      #expect(try Program.run(["detect", "--from", out]).output.contains("nodes: 14\n"))
      #expect(try run() == 1)
    }
  }

  /// Path of a saved machine of the engine's tests.
  private static func saved(_ machine: String) -> String {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    return tests.appendingPathComponent("EngineTests/Detect/Machines/\(machine).txt").path
  }

  /// Puts a program of one line into a folder.
  private static func program(_ name: String, _ line: String, in folder: URL) throws {
    let path = folder.appendingPathComponent(name).path
    try "#!/bin/sh\n\(line)\n".write(toFile: path, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
  }
}
