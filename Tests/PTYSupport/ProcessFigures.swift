import Foundation

/// What a running process has taken from the machine, from `/proc`.
public struct ProcessFigures: Sendable {
  /// Memory that it has in use now, bytes.
  public let residentBytes: Int
  /// The most that it had in use, bytes.
  public let peakResidentBytes: Int
  /// Processor time of all its threads, seconds.
  public let processorSeconds: Double

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
  }
}

extension PTYSession {
  /// Whether the program's main thread waits within a `write`: the terminal takes no more.
  public var isStalled: Bool {
    let call = try? String(contentsOfFile: "/proc/\(processID)/syscall", encoding: .utf8)
    return call?.hasPrefix("\(Self.writeCall) ") == true
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
