import Engine

/// Asks which sample to open, line by line: works on any terminal, and before the explorer takes it.
enum SampleChooser {
  /// The name that was chosen; nil at the end of input.
  static func choose() -> String? {
    let samples = Catalogue.samples
    var table = TextTable([("", .right), ("sample", .left), ("what it is", .left)])
    for (index, sample) in samples.enumerated() { table.add(["\(index + 1)", sample.name, sample.summary]) }
    Console.write(lines: ["Brume shows the best plan to train a model on a cluster. These samples ship:", ""])
    Console.write(lines: table.lines(indent: 2))
    while true {
      Console.write("\nnumber or name, or a file of your own [1]: ")
      guard let answer = readLine()?.trimmingPrefix(while: { $0 == " " }) else { return nil }
      if answer.isEmpty { return samples.first?.name }
      guard let number = Int(answer) else { return String(answer) }
      if samples.indices.contains(number - 1) { return samples[number - 1].name }
      Console.write("there is no number \(number)")
    }
  }
}
