import Testing

@testable import Engine

@Suite struct SessionFileTests {
  @Test("what is written reads back equal: random drafts, edits, references of other questions, saved plans")
  func roundTrip() throws {
    var random = SyntheticPipelines.Sequence(seed: 11)
    for _ in 0..<20 {
      let file = try Self.randomSession(edits: Int.random(in: 0...12, using: &random), &random)
      #expect(try Self.read(file.text) == file)
    }
  }

  @Test("every field comes back, and a session without any of them too")
  func fields() throws {
    var random = SyntheticPipelines.Sequence(seed: 3)
    var file = try Self.randomSession(edits: 3, &random)
    file.source = "/home/me/a \"plan\".yaml"
    file.constraints = try PlanConstraints(texts: ["same-tp", "max-kinds=2"])
    file.draft.pins = try PlanPins(texts: ["2.zero!=3", "stages=4"])
    file.draft.space = try #require(SearchSpace.everything.restricted(to: .zeroBubble))
    file.position = 1
    file.edits[0].fits = false
    file.edits[1].seconds = nil
    let back = try Self.read(file.text)
    #expect(back.source == file.source && back.constraints == file.constraints && back.position == 1)
    #expect(back.draft.pins == file.draft.pins && back.draft.space.schedule == .zeroBubble)
    #expect(!back.edits[0].fits && back.edits[1].seconds == nil && back.saved == file.saved)
    #expect(back == file)
    let bare = SessionFile(draft: SessionDraft(workload: file.draft.workload, space: .mist))
    #expect(try Self.read(bare.text) == bare)
  }

  @Test("of a long history the part around the present is kept, and no file is longer than what is read")
  func longHistory() throws {
    var random = SyntheticPipelines.Sequence(seed: 5)
    var file = try Self.randomSession(edits: 500, &random)
    for (position, first) in [(500, 300), (320, 220), (10, 0)] {
      file.position = position
      let back = try Self.read(file.text)
      let kept = Array(file.edits[first..<first + SessionFile.mostEdits])
      #expect(back.edits == kept && back.position == position - first && back.draft == file.draft)
    }
    // A question of its own in each edit: by value they would be far over the limit.
    for index in file.edits.indices { file.edits[index].after.workload.run.globalBatch = 1_000 + index }
    let text = file.text
    #expect(text.utf8.count <= ConfigNode.maximumBytes)
    let edits = try Self.read(text).edits
    #expect(edits.count > 20 && edits.allSatisfy(file.edits.contains))
  }

  @Test("plans and stages that come again are written once")
  func tables() throws {
    var random = SyntheticPipelines.Sequence(seed: 9)
    var file = try Self.randomSession(edits: 1, &random)
    let once = file.text.utf8.count
    file.edits = Array(repeating: file.edits[0], count: 50)
    file.position = 50
    #expect(file.text.utf8.count < once + 50 * 200)
  }

  @Test("newer formats, other kinds, unknown keys and places beyond a table are refused, with line and field")
  func refused() throws {
    var random = SyntheticPipelines.Sequence(seed: 2)
    var file = try Self.randomSession(edits: 1, &random)
    file.draft.space = .mist
    let text = Self.unchecked(file.text)
    func message(_ from: String, _ to: String) -> String {
      do {
        _ = try Self.read(text.replacing(from, with: to, maxReplacements: 1))
        return "no error"
      } catch { return "\(error)" }
    }
    #expect(message("brume: 1\n", "brume: 2\nnews: 3\n").hasPrefix("s.yaml:2: brume: this file has format 2"))
    #expect(message("kind: session", "kind: plan").hasPrefix("s.yaml:3: kind: found 'plan', must be session"))
    #expect(message("position: ", "postion: ").contains("did you mean 'position'?"))
    let now = try #require(text.split(separator: "\n").firstIndex { $0.hasPrefix("now: ") }) + 1
    #expect(message("\nnow: 1\n", "\nnow: 99\n").hasPrefix("s.yaml:\(now): now: found '99', must be a whole number"))
    #expect(message("space: \"mist\"", "space: \"mits\"").contains("no space is called 'mits'; did you mean 'mist'?"))
    #expect(message("hidden: ", "hiden: ").contains("workloads[1].model: unknown key 'hiden'"))
  }

