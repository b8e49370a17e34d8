import Foundation

/// Programs of this package as the build left them.
public enum BuiltProduct {
  /// The path of a program, beside the running test program.
  public static func path(_ name: String) throws -> String {
    let running =
      (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
    let path = URL(filePath: running).deletingLastPathComponent().appending(path: name).path
    guard FileManager.default.isExecutableFile(atPath: path) else { throw PTYError.notFound(path) }
    return path
  }

  /// The path of a program of the system, or nil where it is not installed.
  public static func system(_ name: String) -> String? {
    let directories = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
    return directories.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
  }
}

/// What went wrong on a test's terminal; the text shows the screen.
public enum PTYError: Error, CustomStringConvertible {
  /// No such program.
  case notFound(String)
  /// A system call failed.
  case system(String, code: Int32)
  /// What was waited for did not come.
  case timedOut(waitingFor: String, screen: String)
  /// The program ended while something was waited for.
  case ended(waitingFor: String, exit: PTYExit, screen: String)

  /// For the test's log.
  public var description: String {
    switch self {
    case .notFound(let path): "no program at \(path)"
    case .system(let call, let code): "\(call) failed: \(String(cString: strerror(code)))"
    case .timedOut(let awaited, let screen): "\(awaited) did not come; the screen:\n\(screen)"
    case .ended(let awaited, let exit, let screen): "\(exit) before \(awaited) came; the screen:\n\(screen)"
    }
  }
}

/// How a program ended.
public enum PTYExit: Sendable, Equatable {
  /// With this exit code.
  case exited(Int32)
  /// By this signal.
  case signalled(Int32)
}
