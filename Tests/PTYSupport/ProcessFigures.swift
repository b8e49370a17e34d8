import Foundation

/// What a running process has taken from the machine, from `/proc`.
public struct ProcessFigures: Sendable {
  /// Memory that it has in use now, bytes.
  public let residentBytes: Int
  /// The most that it had in use, bytes.
  public let peakResidentBytes: Int
  /// Processor time of all its threads, those that have ended among them, seconds; exact to a tick of the clock.
  public let processorSeconds: Double
  /// Processor time of each thread that it has now, seconds by its number; exact.
  private let threadSeconds: [String: Double]

  /// Reads them; nil where there is no such process.
  public init?(process: Int32) {
    guard let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8),
      let stat = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
    else { return nil }
    func kibibytes(_ name: String) -> Int {
      let line = status.split(separator: "\n").first { $0.hasPrefix(name + ":") }
      return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0
    }
    residentBytes = kibibytes("VmRSS") * 1024
    peakResidentBytes = kibibytes("VmHWM") * 1024
    // Behind the name in brackets: the state is the first field, user and system time the 12th and 13th.
    let fields = stat[(stat.lastIndex(of: ")") ?? stat.startIndex)...].split(separator: " ").dropFirst()
    let ticks = fields.dropFirst(11).prefix(2).compactMap { Double($0) }.reduce(0, +)
    processorSeconds = ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
    let tasks = "/proc/\(process)/task"
    let threads = (try? FileManager.default.contentsOfDirectory(atPath: tasks)) ?? []
    threadSeconds = Dictionary(
      uniqueKeysWithValues: threads.map { thread in
        let statistics = try? String(contentsOfFile: "\(tasks)/\(thread)/schedstat", encoding: .utf8)
        return (thread, (statistics?.split(separator: " ").first.flatMap { Double($0) } ?? 0) / 1e9)
      })
  }

  /// Processor time since then of the threads that it has now, seconds; exact, unlike `processorSeconds`, but without
  /// those that have ended meanwhile.
  public func threadSeconds(since before: ProcessFigures) -> Double {
    threadSeconds.map { $0.value - (before.threadSeconds[$0.key] ?? 0) }.reduce(0, +)
  }
}

extension PTYSession {
  /// Waits until the program has nothing to do: all its threads sleep and nothing comes, for a tenth of a second.
  ///
  /// What only waits for a processor of a busy machine does not count as asleep.
  public func waitForSleep(timeout: Duration = patience) throws {
    let deadline = ContinuousClock.now + timeout
    var quietSamples = 0
    while quietSamples < 5 {
      guard ContinuousClock.now < deadline else {
        throw PTYError.timedOut(waitingFor: "a program at rest", screen: screen.text)
      }
      let isQuiet = bytes(within: .milliseconds(20)) == 0 && areThreadsAsleep
      quietSamples = isQuiet ? quietSamples + 1 : 0
    }
  }

  /// Whether no thread of the program runs or could run.
  private var areThreadsAsleep: Bool {
    let tasks = "/proc/\(processID)/task"
    let threads = (try? FileManager.default.contentsOfDirectory(atPath: tasks)) ?? []
    return threads.allSatisfy { thread in
      // A thread that has ended meanwhile has no file.
      guard let stat = try? String(contentsOfFile: "\(tasks)/\(thread)/stat", encoding: .utf8) else { return true }
      return stat[(stat.lastIndex(of: ")") ?? stat.startIndex)...].hasPrefix(") S")
    }
  }

  /// Whether the program is there, without reading what it sends.
  public var isRunning: Bool { kill(processID, 0) == 0 }

  /// Whether the program's main thread waits within a `write`: the terminal takes no more.
  public var isStalled: Bool { Self.isStalled(processID) }

  /// Whether a process's main thread waits within a `write`.
  public static func isStalled(_ process: Int32) -> Bool {
    let call = try? String(contentsOfFile: "/proc/\(process)/syscall", encoding: .utf8)
    return call?.hasPrefix("\(writeCall) ") == true
  }

  /// The number of the system call `write`, which the C library's headers have only as a macro.
  private static var writeCall: Int {
    #if arch(x86_64)
      1
    #else
      64
    #endif
  }
}
