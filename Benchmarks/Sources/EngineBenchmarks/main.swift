import Engine

/// Prints how fast the tape is, with and without overlaps, and against closures, all in this run.
///
/// `--python` prints the plain expression as Python statements instead, for peer_numpy.py.
let clock = ContinuousClock()
let start = clock.now

func now() -> Double { (clock.now - start) / .seconds(1) }

func millions(_ value: Double) -> Double { (value / 1e4).rounded() / 100 }

if CommandLine.arguments.contains("--python") {
  print(PythonSource.text(TapeBenchmark.subject(overlaps: false)))
} else {
  for result in TapeBenchmark.run(now: now) {
    let subject = TapeBenchmark.subject(overlaps: result.overlaps)
    let closures = ClosureEvaluator(outputs: subject.outputs, inputs: subject.inputs)
    let rows = 1024
    let inputs = TapeBenchmark.inputs(rows: rows)
    let outputs = Columns(rows: rows, columns: subject.outputs.count)
    let seconds = (0..<10).map { _ in
      let before = now()
      closures.evaluate(inputs, into: outputs, rows: 0..<rows)
      return now() - before
    }
    let closuresPerSecond = Double(rows) / (seconds.min() ?? .infinity)
    let ratio = result.configurationsPerSecond / closuresPerSecond
    print("\(result.name): \(result.operations) operations, \(result.instructions) instructions")
    print("  tape      \(millions(result.configurationsPerSecond)) M configurations/s")
    print("  closures  \(millions(closuresPerSecond)) M configurations/s; the tape is \(Int(ratio)) x as fast")
    print("  compile   \(Int(result.compileSeconds * 1e6)) us")
    print("  7 of 11 variables fixed: \(Int(result.fixingSeconds * 1e6)) us to fix and compile, ", terminator: "")
    print("\(millions(result.fixedConfigurationsPerSecond)) M configurations/s")
  }
}