  @Test("a file that was cut anywhere, or of which one byte changed, is never read")
  func notWhole() throws {
    var random = SyntheticPipelines.Sequence(seed: 13)
    let file = try Self.randomSession(edits: 3, &random)
    let text = file.text
    #expect(text.split(separator: "\n")[3].hasPrefix("check: "))
    let bytes = Array(text.utf8)
    for _ in 0..<60 {
      let end = Int.random(in: 0..<bytes.count - 1, using: &random)
      #expect(throws: InputError.self) { try Self.read(String(decoding: bytes[..<end], as: UTF8.self)) }
      var changed = bytes
      let place = Int.random(in: 0..<bytes.count, using: &random)
      // Another digit or letter, which leaves the YAML whole.
      changed[place] = changed[place] == UInt8(ascii: "7") ? UInt8(ascii: "8") : UInt8(ascii: "7")
      #expect(throws: InputError.self, "byte \(place)") { try Self.read(String(decoding: changed, as: UTF8.self)) }
      // What a disk leaves that has the length but not the content.
      let zeros = bytes[..<end] + [UInt8](repeating: 0, count: bytes.count - end)
      #expect(throws: InputError.self) { try Self.read(String(decoding: zeros, as: UTF8.self)) }
    }
    #expect(throws: InputError.self) { try Self.read("") }
    do {
      _ = try Self.read(text.replacing("position: ", with: "position:  "))
    } catch {
      #expect("\(error)".hasPrefix("s.yaml:4: check: the file is not as it was written; it was cut or changed since"))
    }
  }

  @Test("files of the versions before the check line open")
  func olderFiles() throws {
    var random = SyntheticPipelines.Sequence(seed: 14)
    let file = try Self.randomSession(edits: 2, &random)
    #expect(try Self.read(Self.unchecked(file.text)) == file)
    #expect(try Self.read(Self.unchecked(file.text).replacing("position: ", with: "position:  ")) == file)
  }

  @Test("a shown plan that does not belong to its question is refused")
  func mismatch() throws {
    var random = SyntheticPipelines.Sequence(seed: 4)
    var file = try Self.randomSession(edits: 0, &random)
    file.shown?.stages[0].layers += 1
    #expect(throws: InputError.self) { try Self.read(file.text) }
  }

  @Test("a session is read wherever a plan is: with the shown plan, its question and its pins")
  func asDocument() throws {
    var random = SyntheticPipelines.Sequence(seed: 6)
    var file = try Self.randomSession(edits: 2, &random)
    file.draft.pins = try PlanPins(texts: ["zero=0..2"])
    let document = try InputDocument.load("-", standardInput: file.text)
    #expect(document.session == file && document.workload == file.draft.workload)
    #expect(document.plan?.plan == file.shown && document.plan?.pins == file.draft.pins)
    file.shown = nil
    #expect(try InputDocument.load("-", standardInput: file.text).plan == nil)
    #expect(try InputDocument.question("-", standardInput: file.text) == file.draft.workload)
  }

  /// The text without its check line, as it was written before there was one, and as a person may change it.
  private static func unchecked(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).filter { !$0.hasPrefix("check: ") }
      .joined(separator: "\n")
  }

  private static func read(_ text: String) throws -> SessionFile {
    try SessionFile.parse(text, file: "s.yaml")
  }

  /// A session on a shipped question, with edits of its batch and its plan.
  static func randomSession(
    edits: Int, _ random: inout SyntheticPipelines.Sequence
  ) throws -> SessionFile {
    let workload = try WorkloadSource.load("gpt-22b-32xl4")
    func draft() -> SessionDraft {
      var workload = workload
      if Int.random(in: 0...1, using: &random) == 0 { workload.limits.memoryShare = 0.9 }
      let plan = PlanFileTests.randomPlan(workload, &random)
      let other = PlanFileTests.randomPlan(workload, &random)
      let spaces = SearchSpace.all
      return SessionDraft(
        workload: workload, space: spaces[Int.random(in: 0...spaces.count - 1, using: &random)],
        pins: PlanPins([
          Pin(
            .zero, PinValues(Int.random(in: 0...3, using: &random)), at: .stage(Int.random(in: 1...4, using: &random)))
        ]),
        plan: Int.random(in: 0...2, using: &random) == 0 ? nil : plan,
        reference: Int.random(in: 0...1, using: &random) == 0 ? nil : PlanOfWorkload(workload: workload, plan: other))
    }
    var file = SessionFile(draft: draft(), source: "gpt-22b-32xl4")
    file.shown = PlanFileTests.randomPlan(workload, &random)
    var score = PlanScore()
    score.iterationSeconds = random.unit() * 100
    file.predicted = PredictedFigures(finite: score)
    file.saved = SavedPlan(
      path: "~/plan of today.yaml", content: PlanOfWorkload(workload: workload, plan: file.shown ?? Plan.none))
    for index in 0..<edits {
      file.edits.append(
        SessionEdit(
          title: "\(index + 1).zero=\(index % 4)", before: draft(), after: draft(), seconds: random.unit(),
          fits: Int.random(in: 0...1, using: &random) == 0))
    }
    file.position = Int.random(in: 0...edits, using: &random)
    return file
  }
}

extension Plan {
  fileprivate static let none = Plan(gradientAccumulation: 1, stages: [])
}
