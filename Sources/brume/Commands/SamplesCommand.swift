import ArgumentParser
import Engine

/// `brume samples`: the workloads and plans that ship.
struct SamplesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "samples", abstract: "List the workloads and plans that ship.",
    discussion: "Their names stand for files in every command.")

  @OptionGroup var output: ListOptions

  func run() throws {
    var list = ListTable(key: "samples", [("name", .left), ("kind", .left), ("GPUs", .right), ("what it is", .left)])
    for (kind, samples) in [("workload", Catalogue.samples), ("plan", Catalogue.plans)] {
      for sample in samples {
        let workload = try InputDocument.load(sample.path).workload
        list.add(
          [sample.name, kind, "\(workload.cluster.gpuCount)", sample.summary],
          [
            "name": .string(sample.name), "kind": .string(kind), "path": .string(sample.path),
            "gpus": .int(workload.cluster.gpuCount), "model": .string(workload.model.name),
            "cluster": .string(workload.cluster.label), "summary": .string(sample.summary),
          ])
      }
    }
    output.print(list)
  }
}
