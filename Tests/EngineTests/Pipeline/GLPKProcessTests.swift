import Foundation
import Testing

@testable import Engine

/// What GLPK does to the process that it lives in: a process of its own, so that no other test prints or takes memory.
@Suite struct GLPKProcessTests {
  private static let isSlow = ProcessInfo.processInfo.environment["BRUME_SLOW"] == "1"
  private static let childKey = "BRUME_TEST_GLPK_CHILD"
  private static let isChild = ProcessInfo.processInfo.environment[childKey] != nil
  /// Solves of each kind, after a tenth of them to warm up.
  private static let solves = isSlow ? 1_000 : 200
  /// Growth of the resident memory that is not a leak, bytes: pages that the allocator keeps. A solve that leaked the
  /// least of these programmes would lose 60 KiB: 12 MiB in two hundred.
  private static let mostGrowth = 6.0 * 1_048_576

  @Test("many solves, cancelled ones and ones that fail inside GLPK leave memory as it was, and print nothing")
  func child() throws {
    let process = Process()
    process.executableURL = URL(
      fileURLWithPath: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
    process.arguments = ["--testing-library", "swift-testing", "--filter", "GLPKProcessTests/manySolves"]
    process.environment = ProcessInfo.processInfo.environment.merging([Self.childKey: "1"]) { $1 }
    let output = Pipe()
    (process.standardOutput, process.standardError) = (output, output)
    try process.run()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    let text = String(decoding: data, as: UTF8.self)
    #expect(process.terminationStatus == 0, "\(text)")
    let report = try #require(text.split(separator: "\n").first { $0.hasPrefix("reliability: ") }, "\(text)")
    if Self.isSlow { print(report) }
  }

  @Test("in a process of its own", .enabled(if: isChild))
  func manySolves() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("brume-glpk-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("printed").path
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    let (output, error) = (dup(1), dup(2))
    fflush(nil)
    _ = (dup2(file, 1), dup2(file, 2))
    let growths = Result { try Self.growths() }
    fflush(nil)
    _ = (dup2(output, 1), dup2(error, 2))
    for descriptor in [file, output, error] { close(descriptor) }
    let printed = try String(contentsOfFile: path, encoding: .utf8)
    #expect(printed.isEmpty, "\(printed)")
    var words: [String] = []
    for (name, bytes) in try growths.get() {
      #expect(bytes < Self.mostGrowth, "\(name)")
      words.append("\(name) \(Int(bytes / 1024)) KiB")
    }
    print("reliability: glpk: \(Self.solves) solves of each kind, memory grew by: " + words.joined(separator: ", "))
  }

  /// By how much resident memory grows in many solves of each kind, bytes.
  private static func growths() throws -> [(String, Double)] {
    let problem = SyntheticPipelines.frontier(layers: 6, stages: 2, microBatches: 4, points: 2)
    let optimum = PipelineSolver.solve(problem)
    let model = try CertifierModel(problem, incumbent: nil).programme
    func certified(_ index: Int) throws {
      let certificate = try GLPKCertifier.certify(problem, incumbent: optimum, timeLimitSeconds: 10)
      try #require(certificate.gap < 1e-6)
    }
    func cancelled(_ index: Int) throws {
      let cancel = CancelToken()
      // Before, or while the thread is at work: in its relaxation, in its branch and bound, or when it is done.
      if index % 4 == 0 { cancel.cancel() }
      Thread.detachNewThread {
        usleep(UInt32(index % 40 * 10))
        cancel.cancel()
      }
      _ = try? GLPKThread.solve(GLPKHostileTests.knapsack(items: 40), 10, cancel)
    }
    func failing(_ index: Int) throws {
      // An error in the relaxation's rules, one in those of branch and bound, and no memory.
      let outcome =
        switch index % 3 {
        case 0: GLPKProgramme.solve(MixedProgramme.outside, timeLimitSeconds: 5, cancel: CancelToken())
        case 1: GLPKProgramme.solve(model, timeLimitSeconds: 5, cancel: CancelToken(), integerTolerance: 7)
        default: GLPKProgramme.solve(large, timeLimitSeconds: 5, cancel: CancelToken(), mebibytes: 1)
        }
      try #require(outcome.hasFailed)
    }
    let large = GLPKHostileTests.knapsack(items: 4_000)
    var growths: [(String, Double)] = []
    for (name, solve) in [("solved", certified), ("cancelled", cancelled), ("failed", failing)] {
      for index in 0..<solves / 10 { try solve(index) }
      let before = try residentBytes()
      for index in 0..<solves { try solve(index) }
      growths.append((name, try residentBytes() - before))
    }
    return growths
  }

  /// Resident memory of this process, bytes.
  private static func residentBytes() throws -> Double {
    let status = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
    return Double(try #require(status.split(separator: " ").dropFirst().first.flatMap { Int($0) }) * 4096)
  }
}

extension MixedProgramme {
  /// A programme with a coefficient outside of it.
  fileprivate static var outside: MixedProgramme {
    var programme = MixedProgramme()
    _ = programme.add(Column(kind: .continuous, bounds: .atLeast(0), cost: 1))
    _ = programme.add(.atLeast(1))
    programme.set(0, 5, 1)
    return programme
  }
}
