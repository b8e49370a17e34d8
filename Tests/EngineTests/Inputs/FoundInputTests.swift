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

  @Test("factors of interference that a cluster file may not have are refused in Mist's file")
  func largeFactor() {
    let text = MistLaunchTests.published.replacing("18.9356", with: "65536")
    let message = Self.message { _ = try MistImporter().read(text, LaunchContext(file: "mist.yaml")) }
    #expect(message.hasPrefix("mist.yaml:") && message.contains("interference_model_params[1]: found '65536', must be"))
  }

  @Test("an option of 60,000 characters is told in 200")
  func longOption() {
    let place = InputPlace(file: "train.sh", line: 1)
    let value = ShellArgument(text: String(repeating: "a", count: 60_000), line: 1)
    let option = LaunchOption(name: "unknown", written: "--unknown", values: [value], place: place)
    #expect(option.text.count <= 200 && option.text.hasPrefix("--unknown aaa"))
  }
}
