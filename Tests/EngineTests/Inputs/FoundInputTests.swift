import Testing

@testable import Engine

/// Inputs that sweeps have found, each as short as it can be; see `FuzzedInputTests`.
@Suite("Inputs that sweeps have found")
struct FoundInputTests {
  private static func message(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "no error"
    } catch {
      return "\(error)"
    }
  }

  @Test("a head as wide as the widest model is written and read again")
  func wideHead() throws {
    let text = """
      {"model_type": "llama", "hidden_size": 1000000, "num_attention_heads": 4, "num_key_value_heads": 4,
       "intermediate_size": 8, "num_hidden_layers": 1, "vocab_size": 8}
      """
    var workload = try WorkloadSource.load("gpt-7b-8xl4")
    workload.model = try HuggingFaceConfig.read(try ConfigNode.parse(text, file: "config.json"), name: "m").shape
    #expect(workload.model.headWidth == 250_000)
    #expect(try WorkloadSource.load("-", standardInput: WorkloadWriter.yaml(of: workload)) == workload)
  }

  @Test("a file that another one names and that is not there is told with the line that names it")
  func namedFile() {
    for (text, place) in [
      ("brume: 1\nmodel: gpt-7b\ncluster: /nowhere/c.yaml\nrun: {sequence: 8, batch: 8}\n", "stdin:3: cluster"),
      (
        "brume: 1\nmodel: gpt-7b\ncluster:\n  from: /nowhere/c.yaml\nrun: {sequence: 8, batch: 8}\n",
        "stdin:4: cluster.from"
      ),
    ] {
      let message = Self.message { _ = try WorkloadSource.load("-", standardInput: text) }
      #expect(message == "\(place): /nowhere/c.yaml: no such file; check the path, or name a sample")
    }
    let model = "brume: 1\nmodel: /nowhere/config.json\ncluster: 8xl4\nrun: {sequence: 8, batch: 8}\n"
    let message = Self.message { _ = try WorkloadSource.load("-", standardInput: model) }
    #expect(message.hasPrefix("stdin:2: model: /nowhere/config.json: no such file"))
  }

  @Test("a GPU of a kilobyte in measured points is refused in its line")
  func smallMemory() {
    let text = #"{"kind":"machine","brume":1,"gpu":"NVIDIA L4","nodes":1,"gpusPerNode":8,"memoryBytes":1024}"#
    #expect(
      Self.message { _ = try CalibrationReader.points(text, file: "p.jsonl") }.hasPrefix("p.jsonl:1: memoryBytes"))
  }

  @Test("names of adapters are told without tabs, and not all of hundreds; rates that no fabric has are none")
  func adapters() throws {
    let base = try SavedMachine.hgxH100.text()
    func port(_ name: String, _ state: String, _ rate: String) -> String {
      "CA '\(name)'\n\tPort 1:\n\t\tState: \(state)\n\t\tRate: \(rate)\n\t\tLink layer: InfiniBand\n"
    }
    let down = (0..<400).map { port("mlx\t5_\($0)", "Down", "100") }.joined()
    let guess = try ClusterGuess(DetectedMachine([base + down]), at: InputPlace(file: "saved.txt"))
    let warning = try #require(guess.warnings.first { "\($0)".hasPrefix("not counted") }).description
    #expect(warning.count < 1_000 && !warning.contains("\t") && warning.contains(" others"))
    let fast = try ClusterGuess(
      DetectedMachine([base + port("mlx5_0", "Active", "1e30")]), at: InputPlace(file: "saved.txt"))
    #expect(try fast.readBack() == fast.cluster)
  }

  @Test("a node of more GPUs than a cluster file may have is refused")
  func manyGPUs() {
    let text = (0..<1_100).map { "GPU \($0): NVIDIA H100 80GB HBM3 (UUID: GPU-0)\n" }.joined()
    let message = Self.message { _ = try ClusterGuess(DetectedMachine([text]), at: InputPlace(file: "saved.txt")) }
    #expect(message == "saved.txt: 1100 GPUs in a node; at most 1024 are known")
  }

  @Test("factors and latencies that a cluster file may not have are refused in Mist's file")
  func beyondClusters() {
    for (old, new, place) in [
      ("18.9356", "65536", "interference_model_params[1]: found '65536', must be"),
      ("4.1635, 0.0004", "4.1635, 120", "gpu_gpu_comm_params[6]: found '120', must be"),
      ("4.1635, 0.0004", "1e-40, 0.0004", "gpu_gpu_comm_params[5]: found '1e-40', must be"),
    ] {
      let text = MistLaunchTests.published.replacing(old, with: new)
      let message = Self.message { _ = try MistImporter().read(text, LaunchContext(file: "mist.yaml")) }
      #expect(message.hasPrefix("mist.yaml:") && message.contains(place), "\(message)")
    }
  }

  @Test("an option of 60,000 characters is told in 200")
  func longOption() {
    let place = InputPlace(file: "train.sh", line: 1)
    let value = ShellArgument(text: String(repeating: "a", count: 60_000), line: 1)
    let option = LaunchOption(name: "unknown", written: "--unknown", values: [value], place: place)
    #expect(option.text.count <= 200 && option.text.hasPrefix("--unknown aaa"))
  }

  @Test("names of options of 30,000 characters are told in 2,000")
  func longNames() throws {
    let name = String(repeating: "a", count: 30_000)
    let text = Self.toml.replacing("[training]\n", with: "[training]\n\(name) = 1\n")
    let found = try Launcher.read(text, as: .torchtitan, Self.context).found
    let remarks = found.unknown + found.warnings + found.assumed
    #expect(remarks.contains { $0.contains("aaaa") } && remarks.allSatisfy { $0.count <= PlainText.most + 10 })
  }

  @Test("an option that makes a plan which no file may hold is refused with the field of the plan")
  func beyondPlans() throws {
    let text = Self.toml.replacing("global_batch_size = 32", with: "global_batch_size = 1_000_000_000")
    let message = Self.message { _ = try Launcher.read(text, as: .torchtitan, Self.context) }
    #expect(message.hasPrefix("llama.toml: the configuration makes no plan: gradientAccumulation is 500000000"))
    var file = try #require(try InputDocument.load("gpt-22b-32xl4.plan").plan)
    file.workload.model.vocabulary = 100_000_256
    let padded = LaunchImport(workload: file.workload, plan: file.plan)
    #expect(
      Self.message { try padded.check(file: "run.sh") }
        == "run.sh: workload.model.vocabulary: found '100000256', must be a whole number from 1 to 100000000")
  }

  @Test("points whose fit no cluster file may hold are refused with the figure")
  func beyondHardware() throws {
    let text = CalibrationReaderTests.every.replacing(
      "\"bytes\":1e8,\"seconds\":1e-3", with: "\"bytes\":1e8,\"seconds\":1e3")
    let points = try CalibrationReader.points(text, file: "p.jsonl")
    let base = try WorkloadSource.cluster("8xl4", at: InputPlace(file: "--cluster"))
    let message = Self.message { _ = try Calibration(points, base: base, label: "8xl4").report() }
    #expect(message.hasPrefix("p.jsonl: cluster.node.gpu.elementwiseShare") && message.contains("0.001 to 1"))
  }

  @Test("blanks around a text are taken off, a megabyte of them soon")
  func trimmed() {
    let blanks = String(repeating: " \t", count: 500_000)
    #expect("\(blanks)a b\u{3000}\(blanks)".trimmed == "a b" && blanks.trimmed.isEmpty && "".trimmed.isEmpty)
  }

  /// Settings of torchtitan that `context` can read.
  private static let toml = TorchtitanImportTests.toml.replacing("Interleaved1F1B", with: "1F1B")
    .replacing("per_stage = 11", with: "per_stage = 22")
  private static let context = LaunchContext(file: "llama.toml", cluster: "8x8xh100")
}
