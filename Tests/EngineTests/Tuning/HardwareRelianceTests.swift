import Testing

@testable import Engine

/// What a choice hangs on that nobody measured.
@Suite struct HardwareRelianceTests {
  private func cluster(_ spec: String) throws -> Cluster {
    try WorkloadSource.cluster(spec, at: InputPlace(file: "test"))
  }

  @Test("kinds of figures count as measured only where all that a cluster uses of them were")
  func unmeasured() throws {
    #expect(try cluster("4x8xl4").unmeasured.isEmpty)
    #expect(try cluster("64x8xh100").unmeasured.contains(.init(doubt: .linksBetween, provenance: .derived)))
    // One node has no links between nodes, one GPU none at all.
    #expect(try !cluster("1x8xh100").unmeasured.contains { $0.doubt == .linksBetween })
    #expect(try cluster("1x1xh100").origin(of: .linksInside) == nil)
    var part = try cluster("4x8xl4")
    part.nodeType.links.measured = part.nodeType.links.measured.filter { $0.key.nodes == 1 }
    #expect(part.unmeasured == [.init(doubt: .linksBetween, provenance: .derived)])
  }

  @Test("only single kinds that were not measured, and that make another plan faster, are named, the gravest first")
  func named() {
    func scenario(_ name: String, _ shares: [Double], _ regret: Double) -> RobustReport.Scenario {
      RobustReport.Scenario(
        name: name, shares: shares, bestSeconds: 1, chosenSeconds: 1 + regret, chosenFits: true, chosenRegret: regret)
    }
    let report = RobustReport(
      candidates: [], mostRobust: 0,
      scenarios: [
        scenario("as told", [0, 0, 0, 0, 0, 0], 0), scenario("links inside nodes slower", [-1, 0, 0, 0, 0, 0], 0.01),
        scenario("links between nodes slower", [0, -1, 0, 0, 0, 0], 0.2),
        scenario("host copies slower", [0, 0, -1, 0, 0, 0], 0.03),
        scenario("host copies faster", [0, 0, 1, 0, 0, 0], 0.001), scenario("all off", [1, 1, 1, 1, 1, 1], 0.5),
      ],
      measuredError: 1.1, derivedError: 1.2, reservedError: 1.05,
      unmeasured: [.init(doubt: .linksInside, provenance: .derived), .init(doubt: .hostCopies, provenance: .assumed)])
    #expect(report.reliances.map(\.scenario) == ["host copies slower", "links inside nodes slower"])
    #expect(report.reliances.first?.provenance == .assumed)
  }
}
