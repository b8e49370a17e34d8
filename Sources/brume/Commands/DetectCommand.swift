import ArgumentParser
import Engine

/// `brume detect`: the cluster file of this machine, of its Slurm cluster, or of saved outputs.
struct DetectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "detect", abstract: "Write the cluster file of this machine, or of saved outputs.",
    discussion: """
      Reads nvidia-smi, scontrol, /proc/meminfo and /sys/class/infiniband, and changes nothing. On a login node without GPU \
      Slurm tells the nodes; for their links run what --script prints on a compute node:
        brume detect --script > detect.sh
        srun -N1 --exclusive --gpus-per-node=8 sh detect.sh
        brume detect --from brume-detect.txt --out my-cluster.yaml
      What was not seen is marked assumed.
      """)

  @Option(
    help: ArgumentHelp(
      "Saved outputs instead of this machine, or - for standard input; may be repeated.",
      discussion: "One file may hold several: nvidia-smi, its topo -m, scontrol show node, ibstat, /proc/meminfo.",
      valueName: "file"))
  var from: [String] = []

  @Option(help: ArgumentHelp("Write to this file instead of standard output.", valueName: "file"))
  var out: String?

  @Flag(help: "Replace the file of --out if it exists.")
  var force = false

  @Option(help: ArgumentHelp("Name of the kind of node; by default my- and that of its GPU.", valueName: "name"))
  var name: String?

  @Option(
    help: ArgumentHelp("Start from this GPU (see `brume gpus`), where yours is not known.", valueName: "gpu"))
  var gpu: String?

  @Flag(help: "Print a shell script that collects the outputs on a compute node.")
  var script = false

  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    if script, !from.isEmpty || json || name != nil || gpu != nil || out != nil {
      throw ValidationError("--script goes with no other option: save it with > detect.sh")
    }
  }

  func run() throws {
    if script { return Console.write(DetectScript.text) }
    if let out { try AtomicFile.check(out, overwrite: force) }
    var texts: [String] = []
    for file in from {
      texts.append(
        try file == "-"
          ? StandardInput.text(maximumBytes: CommandOutput.maximumBytes)
          : ConfigNode.readText(file, maximumBytes: CommandOutput.maximumBytes))
    }
    if from.isEmpty { texts = ThisMachine.outputs() }
    let place = InputPlace(file: from.isEmpty ? "this machine" : from.joined(separator: ", "))
    let guess = try ClusterGuess(
      DetectedMachine(texts), wishes: ClusterGuess.Wishes(gpu: gpu, name: name), at: place)
    let output = DetectOutput(guess)
    for line in output.lines { Console.warn(line) }
    if let out {
      try AtomicFile.write(guess.yaml, to: out, overwrite: force)
      Console.warn("wrote \(out); look at it, then: brume tune --model NAME --cluster \(out) ...")
    }
    if json {
      Console.write(JSONWriter().text(output.value) + "\n")
    } else if out == nil {
      Console.write(guess.yaml)
    }
  }
}
