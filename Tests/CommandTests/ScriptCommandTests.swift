import Foundation
import Testing

/// `brume render --play`: a key script without a terminal.
@Suite struct ScriptCommandTests {
  private static let question = [
    "render", "gpt-1.3b-2xl4", "--set", "model.layers=2", "--set", "run.batch=2", "--space", "mist-paper",
  ]

  private static func play(_ script: String, _ more: [String] = []) throws -> Program.Result {
    var result: Program.Result?
    try Program.inFolder { folder in
      let path = folder.path + "/walk.keys"
      try script.write(toFile: path, atomically: true, encoding: .utf8)
      result = try Program.run(question + ["--play", path] + more)
    }
    return try #require(result)
  }

  @Test("the screen that the script ends at is printed, the same each time, at the size that it has then")
  func plays() throws {
    let played = try Self.play("wait rest\npress 3\nwait optimal\nresize 100x30\n", ["--size", "120x36"])
    #expect(played.status == 0 && played.error.isEmpty)
    let lines = played.output.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    #expect(lines.count == 30 && lines.allSatisfy { $0.count <= 100 })
    #expect(played.output.contains("▸3 Memory"))
    let again = try Self.play("wait rest\npress i\nresize 100x30\npress Esc 3\n", ["--size", "80x24"])
    #expect(again.output == played.output)
    #expect(try Self.play("press 3 q 4\n").output.contains("▸3 Memory"))
  }

  @Test("a script that saves is told that nothing is written, and a wait in vain is an error with its line")
  func failures() throws {
    let saved = try Self.play("press s Enter\n")
    #expect(saved.output.contains("nothing is written while a screen is printed"))
    let stuck = try Self.play("press 2\nwait nonsense\n")
    #expect(stuck.status == 65 && stuck.output.isEmpty)
    #expect(stuck.error.contains("walk.keys:2: wait: 'nonsense' does not stand on the screen"))
    let faulty = try Self.play("press 2\n\nwiat rest\n")
    #expect(faulty.status == 65 && faulty.error.contains("walk.keys:3: found 'wiat'"))
    #expect(try Program.run(Self.question + ["--play", "x", "--screen", "robust"]).status == 64)
    #expect(try Program.run(Self.question + ["--play", "/nowhere/x"]).error.contains("no such file"))
  }
}
