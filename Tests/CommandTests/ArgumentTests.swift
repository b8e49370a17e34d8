import ArgumentParser
import Engine
import Testing

@testable import brume

@Suite struct ArgumentTests {
  @Test("alone, or with a file, it is the explorer")
  func defaultCommand() throws {
    #expect(try Brume.parseAsRoot([]) is ExploreCommand)
    let explore = try #require(try Brume.parseAsRoot(["mine.yaml"]) as? ExploreCommand)
    #expect(explore.file == "mine.yaml")
    // A question without a file opens it too, on a cluster of one's own.
    let asked = try #require(
      try Brume.parseAsRoot(
        ["explore", "--model", "gpt-7b", "--cluster", "8xl4", "--sequence", "2048", "--batch", "64"])
        as? ExploreCommand)
    #expect(try asked.question.workload(asked.overrides)?.cluster.gpuCount == 8)
    #expect(throws: ValidationError.self) { try asked.question.check(beside: "mine.yaml") }
  }

  @Test(
    "a search needs a file or all four flags, not both",
    arguments: [
      [], ["--model", "gpt-7b"], ["x.yaml", "--model", "a", "--cluster", "b", "--sequence", "1", "--batch", "1"],
    ])
  func question(arguments: [String]) throws {
    let tune = try #require(try Brume.parseAsRoot(["tune"] + arguments) as? TuneCommand)
    #expect(throws: ValidationError.self) { try tune.input.load() }
  }

  @Test(
    "an option that there is not is named, also where the workload is missing", arguments: ["tune", "compare", "new"])
  func unknownOption(command: String) {
    do {
      _ = try Brume.parseAsRoot([command, "--nonsense"])
      Issue.record("accepted --nonsense")
    } catch {
      #expect(Brume.message(for: error) == "Unknown option '--nonsense'")
      #expect(Brume.exitCode(for: error).rawValue == ExitStatus.usage.rawValue)
    }
  }

  @Test("flags that ask without a file, beside a file, are told as the --set that changes it")
  func flagsBesideFile() throws {
    let compare = try #require(
      try Brume.parseAsRoot(["compare", "gpt-1.3b-2xl4", "--sequence", "4096", "--batch", "8"]) as? CompareCommand)
    do {
      _ = try compare.input.load()
      Issue.record("accepted a file and flags")
    } catch let error as ValidationError {
      #expect(error.message.hasSuffix("to change what is in gpt-1.3b-2xl4: --set run.sequence=4096 --set run.batch=8"))
      let text = Failure.usage(error, of: CompareCommand.self)
      #expect(text.hasPrefix("Error: \(error.message)\nUsage: brume compare "))
      #expect(text.hasSuffix("See 'brume compare --help' for more information."))
    }
    let changed = try #require(
      try Brume.parseAsRoot(["compare", "gpt-1.3b-2xl4", "--set", "run.sequence=4096", "--set", "run.batch=8"])
        as? CompareCommand)
    let run = try changed.input.load().run
    #expect(run.sequenceLength == 4096 && run.globalBatch == 8)
  }

  @Test("a schedule is asked for by name, in a space that has it")
  func schedule() throws {
    func tune(_ arguments: [String]) throws -> TuneCommand {
      try #require(try Brume.parseAsRoot(["tune", "x.yaml"] + arguments) as? TuneCommand)
    }
    func space(_ arguments: String...) throws -> SearchSpace {
      try tune(arguments).search.request(for: Fixtures.workload()).space
    }
    #expect(try space("--schedule", "zb-h1").schedule == .zeroBubble)
    #expect(try space("--pin", "schedule=gpipe").schedule == .gpipe)
    let chunks = try space("--schedule", "interleaved", "--space", "everything").interleave
    #expect(!chunks.isEmpty && !chunks.contains(1))
    #expect(try space() == SearchSpace.mist)
    for wrong in [["--schedule", "zb-h9"], ["--schedule", "interleaved", "--space", "mist"]] {
      #expect(throws: (any Error).self) { try tune(wrong) }
    }
  }

  @Test("four flags ask the same question as a file")
  func flags() throws {
    let tune = try #require(
      try Brume.parseAsRoot([
        "tune", "--model", "gpt-1.3b", "--cluster", "1x2xl4", "--sequence", "2048", "--batch", "32", "--set",
        "run.precision=fp16",
      ]) as? TuneCommand)
    let asked = try tune.input.load()
    let sample = try Fixtures.workload()
    #expect(asked.model == sample.model)
    #expect(asked.cluster == sample.cluster)
    #expect(asked.run == sample.run)
  }

  @Test("limits on the command line replace those of the file; auto gives the headroom back to the engine")
  func limits() throws {
    var workload = try Fixtures.workload()
    workload.limits.headroomBytes = 1
    let options = try SearchOptions.parse(["--memory-limit", "0.5", "--headroom", "auto"])
    #expect(try options.limited(workload).limits == Limits(memoryShare: 0.5, headroomBytes: nil))
    let none = try SearchOptions.parse(["--headroom", "1.5"])
    #expect(try none.limited(workload).limits.headroomBytes == 1.5 * 1_073_741_824)
  }

  @Test("a runtime on the command line replaces that of the file; one that does not exist is named")
  func runtime() throws {
    let options = try SearchOptions.parse(["--runtime", "megatron-lm"])
    #expect(try options.limited(Fixtures.workload()).run.runtime == "megatron-lm")
    #expect(try SearchOptions.parse([]).limited(Fixtures.workload()).run.runtime == "mist")
    let wrong = try SearchOptions.parse(["--runtime", "megatron"])
    #expect(throws: InputError.self) { try wrong.limited(Fixtures.workload()) }
  }

  @Test(
    "values out of range are usage errors",
    arguments: [
      ["--space", "nowhere"], ["--memory-limit", "0"], ["--memory-limit", "1.5"], ["--headroom", "much"],
      ["--time-limit", "-1"], ["--threads", "0"], ["--top", "-1"], ["--pin", "tp=2"],
    ])
  func range(arguments: [String]) {
    do {
      _ = try Brume.parseAsRoot(["tune", "gpt-1.3b-2xl4"] + arguments)
      Issue.record("accepted \(arguments)")
    } catch {
      #expect(Brume.exitCode(for: error).rawValue == ExitStatus.usage.rawValue)
    }
  }

  @Test("sizes are columns x rows", arguments: ["120", "0x5", "120x", "x36", "120x36x2", "2000x10"])
  func size(text: String) {
    #expect(throws: ValidationError.self) { try RenderCommand.size(text) }
  }

  @Test("each kind of error has its exit code")
  func statuses() {
    let place = InputPlace(file: "x")
    #expect(Failure.status(of: InputError.syntax(at: place, problem: "")) == .badInput)
    #expect(Failure.status(of: PlanError.layers(sum: 1, expected: 2)) == .badInput)
    #expect(Failure.status(of: OutputError.exists(path: "x")) == .badInput)
    #expect(Failure.status(of: OutputError.cannotWrite(path: "x", reason: "")) == .failed)
    #expect(Failure.status(of: ValidationError("")) == nil)
  }

  @Test("what new writes is the workload that was asked for")
  func template() throws {
    let asked = QuestionOptions.Complete(model: "llama-3-8b", cluster: "2x8xh100", sequence: 8192, batch: 512)
    let workload = try WorkloadSource.make(
      model: asked.model, cluster: asked.cluster, sequence: asked.sequence, batch: asked.batch)
    let text = WorkloadTemplate.text(asked, workload: workload)
    let read = try InputDocument.load("-", standardInput: text).workload
    #expect(read == workload)
  }
}
