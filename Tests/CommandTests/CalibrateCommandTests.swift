import Foundation
import Testing

@testable import Engine
@testable import brume

/// `brume calibrate`, and the origins of figures, as a shell sees them.
struct CalibrateCommandTests {
  /// A profile of one node of L4 by hand: products at 60 % of the peak, copies and collectives of round rates.
  private static func profile() -> String {
    var lines = [
      #"{"kind":"machine","brume":1,"gpu":"NVIDIA L4","device":"cuda","memoryBytes":23580000000,"hostMemoryBytes":384000000000,"nodes":1,"gpusPerNode":8,"torch":"2.5.1","nccl":"2.21.5","dryRun":false}"#
    ]
    for size in [1_024.0, 2_048, 4_096, 8_192] {
      for depth in [1_024.0, 4_096] {
        let seconds = 2 * size * size * (depth + 100) / (121e12 * 0.6) + 4e-6
        lines.append(#"{"kind":"gemm","m":\#(size),"n":\#(size),"k":\#(depth),"load":"short","seconds":\#(seconds)}"#)
      }
    }
    for mebibytes in [1.0, 16, 256] {
      let bytes = mebibytes * 1_048_576
      lines.append(
        #"{"kind":"collective","operation":"all-gather","nodes":1,"gpusPerNode":8,"alone":false,"bytes":\#(bytes),"seconds":\#(bytes / 1_073_741_824 / 6 * 7 / 8 + 1e-4)}"#
      )
      lines.append(
        #"{"kind":"copy","direction":"host-to-device","bytes":\#(bytes),"gpusAtOnce":8,"seconds":\#(bytes / 1_073_741_824 / 9 + 2e-4)}"#
      )
    }
    lines.append(#"{"kind":"end","seconds":60,"cases":14,"failed":0}"#)
    return lines.joined(separator: "\n") + "\n"
  }

  @Test("points become a cluster file that a search runs on; the base is found by the name of the card")
  func file() throws {
    try Program.inFolder { folder in
      let points = folder.appendingPathComponent("points.jsonl").path
      let out = folder.appendingPathComponent("ours.yaml").path
      try Self.profile().write(toFile: points, atomically: true, encoding: .utf8)
      let made = try Program.run(["calibrate", points, "--out", out, "--name", "ours"])
      #expect(made.status == 0, "\(made.error)")
      #expect(made.output.contains("fitted over l4-vm") && made.output.contains("gpu gemm share"))
      let node = try ClusterFile.read(out).nodeType
      #expect(abs(node.gpu.gemm.share.value - 0.6) < 0.002 && node.gpu.gemm.share.provenance == .measured)
      #expect(abs(node.links.hostToDevice.gibibytesPerSecond - 9) < 0.01 && node.name == "ours")
      let link = try #require(node.links.measured[GroupShape(nodes: 1, gpusPerNode: 8)])
      #expect(abs(link.gibibytesPerSecond - 6) < 0.01)
      let question = ["--model", "gpt-1.3b", "--sequence", "2048", "--batch", "16"]
      let tuned = try Program.run(["tune"] + question + ["--cluster", "1x2x\(out)", "--space", "mist-paper"])
      #expect(tuned.status == 0 && tuned.output.contains("ours"))
      #expect(try Program.run(["calibrate", points, "--out", out]).status == 65)
      let told = try Program.run(["gpus", out])
      #expect(told.status == 0 && told.output.contains("brume calibrate: "))
    }
  }

  @Test("JSON has figures, points and warnings; without points to fit, or with nonsense, the exit code is 65")
  func json() throws {
    try Program.inFolder { folder in
      let points = folder.appendingPathComponent("points.jsonl").path
      try Self.profile().write(toFile: points, atomically: true, encoding: .utf8)
      let wrong = folder.appendingPathComponent("wrong.jsonl").path
      try Self.profile().replacing("\"seconds\":60", with: "\"seconds\":60}\n{\"kind\":\"gemm\",\"m\":-1").write(
        toFile: wrong, atomically: true, encoding: .utf8)
      let refused = try Program.run(["calibrate", wrong])
      #expect(refused.status == 65 && refused.error.contains("wrong.jsonl:17"))
      #expect(try Program.run(["calibrate", "no-such-file"]).status == 65)
      let piped = try Program.run(["calibrate", points, "--json"])
      let object = try #require(
        JSONSerialization.jsonObject(with: Data(piped.output.utf8)) as? [String: Any])
      let figures = try #require(object["figures"] as? [[String: Any]])
      #expect(figures.contains { $0["name"] as? String == "gpu gemm share" && $0["verdict"] as? String == "firm" })
      #expect((object["points"] as? [[String: Any]])?.count == 14)
    }
  }

  @Test("every figure of every GPU and kind of node that ships prints its origin and its source")
  func origins() throws {
    for gpu in try Catalogue.gpus {
      for figure in gpu.figures { #expect(!figure.figure.source.isEmpty, "\(gpu.name) \(figure.name)") }
      let told = try Program.run(["gpus", gpu.name])
      #expect(told.status == 0)
      for line in told.output.split(separator: "\n").dropFirst(3) {
        #expect(Provenance.allCases.contains { line.contains("  \($0.rawValue) ") }, "\(gpu.name): \(line)")
      }
    }
    for node in try Catalogue.nodeTypes {
      for figure in node.figures { #expect(!figure.figure.source.isEmpty, "\(node.name) \(figure.name)") }
      let told = try Program.run(["clusters", node.name, "--json"])
      let object = try JSONSerialization.jsonObject(with: Data(told.output.utf8)) as? [String: Any]
      let figures = try #require(object?["figures"] as? [[String: Any]])
      #expect(figures.count == node.figures.count + node.gpu.figures.count)
      #expect(figures.allSatisfy { $0["origin"] is String && $0["source"] is String })
    }
    #expect(try Program.run(["gpus", "l5"]).status == 65)
  }
}
