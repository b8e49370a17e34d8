import Engine
import Foundation

/// A training run's log on the disk, or what another program writes of it (`--log <(zcat run.log.gz)`).
enum LogFile {
  private static let pieceBytes = 1 << 20

  /// What the log of a plan's run says, whatever its size; errors name the file.
  static func read(_ path: String, workload: Workload, plan: Plan) throws -> RunLog {
    let path = HomePath.expanded(path)
    func unreadable(_ problem: String) -> InputError {
      .unreadable(file: path, problem: problem, remedy: "name the log of the run")
    }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw unreadable(String(cString: strerror(errno))) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, [S_IFREG, S_IFIFO].contains(status.st_mode & S_IFMT) else {
      throw unreadable("this is neither a file nor a pipe")
    }
    var reader = RunLogReader(workload: workload, plan: plan)
    try withUnsafeTemporaryAllocation(of: UInt8.self, capacity: pieceBytes) { buffer in
      while true {
        let count = Foundation.read(descriptor, buffer.baseAddress, buffer.count)
        if count < 0, errno == EINTR { continue }
        guard count >= 0 else { throw unreadable(String(cString: strerror(errno))) }
        guard count > 0 else { return }
        reader.take(UnsafeBufferPointer(rebasing: buffer[..<count]))
      }
    }
    return try reader.log(file: path)
  }
}
