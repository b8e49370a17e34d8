import FuzzSupport

@testable import Engine

/// What is typed on a command line or into a field of the explorer.
extension EngineReaders {
  /// Assignments, clusters, pins, constraints, quantities, values of a workload.
  static func words() throws -> [FuzzedReader] {
    let sample = try WorkloadSource.load("gpt-7b-8xl4")
    let text = ShippedFiles.text("samples/gpt-7b-8xl4.yaml") ?? ""
    let root = try ConfigNode.parse(text, file: "stdin")
    return [
      FuzzedReader(
        "--set", .plain, weight: 6, place: nil,
        corpus: [
          "run.batch=64", "model.layers=30", "cluster.nodes=4", "run.batch=64..512", "limits.headroom=1 GiB",
          "cluster.node.gpu.memoryBytes=20 GiB", "model={from: gpt-7b, layers: 4}", "cluster=4x8xh100",
          "run.batch=[64, 128]", "cluster.node.gpu.peakFlops={value: 1e15, provenance: vendor, source: \"me\"}",
        ]
      ) { words, number in
        let assigned = try root.applying([words])
        _ = try assigned.mapping(WorkloadSource.keys)
        try use(try WorkloadSource.workload(assigned, folder: nil, defaultName: "w"), number)
        return .read
      },
      FuzzedReader(
        "--cluster", .plain, weight: 10, place: nil,
        corpus: ["8xl4", "4x8xh100", "h100", "64x8 h100", "32xl4", "2x6xl4", "4x8 a100-80"]
      ) { words, number in
        var workload = sample
        workload.cluster = try WorkloadSource.cluster(words, at: InputPlace(file: "--cluster"))
        try use(workload, number)
        return .read
      },
      FuzzedReader(
        "--pin", .plain, weight: 12, place: nil,
        corpus: [
          "stages=4", "2.zero!=3", "last.tensorParallel=4,8", "gradientAccumulation=1..64", "schedule=1f1b",
          "sequenceParallel=true", "3.offload.optimizer=0..0.5", "recompute=full", "layers=1..9,12", "interleave!=2",
        ]
      ) { words, _ in
        let pin = try Pin(words)
        try FuzzFinding.check(try Pin(pin.text) == pin, "a pin reads back unequal: \(pin.text)")
        return .read
      },
      FuzzedReader(
        "--constraint", .plain, weight: 8, place: nil, corpus: ["same-tp", "same-layers", "max-kinds=2"]
      ) { words, _ in
        let constraints = try PlanConstraints(texts: [words])
        try FuzzFinding.check(
          try PlanConstraints(texts: constraints.texts) == constraints, "a constraint reads back unequal")
        return .read
      },
      FuzzedReader(
        "quantity", .plain, weight: 12, place: nil,
        corpus: ["384 GiB", "25 GB/s", "100 Gb/s", "121 TFLOP/s", "5 us", "1e-6", "1_000", "20", "0.5 ms"]
      ) { words, _ in
        var found = false
        for unit in [Quantity.Unit.bytes, .bytesPerSecond, .flops, .seconds, .none] {
          guard let value = Quantity.read(words, unit) else { continue }
          try FuzzFinding.check(value.isFinite, "a quantity of \(value)")
          try FuzzFinding.check(Quantity.read(Quantity.text(value), .none) == value, "\(value) reads back unequal")
          found = true
        }
        return found ? .read : .nothing
      },
      FuzzedReader(
        "a field of the explorer", .plain, weight: 6, place: nil,
        // One for each choice, in their order.
        corpus: ["4x8xl4", "4", "2", "2048", "512", "bf16", "flash", "mist", "0.9"]
      ) { words, number in
        let knobs = WorkloadKnob.allCases
        let knob = knobs[number % knobs.count]
        try use(try WorkloadEditor(sample).setting(knob, to: words), number)
        return .read
      },
    ]
  }
}
