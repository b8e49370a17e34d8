/// Reads a log piece by piece, in memory that does not hang on its length.
public struct RunLogReader: Sendable {
  private var readers: [any LogReader]
  private var lines: LogLines
  private let globalBatch: Int

  /// Shares and least number of iterations that count as warm-up.
  private static let warmUpShare = 0.1
  private static let leastWarmUp = 2

  /// A log of a plan's run, of which nothing has come.
  public init(workload: Workload, plan: Plan) {
    let context = RunLog.Context(workload: workload, plan: plan)
    readers = [MegatronLog(context), TorchtitanLog(context), DeepSpeedLog(context), TrainerLog()]
    lines = LogLines(marks: readers.flatMap { $0.marks })
    globalBatch = workload.run.globalBatch
  }

  /// Takes the next bytes, of any number; characters and lines may be torn. Bytes that are no UTF-8 are replaced: logs of
  /// many ranks tear characters apart.
  public mutating func take(_ bytes: UnsafeBufferPointer<UInt8>) { pass(lines.take(bytes)) }

  /// What the log says, after its last bytes; an error says what was looked for, or that all of it is warm-up.
  public mutating func log(file: String) throws(InputError) -> RunLog {
    pass(lines.ended())
    for reader in readers {
      let (writer, found) = (reader.writer, reader.found)
      let seconds = found.seconds.filter { RunLog.seconds.contains($0) }
      guard !seconds.isEmpty else { continue }
      if let batch = found.globalBatch, batch != Double(globalBatch) {
        throw .conflict(
          at: InputPlace(file: file),
          problem: "its global batch size is \(Quantity.text(batch)), that of the plan \(globalBatch)",
          remedy: "name the plan that ran")
      }
      let warmUp =
        found.isMean ? 0 : max(Self.leastWarmUp, Int((Double(seconds.count) * Self.warmUpShare).rounded(.up)))
      let rest = seconds.dropFirst(warmUp)
      guard !rest.isEmpty else {
        throw .unreadable(
          file: file, problem: "a log of \(writer) with \(seconds.count) timed iterations: all of it is warm-up",
          remedy: "let it run for \(Self.leastWarmUp + 3) iterations or more")
      }
      return RunLog(
        writer: writer, iterationSeconds: rest.median ?? 0, used: rest.count, warmUp: warmUp,
        memory: found.memory.sorted)
    }
    let looked = readers.map { $0.looksLike }.joined(separator: ", ")
    throw .unreadable(
      file: file, problem: "no times of iterations are in this log",
      remedy: "looked for \(looked); or give --iteration-seconds")
  }

  private mutating func pass(_ lines: [LogLine]) {
    for line in lines {
      for index in readers.indices { readers[index].take(line) }
    }
  }
}
