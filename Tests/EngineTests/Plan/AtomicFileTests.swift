import Foundation
import Synchronization
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

  @Test("files that killed processes left are in nobody's way, until there are too many")
  func leftOvers() throws {
    try inFolder { folder in
      let path = folder.appendingPathComponent("plan.yaml").path
      let start = "\(folder.path)/.brume-\(HostName.current)-\(getpid())"
      for name in [start + ".tmp", start + "-2.tmp"] {
        try "half".write(toFile: name, atomically: false, encoding: .utf8)
      }
      try AtomicFile.write("whole", to: path)
      try AtomicFile.write("again", to: path, overwrite: true)
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "again")
      #expect(try String(contentsOfFile: start + ".tmp", encoding: .utf8) == "half")
      for count in 3...100 { try "".write(toFile: "\(start)-\(count).tmp", atomically: false, encoding: .utf8) }
      do {
        try AtomicFile.write("no", to: path, overwrite: true)
        Issue.record("it was written")
      } catch {
        #expect("\(error)".hasSuffix("its folder is full of earlier attempts; remove .brume-*.tmp there"))
      }
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "again")
    }
  }

  @Test("of many who write one new name at once, one does, and the file is whole")
  func race() throws {
    try inFolder { folder in
      let path = folder.appendingPathComponent("plan.yaml").path
      let texts = (0..<16).map { String(repeating: "\($0) ", count: 20_000) }
      let winners = Mutex<[Int]>([])
      DispatchQueue.concurrentPerform(iterations: texts.count) { index in
        if (try? AtomicFile.write(texts[index], to: path)) != nil { winners.withLock { $0.append(index) } }
      }
      let won = winners.withLock { $0 }
      let text = try String(contentsOfFile: path, encoding: .utf8)
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(won.count == 1 && text == texts[won.first ?? 0] && names == ["plan.yaml"])
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
