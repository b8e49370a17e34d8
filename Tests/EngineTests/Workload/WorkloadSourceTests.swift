import Foundation
import Testing

@testable import Engine

@Suite struct WorkloadSourceTests {
  private func message(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "no error"
    } catch {
      return "\(error)"
    }
  }

  private func load(_ text: String, set: [String] = []) throws -> Workload {
    try WorkloadSource.load("-", set: set, standardInput: text)
  }

  private let small = "brume: 1\nmodel: gpt-1.3b\ncluster: 2xl4\nrun: {sequence: 2048, batch: 32, precision: fp16}\n"

  @Test("every sample loads by its name, with its suffix and by its path")
  func samples() throws {
    let names = [
      "falcon-7b-8xl4", "gpt-1.3b-2xl4", "gpt-22b-32xa100-40", "gpt-22b-32xl4", "gpt-7b-8xa100-40", "gpt-7b-8xl4",
      "llama-13b-16xa100-40", "llama-70b-512xh100", "llama-7b-8xl4",
    ]
    for name in names {
      let workload = try WorkloadSource.load(name)
      #expect(workload.name == name)
      #expect(try WorkloadSource.load(name + ".yaml") == workload)
      #expect(try WorkloadSource.load("samples/\(name).yaml") == workload)
      #expect(name.contains("\(workload.cluster.gpuCount)x"))
      let sample = try #require(Catalogue.samples.first { $0.name == name })
      #expect(sample.summary.count > 20)
    }
  }

  @Test("a sample says what the paper's evaluation says")
  func paper() throws {
    let workload = try WorkloadSource.load("gpt-22b-32xl4")
    #expect(workload.model == (try Catalogue.model(named: "gpt-22b", at: InputPlace(file: ""))))
    #expect(workload.cluster.nodes == 4 && workload.cluster.gpusPerNode == 8)
    #expect(workload.run == TrainingRun(sequenceLength: 2048, globalBatch: 512, precision: .fp16))
    #expect(workload.limits == Limits())
  }

  @Test("a workload written by value reads back as itself")
  func roundTrip() throws {
    var workloads = try Catalogue.samples.map { try WorkloadSource.load($0.name) }
    for type in try Catalogue.nodeTypes {
      var workload = workloads[0]
      workload.name = "odd: \"name\" # \u{1F600}\u{A0} \\ é"
      workload.cluster = Cluster(nodes: 3, gpusPerNode: 5, nodeType: type)
      workload.limits = Limits(memoryShare: 0.1 + 0.2, headroomBytes: 1e9 / 3)
      workload.run.trainingTokens = 1e13 / 7
      workloads.append(workload)
    }
    for model in try Catalogue.models {
      workloads.append(Workload(name: "m", model: model, cluster: workloads[0].cluster, run: workloads[0].run))
    }
    for workload in workloads {
      let text = WorkloadWriter.yaml(of: workload)
      #expect(try load(text) == workload, "\(workload.name)")
      #expect(text.hasPrefix("brume: 1\n"))
    }
  }

  @Test("assignments change one field, also below a name")
  func assignments() throws {
    let workload = try load(
      small,
      set: [
        "run.batch=64", "model.layers=30", "cluster.nodes=2", "cluster.node.gpu.memoryBytes=20 GiB",
        "cluster.node.links.hostToDevice={gibibytesPerSecond: 9, latencySeconds: 1 us, provenance: vendor}",
        "limits.headroom=1 GiB", "name=mine",
      ])
    #expect(workload.run.globalBatch == 64)
    #expect(workload.model.layers == 30 && workload.model.hidden == 2048 && workload.model.name == "gpt-1.3b")
    #expect(workload.cluster.nodes == 2 && workload.cluster.gpusPerNode == 2)
    let gpu = workload.cluster.nodeType.gpu
    #expect(gpu.memoryBytes.value == 20 * 1_073_741_824 && gpu.memoryBytes.provenance == .assumed)
    #expect(gpu.memoryBytes.source.contains("--set"))
    #expect(gpu.peakFlops.value == 121e12)
    #expect(workload.cluster.nodeType.links.hostToDevice.gibibytesPerSecond == 9)
    #expect(workload.limits.headroomBytes == 1_073_741_824 && workload.name == "mine")
  }

  @Test("wrong assignments name themselves, not the file")
  func wrongAssignments() {
    #expect(
      message { _ = try load(small, set: ["run.btach=64"]) }
        == "--set run.btach=64: run: unknown key 'btach'; did you mean 'batch'?")
    #expect(
      message { _ = try load(small, set: ["run.batch=-1"]) }
        == "--set run.batch=-1: run.batch: found '-1', must be a whole number from 1 to 10000000")
    #expect(message { _ = try load(small, set: ["run.batch"]) }.contains("must be key.path=value"))
    #expect(message { _ = try load(small, set: ["run..batch=1"]) }.contains("keys with points between"))
    #expect(message { _ = try load(small, set: ["run.batch=[1"]) }.contains("--set run.batch=[1"))
    #expect(
      message { _ = try load(small, set: ["model.heads=3"]) }
        == "--set model.heads=3: model.heads: hidden 2048 is not a multiple of 3 heads; change one of them, "
        + "or give headWidth")
  }

  @Test(
    "cluster specifications",
    arguments: [
      ("64x8xh100", 64, 8, "h100-sxm"), ("8xl4", 1, 8, "l4-vm"), ("32xl4", 4, 8, "l4-vm"), ("2xl4", 1, 2, "l4-vm"),
      ("h200", 1, 8, "h200-sxm"), ("4x8 l4-vm", 4, 8, "l4-vm"), ("2x4xa100-80-sxm", 2, 4, "a100-80-sxm"),
      ("16xa100-80-sxm", 2, 8, "a100-80-sxm"), ("1x8xL4", 1, 8, "l4-vm"),
    ] as [(String, Int, Int, String)])
  func specifications(_ spec: String, _ nodes: Int, _ gpus: Int, _ type: String) throws {
    let cluster = try ClusterReader.cluster(spec: spec, at: InputPlace(file: "--cluster"))
    #expect(cluster.nodes == nodes && cluster.gpusPerNode == gpus && cluster.nodeType.name == type)
  }

  @Test(
    "wrong cluster specifications say what would be right",
    arguments: [
      ("12xl4", "a multiple of 8 GPUs"), ("2x16xl4", "at most 8"), ("0xl4", "counts from 1"), ("8x", "such as 64x8"),
      ("2x3x4xl4", "such as 64x8"), ("8xh1000", "did you mean 'h100'?"), ("99999999999999999999xl4", "counts from 1"),
      ("200000x8xl4", "at most 100000 nodes"), ("", "'cluster' is missing"), ("x8", "no node type"),
      ("-1xl4", "no node type"),
    ])
  func wrongSpecifications(_ spec: String, _ expected: String) {
    let found = message { _ = try load(small.replacingOccurrences(of: "2xl4", with: spec)) }
    #expect(found.contains(expected), "\(found)")
    #expect(found.hasPrefix("stdin:"), "\(found)")
  }

  @Test("a cluster can be given inline, with overrides of a node type")
  func inlineCluster() throws {
    let text = """
      brume: 1
      model:
        name: tiny
        hidden: 256
        layers: 4
        heads: 4
        feedForward: 1024
        vocabulary: 1000
      cluster:
        nodes: 2
        gpusPerNode: 4
        node: {from: l4, title: mine, links: {measured: {1x2: [3, 1e-4]}, measuredSource: me}}
        hostMemoryBytes: 200 GiB
        dollarsPerGPUHour: 0.5
      run: {sequence: 512, batch: 8, attention: none}
      """
    let workload = try load(text)
    #expect(workload.model.headWidth == 64 && workload.model.keyValueHeads == 4 && workload.name == "tiny-8xl4-vm")
    let type = workload.cluster.nodeType
    #expect(type.title == "mine" && type.links.measured.count == 1 && type.gpu.name == "l4")
    #expect(type.hostMemoryBytes.value == 200 * 1_073_741_824 && type.dollarsPerGPUHour?.value == 0.5)
    #expect(workload.run.attention == .unfused && workload.run.precision == .bf16)
  }

  @Test("flags make the same workload as a file")
  func flags() throws {
    let made = try WorkloadSource.make(
      model: "gpt-1.3b", cluster: "2xl4", sequence: 2048, batch: 32, set: ["run.precision=fp16"])
    let read = try load(small)
    #expect(made == read && made.name == "gpt-1.3b-2xl4-vm")
    #expect(
      message { _ = try WorkloadSource.make(model: "gpt7b", cluster: "2xl4", sequence: 1, batch: 1) }
        == "--model: no model is called 'gpt7b'; did you mean 'gpt-7b'?")
    #expect(
      message { _ = try WorkloadSource.make(model: "gpt-7b", cluster: "2xl4", sequence: 0, batch: 1) }
        .hasPrefix("--sequence: found '0'"))
  }

  @Test("a config.json is found relative to the workload's folder")
  func relativeConfig() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("brume-\(UUID().uuidString)")
    let inner = folder.appendingPathComponent("my-gpt")
    try FileManager.default.createDirectory(at: inner, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let config = #"{"model_type":"gpt2","n_embd":768,"n_layer":12,"n_head":12,"vocab_size":50257}"#
    try config.write(to: inner.appendingPathComponent("config.json"), atomically: true, encoding: .utf8)
    let file = folder.appendingPathComponent("w.yaml")
    for path in ["my-gpt/config.json", "./my-gpt/"] {
      let text = small.replacingOccurrences(of: "gpt-1.3b", with: path)
      try text.write(to: file, atomically: true, encoding: .utf8)
      let workload = try WorkloadSource.load(file.path)
      #expect(workload.name == "w" && workload.model.name == "my-gpt" && workload.model.hidden == 768)
      let changed = try WorkloadSource.load(file.path, set: ["model.layers=6"])
      #expect(changed.model.layers == 6 && changed.model.tiedEmbeddings)
    }
    try small.replacingOccurrences(of: "gpt-1.3b", with: "nowhere/config.json")
      .write(to: file, atomically: true, encoding: .utf8)
    #expect(message { _ = try WorkloadSource.load(file.path) }.contains("nowhere/config.json: no such file"))
  }

  @Test("a file that is not there is answered with the nearest sample")
  func noFile() {
    #expect(
      message { _ = try WorkloadSource.load("gpt-7b-8xl5") }
        == "gpt-7b-8xl5: no file or sample is called 'gpt-7b-8xl5'; did you mean 'gpt-7b-8xl4'?")
    #expect(message { _ = try WorkloadSource.load("-") }.hasPrefix("stdin: nothing was given"))
  }

  @Test("wrong fields of a workload are named with their line")
  func wrongFields() {
    #expect(
      message { _ = try load("brume: 1\nmodel: gpt-7b\ncluster: 8xl4\n") }
        == "stdin:1: 'run' is missing; it must be a mapping with sequence and batch")
    #expect(
      message { _ = try load("brume: 1\nmodle: gpt-7b\n") }
        == "stdin:2: unknown key 'modle'; did you mean 'model'?")
    #expect(message { _ = try load("brume: 9\n") }.contains("this file has format 9"))
    #expect(
      message { _ = try load(small + "limits: {memoryShare: 1.5}\n") }
        == "stdin:5: limits.memoryShare: found '1.5', must be a number from 0.01 to 1")
    #expect(
      message { _ = try load(small.replacingOccurrences(of: "precision", with: "runtime: fspd, precision")) }
        == "stdin:4: run.runtime: no runtime is called 'fspd'; did you mean 'fsdp'?")
    #expect(
      message { _ = try load(small.replacingOccurrences(of: "model: gpt-1.3b", with: "model: {hidden: 5000000}")) }
        == "stdin:2: model.hidden: found '5000000', must be a whole number from 1 to 1000000")
    #expect(
      message {
        _ = try load(small.replacingOccurrences(of: "model: gpt-1.3b", with: "model: {from: gpt-7b, layers: 10001}"))
      }
        == "stdin:2: model.layers: found '10001', must be a whole number from 1 to 10000")
  }
}
