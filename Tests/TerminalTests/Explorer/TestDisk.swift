import Foundation
import PTYSupport

/// A disk under a state folder that is slow, stuck or full, or that keeps a record of what reaches it (Tests/CDisk).
///
/// A program that is linked with a sanitizer cannot be given it.
struct TestDisk {
  /// What is kept on it.
  let state = StateFolder()
  private var controls: String { state.path + "-disk" }
  private var gate: String { controls + "/gate" }
  private var error: String { controls + "/error" }
  private var log: String { controls + "/log" }
  private let milliseconds: Int

  /// A disk that takes so long to sync.
  init(milliseconds: Int = 0) throws {
    self.milliseconds = milliseconds
    try FileManager.default.createDirectory(atPath: controls, withIntermediateDirectories: true)
  }

  /// Variables of a program that uses it.
  func environment() throws -> [String: String] {
    var variables = state.environment
    variables["LD_PRELOAD"] = try BuiltProduct.path("libTestDisk.so")
    variables["TEST_DISK_FOLDER"] = state.path
    variables["TEST_DISK_DELAY_MS"] = "\(milliseconds)"
    variables["TEST_DISK_GATE"] = gate
    variables["TEST_DISK_ERROR"] = error
    variables["TEST_DISK_LOG"] = log
    return variables
  }

  /// From now on nothing reaches the disk, and who waits for it waits.
  func stop() throws { try Data().write(to: URL(fileURLWithPath: gate)) }

  /// The disk goes on.
  func goOn() throws { try FileManager.default.removeItem(atPath: gate) }

  /// From now on what writes fails with this error.
  func fail(_ number: Int32) throws { try "\(number)".write(toFile: error, atomically: true, encoding: .utf8) }

  /// The disk takes everything again.
  func recover() throws { try FileManager.default.removeItem(atPath: error) }

  /// What was done, a line each: `write PATH BYTES`, `fsync PATH`, `rename FROM TO`, `link FROM TO`, `unlink PATH`.
  var record: [[String]] {
    ((try? String(contentsOfFile: log, encoding: .utf8)) ?? "").split(separator: "\n").map { line in
      line.split(separator: " ").map(String.init)
    }
  }

  /// Removes its controls; the state folder goes by itself.
  func remove() { try? FileManager.default.removeItem(atPath: controls) }
}
