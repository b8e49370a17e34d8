import ArgumentParser
import Engine

/// `brume new`: a commented workload file from flags.
struct NewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new", abstract: "Write a commented workload file.",
    discussion: "brume new --model llama-3-8b --cluster 2x8xh100 --sequence 8192 --batch 512 --out mine.yaml")

  @OptionGroup var question: QuestionOptions

  @Option(help: ArgumentHelp("Who will run it: \(LauncherName.list).", valueName: "launcher"))
  var launcher: LauncherName?

  @Option(help: ArgumentHelp("Write to this file instead of standard output.", valueName: "file"))
  var out: String?

  @Flag(help: "Replace the file of --out if it exists.")
  var force = false

  func run() throws {
    guard let asked = try question.complete() else {
      throw ValidationError("--model, --cluster, --sequence and --batch must be given")
    }
    // What cannot be read back is told now, with the flag that is wrong.
    var workload = try WorkloadSource.make(
      model: asked.model, cluster: asked.cluster, sequence: asked.sequence, batch: asked.batch)
    if let launcher = launcher?.launcher { workload = launcher.workload(workload) }
    let text = WorkloadTemplate.text(asked, workload: workload)
    guard let out else { return Console.write(text) }
    try AtomicFile.write(text, to: out, overwrite: force)
    Console.warn("wrote \(out); next: brume explore \(out)")
  }
}
