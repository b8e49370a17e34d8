import Testing

@testable import Engine

@Suite struct LinkLookupTests {
  private func cluster(_ name: String, nodes: Int = 4) throws -> Cluster {
    Cluster(nodes: nodes, gpusPerNode: 8, nodeType: try Catalogue.nodeType(named: name, at: InputPlace(file: "test")))
  }

  private func link(_ name: String, _ nodes: Int, _ gpus: Int) throws -> Link {
    try cluster(name).collectiveLink(GroupShape(nodes: nodes, gpusPerNode: gpus))
  }

  @Test("a measured group gives its measured link")
  func measured() throws {
    #expect(
      try link("l4", 2, 4) == Link(gibibytesPerSecond: 1.7183, latencySeconds: 0, provenance: .measured))
  }

  @Test("a group of one rank costs nothing")
  func single() throws {
    let link = try link("h100", 1, 1)
    #expect(link.latencySeconds == 0 && 1 / link.gibibytesPerSecond == 0)
  }

  @Test("a group beyond the table takes the nearest measured one, scaled by the bounds")
  func extrapolated() throws {
    let eight = try link("a100-40", 8, 8)
    // The bound does not change from 4x8 to 8x8: the rate stays, the latency grows by one doubling.
    #expect(eight.gibibytesPerSecond == 10.604 && eight.provenance == .derived)
    #expect(abs(eight.latencySeconds - (1.9e-3 + 1.7e-3)) < 1e-12)
    // 2x6 lies nearest to 2x8, with 6/8 of its part of the fabric.
    #expect(abs(try link("a100-40", 2, 6).gibibytesPerSecond - 10.703 * 6 / 8) < 1e-9)
    // 1x6 lies nearest to 1x8; inside a node the bound is the same.
    #expect(try link("a100-40", 1, 6).gibibytesPerSecond == 210.31)
  }

  @Test("without measurements the link is the bound of a hierarchical ring")
  func derived() throws {
    let gibibyte = 1_073_741_824.0
    let inside = try link("h100", 1, 8)
    #expect(abs(inside.gibibytesPerSecond - 450e9 * 0.8 / gibibyte) < 1e-9 && inside.provenance == .derived)
    let two = try link("h100", 2, 8)
    #expect(abs(two.gibibytesPerSecond - 400e9 * 0.8 / gibibyte) < 1e-9)
    let one = try link("h100", 2, 1)
    #expect(abs(one.gibibytesPerSecond - 400e9 * 0.8 / 8 / gibibyte) < 1e-9)
    #expect(try link("h100", 64, 8).latencySeconds == 6 * one.latencySeconds)
  }

  @Test("rates never fall with more GPUs a node, and never rise above the node inside, on every node type")
  func monotone() throws {
    for type in try Catalogue.nodeTypes where type.links.measured.isEmpty {
      let cluster = Cluster(nodes: 64, gpusPerNode: 8, nodeType: type)
      for nodes in [2, 3, 8, 64] {
        var last = 0.0
        for gpus in 1...8 {
          let rate = cluster.collectiveLink(GroupShape(nodes: nodes, gpusPerNode: gpus)).gibibytesPerSecond
          #expect(rate >= last)
          #expect(rate <= cluster.collectiveLink(GroupShape(nodes: 1, gpusPerNode: 8)).gibibytesPerSecond)
          last = rate
        }
      }
    }
  }

  @Test("extrapolated groups between nodes follow the GPUs per node and grow slower with nodes")
  func extrapolatedMonotone() throws {
    for name in ["l4", "a100-40", "v100-16", "v100-32"] {
      let cluster = try cluster(name, nodes: 64)
      for nodes in [8, 16, 64] {
        var last = 0.0
        for gpus in [1, 2, 4, 8] {
          let link = cluster.collectiveLink(GroupShape(nodes: nodes, gpusPerNode: gpus))
          #expect(link.gibibytesPerSecond > last && link.provenance == .derived)
          let fewer = cluster.collectiveLink(GroupShape(nodes: nodes / 2, gpusPerNode: gpus))
          #expect(link.latencySeconds >= fewer.latencySeconds)
          #expect(link.gibibytesPerSecond <= fewer.gibibytesPerSecond * 1.0001)
          last = link.gibibytesPerSecond
        }
      }
    }
  }

  @Test("a table that holds one node only derives the links between nodes from the fabric")
  func otherKind() throws {
    let gibibyte = 1_073_741_824.0
    #expect(abs(try link("l4-node", 2, 8).gibibytesPerSecond - 12.5e9 * 0.28 / gibibyte) < 1e-9)
  }

  @Test("point to point takes the groups of two ranks")
  func pointToPoint() throws {
    let cluster = try cluster("a100-40")
    // Eight senders share what eight groups of 2x1 carried; one alone reaches what a pair was measured to.
    #expect(cluster.pointToPointLink(sameNode: false, senders: 8).gibibytesPerSecond == 1.2972)
    #expect(abs(cluster.pointToPointLink(sameNode: false, senders: 1).gibibytesPerSecond * 1.073741824 - 6.8) < 0.01)
    let two = cluster.pointToPointLink(sameNode: false, senders: 2).gibibytesPerSecond
    let four = cluster.pointToPointLink(sameNode: false, senders: 4).gibibytesPerSecond
    #expect(abs(four - 1.2972 * 2) < 1e-9 && two > four)
    var unmeasured = cluster
    unmeasured.nodeType.links.pairs = nil
    #expect(unmeasured.pointToPointLink(sameNode: true, senders: 1).gibibytesPerSecond == 139.04)
  }
}
