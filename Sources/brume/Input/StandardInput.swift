import Engine
import Foundation

/// What is piped into the program.
enum StandardInput {
  /// All of it; refused when it is larger than any input may be (by default a workload or a plan), or not text.
  static func text(maximumBytes: Int = ConfigNode.maximumBytes) throws -> String {
    guard isatty(STDIN_FILENO) == 0 else {
      throw InputError.unreadable(
        file: "stdin", problem: "standard input is a terminal", remedy: "pipe a file in, or name one")
    }
    let data: Data
    do {
      data = try FileHandle.standardInput.read(upToCount: maximumBytes + 1) ?? Data()
    } catch {
      throw InputError.unreadable(
        file: "stdin", problem: "standard input cannot be read", remedy: "pipe a file in, or name one")
    }
    guard let text = String(data: data, encoding: .utf8) else {
      throw InputError.unreadable(file: "stdin", problem: "this is not UTF-8 text", remedy: "save it as UTF-8")
    }
    return text
  }
}
