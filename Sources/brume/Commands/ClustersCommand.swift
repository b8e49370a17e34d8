import ArgumentParser
import Engine

/// `brume clusters`: the kinds of nodes that ship, of which any number makes a cluster.
struct ClustersCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "clusters", abstract: "List the kinds of nodes that ship.",
    discussion: "A cluster is written NODESxGPUSxNAME: 4x8xl4 is 4 such nodes with 8 GPUs each.")

  @OptionGroup var output: ListOptions

  func run() throws {
    var list = ListTable(
      key: "clusters",
      [
        ("name", .left), ("also", .left), ("GPU", .left), ("GPUs", .right), ("inside GB/s", .right),
        ("between GB/s", .right), ("host GiB", .right), ("links", .left), ("title", .left),
      ])
    for node in try Catalogue.nodeTypes {
      let aliases = Catalogue.aliases(of: node.name)
      list.add(
        [
          node.name, aliases.joined(separator: ", "), node.gpu.name, "\(node.gpusPerNode)",
          Decimals.significant(node.links.insideBytesPerSecond.value / 1e9, 3),
          Decimals.significant(node.links.fabricBytesPerSecond.value / 1e9, 3),
          Decimals.gibibytes(node.hostMemoryBytes.value, 0), node.links.measured.isEmpty ? "derived" : "measured",
          node.title,
        ],
        Self.item(node, aliases: aliases))
    }
    output.print(list)
  }

  private static func item(_ node: NodeType, aliases: [String]) -> JSONValue {
    [
      "name": .string(node.name), "aliases": .strings(aliases), "title": .string(node.title),
      "gpu": .string(node.gpu.name), "gpusPerNode": .int(node.gpusPerNode),
      "insideBytesPerSecond": .figure(node.links.insideBytesPerSecond),
      "fabricBytesPerSecond": .figure(node.links.fabricBytesPerSecond),
      "hostMemoryBytes": .figure(node.hostMemoryBytes), "interference": .figure(node.interferenceOrigin),
      "dollarsPerGPUHour": node.dollarsPerGPUHour.map(JSONValue.figure) ?? nil,
      "links": node.links.measured.isEmpty ? "derived" : "measured",
      "linkSource": .string(node.links.measuredSource),
    ]
  }
}
