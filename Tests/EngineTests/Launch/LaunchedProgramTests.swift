import Testing

@testable import Engine

/// Commands taken apart into the launcher's options and the program's.
@Suite struct LaunchedProgramTests {
  private static func read(_ text: String) throws -> LaunchedProgram {
    try LaunchedProgram.read(try ShellScript.read(text, file: "run.sh"))
  }

  @Test(
    "the program is what the launcher starts, however it is called",
    arguments: [
      "torchrun --nproc-per-node 8 train.py --x 1", "exec torchrun --standalone --nproc_per_node=8 train.py --x 1",
      "python -m torch.distributed.run --nproc-per-node=8 train.py --x 1",
      "python3 -u -m torch.distributed.launch --nproc_per_node 8 train.py --x 1",
      "srun --ntasks=2 bash -c \"torchrun --nproc-per-node 8 train.py --x 1\"",
      "torchrun --nproc-per-node 8 -m package.train --x 1", "/opt/bin/torchrun --nproc-per-node 8 ./train.py --x 1",
      "P=train.py\nN=8\nCMD=\"torchrun --nproc-per-node $N $P --x 1\"\n$CMD",
    ])
  func programs(text: String) throws {
    let program = try Self.read(text)
    #expect(program.starter == .torchrun)
    #expect(LaunchPlace.read(program.launcher).gpusPerNode?.count == 8)
    #expect(program.options.all.map(\.name) == ["x"])
    #expect(try program.options.int("x", in: 0...9) == 1)
  }

  @Test("DeepSpeed, Accelerate and plain Python start programs, too; a name among the arguments is no launcher")
  func starters() throws {
    #expect(try Self.read("deepspeed --num_gpus 4 train.py --deepspeed ds.json").starter == .deepspeed)
    let accelerate = try Self.read("accelerate launch --config_file a.yaml train.py --strategy deepspeed")
    #expect(accelerate.starter == .accelerate && accelerate.launcher["config_file"]?.values.map(\.text) == ["a.yaml"])
    let python = try Self.read("python train.py arguments.json --strategy torchrun")
    #expect(python.starter == .python && python.files.map(\.text) == ["arguments.json"])
    #expect(try Self.read("--bf16 --lr 1e-4").options.all.map(\.name) == ["bf16", "lr"])
  }

  @Test("the command with the most options is the one that trains")
  func longest() throws {
    let program = try Self.read("mkdir -p out\npip install --quiet x\ntorchrun train.py --a 1 --b 2 --c\necho --done")
    #expect(program.options.all.map(\.name) == ["a", "b", "c"] && program.line == 3)
    #expect(throws: InputError.self) { try Self.read("echo hello") }
  }

  @Test("values: bare switches, equals signs, lists, negative numbers; the last of several counts")
  func values() throws {
    let options = try Self.read("t.py --flag --no-thing=false --list 1 2 3 --low -5 --low=-6 --auto auto").options
    #expect(try options.flag("flag") == true && options.flag("no_thing") == false && options.flag("missing") == nil)
    #expect(options["list"]?.values.map(\.text) == ["1", "2", "3"])
    #expect(try options.int("low", in: -9...0) == -6)
    #expect(try options.int("auto", in: 0...1) == nil)
    #expect(options["list"]?.text == "--list 1 2 3")
  }

  @Test("a value that the script does not set is an error that names it")
  func unset() throws {
    let options = try Self.read("t.py --size $SIZE --other 2").options
    #expect {
      try options.int("size", in: 1...9)
    } throws: {
      "\($0)"
        == "run.sh:1: --size: found $SIZE, which the file does not set, must be a whole number from 1 to 9, written out"
    }
    #expect {
      try options.int("other", in: 5...9)
    } throws: { "\($0)" == "run.sh:1: --other: found '2', must be a whole number from 5 to 9" }
  }

  @Test("a table names what is unknown and what is not modelled, once each, and nothing that is off")
  func table() throws {
    let table = LaunchOptionTable(
      read: "a", harmless: "b c.*",
      concerns: ["d": .init("costs"), "e": .init("costs", unless: "usual"), "f.*": .init("x")])
    var found = LaunchImport(
      workload: Workload(
        name: "", model: try Catalogue.model(named: "gpt2", at: InputPlace(file: "test")),
        cluster: try WorkloadSource.cluster("1xl4", at: InputPlace(file: "test")),
        run: TrainingRun(sequenceLength: 1, globalBatch: 1)),
      plan: Plan(gradientAccumulation: 1, stages: []))
    let options = try Self.read("t.py --a 1 --b 2 --d --d --d=false --e usual --e other --z 3 --z 3").options.all
    let nested = LaunchOption.all(
      in: try ConfigNode.parse("{c: {x: {y: 1}}, f: {g: 2}, h: {i: ~}}", file: "test").anyMapping())
    table.judge(options + nested, for: &found)
    #expect(found.unknown == ["--z 3"])
    #expect(found.warnings == ["--d: costs", "--e other: costs", "f.g 2: x"])
  }

  @Test("three numbers of a batch: two say the third; flags fill in what files leave out")
  func batches() throws {
    func complete(_ batch: Int?, _ micro: Int?, _ steps: Int?, _ flags: (Int?, Int?) = (nil, nil)) throws -> [Int] {
      var context = LaunchContext(file: "f", batch: flags.0)
      context.microBatch = flags.1
      var assumed: [String] = []
      let full = try LaunchBatch(batch: batch, microBatch: micro, accumulation: steps)
        .completed(dataParallel: 4, context, assumed: &assumed)
      return [full.batch, full.microBatch, full.accumulation]
    }
    #expect(try complete(64, 2, nil) == [64, 2, 8])
    #expect(try complete(64, nil, 8) == [64, 2, 8])
    #expect(try complete(nil, 2, 8) == [64, 2, 8])
    #expect(try complete(64, 2, 8) == [64, 2, 8])
    #expect(try complete(64, nil, nil) == [64, 16, 1])
    #expect(try complete(nil, 2, nil) == [8, 2, 1])
    #expect(try complete(nil, nil, nil, (64, 2)) == [64, 2, 8])
    #expect(try complete(nil, 2, nil, (64, 5)) == [64, 2, 8])
    #expect(throws: InputError.self) { try complete(nil, nil, 8) }
    #expect(throws: InputError.self) { try complete(64, 3, nil) }
    #expect(throws: InputError.self) { try complete(64, 2, 9) }
    #expect(throws: InputError.self) { try complete(nil, .max, 8) }
  }
}
