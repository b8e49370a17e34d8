import Engine
import Foundation

/// Asks what to open, line by line: works on any terminal, and before the explorer takes it.
enum SampleChooser {
  /// Most sessions that are offered.
  private static let mostSessions = 5

  /// The name or path that was chosen; nil at the end of input or for `q`.
  ///
  /// - Parameter now: the moment that sessions are so many minutes before.
  static func choose(sessions folder: SessionFolder? = .standard, now: Date = Date()) -> String? {
    let samples = Catalogue.samples + Catalogue.plans
    let (found, problems) = folder?.newest(mostSessions) ?? ([], [])
    Console.write(lines: ["Brume finds the best plan to train a model on a cluster. Open one of the samples:", ""])
    Console.write(lines: table(samples).lines(indent: 2))
    if !found.isEmpty {
      Console.write(lines: ["", "or go on with a session, the newest first:", ""])
      Console.write(lines: table(found, from: samples.count + 1, now: now).lines(indent: 2))
    }
    for problem in problems { Console.write(lines: ["", "a session that cannot be read: \(problem)"]) }
    Console.write(lines: ["", "A file of your own works too; `brume new` prints one to start from."])
    let choices = samples.map(\.name) + found.map(\.entry.path)
    while true {
      Console.write("number, name or file, q to leave [1]: ")
      guard let line = readLine() else {
        // The end of the terminal is not the end of what somebody types.
        if Console.inputIsGone { Foundation.exit(128 + SIGHUP) }
        return nil
      }
      let answer = line.trimmingPrefix { $0 == " " }
      if answer == "q" { return nil }
      if answer.isEmpty { return choices.first }
      guard let number = Int(answer) else { return String(answer) }
      if choices.indices.contains(number - 1) { return choices[number - 1] }
      Console.write(lines: ["there is no number \(number): choose 1 to \(choices.count)"])
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

  /// A row a session: its workload, its plan's figures, how old it is; at most 79 columns.
  private static func table(_ sessions: [SessionFolder.Found], from first: Int, now: Date) -> TextTable {
    var table = TextTable([
      ("", .right), ("session", .left), ("s/iter", .right), ("S", .right), ("G", .right), ("edits", .right),
      ("left", .right),
    ])
    for (index, session) in sessions.enumerated() {
      let file = session.file
      let age = session.entry.isAlive ? "still open" : age(now.timeIntervalSince(session.entry.date))
      table.add([
        "\(first + index)", String(file.draft.workload.name.prefix(28)),
        file.predicted.map { Decimals.significant($0.iterationSeconds, 5) } ?? "no plan",
        file.shown.map { "\($0.stages.count)" } ?? "", file.shown.map { "\($0.gradientAccumulation)" } ?? "",
        "\(file.position)", age,
      ])
    }
    return table
  }

  /// `3 min ago`.
  static func age(_ seconds: Double) -> String {
    let minutes = Int(max(0, min(seconds, 1e12)) / 60)
    switch minutes {
    case 0: return "just now"
    case ..<60: return "\(minutes) min ago"
    case ..<(48 * 60): return "\(minutes / 60) h ago"
    default: return "\(minutes / (24 * 60)) days ago"
    }
  }
}
