import Foundation
import Testing

@testable import Engine

@Suite struct ShippedFilesTests {
  @Test("the embedded files are those of samples/ and themes/, byte for byte")
  func folders() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    var present: [String] = []
    for folder in ["samples", "themes"] {
      let base = root.appendingPathComponent(folder)
      for path in FileManager.default.enumerator(atPath: base.path)?.compactMap({ $0 as? String }) ?? [] {
        var isFolder: ObjCBool = false
        let full = base.appendingPathComponent(path).path
        guard FileManager.default.fileExists(atPath: full, isDirectory: &isFolder), !isFolder.boolValue,
          !path.split(separator: "/").contains(where: { $0.hasPrefix(".") })
        else { continue }
        present.append("\(folder)/\(path)")
      }
    }
    #expect(present.sorted() == ShippedFiles.paths.sorted(), "run Sources/CShipped/list.sh")
    for path in ShippedFiles.paths {
      let bytes = try Data(contentsOf: root.appendingPathComponent(path))
      #expect(ShippedFiles.text(path) == String(decoding: bytes, as: UTF8.self), "\(path)")
    }
    #expect(ShippedFiles.text("samples/none.yaml") == nil)
  }
}
