import Engine

/// Asks which sample to open, line by line: works on any terminal, and before the explorer takes it.
enum SampleChooser {
  /// The name that was chosen; nil at the end of input or for `q`.
  static func choose() -> String? {
    let samples = Catalogue.samples + Catalogue.plans
    Console.write(lines: ["Brume finds the best plan to train a model on a cluster. Open one of the samples:", ""])
    Console.write(lines: table(samples).lines(indent: 2))
    Console.write(lines: ["", "A file of your own works too; `brume new` prints one to start from."])
    while true {
      Console.write("number, name or file, q to leave [1]: ")
      guard let answer = readLine()?.trimmingPrefix(while: { $0 == " " }), answer != "q" else { return nil }
      if answer.isEmpty { return samples.first?.name }
      guard let number = Int(answer) else { return String(answer) }
      if samples.indices.contains(number - 1) { return samples[number - 1].name }
      Console.write(lines: ["there is no number \(number): choose 1 to \(samples.count)"])
    }
  }

  /// A row a sample: what is trained on what; at most 79 columns.
  private static func table(_ samples: [Sample]) -> TextTable {
    var table = TextTable([
      ("", .right), ("sample", .left), ("model", .left), ("sequence", .right), ("batch", .right), ("GPUs", .right),
      ("cluster", .left),
    ])
    for (index, sample) in samples.enumerated() {
      guard let document = try? InputDocument.load(sample.path) else { continue }
      let workload = document.workload
      table.add([
        "\(index + 1)", sample.name, workload.model.name, "\(workload.run.sequenceLength)",
        "\(workload.run.globalBatch)", "\(workload.cluster.gpuCount)", workload.cluster.label,
      ])
    }
    return table
  }
}
