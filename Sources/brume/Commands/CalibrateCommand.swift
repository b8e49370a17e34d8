import ArgumentParser
import Engine

/// `brume calibrate POINTS`: a cluster file whose figures were fitted to what was measured.
struct CalibrateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "calibrate", abstract: "Fit a cluster file to what was measured on its GPUs.",
    discussion: """
      POINTS is what the script of `brume profiler` wrote, or a table of docs/clusters.md; several are put together.
        brume calibrate points.jsonl --cluster my-cluster.yaml --out my-cluster-measured.yaml
      Prints each figure with what it was before, its error over the points, and how surely they tell it.
      """)

  @Argument(help: ArgumentHelp("Measured points: JSON lines, or a table with commas.", valueName: "points"))
  var points: [String]

  @Option(
    help: ArgumentHelp(
      "Hardware to start from: a cluster file or as in 8xl4; by default that of the measured GPU.", valueName: "spec"))
  var cluster: String?

  @Option(help: ArgumentHelp("Of a table with several GPUs the one that is wanted.", valueName: "name"))
  var gpu: String?

  @Option(help: ArgumentHelp("Write the cluster file here.", valueName: "file"))
  var out: String?

  @Flag(help: "Replace the file of --out if it exists.")
  var force = false

  @Option(help: ArgumentHelp("Name of the kind of node; by default that of its base, -measured.", valueName: "name"))
  var name: String?

  @Flag(help: "Print every point, fitted beside measured.")
  var all = false

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    if let out { try AtomicFile.check(out, overwrite: force) }
    if let name {
      // What the file is read with again.
      let node = ConfigNode(place: InputPlace(file: "--name"), content: .scalar(name, quoted: true))
      _ = try node.string("a name", maximum: 200)
    }
    let measured = try CalibrationReader.read(points, gpu: gpu)
    let base: CalibrationBase
    if let cluster {
      base = CalibrationBase(
        try WorkloadSource.cluster(cluster, at: InputPlace(file: "--cluster")), label: cluster)
    } else {
      base = try CalibrationBase(of: measured)
    }
    var report = try Calibration(measured, base: base.cluster, label: base.label).report()
    let own = base.cluster.nodeType.name
    report.cluster.nodeType.name = name ?? (own.hasSuffix("measured") ? own : own + "-measured")
    // First the file: whoever reads the text may go before its end, and that ends the program.
    try save(report, over: base)
    let output = CalibrationOutput(report)
    if json {
      Console.write(JSONWriter().text(output.value) + "\n")
    } else {
      Console.write(lines: output.lines(all: all))
    }
    if let out {
      Console.warn("wrote \(out); next: brume explore --cluster \(out) --model NAME --sequence N --batch N")
    } else if !json {
      Console.warn("nothing was written; --out FILE writes the cluster file")
    }
  }

  /// Writes the cluster to the file of `--out`.
  private func save(_ report: CalibrationReport, over base: CalibrationBase) throws {
    guard let out else { return }
    let shipped = try Catalogue.nodeTypes.first { $0.name == base.cluster.nodeType.name && $0 == base.cluster.nodeType }
    let comments = [
      "By brume calibrate, from \(points.joined(separator: ", ")) over \(base.label).",
      "Use it with --cluster \(out), or 4x\(report.cluster.gpusPerNode)x\(out.contains("/") ? "" : "./")\(out) for four nodes.",
    ]
    try AtomicFile.write(
      ClusterFile.text(of: report.cluster, over: shipped, comments: comments), to: out, overwrite: force)
  }
}
