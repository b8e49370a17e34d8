import Foundation
import Testing

@testable import Engine

@Suite struct AtomicFileTests {
  /// A folder of its own for each test, gone afterwards.
  private func inFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("brume-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  @Test("a new file holds the text, and nothing else is left in the folder")
  func new() throws {
    try inFolder { folder in
      let path = folder.appendingPathComponent("plan.yaml").path
      try AtomicFile.write("brume: 1\n", to: path)
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "brume: 1\n")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["plan.yaml"])
    }
  }

  @Test("an existing file stays as it is unless told otherwise")
  func existing() throws {
    try inFolder { folder in
      let path = folder.appendingPathComponent("plan.yaml").path
      try AtomicFile.write("old", to: path)
      #expect(throws: OutputError.exists(path: path)) { try AtomicFile.write("new", to: path) }
      #expect(throws: OutputError.exists(path: path)) { try AtomicFile.check(path) }
      try AtomicFile.check(path, overwrite: true)
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
      try AtomicFile.write("new", to: path, overwrite: true)
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "new")
    }
  }

  @Test("replacing through a symbolic link keeps the link and the mode of its file")
  func link() throws {
    try inFolder { folder in
      let target = folder.appendingPathComponent("target").path
      let link = folder.appendingPathComponent("link").path
      try AtomicFile.write("old", to: target)
      try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: target)
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: target)
      try AtomicFile.write("new", to: link, overwrite: true)
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == target)
      #expect(try String(contentsOfFile: target, encoding: .utf8) == "new")
      let mode = try FileManager.default.attributesOfItem(atPath: target)[.posixPermissions] as? Int
      #expect(mode == 0o640)
    }
  }

  @Test("a folder that is not there, or a folder in the file's place, is an error about the path as given")
  func impossible() throws {
    try inFolder { folder in
      let path = folder.appendingPathComponent("no/such/plan.yaml").path
      #expect(throws: OutputError.cannotWrite(path: path, reason: "No such file or directory")) {
        try AtomicFile.write("x", to: path)
      }
      #expect(throws: OutputError.cannotWrite(path: path, reason: "No such file or directory")) {
        try AtomicFile.check(path)
      }
      #expect(throws: OutputError.cannotWrite(path: folder.path, reason: "it is not a regular file")) {
        try AtomicFile.write("x", to: folder.path, overwrite: true)
      }
    }
  }
}
