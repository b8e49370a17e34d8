import Foundation
import FuzzSupport
import PTYSupport
import Testing

/// The real program on a real terminal, with files, names of files, arguments and variables that try to steer it.
@Suite("Hostile texts")
struct HostileTextTests {
  /// A title, a colour, a clipboard, a turn of direction: what a file may try.
  private static let evil = "\u{1B}]0;owned\u{7}\u{1B}[31m\u{9B}5m\u{202E}\u{85}\u{200B}\u{8}"

  /// A folder of its own whose name is hostile too, removed behind the body.
  private func inFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.path + "/brume-\(UUID().uuidString)\(Self.evil)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  /// What a command says on a terminal, which is both of its outputs, after its own progress line is taken out.
  private func said(_ arguments: [String], environment: [String: String] = [:]) throws -> String {
    let session = try PTYSession("brume", arguments: arguments, width: 200, environment: environment)
    _ = try session.waitForExit(timeout: .seconds(90))
    return String(decoding: session.output, as: UTF8.self).replacing("\r\n", with: "\n").replacing("\u{1B}[K", with: "")
      .replacing("\r", with: "")
  }

  /// Fails where something in a text could act on a terminal.
  private func expectHarmless(_ text: String, _ what: String) {
    let scalar = text.unicodeScalars.first { $0 != "\n" && $0 != "\t" && FuzzSweep.isHostile($0) }
    #expect(scalar == nil, "\(what): \(text.debugDescription)")
    #expect(!text.isEmpty, "\(what) says nothing")
  }

  /// A file with a small question and a hostile name.
  private func question(in folder: String) throws -> String {
    let file = "\(folder)/q\(Self.evil).yaml"
    try "brume: 1\nmodel: {from: gpt-1.3b, layers: 2}\ncluster: 2xl4\nrun: {sequence: 512, batch: 2}\n".write(
      toFile: file, atomically: false, encoding: .utf8)
    return file
  }

  @Test("no command lets through what stands in a file, in its name, in an argument or in a variable")
  func commands() throws {
    try inFolder { folder in
      let file = try question(in: folder)
      let broken = "\(folder)/broken\(Self.evil).yaml"
      try "brume: 1\n\"k\\x1b]0;owned\\x07\\u202e\": 1\n".write(toFile: broken, atomically: false, encoding: .utf8)
      let raw = "\(folder)/raw.yaml"
      try "model: \(Self.evil)\n\(Self.evil)".write(toFile: raw, atomically: false, encoding: .utf8)
      let plan = "\(folder)/plan\(Self.evil).yaml"
      for arguments in [
        ["tune", file, "--space", "mist-paper", "--out", plan], ["score", plan], ["explain", plan],
        ["score", plan, "--json"],
        ["export", plan, "--to", "mist"], ["export", plan, "--to", "megatron-lm", "--out", "\(folder)/out"],
        ["tune", broken], ["tune", raw], ["score", file], ["tune", Self.evil], ["tune", "\(folder)/none\(Self.evil)"],
        ["tune", file, "--set", "\(Self.evil)=1"], ["tune", file, "--set", "name=\"\(Self.evil)\""],
        ["tune", file, "--pin", "\(Self.evil)=1"], ["tune", file, "--pin", "zero=\(Self.evil)"],
        ["tune", file, "--constraint", Self.evil], ["tune", file, "--space", Self.evil], ["tune", "--\(Self.evil)"],
        ["tune", file, "--threads", Self.evil], [Self.evil], ["tune", "--model", Self.evil, "--cluster", Self.evil],
        ["new", "--model", "gpt-7b", "--cluster", "8x\(Self.evil)", "--sequence", "1", "--batch", "1"],
        ["render", plan, "--size", "80x24"], ["render", plan, "--size", Self.evil],
        ["render", plan, "--theme", Self.evil],
        ["import", raw, "--from", "mist"], ["import", raw, "--from", "megatron-lm"],
        ["import", raw, "--from", "deepspeed"],
        ["import", raw, "--from", "torchtitan"], ["import", raw, "--from", "accelerate"],
        ["import", raw, "--from", Self.evil],
        ["validate", "--table", raw], ["calibrate", raw], ["detect", "--from", raw], ["observe", plan, "--log", raw],
        ["observe", plan, "--iteration-seconds", Self.evil], ["explore", broken], ["explore", plan, "--play", raw],
        ["compare", file, "--spaces", Self.evil], ["frontier", file, "--axes", Self.evil], ["gpus", Self.evil],
      ] {
        let text = try said(arguments, environment: ["BRUME_OBSERVED": "none"])
        expectHarmless(text, arguments.joined(separator: " ").debugDescription)
      }
      // Variables that name files and folders.
      let table = "\(folder)/observed\(Self.evil).jsonl"
      try "{\"\\u001b]0;owned\\u0007\": 1}\n".write(toFile: table, atomically: false, encoding: .utf8)
      expectHarmless(try said(["score", plan], environment: ["BRUME_OBSERVED": table]), "a table of runs")
      let settings = "\(folder)/brume"
      try FileManager.default.createDirectory(atPath: settings, withIntermediateDirectories: true)
      try "brume: 1\ntheme: \"\\e]0;owned\\a\"\n".write(
        toFile: settings + "/settings.yaml", atomically: false, encoding: .utf8)
      expectHarmless(try said(["keys"], environment: ["XDG_CONFIG_HOME": folder]), "settings")
      expectHarmless(try said(["explore", plan], environment: ["TERM": "no\(Self.evil)"]), "TERM")
    }
  }

  @Test("files that are written with such names are read again, and hold nothing that cannot be seen")
  func written() throws {
    try inFolder { folder in
      let file = try question(in: folder)
      let plan = "\(folder)/plan.yaml"
      _ = try said(["tune", file, "--space", "mist-paper", "--out", plan], environment: ["BRUME_OBSERVED": "none"])
      _ = try said(["export", plan, "--to", "mist", "--nearest", "--out", "\(folder)/out"])
      let out = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/out").map { "\(folder)/out/\($0)" }
      #expect(!out.isEmpty)
      for path in [plan] + out {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        expectHarmless(text, path.debugDescription)
      }
      #expect(try said(["score", plan], environment: ["BRUME_OBSERVED": "none"]).contains("s per iteration"))
    }
  }

  @Test("the explorer shows such names as question marks, and leaves with them written out")
  func explorer() throws {
    try inFolder { folder in
      let file = try question(in: folder)
      let session = try Explorer.start([file, "--space", "mist-paper"])
      try session.wait(for: "q quit")
      session.send("?")
      try session.wait(for: "What works here")
      session.press(.escape)
      // Else both together would be one key.
      try session.wait(until: "the help is closed") { !$0.contains("What works here") }
      session.send("q")
      _ = try session.waitForExit()
      #expect(session.isAsBefore)
      let output = String(decoding: session.output, as: UTF8.self)
      for mark in ["]0;owned\u{7}", "\u{202E}", "\u{9B}", "\u{85}", "\u{200B}"] {
        #expect(!output.contains(mark), "\(mark.debugDescription)")
      }
    }
  }
}
