import Foundation
import Testing

@testable import Engine

/// What holds of every launcher, and the files that they share.
@Suite struct LauncherTests {
  @Test("every launcher has a space and runtimes that ship", arguments: Launcher.allCases)
  func ships(launcher: Launcher) throws {
    #expect(SearchSpace.named(launcher.spaceName) != nil)
    for name in launcher.runtimes { #expect(RuntimeProfile.named(name) != nil, "\(name)") }
    #expect(launcher.runtimes.contains(try #require(launcher.runtimes.first)))
    var workload = try WorkloadSource.load("gpt-1.3b-2xl4")
    workload.run.runtime = "aceso"
    #expect(launcher.workload(workload).run.runtime == launcher.runtimes[0])
    for name in launcher.runtimes {
      workload.run.runtime = name
      workload.run.launcher = launcher
      #expect(launcher.workload(workload) == workload)
    }
  }

  @Test(
    "a workload names its launcher, which sets the runtime; a runtime of another is refused with what would be right")
  func inWorkloads() throws {
    let text = "brume: 1\nmodel: gpt2\ncluster: 1x2xl4\nrun: {sequence: 1024, batch: 8, launcher: accelerate}\n"
    let workload = try WorkloadSource.load("-", standardInput: text)
    #expect(workload.run.launcher == .accelerate && workload.run.runtime == "fsdp")
    #expect(try WorkloadSource.load("-", standardInput: WorkloadWriter.yaml(of: workload)) == workload)
    let compiled = try WorkloadSource.load(
      "-", set: ["run.launcher=torchtitan", "run.runtime=torchtitan-compiled"], standardInput: text)
    #expect(compiled.run.runtime == "torchtitan-compiled")
    let wrong = #expect(throws: InputError.self) {
      _ = try WorkloadSource.load("-", set: ["run.runtime=mist"], standardInput: text)
    }
    #expect("\(try #require(wrong))".contains("accelerate does not run as 'mist'; take fsdp"))
    #expect(throws: InputError.self) {
      _ = try WorkloadSource.load("-", set: ["run.launcher=horovod"], standardInput: text)
    }
  }

  @Test("a quoted word is one word of bash with exactly its text, whatever is in it")
  func quoting() throws {
    var texts = [
      "", "plain", "a b", "$(touch x)", "`id`", "a'b", "''", "\"", "\\", "*", "~", "-n", "#no", "a\nb", "é", "!x", "&&",
      "{a,b}",
    ]
    var noise = SyntheticPipelines.Sequence(seed: 11)
    let letters = Array("ab '\"\\$`!*?[]{}()<>|&;~#=\n\té")
    for _ in 0..<60 {
      texts.append(String((0..<8).map { _ in letters[Int(noise.unit() * Double(letters.count))] }))
    }
    let script = texts.map { "printf '%s\\0' \(ShellText.quoted($0))" }.joined(separator: "\n")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = ["-u", "-c", script]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    let words = data.split(separator: 0, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
    #expect(Array(words.dropLast()) == texts)
    #expect(ShellText.comment("a\nrm -rf\r\nb\u{2028}c").split(separator: "\n").allSatisfy { $0.hasPrefix("#") })
  }

  @Test("marked defaults and headers of a script cannot run anything")
  func scripts() throws {
    var script = LaunchScript(header: ["one\n$(touch bad)"], command: [["printf", .text("%s|")]])
    script.marked = [.init("DATA", "a\"; touch bad; $(touch bad) `touch bad` }b", why: "data\ntouch bad")]
    script.environment = [.init("NAME", "x; touch bad", why: "why")]
    script.groups = [.init("WORDS", comment: "words", [["--a", "$(touch bad)"], ["b c"]])]
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("brume-\(UUID().uuidString)")
    try LaunchFolder.write([LaunchFile(name: "run/train.sh", text: script.text, isExecutable: true)], to: folder.path)
    defer { try? FileManager.default.removeItem(at: folder) }
    let process = Process()
    process.executableURL = folder.appendingPathComponent("run/train.sh")
    process.currentDirectoryURL = folder
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    #expect(text == "--a|$(touch bad)|b c|")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["run"])
  }

  @Test("files are written into their folder alone: all of them, or none where one is in the way")
  func folders() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("brume-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for name in ["../x", "/tmp/x", "a/../../x", "", ".", "a//b", "a b", "a\nb"] {
      #expect(throws: OutputError.self, "\(name)") {
        try LaunchFolder.write([LaunchFile(name: name, text: "")], to: folder)
      }
    }
    #expect(!FileManager.default.fileExists(atPath: folder))
    try LaunchFolder.write([LaunchFile(name: "b.sh", text: "old")], to: folder)
    #expect(throws: OutputError.exists(path: folder + "/b.sh")) {
      try LaunchFolder.write([LaunchFile(name: "a.sh", text: "a"), LaunchFile(name: "b.sh", text: "b")], to: folder)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["b.sh"])
    try LaunchFolder.write(
      [LaunchFile(name: "a.sh", text: "a"), LaunchFile(name: "b.sh", text: "b", isExecutable: true)], to: folder,
      overwrite: true)
    #expect(try String(contentsOfFile: folder + "/b.sh", encoding: .utf8) == "b")
    #expect(FileManager.default.isExecutableFile(atPath: folder + "/b.sh"))
    #expect(!FileManager.default.isExecutableFile(atPath: folder + "/a.sh"))
  }

  @Test("folders above the one that is asked for are made; a file where one must be is told")
  func nestedFolder() throws {
    let root = FileManager.default.temporaryDirectory.appendingPathComponent("brume-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: root) }
    let file = LaunchFile(name: "own/train.sh", text: "text")
    try LaunchFolder.write([file], to: root + "/a//b/")
    #expect(try String(contentsOfFile: root + "/a/b/own/train.sh", encoding: .utf8) == "text")
    let taken = root + "/a/b/own/train.sh"
    #expect(throws: OutputError.cannotWrite(path: taken, reason: "it is not a folder")) {
      try LaunchFolder.write([file], to: taken + "/c")
    }
  }

  @Test(
    "significant digits of headers",
    arguments: [
      (115.266, 4, "115.3"), (0.5, 3, "0.50"), (7453.2, 4, "7453"), (9.999, 3, "10.00"), (33.2, 3, "33.2"),
    ])
  func numbers(value: Double, digits: Int, text: String) {
    #expect(LaunchHeader.number(value, digits) == text)
  }
}
