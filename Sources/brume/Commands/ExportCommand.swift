import ArgumentParser
import Engine

/// `brume export`: a plan as the files of a launcher.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write the files that a launcher runs a plan by.",
    discussion: """
      Of a workload the best plan of the launcher's own space is exported. Without --out the files are printed. Ends \
      with 1 where the launcher cannot run the plan; it then says what it lacks, and which plan it can run instead.
      """)

  @Argument(help: "A plan or a workload: a YAML file, the name of a sample, or - for standard input.")
  var plan: String

  @OptionGroup var overrides: OverrideOptions

  @Option(help: LauncherName.help)
  var to: LauncherName?

  @Flag(help: "Where the launcher cannot run the plan, export the nearest plan that it can run.")
  var nearest = false

  @Option(help: ArgumentHelp("Write the files into this folder, which is made where there is none.", valueName: "dir"))
  var out: String?

  @Flag(help: "Replace files of --out that exist; export a plan that does not fit its memory, too.")
  var force = false

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    let document = try overrides.document(plan)
    guard let launcher = to?.launcher ?? document.workload.run.launcher else {
      throw ValidationError("--to must name a launcher: \(LauncherName.list)")
    }
    let clock = MonotonicClock()
    let interrupt = Interrupt()
    let asked = try document.plan?.plan ?? best(document.workload, launcher, clock, interrupt)
    let origin = plan == "-" ? "standard input" : plan
    let request = ExportRequest(
      launcher: launcher, takesNearest: nearest, allowsOver: force, origin: origin,
      threads: SearchOptions.allThreads, records: OwnRuns.current.records)
    let result = try request.export(asked, of: document.workload, cancel: interrupt.token) { clock.seconds }
    var files = result.files
    if let scored = result.scored, !files.isEmpty {
      let file = PlanFile(workload: result.workload, scored: scored, space: launcher.spaceName)
      files.append(LaunchFile(name: "plan.yaml", text: file.text))
    }
    if let out, !files.isEmpty { try LaunchFolder.write(files, to: out, overwrite: force) }
    let output = LaunchOutput(result: result, files: files, folder: out)
    if json {
      Console.write(JSONWriter().text(output.value) + "\n")
    } else {
      Console.warn(text: output.remarks.map { $0 + "\n" }.joined())
      if out == nil, !files.isEmpty { Console.write(output.printed) }
    }
    if result.files.isEmpty {
      throw (interrupt.token.isCancelled ? ExitStatus.cancelled : ExitStatus.noPlan).exit
    }
  }

  /// The best plan of the launcher's space.
  private func best(
    _ workload: Workload, _ launcher: Launcher, _ clock: MonotonicClock, _ interrupt: Interrupt
  ) throws -> Plan {
    let session = TuningSession(workload: launcher.workload(workload)) { clock.seconds }
    let request = TuneRequest(space: launcher.space, threads: SearchOptions.allThreads, alternatives: 0)
    let progress = ProgressLine(clock: clock)
    let result = session.tune(request, cancel: interrupt.token) { progress.show($0) }
    progress.clear()
    guard let best = result.best else {
      let report = Report(
        question: session.workload, workload: WorkloadJSON.value(session.workload), status: result.status, scored: nil,
        context: PlanJSON.Context(runtime: session.workload.run.runtime, space: launcher.spaceName), notes: [])
      if json {
        Console.write(JSONWriter().text(ResultJSON.tuned(report, result: result)) + "\n")
      } else {
        Console.warn(text: ResultText.tuned(report, result: result).joined(separator: "\n") + "\n")
      }
      throw (result.status == .cancelled ? ExitStatus.cancelled : ExitStatus.noPlan).exit
    }
    return best.plan
  }
}
