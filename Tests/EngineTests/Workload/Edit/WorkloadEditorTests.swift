import Testing

@testable import Engine

/// One choice of a workload changes, by the rules of files.
@Suite struct WorkloadEditorTests {
  private static func workload(_ sample: String = "gpt-7b-8xl4", set: [String] = []) throws -> Workload {
    try WorkloadSource.load(sample, set: set)
  }

  private static func texts(_ knob: WorkloadKnob, _ workload: Workload) -> [String] {
    WorkloadEditor(workload).values(of: knob).map(\.text)
  }

  private static func message(_ knob: WorkloadKnob, _ text: String, _ workload: Workload) -> String {
    do {
      _ = try WorkloadEditor(workload).setting(knob, to: text)
      return "no error"
    } catch {
      return "\(error)"
    }
  }

  @Test("every value of every choice of every sample is read back from a file as the same workload")
  func written() throws {
    for sample in Catalogue.samples {
      let workload = try Self.workload(sample.name)
      for knob in WorkloadKnob.allCases {
        let values = WorkloadEditor(workload).values(of: knob)
        #expect(values.count > 1, "\(sample.name) \(knob)")
        #expect(values.filter(\.isCurrent).map(\.workload) == [workload])
        #expect(Set(values.map(\.text)).count == values.count)
        for value in values {
          let text = WorkloadWriter.yaml(of: value.workload)
          #expect(try WorkloadSource.load("-", standardInput: text) == value.workload, "\(sample.name) \(value.text)")
          #expect(knob.text(of: value.workload) == value.text)
          #expect(try WorkloadEditor(value.workload).setting(knob, to: value.text) == value.workload)
        }
      }
    }
  }

