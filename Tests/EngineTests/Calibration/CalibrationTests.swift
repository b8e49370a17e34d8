import Foundation
import Testing

@testable import Engine

/// Fitting a whole machine.
@Suite struct CalibrationTests {
  /// An A100 machine unlike the one that ships: every rate is another.
  private func truth() throws -> Cluster {
    var cluster = try WorkloadSource.cluster("4x8xa100-40", at: InputPlace(file: "test"))
    func scale(_ figure: inout Figure, _ factor: Double) { figure.value *= factor }
    scale(&cluster.nodeType.gpu.gemm.share, 0.85)
    scale(&cluster.nodeType.gpu.gemm.halfDepth, 1.3)
    scale(&cluster.nodeType.gpu.gemm.waveElements, 1.4)
    scale(&cluster.nodeType.gpu.flashForwardShare, 0.9)
    scale(&cluster.nodeType.gpu.flashBackwardShare, 1.1)
    scale(&cluster.nodeType.gpu.elementwiseShare, 0.92)
    scale(&cluster.nodeType.gpu.launchSeconds, 1.5)
    func scaled(_ link: Link, _ rate: Double, _ latency: Double) -> Link {
      Link(
        gibibytesPerSecond: link.gibibytesPerSecond * rate, latencySeconds: link.latencySeconds * latency,
        provenance: .measured)
    }
    var links = cluster.nodeType.links
    for (group, link) in links.measured { links.measured[group] = scaled(link, group.nodes > 1 ? 1.4 : 0.8, 0.5) }
    for (group, link) in links.allReduce { links.allReduce[group] = scaled(link, 0.85, 1) }
    links.hostToDevice = scaled(links.hostToDevice, 2.1, 0.3)
    links.deviceToHost = scaled(links.deviceToHost, 1.9, 0.3)
    let pairs = try #require(links.pairs)
    links.pairs?.inside = pairs.inside.map { scaled($0, 0.7, 1) }
    links.pairs?.between = pairs.between.map { scaled($0, 1.3, 1) }
    cluster.nodeType.links = links
    cluster.nodeType.interference = try #require(
      Interference(
        published: [
          1.9, 2, 2.6, 2.4, 1.6, 1.6, 2, 1.5, 1.7, 1.9, 1.5, 1.8, 1.6, 2, 2.2, 2.1, 1.25, 1.1, 1.05, 1.1, 1.05, 1.1,
          1.5, 1.3, 1.4, 1.3, 1.5, 1.4,
        ]))
    return cluster
  }

  @Test("a machine with 3 % noise on every point is found again: 100 random plans are predicted within 2 %")
  func recovered() throws {
    let truth = try truth()
    #expect((InterferenceOrders.worst(truth.nodeType.interference.published)?.response ?? -1) >= 0)
    var profile = SyntheticPoints(truth, noise: 0.03, seed: 17)
    let base = try WorkloadSource.cluster("4x8xa100-40", at: InputPlace(file: "test"))
    let report = try Calibration(profile.points(), base: base, label: "a100-40").report()
    #expect(report.warnings.isEmpty, "\(report.warnings)")
    var choices = RandomLaunchPlans.Choices()
    choices.clusters = ["4x8xa100-40"]
    var plans = try RandomLaunchPlans(.mist, seed: 5, choices: choices)
    var errors: [Double] = []
    var before: [Double] = []
    while errors.count < 100, let found = plans.next() {
      func seconds(_ type: NodeType) throws -> Double {
        var workload = found.workload
        workload.cluster.nodeType = type
        return try workload.score(found.plan).iterationSeconds
      }
      let true_ = try seconds(truth.nodeType)
      errors.append(try seconds(report.cluster.nodeType) / true_ - 1)
      before.append(abs(try seconds(base.nodeType) / true_ - 1))
    }
    #expect(errors.count == 100)
    let worst = errors.max { abs($0) < abs($1) } ?? 1
    #expect(abs(worst) < 0.02, "\(errors.map { ($0 * 1_000).rounded() / 10 })")
    // The base that it started from was far off.
    #expect(before.reduce(0, +) / 100 > 0.08)
  }

  @Test("without noise every figure is that of the machine")
  func exact() throws {
    let truth = try truth()
    var profile = SyntheticPoints(truth, noise: 0, seed: 1)
    let base = try WorkloadSource.cluster("4x8xa100-40", at: InputPlace(file: "test"))
    let found = try Calibration(profile.points(), base: base, label: "a100-40").report().cluster.nodeType
    for (mine, theirs) in zip(found.gpu.figures, truth.nodeType.gpu.figures) {
      #expect(
        abs(mine.figure.value - theirs.figure.value) <= 0.01 * theirs.figure.value, "\(mine.name): \(mine) \(theirs)")
    }
    for (mine, theirs) in zip(found.figures, truth.nodeType.figures) {
      #expect(mine.name == theirs.name)
      #expect(
        abs(mine.figure.value - theirs.figure.value) <= 0.01 * theirs.figure.value + 1e-7, "\(mine.name)")
    }
    for (mine, theirs) in zip(found.interference.published, truth.nodeType.interference.published) {
      #expect(abs(mine / theirs - 1) < 0.03)
    }
  }

  @Test("points that cannot be of such hardware are refused, and too few of a kind leave the base's figures")
  func nonsense() throws {
    let base = try WorkloadSource.cluster("8xl4", at: InputPlace(file: "test"))
    var profile = SyntheticPoints(try truth(), noise: 0, seed: 1)
    #expect(throws: InputError.self) { try Calibration(profile.points(), base: base, label: "8xl4").report() }
    var few = CalibrationPoints()
    few.files = ["few.jsonl"]
    few.products = [ProductPoint(m: 4096, n: 4096, k: 4096, isSustained: false, seconds: 2e-3)]
    few.overlap = [
      OverlapPoint(work: [1, 1, 0, 0], group: GroupShape(nodes: 1, gpusPerNode: 8), seconds: 1, deviation: 0)
    ]
    let report = try Calibration(few, base: base, label: "8xl4").report()
    #expect(report.cluster == base && report.warnings.count == 2)
  }

  @Test("the file that is written reads as the same cluster, over a kind that ships and by value")
  func file() throws {
    let cluster = try truth()
    let base = try WorkloadSource.cluster("a100-40", at: InputPlace(file: "test")).nodeType
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("brume-cluster-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (index, text) in [
      ClusterFile.text(of: cluster, over: base, comments: ["by a test"]), ClusterFile.text(of: cluster),
    ]
    .enumerated() {
      let path = folder.appendingPathComponent("\(index).yaml").path
      try text.write(toFile: path, atomically: true, encoding: .utf8)
      #expect(try ClusterFile.read(path) == cluster)
      let place = InputPlace(file: "--cluster")
      #expect(try WorkloadSource.cluster(path, at: place) == cluster)
      #expect(try WorkloadSource.cluster("2x4x\(path)", at: place).gpuCount == 8)
    }
    // Files that name each other end in an error, and so does a file that is not there.
    let loop = folder.appendingPathComponent("loop.yaml").path
    try "brume: 1\ncluster: {from: ./loop.yaml, nodes: 2}\n".write(toFile: loop, atomically: true, encoding: .utf8)
    #expect(throws: InputError.self) { try ClusterFile.read(loop) }
    #expect(throws: InputError.self) { try ClusterFile.read(folder.path + "/none.yaml") }
  }
}
