import Foundation
import Testing

/// `docs/questions.md`: every block of keys is played, every command is run, and what the page says stands there.
@Suite(.serialized) struct QuestionTests {
  /// A block that is played or run, and what must then be shown.
  struct Answer: Sendable, CustomTestStringConvertible {
    /// The heading that it stands under.
    var question: String
    /// The command above it, word by word.
    var command: [String]
    /// The key script; nil where the command is run.
    var keys: String?
    /// The texts that must stand there.
    var shows: [String]

    var testDescription: String { "\(question): \(keys ?? command.joined(separator: " "))" }
  }

  @Test("the page has fourteen questions, and each but the one that only points to the next has an answer that runs")
  func all() throws {
    let headings = try Self.page().split(separator: "\n").filter { $0.hasPrefix("## ") }
    #expect(headings.count == 14)
    for (index, heading) in headings.enumerated() { #expect(heading.hasPrefix("## \(index + 1). ")) }
    let answered = Set(try Self.answers().map(\.question))
    #expect(headings.filter { !answered.contains(String($0)) }.map { $0.prefix(6) } == ["## 13."])
    #expect(try Self.answers().allSatisfy { !$0.shows.isEmpty })
  }

  @Test("what the page promises is shown", arguments: try Self.answers())
  func shown(answer: Answer) throws {
    let output: String
    if let keys = answer.keys {
      output = try Self.play(keys, answer.command)
    } else {
      let result = try Program.run(answer.command)
      #expect(result.status == 0, "\(result.error)")
      output = result.output
    }
    for text in answer.shows { #expect(output.contains(text), "“\(text)” is not in:\n\(output)") }
  }

  /// The last screen of `brume explore ... --play`, as text.
  private static func play(_ keys: String, _ command: [String]) throws -> String {
    var output = ""
    try Program.inFolder { folder in
      let path = folder.appendingPathComponent("answer.keys").path
      try keys.write(toFile: path, atomically: true, encoding: .utf8)
      #expect(command.first == "explore" && command.suffix(2) == ["--play", "answer.keys"])
      let words = ["render"] + command.dropFirst().dropLast() + [path]
      let result = try Program.run(words)
      #expect(result.status == 0, "\(result.error)")
      output = result.output
    }
    return output
  }

  private static func page() throws -> String {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try String(contentsOf: root.appendingPathComponent("docs/questions.md"), encoding: .utf8)
  }

  /// The blocks in order: a command, its keys if it has some, and what they show.
  private static func answers() throws -> [Answer] {
    var answers: [Answer] = []
    var (question, command) = ("", [String]())
    var keys: String?
    var block: (kind: String, lines: [String])?
    for line in try page().split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
      if line.hasPrefix("## ") { question = line }
      guard line.hasPrefix("```") else {
        block?.lines.append(line)
        continue
      }
      guard let ended = block else {
        block = (String(line.dropFirst(3)), [])
        continue
      }
      block = nil
      switch ended.kind {
      case "sh":
        command = ended.lines.joined(separator: " ").split(separator: " ").dropFirst().map(String.init)
        keys = nil
      case "keys": keys = ended.lines.joined(separator: "\n") + "\n"
      case "shows": answers.append(Answer(question: question, command: command, keys: keys, shows: ended.lines))
      default: break
      }
    }
    return answers
  }
}