  @Test("an edit is what --set does to the file")
  func overrides() throws {
    let pairs: [(WorkloadKnob, String, String)] = [
      (.nodes, "3", "cluster.nodes=3"), (.gpusPerNode, "4", "cluster.gpusPerNode=4"),
      (.sequence, "8192", "run.sequence=8192"), (.batch, "96", "run.batch=96"),
      (.batch, "64..512", "run.batch=64..512"), (.batch, "[48, 96]", "run.batch=[48, 96]"),
      (.precision, "fp8", "run.precision=fp8"), (.attention, "none", "run.attention=none"),
      (.memoryShare, "85 %", "limits.memoryShare=0.85"), (.memoryShare, "0.85", "limits.memoryShare=0.85"),
    ]
    for (knob, text, set) in pairs {
      #expect(
        try WorkloadEditor(try Self.workload()).setting(knob, to: " \(text) ") == (try Self.workload(set: [set])),
        "\(text)")
    }
  }

  @Test("a kind alone keeps the nodes and, as far as it has them, the GPUs; a specification sets all")
  func clusters() throws {
    let editor = WorkloadEditor(try Self.workload(set: ["cluster=4x8xa100-80-sxm"]))
    #expect(try editor.setting(.cluster, to: "H100").cluster.label == "4x8 h100-sxm")
    #expect(try editor.setting(.cluster, to: "16x4xl4").cluster.label == "16x4 l4-vm")
    let wide = WorkloadEditor(try Self.workload(set: ["cluster.node.gpusPerNode=16", "cluster.gpusPerNode=16"]))
    #expect(try wide.setting(.cluster, to: "h100").cluster.label == "1x8 h100-sxm")
  }

  @Test("a machine of the file goes on to be known by its name, with what the file says of it")
  func ownMachine() throws {
    let own = try Self.workload(
      set: ["cluster.node.name=basement", "cluster.node.gpu.memoryBytes=20 GiB", "cluster.dollarsPerGPUHour=0.25"])
    let values = WorkloadEditor(own).values(of: .cluster)
    #expect(values.last?.text == "basement" && values.last?.isCurrent == true)
    let larger = try WorkloadEditor(own).setting(.cluster, to: "6x2xbasement")
    #expect(larger.cluster == Cluster(nodes: 6, gpusPerNode: 2, nodeType: own.cluster.nodeType))
    #expect(try WorkloadEditor(own).setting(.nodes, to: "2").cluster.nodeType == own.cluster.nodeType)
    // The same holds under an alias of a shipped name.
    let priced = try Self.workload(set: ["cluster.dollarsPerGPUHour=0.25"])
    #expect(try WorkloadEditor(priced).setting(.cluster, to: "2x8xl4").cluster.nodeType == priced.cluster.nodeType)
  }

  @Test("a launcher brings its runtime, and the request its space")
  func launchers() throws {
    let workload = try Self.workload()
    for launcher in Launcher.allCases {
      let changed = try WorkloadEditor(workload).setting(.launcher, to: launcher.rawValue)
      #expect(changed == launcher.workload(workload))
      #expect(launcher.runtimes.contains(changed.run.runtime))
      let request = TuneRequest(space: .everything).edited(from: workload, to: changed)
      #expect(request.space == launcher.space)
      #expect(request.edited(from: changed, to: changed).space == launcher.space)
      let back = try WorkloadEditor(changed).setting(.launcher, to: "none")
      #expect(back.run.launcher == nil && request.edited(from: changed, to: back).space == .mist)
    }
    var gpipe = TuneRequest(space: try #require(SearchSpace.mist.restricted(to: .gpipe)))
    gpipe = gpipe.edited(from: workload, to: Launcher.megatronLM.workload(workload))
    #expect(gpipe.space == Launcher.megatronLM.space.restricted(to: .gpipe))
  }

  @Test("a wrong value says what would be right, by the name on the screen")
  func wrong() throws {
    let workload = try Self.workload()
    #expect(
      Self.message(.batch, "many", workload)
        == "batch: found 'many', must be a whole number from 1 to 10000000")
    #expect(Self.message(.batch, "", workload).hasPrefix("batch: found nothing, must be a number of samples"))
    #expect(Self.message(.precision, "~", workload) == "precision: found '~', must be one of fp16, bf16, fp8")
    #expect(Self.message(.precision, "bf61", workload).contains("did you mean 'bf16'?"))
    #expect(
      Self.message(.gpusPerNode, "16", workload)
        == "GPUs per node: found 16 GPUs per node, must be at most 8, which a node of type l4-vm has")
    #expect(Self.message(.cluster, "h1000", workload).contains("no node type is called 'h1000'; did you mean 'h100'?"))
    #expect(
      Self.message(.memoryShare, "150 %", workload)
        == "memory limit: found '150 %', must be a share from 1 % to 100 %")
    #expect(Self.message(.memoryShare, "1.5", workload) == "memory limit: found '1.5', must be a number from 0.01 to 1")
    #expect(Self.message(.batch, "[64, x]", workload).hasPrefix("batch: [2]: found 'x', must be a whole number"))
    #expect(Self.message(.sequence, "0", workload).contains("must be a whole number from 1 to 100000000"))
    #expect(Self.message(.launcher, "megatron", workload).contains("must be one of megatron-lm"))
  }

  @Test("the legal value nearest to a wrong one can be set, and there is none where nothing is near")
  func nearest() throws {
    let editor = WorkloadEditor(try Self.workload())
    let cases: [(WorkloadKnob, String, String?)] = [
      (.gpusPerNode, "16", "8"), (.nodes, "0", "1"), (.nodes, "1e9", "100000"), (.batch, "511.7", "512"),
      (.sequence, "-5", "1"), (.memoryShare, "150 %", "100 %"), (.memoryShare, "80", "80 %"),
      (.memoryShare, "0", "1 %"), (.precision, "bf61", "bf16"), (.launcher, "torchtitn", "torchtitan"),
      (.cluster, "h1000", "h100"), (.cluster, "4x99xh100", "4x8xh100"), (.cluster, "0x8xl4", "1x8xl4"),
      (.cluster, "9xl4", "1x8xl4"), (.batch, "many", nil), (.cluster, "abacus", nil), (.precision, "posits", nil),
    ]
    for (knob, text, expected) in cases { #expect(editor.nearestLegal(knob, to: text) == expected, "\(knob) \(text)") }
  }

  @Test("values are doublings and what lies between, around the current one")
  func offered() throws {
    let workload = try Self.workload(set: ["run.batch=512", "run.sequence=4096", "cluster.nodes=6"])
    #expect(
      Self.texts(.batch, workload) == [
        "128", "160", "192", "224", "256", "320", "384", "448", "512", "640", "768", "896", "1024", "1280", "1536",
        "1792", "2048",
      ])
    #expect(Self.texts(.sequence, workload) == ["512", "1024", "2048", "4096", "8192", "16384", "32768", "65536"])
    #expect(Self.texts(.nodes, workload) == ["1", "2", "4", "5", "6", "7", "8", "16"])
    #expect(Self.texts(.gpusPerNode, workload) == ["1", "2", "4", "8"])
    #expect(Self.texts(.memoryShare, workload).first == "50 %" && Self.texts(.memoryShare, workload).last == "100 %")
    let open = try Self.workload(set: ["run.batch=256..1024"])
    #expect(Self.texts(.batch, open).contains("256..1024") && Self.texts(.batch, open).contains("1024"))
    let odd = try Self.workload(set: ["run.batch=500", "limits.memoryShare=0.923"])
    #expect(Self.texts(.batch, odd).contains("500") && Self.texts(.memoryShare, odd).contains("0.923"))
  }

  @Test("a step goes to the next value, back undoes forth, and the ends have none beyond")
  func steps() throws {
    let workload = try Self.workload(set: ["run.batch=512"])
    func stepped(_ knob: WorkloadKnob, _ steps: [Int], from start: Workload = workload) -> String? {
      var now = start
      for step in steps {
        guard let next = WorkloadEditor(now).step(knob, by: step) else { return nil }
        now = next
      }
      return knob.text(of: now)
    }
    #expect(stepped(.batch, [1]) == "640" && stepped(.batch, [-1]) == "448")
    #expect(stepped(.nodes, [1, 1, 1]) == "4" && stepped(.nodes, [-1]) == nil)
    #expect(stepped(.memoryShare, [-1]) == "95 %" && stepped(.memoryShare, [1]) == nil)
    #expect(stepped(.batch, [0]) == nil)
    for knob in WorkloadKnob.allCases {
      let now = knob.text(of: workload)
      for forth in [1, -1] where stepped(knob, [forth]) != nil {
        #expect(stepped(knob, [forth, -forth]) == now, "\(knob)")
      }
    }
    var batch = try Self.workload(set: ["run.batch=1"])
    for _ in 0..<200 { batch = WorkloadEditor(batch).step(.batch, by: 1) ?? batch }
    #expect(batch.run.globalBatch <= 10_000_000 && batch.run.globalBatch > 5_000_000)
  }
}
