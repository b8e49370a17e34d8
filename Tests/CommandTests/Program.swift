import Foundation

/// Runs the `brume` that was built beside the tests.
enum Program {
  /// What a run left behind.
  struct Result {
    /// Exit code.
    var status: Int32
    /// Standard output.
    var output: String
    /// Standard error.
    var error: String
  }

  /// There is no program beside the tests.
  struct NotBuilt: Error {
    /// Where it was looked for.
    var path: String
  }

  /// Runs it to its end, without a terminal.
  ///
  /// - Parameters:
  ///   - program: the path of another program; by default `brume`.
  ///   - input: what it reads on standard input; empty by default.
  ///   - output: a file that takes its standard output, instead of the result.
  ///   - interruptAfter: seconds after which it is sent SIGINT.
  ///   - programs: folders in which it looks for programs; those of the tests by default.
  ///   - environment: variables added to those of the tests.
  static func run(
    _ arguments: [String], of program: String? = nil, input: String = "", output path: String? = nil,
    interruptAfter: Double? = nil, programs: String? = nil, environment: [String: String] = [:]
  ) throws -> Result {
    let process = Process()
    process.executableURL = try program.map { URL(fileURLWithPath: $0) } ?? binary()
    process.arguments = arguments
    // What the person at this machine observed is no part of a test.
    var variables = ProcessInfo.processInfo.environment.merging(["BRUME_OBSERVED": "none"]) { $1 }
    if let programs { variables["PATH"] = programs }
    process.environment = variables.merging(environment) { $1 }
    let (standardInput, output, error) = (Pipe(), Pipe(), Pipe())
    process.standardInput = standardInput
    if let path { process.standardOutput = FileHandle(forWritingAtPath: path) } else { process.standardOutput = output }
    process.standardError = error
    let errorText = Drain(error)
    try process.run()
    try standardInput.fileHandleForWriting.write(contentsOf: Data(input.utf8))
    try standardInput.fileHandleForWriting.close()
    if let interruptAfter {
      Thread.sleep(forTimeInterval: interruptAfter)
      process.interrupt()
    }
    // Else the pipe, which nobody writes to, would stay open.
    if path != nil { try output.fileHandleForWriting.close() }
    let outputData = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return Result(
      status: process.terminationStatus, output: String(decoding: outputData, as: UTF8.self), error: errorText.text)
  }

  /// Gives a folder of its own to `body`, and removes it afterwards.
  static func inFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("brume-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  /// The program that was built beside the tests.
  static func binary() throws -> URL {
    let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let path = URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("brume")
    guard FileManager.default.isExecutableFile(atPath: path.path) else { throw NotBuilt(path: path.path) }
    return path
  }

  /// Reads a pipe to its end on a thread of its own, so that neither pipe can fill up and stall the program.
  private final class Drain: Sendable {
    private let done = DispatchGroup()
    // Written once, before `done` is left, and read after it was waited for.
    nonisolated(unsafe) private var data = Data()

    init(_ pipe: Pipe) {
      done.enter()
      let handle = pipe.fileHandleForReading
      Thread.detachNewThread {
        self.data = (try? handle.readToEnd()) ?? Data()
        self.done.leave()
      }
    }

    var text: String {
      done.wait()
      return String(decoding: data, as: UTF8.self)
    }
  }
}
