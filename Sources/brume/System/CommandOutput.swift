import Foundation

/// What a program of this machine prints; a missing or hanging one prints nothing.
enum CommandOutput {
  /// Most that is read, bytes: `scontrol show node` of ten thousand nodes.
  static let maximumBytes = 32 * 1_048_576

  /// Standard output of a program of PATH, of at most `maximumBytes`; what it had printed where it did not end in time.
  ///
  /// Its standard input is empty, its messages are dropped, and its exit code does not matter: what it could say counts.
  static func text(_ name: String, _ arguments: [String], seconds: Double) -> String {
    guard let path = path(of: name) else { return "" }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    let output = Pipe()
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return "" }
    let data = read(output.fileHandleForReading.fileDescriptor, seconds: seconds)
    // A program that hangs in the driver does not end on any signal: it is not waited for.
    if process.isRunning { process.terminate() }
    return String(decoding: data, as: UTF8.self)
  }

  /// Reads to the end, to the limit of bytes, or until the time is over.
  private static func read(_ file: Int32, seconds: Double) -> Data {
    let clock = MonotonicClock()
    var data = Data()
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while data.count < maximumBytes {
      let left = seconds - clock.seconds
      var waited = pollfd(fd: file, events: Int16(POLLIN), revents: 0)
      guard left > 0 else { break }
      let ready = poll(&waited, 1, Int32(left * 1_000) + 1)
      if ready < 0 && errno == EINTR { continue }
      guard ready > 0 else { break }
      let count = buffer.withUnsafeMutableBytes { Foundation.read(file, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { break }
      data.append(contentsOf: buffer[..<count])
    }
    return data
  }

  /// The first executable file of that name in the folders of PATH.
  private static func path(of name: String) -> String? {
    let folders = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    return folders.split(separator: ":").map { "\($0)/\(name)" }.first { path in
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
        && FileManager.default.isExecutableFile(atPath: path)
    }
  }
}
