import Foundation
import PTYSupport

/// A plain command of `brume`, started by a shell that sets up its files and signals.
///
///     let program = try LineProgram("exec brume models >&-")
///     #expect(try program.waitForExit() == .exited(70))
///     #expect(program.errors.contains("cannot be written"))
///
/// The word `brume` of the script is a shell function or, behind `exec`, the built program. Standard input is empty.
final class LineProgram {
  /// The folder in which it runs, and its home; removed with the object.
  let folder: String
  /// Its process.
  var processID: Int32 { process.processIdentifier }
  private let process = Process()

  /// Starts a script; what it prints goes to files, unless `output` takes its standard output.
  init(_ script: String, output: FileHandle? = nil) throws {
    folder = NSTemporaryDirectory() + "brume-line-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let binary = try BuiltProduct.path("brume")
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", script.replacing("exec brume", with: "exec '\(binary)'")]
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.environment = ["PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": folder, "BRUME_OBSERVED": "none"]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try output ?? Self.file(folder + "/stdout")
    process.standardError = try Self.file(folder + "/stderr")
    try process.run()
  }

  deinit {
    if process.isRunning { kill(processID, SIGKILL) }
    try? FileManager.default.removeItem(atPath: folder)
  }

  /// What it has printed.
  var text: String { contents("stdout") }
  /// What it has printed to standard error.
  var errors: String { contents("stderr") }
  /// Whether it has not ended.
  var isRunning: Bool { process.isRunning }

  /// A file of its folder; empty where there is none.
  func contents(_ name: String) -> String {
    (try? String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)) ?? ""
  }

  /// Sends a signal.
  func signal(_ number: Int32) { kill(processID, number) }

  /// Waits until it has ended.
  func waitForExit(timeout: Duration = .seconds(90)) throws -> PTYExit {
    let deadline = ContinuousClock.now + timeout
    while process.isRunning {
      guard ContinuousClock.now < deadline else {
        throw PTYError.timedOut(waitingFor: "the end of the program", screen: text + errors)
      }
      usleep(2_000)
    }
    return process.terminationReason == .exit
      ? .exited(process.terminationStatus) : .signalled(process.terminationStatus)
  }

  /// Waits until a condition holds.
  func wait(until description: String, timeout: Duration = .seconds(60), _ condition: () -> Bool) throws {
    let deadline = ContinuousClock.now + timeout
    while !condition() {
      guard process.isRunning, ContinuousClock.now < deadline else {
        throw PTYError.timedOut(waitingFor: description, screen: text + errors)
      }
      usleep(2_000)
    }
  }

  /// Whether its main thread waits within `write`.
  var isStalled: Bool { PTYSession.isStalled(processID) }

  /// Processor time that it takes within so many seconds.
  func processorSeconds(within seconds: Double) -> Double {
    let before = ProcessFigures(process: processID)?.processorSeconds ?? 0
    usleep(UInt32(seconds * 1e6))
    return (ProcessFigures(process: processID)?.processorSeconds ?? before) - before
  }

  private static func file(_ path: String) throws -> FileHandle {
    _ = FileManager.default.createFile(atPath: path, contents: nil)
    guard let file = FileHandle(forWritingAtPath: path) else { throw PTYError.notFound(path) }
    return file
  }
}

/// A pipe whose reader takes nothing.
final class StuckPipe {
  private let pipe = Pipe()
  /// The end to write to.
  var writer: FileHandle { pipe.fileHandleForWriting }

  /// A pipe that is full already, or one whose reader has gone.
  init(isFull: Bool) throws {
    guard isFull else {
      try pipe.fileHandleForReading.close()
      return
    }
    let file = writer.fileDescriptor
    _ = fcntl(file, F_SETFL, O_NONBLOCK)
    let bytes = [UInt8](repeating: 46, count: 4_096)
    while write(file, bytes, bytes.count) > 0 {}
    _ = fcntl(file, F_SETFL, 0)
  }
}
